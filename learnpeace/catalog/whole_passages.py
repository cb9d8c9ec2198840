"""Files that are one part: course.yaml's title and summary, and transcripts of videos."""

from dataclasses import replace

from learnpeace.catalog.course_file import read_course_file
from learnpeace.catalog.course_texts import KEYS, course_part
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.fingerprints import block_fingerprint
from learnpeace.catalog.front_matter import front_matter
from learnpeace.catalog.page import Page
from learnpeace.catalog.passage_files import HEAD, WHOLE, FileKind, Part, PassageFile
from learnpeace.catalog.question_passages import Passage
from learnpeace.catalog.transcripts import KEYS as TRANSCRIPT_KEYS
from learnpeace.catalog.transcripts import transcript_part
from learnpeace.catalog.translations import SourcePart
from learnpeace.catalog.yaml_text import Mapping, read_yaml

_TEXTS = ("title", "summary")


def read_course_source(page: Page) -> PassageFile | None:
    """Return the texts of course.yaml; None when it cannot be read."""
    settings = read_course_file(page)
    if settings is None:
        return None
    part = _settings_part(settings.fields)
    return _file(page, FileKind.COURSE, _remembered(part, course_part(settings)))


def read_course_translation(page: Page) -> PassageFile | None:
    """Return the texts of course.es.yaml; None when it cannot be read."""
    mapping = read_yaml(page, first=1, last=len(page.lines))
    if mapping is None:
        return None
    fields = Fields(page, mapping, KEYS)
    return replace(_file(page, FileKind.COURSE, _settings_part(fields)), of=_of(fields))


def read_transcript_source(page: Page, module_id: str) -> PassageFile:
    """Return a transcript's text: it has no settings."""
    part = _text_part(page, 1)
    whole = transcript_part(part.passages[0].text if part.passages else "")
    found = _file(page, FileKind.TRANSCRIPT, _remembered(part, whole))
    return replace(found, module_id=module_id)


def read_transcript_translation(page: Page, module_id: str) -> PassageFile | None:
    """Return a translated transcript's text; None when its settings cannot be read."""
    head = front_matter(page)
    if head is None or (head.is_present and head.settings is None):
        return None
    fields = Fields(page, head.settings or Mapping(line=1), TRANSCRIPT_KEYS)
    return replace(
        _file(page, FileKind.TRANSCRIPT, _text_part(page, head.body)),
        module_id=module_id, head=page.lines[: head.body - 1], of=_of(fields),
    )  # fmt: skip


def _file(page: Page, kind: FileKind, part: Part) -> PassageFile:
    head = page.lines if kind is FileKind.COURSE else ()
    return PassageFile(file=page.file, kind=kind, module_id="", head=head, of=(), parts=(part,))


def _settings_part(fields: Fields) -> Part:
    found = [
        Passage(place=HEAD, name=name, text=fields.text(name), line=fields.line(name))
        for name in _TEXTS
    ]
    passages = tuple(passage for passage in found if passage.text)
    return Part(kind=HEAD, line=found[0].line, passages=passages, lines=fields.page.lines)


def _text_part(page: Page, first: int) -> Part:
    lines = page.lines[first - 1 :]
    empty = next((n for n, line in enumerate(lines) if line.strip()), 0)
    text = "\n".join(lines).strip("\n").rstrip()
    passage = Passage(place="1", name=WHOLE, text=text, line=first + empty)
    passages = (passage,) if text.strip() else ()
    return Part(kind=WHOLE, line=first + empty, passages=passages, lines=tuple(text.split("\n")))


def _remembered(part: Part, source: SourcePart) -> Part:
    return replace(part, label=source.label, fingerprint=block_fingerprint(source.without_marks))


def _of(fields: Fields) -> tuple[str, ...]:
    return tuple(" ".join(fields.texts("of")).split())
