"""course.yaml."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from learnpeace.catalog.fields import Fields, is_id, propose_id
from learnpeace.catalog.languages import is_language, propose_language
from learnpeace.catalog.model import CertificateRules, Completion, Order
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.yaml_text import Mapping, Scalar, Sequence, read_yaml

KEYS = (
    "format", "version", "title", "summary", "language", "languages", "licence", "authors",
    "hours", "tracks", "modules", "order", "complete", "survey", "certificate",
)  # fmt: skip
MODULE_KEYS = ("id", "tracks", "after", "required")
_NEEDED = {
    "format": "Write format: 1",
    "version": "Write version: 1.0.0",
    "title": "Write title: and the course's name.",
    "summary": "Write summary: and one sentence for the catalogue.",
    "language": "Write language: and the code of the language the course is written in.",
    "licence": "Write licence: and how others may use the course, such as CC-BY-4.0.",
    "authors": "Write authors: and who wrote the course.",
    "hours": "Write hours: and how many hours the whole course takes.",
    "modules": "Write modules: and the modules' folders in order, one “- name” on each line.",
}
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
_VALID = re.compile(r"forever|1 year|[1-9][0-9]? years")


class SurveyTime(StrEnum):
    """When the survey is asked."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleEntry:
    """One module as course.yaml lists it."""

    id: str
    line: int
    tracks: tuple[str, ...] = ()
    after: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFile:
    """What course.yaml says; without `is_known` it could not be read and says nothing."""

    fields: Fields
    version: str
    title: str
    summary: str
    language: str
    languages: tuple[str, ...]
    licence: str
    authors: tuple[str, ...]
    hours: int
    tracks: tuple[str, ...]
    modules: tuple[ModuleEntry, ...]
    order: Order
    complete: Completion
    survey: str
    certificate: CertificateRules
    is_known: bool = True


def read_course_file(page: Page) -> CourseFile | None:
    """Read course.yaml; None when it is no YAML at all."""
    mapping = read_yaml(page, first=1, last=len(page.lines))
    if mapping is None:
        return None
    fields = Fields(page, mapping, KEYS)
    for key, remedy in _NEEDED.items():
        fields.need(key, remedy)
    _check_format(fields)
    language = _language(fields)
    tracks = _tracks(fields)
    return CourseFile(
        fields=fields,
        version=_version(fields),
        title=fields.text("title"),
        summary=fields.text("summary"),
        language=language,
        languages=_languages(fields, language),
        licence=fields.text("licence"),
        authors=fields.texts("authors"),
        hours=fields.whole("hours", 0, low=1, high=1000),
        tracks=tracks,
        modules=_modules(fields, tracks),
        order=fields.one_of("order", Order, Order.IN_ORDER),
        complete=_complete(fields),
        survey=fields.text("survey"),
        certificate=_certificate(fields),
    )


def unknown_course_file(page: Page, modules: Iterable[str]) -> CourseFile:
    """Return a stand-in for a course.yaml that cannot be read, to find what else is wrong."""
    return CourseFile(
        fields=Fields(page, Mapping(line=1), KEYS), version="", title="", summary="", language="",
        languages=(), licence="", authors=(), hours=0, tracks=(),
        modules=tuple(ModuleEntry(id=module, line=1) for module in modules),
        order=Order.ANY, complete=Completion(), survey="", certificate=CertificateRules(),
        is_known=False,
    )  # fmt: skip


def _check_format(fields: Fields) -> None:
    if fields.has("format") and fields.text("format") != "1":
        message = f"Format “{shown(fields.text('format'))}” is not known. Write format: 1"
        fields.page.error(fields.line("format"), "C102", message)


def _version(fields: Fields) -> str:
    text = fields.text("version")
    if text and not _VERSION.fullmatch(text):
        message = f"“{shown(text)}” is not a version. Write three numbers, such as 1.0.0."
        fields.page.error(fields.line("version"), "C101", message)
    return text


def _language(fields: Fields) -> str:
    code = fields.text("language")
    if code:
        _check_language(fields, Scalar(text=code, line=fields.line("language")))
    return code


def _languages(fields: Fields, language: str) -> tuple[str, ...]:
    codes = _once(fields, "languages", fields.scalars("languages"))
    for code in codes:
        _check_language(fields, code)
    texts = tuple(code.text for code in codes)
    if texts and language and language not in texts:
        message = f"“languages” leaves out “{shown(language)}”, the course's own. Add it."
        fields.page.error(fields.line("languages"), "C104", message)
    return texts or ((language,) if language else ())


def _check_language(fields: Fields, code: Scalar) -> None:
    if not is_language(code.text):
        message = f"“{shown(code.text)}” is not a known language code."
        fields.page.error(code.line, "C103", message + propose_language(code.text))


def _tracks(fields: Fields) -> tuple[str, ...]:
    tracks = _once(fields, "tracks", fields.scalars("tracks"))
    for track in tracks:
        _check_id(fields, track, "a track")
    return tuple(track.text for track in tracks)


