"""Every problem code is explained, and every example in the guide does what it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from learnpeace.authors import writing
from learnpeace.catalog import reader
from learnpeace.catalog.version_step import version_problems
from tests.authors import small_course
from tests.catalog.test_broken_courses import cases

pytestmark = pytest.mark.once
PACKAGE = Path(reader.__file__).resolve().parents[1]
WHOLE = re.compile(r"[CKMQTAFV][0-9]{3}")
NUMBER = re.compile(r"[0-9]{3}")
AREAS = "CMQT"  # letters that depend on the file: page.area, Fields.letter
ENTRIES = writing.entries()
# Examples that cannot stand in a page of text, and why.
CANNOT_STAND_ALONE = {
    "A104": "needs a symbolic link",
    "A106": "needs a file of megabytes",
    "A201": "needs a heavy file",
    "C117": "is about the folder's own name",
    "F101": "is about a file that is not there",
    "F102": "needs a file nobody may read",
    "F103": "needs a symbolic link",
    "F104": "needs a text of 256 KB",
    "F105": "needs bytes that are no text",
    "F106": "needs a sign that no page shows",
    "F107": "needs 500 files",
    "F108": "needs nine folders in each other",
    "F109": "needs 5 MB of text",
    "F111": "needs a file name that no page shows",
    "F112": "needs thousands of signs",
    "F309": "needs settings of 64 KB",
    "F999": "is a mistake of ours",
    "K107": "needs thousands of letters",
    "K301": "needs a printer",
}


def sources() -> Iterator[ast.Module]:
    for room in ("catalog", "trainers", "releases", "exchange"):
        for file in sorted((PACKAGE / room).rglob("*.py")):
            yield ast.parse(file.read_text(encoding="utf-8"))


def codes_in_source() -> set[str]:
    """Return every text in the source that is a code, wherever it is handed on to."""
    return {node.value for tree in sources() for node in ast.walk(tree) if is_text(node, WHOLE)}


def numbers_in_source() -> set[str]:
    """Return the numbers that get their letter from the file: f"{page.area}101" and "204"."""
    found = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and len(node.values) == 2:
                letter, number = node.values
                if isinstance(letter, ast.FormattedValue) and is_text(number, NUMBER):
                    found.add(number.value)
            elif isinstance(node, ast.Call) and "error" in ast.unparse(node.func):
                found |= {argument.value for argument in node.args if is_text(argument, NUMBER)}
    return found


def is_text(node: ast.AST, pattern: re.Pattern[str]) -> bool:
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant and pattern.fullmatch(node.value) is not None


def test_every_code_of_the_checker_is_explained():
    assert codes_in_source() - set(ENTRIES) == set()


def test_every_number_that_takes_its_letter_from_the_file_is_explained():
    missing = [n for n in numbers_in_source() if not any(f"{a}{n}" in ENTRIES for a in AREAS)]
    assert missing == []


def test_nothing_is_explained_that_the_checker_never_says():
    known = codes_in_source() | {f"{a}{n}" for a in AREAS for n in numbers_in_source()}
    assert set(ENTRIES) - known == set()


def test_the_scan_finds_codes_however_they_are_written():
    assert {"Q104", "V301", "A105", "F999", "T202", "M304"} <= codes_in_source()
    assert {"001", "101", "203", "205"} <= numbers_in_source()


@pytest.mark.parametrize(("change", "told"), cases())
def test_what_a_broken_course_is_told_is_explained(change, told):
    for line in told:
        assert WHOLE.search(line)[0] in ENTRIES, line


def test_each_code_has_one_entry_and_the_letter_of_its_chapter():
    codes = [entry.code for chapter in writing.chapters() for entry in chapter.entries]
    assert sorted(set(codes)) == sorted(codes)
    for chapter in writing.chapters():
        letters = {entry.code[0] for entry in chapter.entries}
        assert chapter.title.endswith(f"({letters.pop()})")
        assert not letters
        assert [e.code for e in chapter.entries] == sorted(e.code for e in chapter.entries)


@pytest.mark.parametrize("code", ENTRIES)
def test_each_entry_has_a_title_and_a_bad_and_a_good_example(code):
    entry = ENTRIES[code]
    assert entry.title
    assert entry.files("bad")
    assert entry.files("good")
    assert entry.files("bad") != entry.files("good")


def runnable() -> list[str]:
    return [code for code in ENTRIES if code not in CANNOT_STAND_ALONE]


def told(root: Path, code: str, verdict: str) -> list[str]:
    """Return what the checker says of an example, and of its step from what was published."""
    entry = ENTRIES[code]
    before, example = entry.files("before"), entry.files(verdict)
    found = small_course.read(root / verdict, {**before, **example})
    lines = [str(problem) for problem in found.problems]
    if before and found.course:
        published = small_course.read(root / "before", before).course
        lines += [str(problem) for problem in version_problems(published, found.course)]
    return lines


@pytest.mark.parametrize("code", runnable())
def test_a_bad_example_has_exactly_the_problem_it_explains(tmp_path, code):
    lines = told(tmp_path, code, "bad")
    assert {WHOLE.search(line)[0] for line in lines} == {code}, lines


@pytest.mark.parametrize("code", runnable())
def test_a_good_example_has_no_problem_at_all(tmp_path, code):
    assert told(tmp_path, code, "good") == []


def test_no_more_examples_are_exempt_than_have_to_be():
    assert set(CANNOT_STAND_ALONE) <= set(ENTRIES)
