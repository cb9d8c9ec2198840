"""What the product costs, measured against a floor in the same run: `bin/bench`.

Decisions:

* The floor (`floor.py`) is the least a page of this kind can cost on this machine: the same
  server, the same database file and driver, two queries, one small page. Figures in
  milliseconds differ from machine to machine; the ratio to the floor travels.
* Floor and product take turns within each measurement, so that a machine that slows down
  slows both; the median of the rounds counts.
* Server CPU is read from the server's own processes (`processes.py`), so the load client,
  which shares the processors, does not count in it. Times as a person meets them (p50, p95,
  p99) and requests per second do suffer from it; they are an upper and a lower bound.
* Requests are sent as a browser sends them: signed in, with compression, and answers saved
  in the background as `static/js/app.js` sends them.
* Commands run as people run them, each in a fresh process, start and imports included; their
  floor is a fresh process too (`text_floor.py`). The large course (`authoring.py`) has 200
  modules and is the same bytes every time.
"""
