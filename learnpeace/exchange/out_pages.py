"""Templates for what leaves the platform: no request, no session, one language chosen before."""

import string
from functools import cache

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from learnpeace.certificates.art.qr import as_svg
from learnpeace.lib.languages import NAMES, TRANSLATIONS, Language
from learnpeace.lib.rosette import rosette
from learnpeace.settings import ROOT

LETTERS = {"ar": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"}


def page(template: str, language: str, **values: object) -> str:
    """Return a rendered template, its own words in `language` (English where we lack it)."""
    ui = interface_language(language)
    return _environment(ui.code).get_template(template).render(ui=ui, **values)


def words(language: str) -> NullTranslations:
    """Return our catalogue of translations into a language."""
    return Translations.load(TRANSLATIONS, [interface_language(language).code])


def interface_language(code: str) -> Language:
    """Return the language our own words are in beside texts of that language."""
    found = code if code in NAMES else "en"
    return Language(code=found, name=NAMES[found])


def letter(token: str, language: str) -> str:
    """Return the letter a reader of that language sees for a line's token."""
    place = (string.ascii_lowercase + string.digits).index(token)
    letters = LETTERS.get(language, string.ascii_lowercase)
    return letters[place] if place < len(letters) else str(place + 1)


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(["html"], default=True, disabled_extensions=["txt"]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = words(code)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.ugettext, catalogue.ungettext, newstyle=True
    )
    environment.globals.update(rosette=rosette, qr=as_svg, letter=letter, language_names=NAMES)
    return environment
