import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnpeace.certificates import rules
from learnpeace.certificates.rules import NameProblem

GOOD = ["Amina Otieno", "أمينة عثمان", "רָחֵל", "欧阳慧敏", "O’Neill-Ó Súilleabháin", "Ọlábísí",
        "می\u200cخواهم", "Henry 8th", "J. R. (Bob) O’Hara"]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_names_of_any_script_can_be_printed(name: str):
    assert rules.name_problem(rules.tidy_name(name)) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.EMPTY),
        ("   ", NameProblem.EMPTY),
        ("x" * 101, NameProblem.TOO_LONG),
        ("1234", NameProblem.NO_LETTER),
        ("Ana\u202eanimA", NameProblem.INVISIBLE),
        ("Ana\u2066x", NameProblem.INVISIBLE),
        ("Ana\x00", NameProblem.INVISIBLE),
        ("Ana\x1b[31m", NameProblem.INVISIBLE),
        ("Ana 🕊", NameProblem.PICTURE),
        ("Ana \ue000", NameProblem.PICTURE),
        ("A" + "\u0301" * 20, NameProblem.MARKS),
    ],
)
def test_names_that_cannot_be_printed_are_told_why(name: str, problem: NameProblem):
    assert rules.name_problem(rules.tidy_name(name)) == problem


def test_a_hundred_code_points_are_counted_after_composing():
    assert rules.name_problem(rules.tidy_name("e\u0301" * 100)) is None


@given(st.text(max_size=150))
def test_tidying_twice_is_tidying_once(text: str):
    once = rules.tidy_name(text)

    assert rules.tidy_name(once) == once == unicodedata.normalize("NFC", once)
    rules.name_problem(once)


def test_a_certificate_speaks_a_language_that_course_and_interface_share():
    known = {"en", "es", "ar"}

    assert rules.languages_for(("en", "ar"), known, "ar") == ["ar", "en"]
    assert rules.languages_for(("es",), known, "en") == ["es"]
    assert rules.languages_for((), known, "es") == ["es"]
    assert rules.languages_for(("sw",), known, "sw") == ["en"]
