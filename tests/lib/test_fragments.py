"""Kept fragments: holes are filled with this person's words, escaped, and with nothing else."""

from learnpeace.lib.fragments import Holed, hole


def test_a_hole_is_filled_and_escaped():
    page = Holed(f"<b>{hole('name')}</b><i>{hole('csrf')}</i>")

    assert page.fill({"name": "<script>", "csrf": "t"}) == "<b>&lt;script&gt;</b><i>t</i>"


def test_a_hole_without_a_value_stays_empty():
    assert Holed(f"a{hole('text')}b").fill({}) == "ab"


def test_words_that_look_like_a_hole_are_not_filled_again():
    page = Holed(f"{hole('text')}|{hole('csrf')}")

    assert page.fill({"text": hole("csrf"), "csrf": "secret"}).count("secret") == 1
