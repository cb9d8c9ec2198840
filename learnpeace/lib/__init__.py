"""What knows nothing of peace, cities or courses.

``db`` (tables and units of work), ``clock`` (the only one who asks for the time),
``errors`` (sentences for people), ``mail`` (the outbox), ``throttle`` (counted in the
database), ``markup`` (the only door from text to HTML), ``languages``, ``assets``.
"""
