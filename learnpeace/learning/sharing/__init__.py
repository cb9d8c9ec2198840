"""What learners choose to show their cohort of what they wrote for themselves.

Decisions:

* Private is what it is before anybody presses anything, one text at a time. Sharing shares
  the saved text; what is changed later changes there too, and the box says so.
* Only a cohort of a city can be shared with, while somebody else is in it: the open cohort has
  nobody who looks after it.
* What was shared was meant for these people. Whoever moves to another cohort takes it back by
  that, and is told. Beneath a text stand the answers given since it was shared last.
* A report hides nothing, or one person could silence another; it calls the facilitators at
  once, and they can take the text out with a reason. Where nobody facilitates, the
  coordinators are told to name somebody: they read no words themselves.
* The buttons belong to the form of the text, so that pressing one saves what was just typed
  and nothing is lost without JavaScript.
"""
