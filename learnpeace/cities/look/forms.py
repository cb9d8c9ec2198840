"""The shape of what a coordinator chooses for their city's certificates."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import Length, Optional, ValidationError

from learnpeace.certificates import rules, words
from learnpeace.certificates.papers import Paper
from learnpeace.certificates.rendering import pictures
from learnpeace.certificates.rendering.pictures import NoPicture, Picture
from learnpeace.cities.look import colours
from learnpeace.cities.look.drafts import Draft
from learnpeace.lib.colours import COLOUR, ENOUGH, contrast

LONGEST = 100
MARKS = " \t\u200e\u200f"  # spaces, and marks of direction that are copied unseen
TOO_LONG = _l("Write at most %(max)d characters.")


def _line(label: str) -> StringField:
    return StringField(
        label,
        filters=[rules.tidy_name],
        validators=[Optional(), Length(max=LONGEST, message=TOO_LONG)],
    )


class LookForm(FlaskForm):  # type: ignore[misc]
    """Emblem, signature, who signs, colour and paper; pictures stay unless sent or taken off."""

    emblem = FileField(_l("The city’s emblem"))
    drop_emblem = BooleanField(_l("Print no emblem"))
    emblem_words = _line(_l("What the emblem shows, in words"))
    signer = _line(_l("Who signs"))
    signer_office = _line(_l("Their office"))
    signature = FileField(_l("Picture of the signature"))
    drop_signature = BooleanField(_l("Print no signature"))
    accent = RadioField(
        _l("Colour"),
        choices=[*colours.NAMED, (colours.OWN, _l("Another colour"))],
    )
    own_accent = StringField(_l("The other colour"))
    paper = RadioField(_l("Paper"), choices=[(paper.value, text) for paper, text in words.PAPERS])
    draft = HiddenField()

    def validate_own_accent(self, field: StringField) -> None:
        """Refuse a colour that is none, or too pale on white paper."""
        if self.accent.data != colours.OWN:
            return
        colour = _colour(field.data)
        if not COLOUR.fullmatch(colour):
            raise ValidationError(
                gettext("Write the colour as # and six signs from 0 to 9 and a to f, as in #274b6d")
            )
        told = contrast(colour, "#ffffff")
        if told < ENOUGH:
            raise ValidationError(
                gettext(
                    "On white paper this colour has a contrast of %(found)s; words need 4.5 to "
                    "be read. Choose a darker one.",
                    found=f"{int(told * 10) / 10:.1f}",
                )
            )

    def validate_signer(self, field: StringField) -> None:
        """Refuse a name that cannot be printed."""
        _refuse_unprintable(field)

    def validate_signer_office(self, field: StringField) -> None:
        """Refuse an office that cannot be printed, or that nobody holds."""
        _refuse_unprintable(field)
        if field.data and not self.signer.data:
            raise ValidationError(gettext("Write who holds this office, or leave it empty."))

    def validate_emblem_words(self, field: StringField) -> None:
        """Refuse words that cannot be printed."""
        _refuse_unprintable(field)

    def refuse_nobodys(self, draft: Draft) -> None:
        """Add an error where a signature is printed over nobody's name."""
        if draft.signature and not draft.signer:
            self.signer.errors = [*self.signer.errors, gettext("Write whose signature it is.")]

    def draft_after(
        self, before: Draft, emblem: Picture | None, signature: Picture | None
    ) -> Draft:
        """Return what was chosen, on the ground of what was there before."""
        chosen = str(self.accent.data)
        colour = _colour(self.own_accent.data) if chosen == colours.OWN else chosen
        return Draft(
            accent=colour if COLOUR.fullmatch(colour) else before.accent,
            emblem=_picture(before.emblem, emblem, is_off=bool(self.drop_emblem.data)),
            emblem_words=str(self.emblem_words.data),
            signature=_picture(before.signature, signature, is_off=bool(self.drop_signature.data)),
            signer=str(self.signer.data),
            signer_office=str(self.signer_office.data),
            paper=Paper(self.paper.data) if self.paper.data in set(Paper) else before.paper,
        )


def form_of(draft: Draft) -> LookForm:
    """Return the form filled with a look, or with what was sent."""
    accent = draft.accent or colours.VALUES[0]
    is_named = accent in colours.VALUES
    shown: dict[str, Any] = {
        "emblem_words": draft.emblem_words,
        "signer": draft.signer,
        "signer_office": draft.signer_office,
        "accent": accent if is_named else colours.OWN,
        "own_accent": "" if is_named else accent,
        "paper": draft.paper.value,
    }
    return LookForm(data=shown)


def picture_in(field: FileField, *, is_ink: bool = False) -> Picture | None:
    """Return the picture that was sent, cleaned; None with the reason beside its field."""
    sent = uploaded(field)
    if sent is None:
        return None
    try:
        return pictures.checked(sent.stream.read(pictures.LARGEST + 1), is_ink=is_ink)
    except NoPicture as trouble:
        field.errors = [*field.errors, trouble.words]
        return None


def uploaded(field: FileField) -> FileStorage | None:
    """Return the file that was sent, if one was chosen."""
    sent = field.data
    return sent if isinstance(sent, FileStorage) and sent.filename else None


def _colour(text: str | None) -> str:
    plain = (text or "").strip(MARKS).lower()
    return plain if plain.startswith("#") else f"#{plain}"


def _picture(before: str, sent: Picture | None, *, is_off: bool) -> str:
    if is_off:
        return ""
    return sent.sha256 if sent else before


def _refuse_unprintable(field: StringField) -> None:
    text = str(field.data or "")
    if text and rules.name_problem(text) not in (None, rules.NameProblem.TOO_LONG):
        raise ValidationError(
            gettext("Write it with letters and the usual marks; other signs cannot be printed.")
        )
