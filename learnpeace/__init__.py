"""An online learning platform for peacebuilding courses, followed by city cohorts.

The house has three floors, and imports point down only (``bin/check`` holds it):
nouns without screens (``lib``, ``catalog``, ``releases``, ``people``), the door that
says who may do what (``access``), and rooms with screens (``accounts``, ``learning``,
``certificates``, ``trainers``, ``cities``, ``pages``). Each package's docstring is its
decision record.
"""

__version__ = "0.1.0"
