"""The languages of the interface, and how a request's language is chosen.

Order: the choice made on this device, the signed-in person's, the browser's, English.
A language appears here only with a whole catalogue of translations.
"""

from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context, request, session, url_for
from flask_babel import Babel, get_locale
from flask_login import current_user

from learnpeace.settings import PACKAGE

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
NAMES = {"en": "English", "es": "Español", "ar": "العربية"}
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


def language(code: str) -> Language:
    """Return the language of that code, known to the interface or not."""
    return Language(code=code, name=NAMES.get(code, code))


def init_app(app: Flask) -> None:
    """Choose a language for each request and tell the templates."""
    Babel(
        app,
        locale_selector=_select,
        default_translation_directories=str(PACKAGE / "translations"),
    )
    app.before_request(_remember_choice)
    app.context_processor(lambda: {"locale": language(current()), "languages": _switch()})


def current() -> str:
    """Return the code of the language this page speaks."""
    found = get_locale()
    return str(found.language) if found else "en"


def _select() -> str:
    if not has_request_context():
        return "en"
    for code in (g.get("language"), session.get(COOKIE), getattr(current_user, "language", None)):
        if code in NAMES:
            return str(code)
    return request.accept_languages.best_match(list(NAMES)) or "en"


def _remember_choice() -> None:
    """Keep `?lang=` in this device's cookie; nothing is written at the server."""
    if (code := request.args.get("lang")) in NAMES:
        session[COOKIE] = code


def _switch() -> list[dict[str, str]]:
    """Return each language with this page's address in it."""
    if request.endpoint is None or request.method != "GET":
        here = current_app.url_for("pages.landing")
        return [{"code": c, "name": n, "url": f"{here}?lang={c}"} for c, n in NAMES.items()]
    kept = {**request.args.to_dict(), **(request.view_args or {})}
    return [
        {"code": code, "name": name, "url": url_for(request.endpoint, **{**kept, "lang": code})}
        for code, name in NAMES.items()
    ]
