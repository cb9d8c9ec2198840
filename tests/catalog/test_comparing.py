"""Comparing two lists: as difflib does it, and in little time whatever they hold."""

import random
import time
from difflib import SequenceMatcher

import pytest

from learnpeace.catalog.block_changes import block_changes
from learnpeace.catalog.comparing import opcodes, pairs
from learnpeace.catalog.model import Text
from learnpeace.releases.word_changes import MOST_WORDS, Effort, word_changes

pytestmark = pytest.mark.once


def mixed(length, seed, letters="ab"):
    return random.Random(seed).choices(letters, k=length)


def rebuilt(found, old, new):
    """Return both lists as the opcodes put them together again."""
    before = [entry for _, a, b, _, _ in found for entry in old[a:b]]
    after = [entry for _, _, _, c, d in found for entry in new[c:d]]
    return before, after


@pytest.mark.parametrize("length", [0, 1, 40])
def test_short_lists_are_compared_as_difflib_does(length):
    old, new = mixed(length, 1, "abcdefg"), mixed(length, 2, "abcdefg")

    assert opcodes(old, new) == SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def test_lists_with_too_many_pairs_keep_their_ends_and_lose_nothing():
    old = ["head", *mixed(60, 1), "tail"]
    new = ["head", *mixed(70, 2), "tail"]
    found = opcodes(old, new, most=10)

    assert pairs(old, new) > 10
    assert found[0][0] == found[-1][0] == "equal"
    assert rebuilt(found, old, new) == (old, new)
    assert [how for how, *_ in found].count("replace") == 1


def test_one_change_in_a_long_list_is_found_however_alike_its_entries_are():
    old = ["a"] * 3000
    new = ["a"] * 1500 + ["b"] + ["a"] * 1499

    assert [found[0] for found in opcodes(old, new)] == ["equal", "replace", "equal"]


def test_a_module_of_thousands_of_like_sections_is_compared_in_seconds():
    old, new = ("\n".join(f"## {x}" for x in mixed(30_000, seed)) for seed in (1, 2))
    began = time.process_time()
    found = list(block_changes([Text(markdown=old, line=1)], [Text(markdown=new, line=1)]))

    assert time.process_time() - began < 10  # it was minutes
    assert len(found) > 1000


def test_a_page_of_hostile_texts_is_compared_in_seconds_and_shows_them_all():
    effort, began = Effort(), time.process_time()
    for seed in range(60):
        old, new = (" ".join(mixed(MOST_WORDS // 2, n)) for n in (seed, seed + 1000))
        shown = word_changes(old, new, effort)
        assert "".join(s.text for s in shown if s.kind == "gone") in old

    assert time.process_time() - began < 20  # it was more than a minute
    assert effort.pairs_left <= 0
    assert [stretch.kind for stretch in shown] == ["gone", "new"]
