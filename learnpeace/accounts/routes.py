"""Pages of this room."""

from datetime import datetime

from flask import (
    Blueprint,
    after_this_request,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext
from flask_login import current_user

from learnpeace.access import nothing_here, public, signed_in
from learnpeace.accounts import (
    actions,
    arrivals,
    guards,
    letters,
    passwords,
    queries,
    rules,
    sessions,
)
from learnpeace.accounts.forms import (
    ChangePasswordForm,
    ForgottenForm,
    NewPasswordForm,
    PinSignUpForm,
    PressForm,
    ProfileForm,
    SignInForm,
    SignUpForm,
)
from learnpeace.accounts.models import LinkPurpose
from learnpeace.accounts.queries import OpenLink
from learnpeace.lib import clock, languages
from learnpeace.lib.db import db, reading
from learnpeace.lib.errors import Refusal
from learnpeace.lib.languages import speaking

bp = Blueprint("accounts", __name__)


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    """Make an account, by e-mail or, with `?way=pin`, by sign-in name and PIN."""
    onward = arrivals.default_onward(is_new=True)
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(onward, 303)
    form = PinSignUpForm() if request.args.get("way") == "pin" else SignUpForm()
    if form.validate_on_submit():
        arrival = arrivals.sign_up(form, time_zone=None, at=clock.now())
        if arrival is not None:
            db.session.commit()
            return arrivals.answer(arrival, onward)
    return _page("accounts/sign_up.html", form)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in by e-mail or sign-in name; the same words for unknown, wrong and disabled."""
    onward = arrivals.default_onward(is_new=False)
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(onward, 303)
    form = SignInForm(who=request.args.get("who", ""))  # a sign-in card knows the name
    if form.validate_on_submit():
        at, who, secret = clock.now(), rules.clean_identifier(form.who.data), form.secret.data or ""
        guards.count_sign_in(who, request.remote_addr, at)
        if arrivals.sign_in(who, secret, stay=form.stays, at=at):
            db.session.commit()
            return redirect(onward, 303)
        form.form_errors.append(
            gettext("That name and that password or PIN do not belong together. Check both.")
        )
    return _page("accounts/sign_in.html", form)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session and leave nothing behind on the device."""
    if current_user.is_authenticated:
        sessions.end(current_user)
        db.session.commit()
    flash(gettext("You are signed out."), "done")
    response = redirect(url_for("pages.landing"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Send a link to set a new password; the same answer whether we know the address or not."""
    form = ForgottenForm()
    if form.validate_on_submit():
        at, email = clock.now(), form.email.data or ""
        guards.count_letter(email, request.remote_addr, at)
        _send_reset(email, at)
        return redirect(url_for(".forgotten", sent=1), 303)
    return _page("accounts/forgotten.html", form, is_sent="sent" in request.args)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by the link from the letter; signs nobody in."""
    at = clock.now()
    link = _open_link(token, (LinkPurpose.RESET,), at)
    form = NewPasswordForm()
    form.of(link.name, link.email, is_staff=link.is_staff)
    if form.validate_on_submit():
        password_hash = passwords.hashed(form.password)
        user = actions.use_link(link, at)
        if user is None:
            raise _link_is_over()
        actions.set_password(user, password_hash, at=at)
        db.session.commit()
        flash(gettext("Your password is set. Sign in with it now."), "done")
        return redirect(url_for(".sign_in"), 303)
    return _page("accounts/reset.html", form, link=link)


@bp.route("/enter/<token>", methods=["GET", "POST"])
@public
def enter(token: str) -> ResponseReturnValue:
    """Sign in by a one-time link; opening it changes nothing, its button uses it up."""
    at = clock.now()
    link = _open_link(token, (LinkPurpose.SIGN_IN, LinkPurpose.INVITATION), at)
    form = NewPasswordForm() if link.asks_for_password else PressForm()
    if isinstance(form, NewPasswordForm):
        form.of(link.name, link.email, is_staff=link.is_staff)
    if form.validate_on_submit():
        is_new = isinstance(form, NewPasswordForm)
        password_hash = passwords.hashed(form.password) if is_new else ""
        user = actions.use_link(link, at)
        if user is None:
            raise _link_is_over()
        if password_hash:
            actions.set_password(user, password_hash, at=at)
        sessions.start(user, stay=False, at=at)
        db.session.commit()
        return redirect(url_for("learning.home"), 303)
    return _page("accounts/enter.html", form, link=link)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Show and change name, language and time zone."""
    form = ProfileForm(
        name=current_user.name,
        language=current_user.language or languages.current(),
        time_zone=current_user.time_zone or "UTC",
    )
    if form.validate_on_submit():
        language = form.language.data
        actions.change_profile(
            current_user.id,
            name=form.name.data or "",
            language=language,
            time_zone=form.time_zone.data or "UTC",
        )
        db.session.commit()
        session.pop(languages.COOKIE, None)  # this device's older choice would hide the new one
        with speaking(language):
            flash(gettext("Your changes are saved."), "done")
        return redirect(url_for(".account"), 303)
    return _page("accounts/account.html", form, zones=rules.zones())


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's password; the other devices are signed out."""
    if current_user.email is None:
        return redirect(url_for(".account"), 303)
    form = ChangePasswordForm()
    form.of(current_user.name, current_user.email, is_staff=_is_staff())
    if form.validate_on_submit():
        at = clock.now()
        guards.count_password(current_user.email, at)
        found = arrivals.recognise(current_user.email, form.current_password.data or "")
        password_hash = passwords.hashed(form.password)
        user = actions.let_in(found) if found else None
        if user is not None:
            actions.change_password(user, password_hash, at=at, but=current_user.session_id)
            db.session.commit()
            flash(gettext("Your password is changed. Other devices are signed out."), "done")
            return redirect(url_for(".account"), 303)
        form.current_password.errors = [gettext("This is not your password now. Try again.")]
    return _page("accounts/password.html", form)


@bp.get("/account/devices")
@signed_in
def devices() -> ResponseReturnValue:
    """List where one is signed in."""
    found = queries.devices_of(current_user.id, clock.now())
    return render_template("accounts/devices.html", devices=found)


@bp.post("/account/devices/<int:session_id>/end")
@signed_in
def end_device(session_id: int) -> ResponseReturnValue:
    """Sign out one device."""
    if not actions.end_device(current_user.id, session_id, clock.now()):
        raise nothing_here()
    db.session.commit()
    flash(gettext("That device is signed out."), "done")
    return redirect(url_for(".devices"), 303)


@bp.post("/account/devices/end-others")
@signed_in
def end_other_devices() -> ResponseReturnValue:
    """Sign out every device but this one."""
    sessions.end_all(current_user.id, but=current_user.session_id)
    db.session.commit()
    flash(gettext("Every other device is signed out."), "done")
    return redirect(url_for(".devices"), 303)


def _page(
    template: str,
    form: SignUpForm | PinSignUpForm | SignInForm | ForgottenForm | NewPasswordForm | PressForm,
    **values: object,
) -> ResponseReturnValue:
    """Show a form: 422 when it was sent and is not right."""
    onward = rules.safe_next(request.args.get("next"))
    page = render_template(template, form=form, onward=onward, **values)
    return page, 422 if form.is_submitted() else 200


def _send_reset(email: str, at: datetime) -> None:
    """Write the letter with the link; for nobody, do as much work."""
    with reading():
        found = queries.way_in(email)
        db.session.rollback()
    if found is None or found.is_disabled:
        guards.count_unknown(request.remote_addr, at)
        return
    user = actions.let_in(found)
    if user is not None:
        token = actions.make_link(user.id, LinkPurpose.RESET, at, actions.RESET_LASTS)
        letters.write_reset(user, token, at=at)
    db.session.commit()


def _open_link(token: str, purposes: tuple[LinkPurpose, ...], at: datetime) -> OpenLink:
    """Return the link or refuse; its address goes to no other site as a referrer."""
    after_this_request(_without_referrer)
    if request.method == "POST":
        guards.count_link(request.remote_addr, at)
    with reading():
        link = queries.open_link(token, purposes, at)
        db.session.rollback()
    if link is None:
        raise _link_is_over()
    return link


def _without_referrer(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _link_is_over() -> Refusal:
    return Refusal(
        gettext("A link from a letter works once and for a limited time."),
        title=gettext("This link does not work any more"),
        advice=gettext(
            "If you have just used it, sign in or go to your home page. Otherwise ask for "
            "a new letter, or ask the person who invited you."
        ),
        links=(
            (url_for(".sign_in"), gettext("Sign in")),
            (url_for(".forgotten"), gettext("Ask for a new letter")),
        ),
        status=410,
    )


def _is_staff() -> bool:
    return any(grant.kind in sessions.STAFF for grant in current_user.grants)
