"""An unpublished course as learners will see it, errors or not.

Whoever shows a draft, on a trainer's machine or on the website, builds on `Preview`:

    preview = draft_pages(read_course(folder), Addresses(files="/draft/KEY/files",
                                                         modules="/draft/KEY"))
    preview.course.modules                             every listed module, readable or not
    preview.blocks("listening", "es", "rural")         its blocks, in order
    preview.questions("listening", "es", with_answers=True)
    preview.elsewhere()                                problems that stand in no block
    preview.asset(sha256)                              a file under `files`, by its content

Each block and question is a `ShownBlock`: `place` (the author's id, else its number; "0" is
the module's head) is what comments hang on, `file` and `line` say where it stands, `html` is
made by the code that learners get, `problems` are the ones on its lines. Call these methods
in a request: they render templates.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from flask import render_template
from markupsafe import Markup

from learnpeace.catalog.model import Asset, Course, Module
from learnpeace.catalog.places import Place, block_places
from learnpeace.catalog.problems import Problem, Severity
from learnpeace.catalog.reader import CourseReading
from learnpeace.learning import pieces
from learnpeace.learning.pieces import ModulePage, Piece
from learnpeace.lib import markup
from learnpeace.releases.frozen import FrozenRelease
from learnpeace.releases.rendering import Addresses, addresses_of, renderings
from learnpeace.trainers.preview import quiz as preview_quiz

DRAFT = -1  # no release has this number
AROUND = 2  # lines shown before and after the one with a problem
HEAD = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProblem:
    """A problem with the lines around it, as (number, text)."""

    problem: Problem
    around: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """One block of a module, its head, or a question of its quiz.

    `kind` is head, a `Piece.kind`, question, or broken: then `html` is the source as written.
    `piece` is the learner's piece of the page, where there is one.
    """

    place: str
    kind: str
    file: str
    line: int
    html: Markup
    problems: tuple[ShownProblem, ...]
    piece: Piece | None = None


def draft_pages(reading: CourseReading, addresses: Addresses | None = None) -> "Preview":
    """Return the pages of an unpublished course; `addresses` are a release's when left out."""
    return Preview(reading, addresses)


