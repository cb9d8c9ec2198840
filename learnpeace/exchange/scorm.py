"""A course as a SCORM 1.2 package: a .zip that other learning platforms play.

Decisions:

* One SCO for each module, not one for the course: a platform then shows, and can demand,
  completion and points module by module, and a learner's place is where they left it.
* Pages are plain HTML with our style sheet, our one script and the course's pictures; nothing
  is loaded from elsewhere. Without a platform they are pages to read and a quiz to try.
* The quiz is marked in the browser, so its answers travel in the pages. SCORM knows no other
  way; the package, the command and the desk say so.
* Nothing a learner writes for themselves is asked for: reflections and actions are shown
  without a field, because the platform's owner could read it.
* Tries and waiting times are the platform's own settings.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from learnpeace.catalog.model import Course, Keep, Kind, Question, Quiz, Show
from learnpeace.exchange import out_pages
from learnpeace.exchange.course_text import CourseText, OutModule
from learnpeace.exchange.scorm_manifest import Item, manifest
from learnpeace.learning.marking import is_marked
from learnpeace.lib.languages import Language
from learnpeace.releases.rendering import Addresses, picture_of
from learnpeace.settings import ROOT

FILES, ELSEWHERE = "files", "#elsewhere"
ASSETS = {
    "learnpeace.css": ROOT / "static" / "css" / "app.css",
    "learnpeace.js": ROOT / "templates" / "scorm" / "learnpeace.js",
}
_TO_ANOTHER_MODULE = re.compile(rf'<a href="{ELSEWHERE}/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every file: the same course gives the same bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What the script in the page needs to mark one question."""

    id: str
    kind: str
    points: bool
    whole: bool
    right: list[str] | dict[str, str]
    rows: list[str]
    least: str = ""
    most: str = ""

    def as_json(self) -> str:
        """Return it for an attribute of the page."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__},
                          ensure_ascii=False)  # fmt: skip


def scorm_zip(course: Course, language: str) -> bytes:
    """Return the package. `course.assets` have their content."""
    text = CourseText(course, language, Addresses(files=FILES, modules=ELSEWHERE))
    pages = {_page_name(module): _page(course, text, module) for module in text.modules}
    files = {picture_of(asset, FILES).url: asset.content for asset in course.assets.values()}
    contents: dict[str, bytes] = {
        "imsmanifest.xml": manifest(text, [*_items(text, pages, files)]),
        **{name: page.encode() for name, page in pages.items()},
        **{name: path.read_bytes() for name, path in ASSETS.items()},
        "README.txt": out_pages.page("scorm/readme.txt", language, course=course).encode(),
        **{name: content for name, content in files.items() if _is_used(name, pages)},
    }
    return _zipped(contents)


def marking_of(question: Question) -> Marking:
    """Return how a question is marked, by the author's ids (see `learning.marking`)."""
    right: list[str] | dict[str, str] = []
    match question.kind:
        case Kind.ONE | Kind.SEVERAL:
            right = [choice.id for choice in question.choices if choice.right]
        case Kind.ORDER:
            right = [choice.id for choice in question.choices]
        case Kind.MATCH:
            right = {pair.id: pair.right for pair in question.pairs}
        case Kind.SHORT:
            right = list(question.accepted)
        case _:
            pass
    return Marking(
        id=question.id, kind=question.kind.value, points=is_marked(question),
        whole=question.all_or_nothing, right=right,
        rows=[pair.id for pair in question.pairs if pair.left],
        least=question.at_least, most=question.at_most,
    )  # fmt: skip


def rules_of(quiz: Quiz) -> str:
    """Return a quiz's rules for the script, as JSON."""
    return json.dumps(
        {
            "pass": quiz.pass_mark,
            "keep": "last" if quiz.keep is Keep.LAST else "best",
            "show": {Show.HANDED_IN: "handed-in", Show.PASSED: "passed", Show.NEVER: "never"}[
                quiz.show
            ],
            "pick": quiz.pick or 0,
        }
    )


def _page(course: Course, text: CourseText, module: OutModule) -> str:
    quiz = module.module.quiz
    html = out_pages.page(
        "scorm/module.html",
        text.language,
        course=course,
        title=text.title,
        module=module,
        own=Language(code=course.language, name=course.language),
        marking_of=marking_of,
        accepting=text.release.questions,
        rules=rules_of(quiz) if quiz else "",
    )
    # A SCO must not open another one: links between modules become their words.
    return _TO_ANOTHER_MODULE.sub(r"\1", html)


def _page_name(module: OutModule) -> str:
    return f"{module.module.id}.html"


def _items(text: CourseText, pages: dict[str, str], files: dict[str, bytes]) -> Iterator[Item]:
    for module in text.modules:
        name, quiz = _page_name(module), module.module.quiz
        used = [file for file in files if _is_used(file, {name: pages[name]})]
        yield Item(
            id=module.module.id, title=str(module.title.text), page=name,
            files=(*ASSETS, *used), mastery=quiz.pass_mark if quiz else None,
        )  # fmt: skip


def _is_used(file: str, pages: dict[str, str]) -> bool:
    return any(f'"{file}"' in page for page in pages.values())


def _zipped(contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
