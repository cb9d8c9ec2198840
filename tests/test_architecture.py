"""Tests that hold the house: who imports whom, lengths, marks, habits."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "learnpeace"
FILES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_FUNCTION = 40  # lines
pytestmark = pytest.mark.once


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_point_down():
    programs = Path(sys.executable).parent
    answer = subprocess.run(
        [programs / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_function_is_longer_than_the_wall(file):
    for function in functions(ast.parse(file.read_text())):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{function.name} is {length} lines"


# Besides routes: commands, letters and jobs step by step, and the worker's tidying.
COMMITS = {"cli", "mail", "jobs", "errands", "worker"}


def test_only_routes_and_commands_commit():
    for file in FILES:
        calls = (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call))
        if any(ast.unparse(call.func).endswith(".commit") for call in calls):
            place = file.relative_to(PACKAGE).as_posix()
            allowed = file.stem.endswith("routes") or file.stem in COMMITS
            assert allowed, f"{place} commits"


def test_only_the_clock_asks_for_the_time():
    asks = re.compile(r"datetime\.(now|utcnow|today)|date\.today|time\.time\(")
    for file in FILES:
        if file != PACKAGE / "lib" / "clock.py":
            assert not asks.search(file.read_text()), file


def test_only_markup_makes_html():
    for file in FILES:
        text = file.read_text()
        if file.name in {"markup.py", "rosette.py"} and file.parent.name == "lib":
            continue
        assert not re.search(r"\bMarkup\(\S", text.replace("Markup()", "")), file
        assert "render_template_string" not in text, file


def test_no_template_trusts_text():
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.search(r"\|\s*safe\b", text), template
        assert "autoescape false" not in text, template
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), template
        assert not re.search(r"\sstyle=", text), template
        assert not re.search(r"\son[a-z]+=", text), template


def test_no_module_has_a_name_that_says_nothing():
    for file in FILES:
        assert file.stem not in {"utils", "helpers", "common", "misc", "manager"}, file


def test_every_public_function_and_class_says_what_it_is_for():
    for file in FILES:
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{file}: {node.name}"


def test_every_route_has_a_mark(app):
    from learnpeace import access

    missing = [name for name in app.view_functions if access.mark_of(app, name) is None]
    assert missing == []


def test_queries_say_how_many():
    for file in PACKAGE.rglob("queries.py"):
        for node in ast.parse(file.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "db.session" in ast.unparse(node):
                words = ast.get_docstring(node) or ""
                assert re.search(r"\d+ (quer|SQL)|\d+ or \d+ quer", words), f"{file}: {node.name}"
