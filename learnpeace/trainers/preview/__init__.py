"""An unpublished course as learners will see it: on a trainer's machine, and for drafts."""