class Preview:
    """An unpublished course, rendered as far as it can be and only where it is looked at."""

    def __init__(self, reading: CourseReading, addresses: Addresses | None = None) -> None:
        self.reading = reading
        self.course = _showable(reading.partial)
        self.release = FrozenRelease(
            id=DRAFT,
            version=self.course.version,
            course=self.course,
            html=_OnDemand(renderings(self.course, addresses or addresses_of(self.course))),
        )

    def module(self, module_id: str) -> Module | None:
        """Return a listed module, or None."""
        return self.release.modules.get(module_id)

    def page(self, module_id: str, language: str, track: str | None) -> ModulePage:
        """Return a module's page as `learning` makes it."""
        return pieces.make_page(self.release, module_id, language, track)

    def blocks(self, module_id: str, language: str, track: str | None) -> tuple[ShownBlock, ...]:
        """Return the module's head and every block, those that cannot be read as written."""
        page = self.page(module_id, language, track)
        file = text_file(page.module, language)
        places = block_places(self.reading.texts.get(file, ()))
        first = places[0].first if places else 1
        head = Place(id="", number=0, first=0, last=first - 1 if places else 10**9)
        others = self._unshown_files(page.module, language)
        problems = [*self.on(file, head), *(p for other in others for p in self.in_file(other))]
        html = markup.trusted(str(page.head) + str(page.sources))
        shown = ShownBlock(
            place=HEAD, kind="head", file=file, line=1, html=html, problems=tuple(problems)
        )
        return shown, *self._blocks(page, file, places)

    def questions(
        self, module_id: str, language: str, *, with_answers: bool
    ) -> tuple[ShownBlock, ...]:
        """Return every question of a module's pool, as asked or with answers and reasons."""
        module = self.release.modules[module_id]
        found = preview_quiz.asked(self.reading.texts, self.release, module, language)
        return tuple(self._question(item, module, language, with_answers) for item in found)

    def quiz_problems(
        self, module_id: str, language: str, questions: Sequence[ShownBlock]
    ) -> tuple[ShownProblem, ...]:
        """Return the problems of a quiz that none of its shown questions has: of its rules."""
        told = {shown.problem for question in questions for shown in question.problems}
        files = preview_quiz.files_of(self.reading.texts, module_id)
        files += [f"{file.removesuffix('.md')}.{language}.md" for file in files]
        found = (shown for file in files for shown in self.in_file(file))
        return tuple(shown for shown in found if shown.problem not in told)

    def elsewhere(self) -> tuple[ShownProblem, ...]:
        """Return the problems that stand in no module's text or quiz."""
        shown = {file for module in self.course.modules for file in self._files(module)}
        return tuple(self._shown(p) for p in self.reading.problems if p.file not in shown)

    def problems(self) -> tuple[ShownProblem, ...]:
        """Return every problem, by file and line."""
        return tuple(self._shown(problem) for problem in self.reading.problems)

    def problems_of(self, module_id: str) -> tuple[Problem, ...]:
        """Return the problems in a module's text, quiz and their translations."""
        files = self._files(self.release.modules[module_id])
        return tuple(problem for problem in self.reading.problems if problem.file in files)

    @cached_property
    def errors(self) -> int:
        """Return how many problems stop publishing."""
        return sum(problem.severity is Severity.ERROR for problem in self.reading.problems)

    def asset(self, sha256: str) -> Asset | None:
        """Return a file of the course by its content's fingerprint, never by a path."""
        return self._assets.get(sha256)

    def on(self, file: str, place: Place) -> tuple[ShownProblem, ...]:
        """Return the problems on a place's lines."""
        return tuple(shown for shown in self.in_file(file) if place.holds(shown.problem.line))

    def in_file(self, file: str) -> tuple[ShownProblem, ...]:
        """Return the problems of a file."""
        return tuple(self._shown(p) for p in self.reading.problems if p.file == file)

    @cached_property
    def _assets(self) -> dict[str, Asset]:
        return {asset.sha256: asset for asset in self.course.assets.values()}

    def _blocks(self, page: ModulePage, file: str, places: Sequence[Place]) -> Iterator[ShownBlock]:
        """Yield the blocks; examples of several tracks that stand together are one."""
        by_line = {piece.line: piece for piece in page.pieces}
        groups: list[tuple[Place, Piece | None]] = []
        readable = _lines(page.module, file)
        for place in places:
            piece = by_line.get(place.first)
            if piece is None and place.first in readable and groups:
                before, with_piece = groups.pop()
                groups.append((replace(before, last=place.last), with_piece))
            else:
                groups.append((place, piece))
        for place, piece in groups:
            if piece is None:
                yield self._broken(file, place)
                continue
            html = markup.trusted(render_template("preview/_block.html", piece=piece))
            yield ShownBlock(
                place=place.key, kind=piece.kind, file=file, line=place.first, html=html,
                problems=self.on(file, place), piece=piece,
            )  # fmt: skip

    def _question(
        self, item: preview_quiz.Asked, module: Module, language: str, with_answers: bool
    ) -> ShownBlock:
        in_translation = self.on(*item.translated) if item.translated else ()
        if item.question is None:
            broken = self._broken(item.file, item.place)
            return replace(broken, problems=broken.problems + in_translation)
        html = preview_quiz.html(self.release, module, language, item.question, with_answers)
        return ShownBlock(
            place=item.place.key, kind="question", file=item.file, line=item.place.first,
            html=html, problems=self.on(item.file, item.place) + in_translation,
        )  # fmt: skip

    def _broken(self, file: str, place: Place) -> ShownBlock:
        """Show a place as written, so its problems need no lines around them."""
        problems = [replace(shown, around=()) for shown in self.on(file, place)]
        lines = self.reading.texts.get(file, ())[place.first - 1 : place.last]
        source = render_template(
            "preview/_source.html",
            lines=list(enumerate(lines, start=place.first)),
            marked=[shown.problem.line for shown in problems],
        )
        return ShownBlock(
            place=place.key, kind="broken", file=file, line=place.first,
            html=markup.trusted(source), problems=tuple(problems),
        )  # fmt: skip

    def _shown(self, problem: Problem) -> ShownProblem:
        lines = self.reading.texts.get(problem.file, ())
        first = max(problem.line - AROUND, 1)
        around = enumerate(lines[first - 1 : problem.line + AROUND], start=first)
        return ShownProblem(problem=problem, around=tuple(around))

    def _files(self, module: Module) -> set[str]:
        """Return the files whose problems the module's own pages show."""
        texts = self.reading.texts
        quizzes = preview_quiz.files_of(texts, module.id)
        sources = [f"{module.id}/module.md", *quizzes]
        stems = tuple(file.removesuffix("md") for file in sources)
        return {*sources, *(file for file in texts if file.startswith(stems))}

    def _unshown_files(self, module: Module, language: str) -> list[str]:
        """Return a translation that cannot be shown: the page is in the source's words."""
        file = f"{module.id}/module.{language}.md"
        return [file] if file != text_file(module, language) and language else []


def text_file(module: Module, language: str) -> str:
    """Return the file that a module's page in a language is made of."""
    told = module.translations.get(language)
    return f"{module.id}/module.{language}.md" if told and told.blocks else f"{module.id}/module.md"


def _lines(module: Module, file: str) -> frozenset[int]:
    """Return the lines on which readable blocks of a file begin."""
    language = file.split(".")[-2] if file.count(".") > 1 else ""
    blocks = module.translations[language].blocks if language else module.blocks
    return frozenset(block.line for block in blocks)


def _showable(course: Course | None) -> Course:
    """Return a course whose every page can be made, with ids where titles are missing."""
    if course is None:
        return Course(
            id="draft", version="", title="", summary="", language="en", languages=("en",),
            licence="", authors=(), hours=0, tracks=(), modules=(),
        )  # fmt: skip
    return replace(
        course,
        title=course.title or course.id,
        language=course.language or "en",
        languages=course.languages or ("en",),
        modules=tuple(_showable_module(module) for module in course.modules),
    )


def _showable_module(module: Module) -> Module:
    """Leave out translated blocks that do not stand one to one beside the source's."""
    translations = {
        code: texts if len(texts.blocks) == len(module.blocks) else replace(texts, blocks=())
        for code, texts in module.translations.items()
    }
    return replace(module, title=module.title or module.id, translations=translations)


class _OnDemand(Mapping[str, Markup]):
    """The HTML of texts, each made when it is first asked for."""

    def __init__(self, makers: Mapping[str, Callable[[], Markup]]) -> None:
        self.makers = makers
        self.made: dict[str, Markup] = {}

    def __getitem__(self, key: str) -> Markup:
        if key not in self.made:
            self.made[key] = self.makers[key]()
        return self.made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.makers)

    def __len__(self) -> int:
        return len(self.makers)
