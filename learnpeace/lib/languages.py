"""The languages of the interface, and how a request's language is chosen.

Order: the choice made on this device, the signed-in person's, the browser's, English.
A language appears here only with a whole catalogue of translations.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlencode

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, force_locale, get_locale
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from learnpeace.settings import PACKAGE

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
NAMES = {"en": "English", "es": "Español", "ar": "العربية"}
# Dates as the United Nations write them in English: 2 March 2027, 14:02.
LOCALES = {"en": "en_GB"}
TRANSLATIONS = PACKAGE / "translations"
COOKIE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as pages need it: code, own name, direction."""

    code: str
    name: str

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.code in RIGHT_TO_LEFT else "ltr"


def init_app(app: Flask) -> None:
    """Choose a language for each request and tell the templates."""
    Babel(
        app,
        locale_selector=_select,
        default_translation_directories=str(TRANSLATIONS),
    )
    # A page has dozens of words; this way costs a third of Flask-Babel's own look-up.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _catalogue(current()).ugettext(words),
        ngettext=lambda one, many, n: _catalogue(current()).ungettext(one, many, n),
        newstyle=True,
    )
    app.before_request(_remember_choice)
    app.context_processor(lambda: {"locale": language(current())})
    app.jinja_env.globals.update(languages=NAMES, language_links=_links)


def locale_of(code: str) -> str:
    """Return the locale of a language, so that dates are those of the pages."""
    return LOCALES.get(code, code)


def speaking(code: str | None) -> AbstractContextManager[None]:
    """Have what is said within, dates too, said in a language as on its pages; else in English."""
    locale: AbstractContextManager[None] = force_locale(locale_of(code or "en"))
    return locale


def current() -> str:
    """Return the code of the language this page speaks."""
    found = get_locale()
    return found.language if found else "en"


@cache
def _catalogue(code: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [code])


def _select() -> str:
    if not has_request_context():
        return LOCALES["en"]
    for code in (g.get("language"), session.get(COOKIE), getattr(current_user, "language", None)):
        if code in NAMES:
            return locale_of(str(code))
    code = _wanted(request.headers.get("Accept-Language", ""))
    return locale_of(code)


@lru_cache(maxsize=1024)
def _wanted(header: str) -> str:
    """Return the language a browser's header asks for most, among those we have."""
    return parse_accept_header(header, LanguageAccept).best_match(list(NAMES)) or "en"


def _remember_choice() -> None:
    """Keep `?lang=` in this device's cookie; nothing is written at the server."""
    if (code := request.args.get("lang")) in NAMES:
        session[COOKIE] = code


def _links() -> str:
    """Return this page's address up to `lang=`; the front page's where a form was sent."""
    if request.method not in {"GET", "HEAD"}:  # a page kept for one serves the other
        return "/?"
    kept = request.args.to_dict()
    kept.pop("lang", None)
    return f"?{urlencode(kept)}&" if kept else "?"


@cache
def language(code: str) -> Language:
    """Return the language of that code, known to the interface or not."""
    return Language(code=code, name=NAMES.get(code, code))
