"""The colours a city may choose from. Each is read well on white and in black and white."""

from flask_babel import lazy_gettext as _l

NAMED = (
    ("#4f6228", _l("Olive")),
    ("#1f5132", _l("Forest")),
    ("#1f5f5b", _l("Sea")),
    ("#274b6d", _l("Dusk")),
    ("#5b3a6e", _l("Plum")),
    ("#7a1f3d", _l("Wine")),
    ("#8f3b1b", _l("Brick")),
    ("#1e2a2b", _l("Ink")),
)
OWN = "own"
VALUES = tuple(value for value, _ in NAMED)
