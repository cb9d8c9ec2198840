"""The forms of this room. Names, addresses and texts are cleaned as they are read."""

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from learnpeace.accounts import passwords, rules
from learnpeace.accounts.passwords import Problem
from learnpeace.lib import languages

STAY = [("no", _l("No")), ("yes", _l("Yes"))]
WHY = {
    Problem.SHORT: _l("Take a longer password: at least 10 characters."),
    Problem.SHORT_FOR_STAFF: _l("Take a longer password: at least 12 characters for your role."),
    Problem.LONG: _l("Take a shorter password: at most 200 characters."),
    Problem.COMMON: _l("Many people use this password, so it is tried first. Take another."),
    Problem.PRODUCT: _l("Take a password without the name of this site: it is tried first."),
    Problem.PERSONAL: _l("Take a password without your name or address: it is tried first."),
}


class _NameForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("The name you are known by"), filters=[rules.clean_name])

    def validate_name(self, field: StringField) -> None:
        """Refuse a name that cannot be shown."""
        if not field.data:
            raise ValidationError(_l("Write your name."))
        if len(field.data) > rules.NAME_MAX:
            raise ValidationError(_l("Write a shorter name: at most 100 characters."))
        if not rules.is_name(field.data):
            raise ValidationError(_l("Write your name with letters, without hidden characters."))


class _StayForm(FlaskForm):  # type: ignore[misc]
    stay = RadioField(_l("Stay signed in on this phone?"), choices=STAY, default="no")

    @property
    def stays(self) -> bool:
        """Say whether the person wants to stay signed in on this device."""
        return bool(self.stay.data == "yes")


class SignUpForm(_NameForm, _StayForm):
    """Name, e-mail and password."""

    email = EmailField(_l("E-mail"), filters=[rules.clean_email])
    password = PasswordField(_l("Password"))

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address."""
        check_email(field)

    def validate_password(self, field: PasswordField) -> None:
        """Refuse a weak password, with the reason."""
        check_password(field, names=(self.name.data, self.email.data), is_staff=False)


class PinSignUpForm(_NameForm, _StayForm):
    """Name and sign-in name; the PIN comes from us. `key` makes the same form the same PIN."""

    sign_in_name = StringField(_l("Sign-in name"), filters=[rules.clean_sign_in_name])
    key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def validate_sign_in_name(self, field: StringField) -> None:
        """Refuse what cannot be a sign-in name."""
        if not field.data:
            raise ValidationError(_l("Choose a sign-in name."))
        if not rules.is_sign_in_name(field.data):
            raise ValidationError(
                _l("Use 3 to 40 letters, digits, dots or hyphens, without spaces.")
            )


class SignInForm(_StayForm):
    """E-mail or sign-in name, password or PIN."""

    who = StringField(
        _l("E-mail or sign-in name"),
        validators=[InputRequired(_l("Write your e-mail or your sign-in name."))],
    )
    secret = PasswordField(
        _l("Password or PIN"), validators=[InputRequired(_l("Write your password or your PIN."))]
    )


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    """The e-mail of an account."""

    email = EmailField(_l("E-mail"), filters=[rules.clean_email])

    def validate_email(self, field: EmailField) -> None:
        """Refuse what is no address."""
        check_email(field)


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password for a person already known: say who with `of`."""

    new_password = PasswordField(_l("New password"))
    names: tuple[str | None, ...] = ()
    is_staff = False

    @property
    def password(self) -> str:
        """Return the new password of a valid form."""
        return self.new_password.data or ""

    def of(self, *names: str | None, is_staff: bool) -> None:
        """Tell the form whose password it is, which decides what is too weak."""
        self.names, self.is_staff = names, is_staff

    def validate_new_password(self, field: PasswordField) -> None:
        """Refuse a weak password, with the reason."""
        check_password(field, names=self.names, is_staff=self.is_staff)


class ChangePasswordForm(NewPasswordForm):
    """The password there is and the one to come."""

    current_password = PasswordField(
        _l("Your password now"), validators=[InputRequired(_l("Write your password of now."))]
    )


class PressForm(FlaskForm):  # type: ignore[misc]
    """Only a button."""


class ProfileForm(_NameForm):
    """Name, language and time zone."""

    language = SelectField(_l("Language"), choices=list(languages.NAMES.items()))
    time_zone = StringField(_l("Time zone"))

    def validate_time_zone(self, field: StringField) -> None:
        """Take any way to write a zone we can find; refuse others."""
        zone = rules.find_zone(field.data or "")
        if zone is None:
            raise ValidationError(
                _l("Choose a time zone from the list, for example Africa/Nairobi.")
            )
        field.data = zone


def check_email(field: EmailField) -> None:
    """Raise ValidationError for what has not the shape of an address."""
    if not field.data:
        raise ValidationError(_l("Write your e-mail address."))
    if not rules.is_email(field.data):
        raise ValidationError(_l("Write an e-mail address such as name@example.org."))


def check_password(field: PasswordField, *, names: tuple[str | None, ...], is_staff: bool) -> None:
    """Raise ValidationError with the reason why this password is not taken."""
    if not field.data:
        raise ValidationError(_l("Choose a password."))
    if problem := passwords.problem(field.data, names=names, is_staff=is_staff):
        raise ValidationError(WHY[problem])
