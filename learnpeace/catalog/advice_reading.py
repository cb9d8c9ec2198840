"""How hard a text is to read, by the Flesch–Kincaid grade level; English only.

Grade = 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid, Fishburne,
Rogers and Chissom, 1975). Syllables are counted from the letters, which is right for about
nine words of ten; over a module that is near enough to say “hard”, and no nearer. Plain prose
for readers at level B2 comes out between 6 and 10. Quotes do not count: nobody may mend them.
"""

import re
from collections.abc import Iterable, Sequence

from learnpeace.catalog.advice_text import Paragraph, paragraphs, words
from learnpeace.catalog.blocks import RawBlock
from learnpeace.catalog.page import Page

HARD = 12  # the last year of school
MIN_WORDS = 100  # below this one long name decides the figure
_MIN_PARAGRAPH = 20

_SENTENCE_END = re.compile(r"[.!?:;…]+(?=[\s”’\")]|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouyszcgx]es)$")


def advise_reading(page: Page, blocks: Sequence[RawBlock]) -> None:
    """Warn when a module's text as a whole is hard, and name its hardest paragraph."""
    found = [
        paragraph
        for block in blocks
        if block.name != "check"
        for paragraph in paragraphs(block.lines, block.first)
    ]
    if sum(len(words(paragraph.text)) for paragraph in found) < MIN_WORDS:
        return
    whole = grade("\n".join(paragraph.text for paragraph in found))
    if whole <= HARD:
        return
    hardest = _hardest(found)
    message = f"This module is hard to read (grade {whole:.0f} of Flesch–Kincaid; aim for 9, and "
    message += f"stay below {HARD}). Shorten sentences and choose plainer words. The hardest "
    message += f"paragraph begins here (grade {grade(hardest.text):.0f})."
    page.warning(hardest.line, "M302", message)


def grade(text: str) -> float:
    """Return the Flesch–Kincaid grade level of an English text; 0 when it has no words."""
    found = words(text)
    if not found:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(text) if words(part))
    syllables = sum(map(syllable_count, found))
    return 0.39 * len(found) / max(sentences, 1) + 11.8 * syllables / len(found) - 15.59


def syllable_count(word: str) -> int:
    """Return about how many syllables an English word has."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not letters:
        return 1
    vowels = len(_VOWELS.findall(letters))
    silent = 1 if len(letters) > 3 and _SILENT.search(letters) else 0
    return max(vowels - silent, 1)


def _hardest(found: Iterable[Paragraph]) -> Paragraph:
    every = list(found)
    long = [item for item in every if len(words(item.text)) >= _MIN_PARAGRAPH]
    return max(long or every, key=lambda item: grade(item.text))
