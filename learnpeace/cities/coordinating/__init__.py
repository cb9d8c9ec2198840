"""Who looks after a city: a second coordinator, and handing over to another.

Decisions:

* A coordinator names others as an administrator does, and is told the same whether the
  address has an account here or not.
* Handing over never leaves a city without somebody who can sign in. The one who hands over
  stops when the successor's account is in use: at once when it is, else a job looks again,
  first every hour and then less often, until it is or a month has passed. It can be taken
  back while it waits; the one who hands over keeps everything until then.
* Whoever becomes or stops being a coordinator reads in their own log who did it.
"""
