"""What the checker advises where nothing is wrong: warnings that stop nobody.

* M302 a text that is hard to read, M303 a quote without a source, M304 minutes that do not
  fit: each looks at the source text only; a translation repeats its source.
* Q302, Q303 right choices that stand out: see ``advice_quiz``.
* A201 a picture too heavy for phones: see ``assets``.
"""

from learnpeace.catalog.advice_minutes import advise_minutes
from learnpeace.catalog.advice_quiz import advise_quiz
from learnpeace.catalog.advice_quotes import advise_quotes
from learnpeace.catalog.advice_reading import advise_reading
from learnpeace.catalog.model import Module
from learnpeace.catalog.module_file import ModuleFile
from learnpeace.catalog.quiz_file import QuizFile


def advise_module(text: ModuleFile, module: Module, quiz: QuizFile | None, language: str) -> None:
    """Note what an author of this module may want to change; `language` is the course's own."""
    raw = [part.raw for part in text.parts]
    advise_minutes(
        text.settings, module.minutes, language, raw=raw, blocks=text.blocks, quiz=module.quiz
    )
    if language.split("-", maxsplit=1)[0] == "en":
        advise_reading(text.page, raw)
    if not module.sources:
        advise_quotes(text.page, raw)
    if quiz:
        advise_quiz(quiz, quiz.quiz)
