"""Question banks, surveys, and translations of question files, read once each."""

from dataclasses import replace

from learnpeace.catalog.answers import Place
from learnpeace.catalog.assets import Assets, path_of
from learnpeace.catalog.fields import Fields
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.ids import Ids
from learnpeace.catalog.model import QuestionTexts, Survey
from learnpeace.catalog.problems import shown
from learnpeace.catalog.quiz_file import QuestionSet, QuizFile, read_plain_questions
from learnpeace.catalog.translated_files import TranslatedQuestions, read_translated_questions


class QuestionFiles:
    """The question files of one course folder."""

    def __init__(
        self, folder: CourseFolder, ids: Ids, assets: Assets,
        languages: tuple[str, ...], own: str,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.ids = ids
        self.assets = assets
        self.languages = tuple(code for code in languages if code != own)
        self._sets: dict[str, QuestionSet | None] = {}
        self._translations: dict[tuple[str, str], TranslatedQuestions | None] = {}

    def banks(self, quiz: QuizFile) -> list[QuestionSet]:
        """Return the banks a quiz names, noting those that are absent."""
        found: dict[str, QuestionSet] = {}
        for name in quiz.banks:
            path = path_of(name.text, "")
            if path in found:
                message = f"The bank “{shown(name.text)}” is named twice. Take one out."
                quiz.rules.page.error(name.line, "Q133", message)
            elif path is None or not path.startswith("banks/") or path not in self.folder.files:
                near = quiz.rules.page.near(name.text, self._files("banks"))
                message = f"There is no question bank “{shown(name.text)}”."
                remedy = near or " Write banks/ and the file's name."
                quiz.rules.page.error(name.line, "Q133", message + remedy)
            elif bank := self._set(path, Place.QUIZ):
                found[path] = bank
        return list(found.values())

    def survey(self, fields: Fields, name: str) -> Survey | None:
        """Return the survey that course.yaml names."""
        if not name:
            return None
        path = path_of(name, "")
        if path is None or path not in self.folder.files or not path.startswith("surveys/"):
            near = fields.page.near(name, self._files("surveys"))
            message = f"There is no survey “{shown(name)}”."
            remedy = near or " Write surveys/ and the file's name."
            fields.page.error(fields.line("survey"), "C113", message + remedy)
            return None
        found = self._set(path, Place.SURVEY)
        if found is None:
            return None
        texts = {code: self.translation(found, code) for code in self.languages}
        translations = {code: made for code, made in texts.items() if made}
        return Survey(questions=found.questions, translations=translations)

    def translation(self, source: QuestionSet, language: str) -> dict[str, QuestionTexts]:
        """Return a question file's texts in another language; none when it is not translated."""
        made = self.translated(source, language)
        return dict(made.texts) if made else {}

    def translated(self, source: QuestionSet, language: str) -> TranslatedQuestions | None:
        """Return the translation of a question file, warning when there is none."""
        file = source.page.file
        key = (file, language)
        if key not in self._translations:
            path = f"{file.removesuffix('.md')}.{language}.md"
            self._translations[key] = self._read_translation(source, path)
        return self._translations[key]

    def warn_unused(self) -> None:
        """Note banks that no quiz uses; they are read so that their problems show."""
        for file in self._files("banks"):
            if file not in self._sets and (found := self._set(file, Place.QUIZ)):
                message = "No quiz uses this bank. Name it under “banks” in one, or delete it."
                found.page.warning(1, "Q301", message)

    def read_surveys(self) -> None:
        """Read every survey, so that its problems show though nothing names it."""
        for file in self._files("surveys"):
            self._set(file, Place.SURVEY)

    def _set(self, path: str, place: Place) -> QuestionSet | None:
        if path not in self._sets:
            page = self.folder.page(path)
            found = read_plain_questions(page, place) if page else None
            if found:
                self.ids.take_questions(found)
                self.assets.add(found.references)
            self._sets[path] = found
        return self._sets[path]

    def _read_translation(self, source: QuestionSet, path: str) -> TranslatedQuestions | None:
        if path not in self.folder.files:
            message = f"This is not translated yet: there is no {shown(path)}. Learners see the "
            source.page.warning(1, "T202", f"{message}source.")
            return None
        page = self.folder.page(path)
        made = read_translated_questions(page, source) if page else None
        if made:
            self.assets.add(made.references)
        return made

    def _files(self, folder: str) -> list[str]:
        """Return the question files of a folder, without translations."""
        return sorted(
            file
            for file in self.folder.files
            if file.startswith(f"{folder}/") and file.endswith(".md") and file.count(".") == 1
        )


def with_banks(quiz: QuizFile, banks: list[QuestionSet]) -> QuizFile:
    """Return a quiz whose pool holds its own questions, then each bank's."""
    pool = [*quiz.quiz.questions, *(question for bank in banks for question in bank.questions)]
    return replace(quiz, quiz=replace(quiz.quiz, questions=tuple(pool)))
