"""What stands around every page of a preview: the folder as it is now, the switches, the bar."""

import re
from dataclasses import dataclass

import brotli
from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from learnpeace import access
from learnpeace.catalog.model import Course, Quiz
from learnpeace.learning import pieces, rules
from learnpeace.lib import languages, words
from learnpeace.lib.errors import Refusal
from learnpeace.trainers.preview.folder import WatchedFolder
from learnpeace.trainers.preview.rendering import Preview
from learnpeace.trainers.preview.switches import Switches, switches_from

COOKIE = "switches"
GUIDE = "/authors/guide/problems"
_ASSET = re.compile(r'src="/assets/([0-9a-f]{64})\.')


class Locale:
    """The page's language, from right to left where a switch says so."""

    def __init__(self, code: str, *, rtl: bool) -> None:
        found = languages.language(code)
        self.code, self.name = found.code, found.name
        self.direction = "rtl" if rtl else found.direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What the bar over a page tells. `page` and `pictures` are bytes that a phone loads."""

    mark: str
    course: Course
    errors: int
    warnings: int
    switches: Switches
    language: str
    languages: tuple[tuple[str, str], ...]
    module_id: str
    quiz: Quiz | None
    here: str
    page: int
    pictures: int


def init_app(app: Flask, *, has_guide: bool) -> None:
    """Look at the folder before each request; answer for what a preview has not got."""
    app.before_request(_look)
    app.context_processor(lambda: {"locale": Locale(languages.current(), rtl=g.switches.rtl)})
    app.url_build_error_handlers.append(lambda *_: "/preview/elsewhere")
    app.jinja_env.globals.update(
        problems_guide=GUIDE if has_guide else "",
        static=_static(app),
        is_framed=is_framed,
        next_module=rules.next_module,
        required=rules.required,
        own_words=lambda _note, _token: pieces.own_words(None, ""),
    )  # fmt: skip
    app.register_error_handler(Refusal, _show_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_accident)


def preview() -> Preview:
    """Return the course as it stands in the folder at this request."""
    found: Preview = g.preview
    return found


def switches() -> Switches:
    """Return what the reader has chosen."""
    chosen: Switches = g.switches
    return chosen


def keep(chosen: Switches) -> None:
    """Keep the reader's choice in the cookie."""
    session[COOKIE] = chosen.kept()


def show(template: str, **values: object) -> str:
    """Return a learner's page with the bar over it; in a narrow frame, if that is chosen.

    The page is made once more without the bar, because its weight is what a phone loads.
    """
    module_id = str((request.view_args or {}).get("module_id", values.get("module_id", "")))
    if switches().phone and not is_framed():
        bar = _bar("", module_id)
        return render_template("preview/phone.html", preview_bar=bar, src=_framed_address())
    plain = render_template(template, preview_bar=None, **values)
    return render_template(template, preview_bar=_bar(plain, module_id), **values)


def is_framed() -> bool:
    """Say whether this page stands in the frame of a phone; the bar is outside then."""
    return "frame" in request.args or request.headers.get("Sec-Fetch-Dest") == "iframe"


def _look() -> ResponseReturnValue | None:
    folder: WatchedFolder = current_app.extensions["preview"]
    g.preview, g.mark = folder.preview()
    chosen = switches_from(session.get(COOKIE, {}))
    if lang := request.args.get("lang", ""):
        chosen = switches_from({**chosen.kept(), "language": lang})
        keep(chosen)
    g.switches, g.is_slow = chosen, chosen.slow
    g.text_language = chosen.language or g.preview.course.language
    g.language = g.text_language if g.text_language in languages.NAMES else "en"
    return None


def _bar(page: str, module_id: str) -> Bar:
    shown = preview()
    assets = [shown.asset(sha256) for sha256 in set(_ASSET.findall(page))]
    problems = len(shown.reading.problems)
    module = shown.module(module_id)
    return Bar(
        mark=g.mark,
        course=shown.course,
        errors=shown.errors,
        warnings=problems - shown.errors,
        switches=switches(),
        language=g.text_language,
        languages=_languages(shown.course),
        module_id=module.id if module else "",
        quiz=module.quiz if module else None,
        here=request.full_path.rstrip("?") if request.method == "GET" else "/",
        page=_weight(page),
        pictures=sum(len(asset.content) for asset in assets if asset),
    )


def _languages(course: Course) -> tuple[tuple[str, str], ...]:
    """Return the languages to choose from, each told where learners would miss something."""
    found = []
    for code in dict.fromkeys((*course.languages, *languages.NAMES)):
        name = languages.NAMES.get(code) or words.language_name(code)
        if code not in course.languages:
            name = gettext("%(language)s (interface only)", language=name)
        elif code not in languages.NAMES:
            name = gettext("%(language)s (the interface lacks it)", language=name)
        found.append((code, name))
    return tuple(found)


def _weight(page: str) -> int:
    """Return the bytes of a learner's page over the wire; 0 for one that is the preview's own."""
    is_learners = page and str(request.endpoint).startswith("learning.")
    return len(brotli.compress(page.encode(), quality=1)) if is_learners else 0


def _framed_address() -> str:
    query = request.query_string.decode("utf-8", "replace")
    return f"{request.path}?{query}&frame=1" if query else f"{request.path}?frame=1"


def _static(app: Flask) -> object:
    plain = app.jinja_env.globals["static"]

    def static(path: str) -> str:
        if path == "css/app.css" and switches().sheet:
            return url_for("preview.sheet", kind=switches().sheet)
        return str(plain(path))  # type: ignore[operator]

    return static


def _show_refusal(error: Refusal) -> ResponseReturnValue:
    page = show("error.html", title=error.title or gettext("That did not work"),
                message=error.message, advice=error.advice, links=error.links)  # fmt: skip
    return page, error.status


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if request.routing_exception is not None and error.code in (301, 308):
        return error.get_response()
    if error.code == 404 and "preview" in g:
        return _show_refusal(access.nothing_here())
    return str(error.description), error.code or 500, {"Content-Type": "text/plain"}


def _show_accident(error: Exception) -> ResponseReturnValue:
    """Say what broke; the page looks again when a file changes."""
    current_app.logger.exception("The preview could not make a page.", exc_info=error)
    refusal = Refusal(
        gettext("The preview could not make this page (%(error)s). The fault is ours.",
                error=type(error).__name__),
        title=gettext("Something broke in the preview"),
        advice=gettext("Run learnpeace course check, or look at the other pages."),
        links=(("/", gettext("Go to the first page")),),
        status=500,
    )  # fmt: skip
    return _show_refusal(refusal)


def to_course() -> ResponseReturnValue:
    """Lead to the course's contents."""
    return redirect(url_for("learning.course", course_id=preview().course.id))
