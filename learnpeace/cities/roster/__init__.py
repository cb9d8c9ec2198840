"""The coordinator's list of people: from a messy spreadsheet to a cohort.

Decisions:

* Nothing is imported before it was looked at. A list is read once and kept row by row with
  the numbers of the coordinator's own spreadsheet; each look computes every row's fate anew
  from the rows and from who is there by now, by one pure rule (`fates.decide`). The import
  decides by the same rule, behind a lock on the cohort, in one transaction: all or nothing.
* Whether an address that this city does not know has an account elsewhere is never told:
  such people get the same letter as everybody who is new. So do those of a cohort whose
  names are gone.
* Anybody can sign up with somebody else's address. So an import adds at once only people
  without e-mail and those who once came by a letter to the address they have; all others of
  the city get an invitation, and accept it themselves.
* Spreadsheets are opened in a child process with little memory (`sheet_worker`): a file of a
  few kilobytes can name a cell so far out that reading it would fill the machine.
* An import makes no PIN, because hashing thousands of them takes minutes. Accounts without
  e-mail open when their sign-in cards are printed (`card_jobs`).
* Letters are written after the import's commit, in chunks, each by a key of its own: a job
  that is killed goes on, and nobody gets two.
* Only what has not begun can be undone. Rather than knowing every table, `undo_actions` asks
  each one that points at a person or an enrolment whether it holds something of theirs.
"""
