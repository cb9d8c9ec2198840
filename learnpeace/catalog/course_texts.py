"""course.es.yaml: a course's title and summary in another language."""

from learnpeace.catalog.course_file import CourseFile
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.model import CourseTexts
from learnpeace.catalog.problems import Severity
from learnpeace.catalog.translations import SourcePart, is_stale, untold
from learnpeace.catalog.yaml_text import Mapping, read_yaml

KEYS = ("of", "title", "summary")
_STAYS = " It stands in course.yaml only. Delete this line."
_SETTINGS = (
    "format", "version", "language", "languages", "licence", "authors", "hours", "tracks",
    "modules", "order", "complete", "survey", "certificate",
)  # fmt: skip


def course_texts(folder: CourseFolder, settings: CourseFile) -> dict[str, CourseTexts]:
    """Return the title and summary by language, noting what is not translated."""
    others = (code for code in settings.languages if code != settings.language)
    found = {code: _texts(folder, settings, code) for code in others}
    return {code: texts for code, texts in found.items() if texts is not None}


def course_part(settings: CourseFile) -> SourcePart:
    """Return what a translation of course.yaml remembers."""
    return SourcePart(label="title and summary", markdown=f"{settings.title}\n{settings.summary}")


def _texts(folder: CourseFolder, settings: CourseFile, language: str) -> CourseTexts | None:
    file = f"course.{language}.yaml"
    if file not in folder.files:
        message = f"Title and summary are not translated yet: there is no {file}. Learners see "
        settings.fields.page.warning(1, "T202", f"{message}the source.")
        return None
    page = folder.page(file)
    mapping = read_yaml(page, first=1, last=len(page.lines)) if page else None
    if page is None or mapping is None:
        return None
    advice = dict.fromkeys(_SETTINGS, _STAYS)
    fields = Fields(page, mapping or Mapping(line=1), KEYS, letter="T", advice=advice)
    is_old = _is_sound(folder) and is_stale(fields, [course_part(settings)], "course.yaml")
    if untold(fields, 1):
        return None  # told by `is_stale`; kept for the translator who goes on with it
    return CourseTexts(
        title=fields.text("title", settings.title),
        summary=fields.text("summary", settings.summary),
        is_stale=is_old,
    )


def _is_sound(folder: CourseFolder) -> bool:
    """Say whether course.yaml itself reads; else that is the problem, and told."""
    errors = (p for p in folder.findings.found if p.severity is Severity.ERROR)
    return all(problem.file != "course.yaml" for problem in errors)
