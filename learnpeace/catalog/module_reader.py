"""One module's folder: its text, its quiz, their translations."""

import re
from dataclasses import replace

from learnpeace.catalog.advice import advise_module
from learnpeace.catalog.assets import Assets
from learnpeace.catalog.course_file import CourseFile, ModuleEntry
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.ids import Ids
from learnpeace.catalog.model import Module, ModuleTexts
from learnpeace.catalog.module_file import ModuleFile, Reading, read_module
from learnpeace.catalog.page import Page
from learnpeace.catalog.problems import shown
from learnpeace.catalog.question_files import QuestionFiles, with_banks
from learnpeace.catalog.quiz_file import QuestionSet, QuizFile, check_pool, read_quiz
from learnpeace.catalog.transcripts import Transcripts
from learnpeace.catalog.translated_files import read_translated_module

_TRANSLATION = re.compile(r"(module|quiz)\.([A-Za-z0-9_-]+)\.md")
# What editors make of module.md and quiz.md when they save.
_NEARLY_TEXT = re.compile(r"(?:module|quiz)\.(?:md\.txt|txt|docx?|odt|rtf)", re.IGNORECASE)


class ModuleReader:
    """Reads the modules of one course folder."""

    def __init__(
        self, folder: CourseFolder, course: CourseFile, ids: Ids, assets: Assets,
        questions: QuestionFiles,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.course = course
        self.ids = ids
        self.assets = assets
        self.questions = questions
        self.transcripts = Transcripts(folder, assets)
        self.unread: set[str] = set()

    def read(self, entry: ModuleEntry) -> Module:
        """Read one module; without title and blocks when its text cannot be read."""
        quiz, sets = self._quiz(entry.id)
        text = self._text(entry.id)
        if text is None:
            self.unread.add(entry.id)
            return Module(
                id=entry.id, title="", minutes=0, quiz=quiz.quiz if quiz else None,
                required=entry.required, after=entry.after, tracks=entry.tracks,
            )  # fmt: skip
        self._take(text)
        fields: Fields = text.settings
        module = Module(
            id=entry.id, title=fields.text("title"),
            minutes=fields.whole("minutes", 0, low=1, high=1000),
            objectives=fields.texts("objectives"), content_note=fields.text("content-note"),
            sources=fields.texts("sources"), blocks=text.blocks, quiz=quiz.quiz if quiz else None,
            required=entry.required, after=entry.after, tracks=entry.tracks,
            translations=self._translations(entry.id, text, sets),
        )  # fmt: skip
        advise_module(text, module, quiz, self.course.language)
        return module

    def warn_unused(self) -> None:
        """Note texts in modules' folders that nothing uses, and translations without a place."""
        modules = {entry.id for entry in self.course.modules} - self.unread
        for file in sorted(self.folder.files):
            folder, _, name = file.rpartition("/")
            if folder in modules and (name.endswith(".md") or _NEARLY_TEXT.fullmatch(name)):
                self._check_use(file, name)

    def _check_use(self, file: str, name: str) -> None:
        match = _TRANSLATION.fullmatch(name)
        if name in ("module.md", "quiz.md") or file in self.transcripts.used:
            return
        if match is None:
            near = self.folder.findings.near(name, ("module.md", "quiz.md"))
            message = f"Nothing uses this file.{near} Name it in a text, or delete it."
            self.folder.findings.warning(file, 1, "F201", message)
        elif match[2] == self.course.language:
            message = f"“{match[2]}” is the course's own language. That text is in {match[1]}.md."
            self.folder.findings.error(file, 1, "T106", message)
        elif match[2] not in self.course.languages:
            near = self.folder.findings.near(match[2], self.course.languages)
            message = f"“{shown(match[2])}” is not among the languages in course.yaml.{near} "
            self.folder.findings.error(file, 1, "T106", f"{message}Add it there, or rename this.")
        elif match[1] == "quiz" and file.replace(name, "quiz.md") not in self.folder.files:
            message = "There is no quiz.md that this could translate. Write it, or delete this."
            self.folder.findings.error(file, 1, "T107", message)

    def _text(self, id: str) -> ModuleFile | None:
        path = f"{id}/module.md"
        page = self.folder.page(path) if path in self.folder.files else None
        text = read_module(self._reading(page)) if page else None
        if text:
            self.assets.add(text.references)
        return text

    def _reading(self, page: Page) -> Reading:
        tracks = self.course.tracks if self.course.is_known else None
        return Reading(page=page, tracks=tracks, transcript=self.transcripts.source)

    def _take(self, text: ModuleFile) -> None:
        for part in text.parts:
            self.ids.take(part.id, text.page, part.raw.line)
            if part.check:
                self.ids.take_questions(part.check)

    def _quiz(self, id: str) -> tuple[QuizFile | None, list[QuestionSet]]:
        """Return a module's quiz with its banks' questions, and the files they come from."""
        path = f"{id}/quiz.md"
        page = self.folder.page(path) if path in self.folder.files else None
        quiz = read_quiz(page) if page else None
        if quiz is None:
            return None, []
        banks = self.questions.banks(quiz)
        whole = with_banks(quiz, banks)
        self.ids.take_questions(quiz.own)
        self.assets.add(quiz.own.references)
        if len(banks) == len(quiz.banks):
            check_pool(whole, whole.quiz)
        return whole, [*([quiz.own] if quiz.own.drafts else []), *banks]

    def _translations(
        self, id: str, source: ModuleFile, sets: list[QuestionSet]
    ) -> dict[str, ModuleTexts]:
        found: dict[str, ModuleTexts] = {}
        for language in self.questions.languages:
            texts = self._translated_text(id, source, language)
            made = [self.questions.translated(questions, language) for questions in sets]
            quizzes = [translation for translation in made if translation]
            if texts is None and not quizzes:
                continue
            texts = texts or ModuleTexts(title=source.settings.text("title"))
            merged = dict(texts.questions)
            for translation in quizzes:
                merged.update(translation.texts)
            stale = texts.is_stale or any(translation.is_stale for translation in quizzes)
            found[language] = replace(texts, questions=merged, is_stale=stale)
        return found

    def _translated_text(self, id: str, source: ModuleFile, language: str) -> ModuleTexts | None:
        path = f"{id}/module.{language}.md"
        if path not in self.folder.files:
            message = f"This is not translated yet: there is no {path}. Learners see the source."
            source.page.warning(1, "T202", message)
            self.transcripts.told(source, None, (), language)
            return None
        page = self.folder.page(path)
        reading = replace(self._reading(page), transcript=self.transcripts.look) if page else None
        made = read_translated_module(reading, source) if reading else None
        if made is None:
            return None
        self.assets.add(made.references)
        blocks, is_old = self.transcripts.told(source, page, made.texts.blocks, language)
        return replace(made.texts, blocks=blocks, is_stale=made.texts.is_stale or is_old)
