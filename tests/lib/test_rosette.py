from xml.etree import ElementTree

import pytest

from learnpeace.lib.rosette import MOST_PETALS, bend, rosette


def petals(done: int, total: int) -> list[bool]:
    picture = ElementTree.fromstring(str(rosette(done, total)))
    return ["petal--done" in (path.get("class") or "") for path in picture]


def test_each_module_is_a_petal_and_the_done_ones_come_first():
    assert petals(3, 8) == [True, True, True, False, False, False, False, False]


@pytest.mark.parametrize("total", range(1, MOST_PETALS + 1))
def test_every_number_of_petals_can_be_drawn_empty_and_full(total: int):
    assert petals(0, total) == [False] * total
    assert petals(total, total) == [True] * total


def test_more_modules_than_petals_are_drawn_by_their_share():
    assert petals(50, 100) == [True] * 12 + [False] * 12
    assert petals(99, 100).count(True) == 23


def test_odd_counts_are_drawn_as_near_as_can_be():
    assert petals(0, 0) == [False]
    assert petals(-1, 4) == [False] * 4
    assert petals(9, 4) == [True] * 4


def test_the_picture_is_decoration_and_carries_no_style():
    picture = str(rosette(1, 8, 32))

    assert 'aria-hidden="true"' in picture
    assert 'focusable="false"' in picture
    assert 'width="32" height="32"' in picture
    assert "style=" not in picture


def test_the_same_picture_is_made_once():
    assert rosette(2, 8) is rosette(2, 8)


@pytest.mark.parametrize("petals", range(1, MOST_PETALS + 1))
def test_arcs_are_wide_enough_to_reach_the_tip(petals: int):
    assert bend(petals) >= 11.75


def test_templates_can_draw_it(app):
    assert app.jinja_env.globals["rosette"] is rosette
