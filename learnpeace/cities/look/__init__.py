"""How a city's certificates look: emblem, signature, who signs, colour and paper.

Decisions:

* Nothing is saved unseen: the form leads to the page as it will be printed, with ten hard
  examples, and that page has the button that saves. What was chosen travels in a signed
  token, so that a GET writes nothing and nothing typed is lost on the way back.
* A picture is cleaned when it is sent and kept by its content. The token is the city's own:
  nobody can name another city's signature in a form.
* A look is worn by certificates that are printed from now on. What was issued keeps its page.
"""
