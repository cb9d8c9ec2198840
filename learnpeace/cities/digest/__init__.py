"""The weekly letter to a city's coordinators.

It comes on Monday morning in the city's zone, once a week and coordinator, and not at all when
there is nothing to say. What it says of a cohort are counts and one thing to do next, with its
link; it names nobody.
"""