def _check_id(fields: Fields, id: Scalar, what: str) -> bool:
    if is_id(id.text):
        return True
    message = f"“{shown(id.text)}” cannot name {what}: small letters a–z, digits and hyphens."
    fields.page.error(id.line, "C106", message + propose_id(id.text))
    return False


def _once(fields: Fields, key: str, scalars: tuple[Scalar, ...]) -> list[Scalar]:
    found: dict[str, Scalar] = {}
    for scalar in scalars:
        if scalar.text in found:
            message = f"“{shown(scalar.text)}” is in “{key}” twice. Take one out."
            fields.page.error(scalar.line, "C119", message)
        found.setdefault(scalar.text, scalar)
    return list(found.values())


def _modules(fields: Fields, tracks: tuple[str, ...]) -> tuple[ModuleEntry, ...]:
    node = fields.mapping.entries.get("modules")
    if not isinstance(node, Sequence):
        if fields.has("modules"):
            message = "“modules” is a list. Write one “- folder” on each line."
            fields.page.error(fields.line("modules"), "C003", message)
        return ()
    found: dict[str, ModuleEntry] = {}
    for item in node.items:
        if isinstance(item, Sequence):
            message = "A module is a folder's name or {id: …}, not a list."
            fields.page.error(item.line, "C003", message)
            continue
        entry = _module(fields, item, tracks)
        if entry and entry.id in found:
            message = f"The module “{entry.id}” is listed twice. Take one out."
            fields.page.error(entry.line, "C107", message)
        elif entry:
            found[entry.id] = entry
    _check_after(fields, found)
    return tuple(found.values())


def _module(fields: Fields, item: Scalar | Mapping, tracks: tuple[str, ...]) -> ModuleEntry | None:
    if isinstance(item, Scalar):
        id, inner = item, Fields(fields.page, Mapping(line=item.line), MODULE_KEYS)
    else:
        inner = Fields(fields.page, item, MODULE_KEYS)
        if not inner.need("id", "Write {id: folder, …}."):
            return None
        id = Scalar(text=inner.text("id"), line=inner.line("id"))
    own = _once(inner, "tracks", inner.scalars("tracks"))
    for track in own:
        if track.text not in tracks:
            near = fields.page.near(track.text, tracks)
            message = f"The track “{shown(track.text)}” is not in “tracks”."
            remedy = near or " Add it to “tracks”, or take it out here."
            fields.page.error(track.line, "C110", message + remedy)
    if not _check_id(fields, id, "a module"):
        return None
    return ModuleEntry(
        id=id.text, line=item.line, tracks=tuple(track.text for track in own),
        after=inner.text("after"), required=inner.flag("required", True),
    )  # fmt: skip


def _check_after(fields: Fields, entries: dict[str, ModuleEntry]) -> None:
    """A module may wait only for an earlier one, so that no two wait for each other."""
    earlier: set[str] = set()
    for entry in entries.values():
        name, page = shown(entry.after), fields.page
        if entry.after and entry.after == entry.id:
            message = f"“{name}” cannot come after itself. Take “after” out."
            page.error(entry.line, "C112", message)
        elif entry.after in entries and entry.after not in earlier:
            message = f"“{entry.id}” waits for “{name}”, which comes later. Move “{name}” up."
            page.error(entry.line, "C112", message)
        elif entry.after and entry.after not in earlier:
            remedy = page.near(name, entries) or " Write an earlier module's id."
            message = f"“after” names no module of this course: “{name}”.{remedy}"
            page.error(entry.line, "C111", message)
        earlier.add(entry.id)


def _complete(fields: Fields) -> Completion:
    inner = fields.inner("complete", ("surveys", "meetings"))
    words = [
        inner.word(scalar.text, scalar.line, SurveyTime, "surveys")
        for scalar in inner.scalars("surveys")
    ]
    times = tuple(dict.fromkeys(str(word.value) for word in words if word))
    if times and not fields.has("survey"):
        message = "A certificate waits for surveys and there is none. Write survey: surveys/… "
        message += "or take “surveys” out."
        fields.page.error(inner.line("surveys"), "C114", message)
    return Completion(surveys=times, meetings=inner.whole("meetings", 0, low=0, high=100))


def _certificate(fields: Fields) -> CertificateRules:
    inner = fields.inner("certificate", ("valid", "languages"))
    valid = inner.text("valid", "forever")
    if not _VALID.fullmatch(valid):
        message = "“valid” is “forever” or a number of years, such as “3 years”, "
        fields.page.error(inner.line("valid"), "C116", f"{message}not “{shown(valid)}”.")
    codes = _once(inner, "languages", inner.scalars("languages"))
    for code in codes:
        _check_language(inner, code)
    return CertificateRules(valid=valid, languages=tuple(code.text for code in codes))
