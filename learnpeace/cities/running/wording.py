"""What a coordinator's letter says: templates, and the words that stand for names and links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext

TOKEN = re.compile(r"\{([a-z]+)\}")
NAMES = ("name", "module", "course", "cohort", "city", "link", "meeting")


class Template(StrEnum):
    """What a letter begins from; the values stand in the table."""

    BEGIN = "begin"
    STUCK = "stuck"
    MEETING = "meeting"
    THANKS = "thanks"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter's subject and text, with words such as `{name}` still in it."""

    subject: str
    text: str

    def filled(self, values: Mapping[str, str]) -> "Draft":
        """Return the letter for one person."""
        return Draft(subject=fill(self.subject, values), text=fill(self.text, values))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, each once; what a value contains is not looked at."""
    return TOKEN.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_in(text: str, names: tuple[str, ...] = NAMES) -> list[str]:
    """Return the words in braces that stand for nothing, in order."""
    return [f"{{{name}}}" for name in TOKEN.findall(text) if name not in names]


def draft(template: Template) -> Draft:
    """Return a template in the language of whoever reads it now."""
    if template == Template.BEGIN:
        return _begin()
    if template == Template.STUCK:
        return _stuck()
    if template == Template.MEETING:
        return _meeting()
    return _thanks() if template == Template.THANKS else Draft(subject="", text="")


def titles() -> dict[Template, str]:
    """Return what each template is for, in words."""
    return {
        Template.BEGIN: gettext("A reminder to begin"),
        Template.STUCK: gettext("Stuck at a module"),
        Template.MEETING: gettext("A reminder of the meeting"),
        Template.THANKS: gettext("Thanks"),
        Template.OWN: gettext("Your own words"),
    }


def meanings() -> dict[str, str]:
    """Return what stands for what, in words."""
    return {
        "{name}": gettext("the person’s name"),
        "{module}": gettext("the module they are at"),
        "{course}": gettext("the course"),
        "{cohort}": gettext("the cohort"),
        "{city}": gettext("the city"),
        "{link}": gettext("the address of their course"),
        "{meeting}": gettext("the next meeting, with day and hour"),
    }


def _begin() -> Draft:
    return Draft(
        subject=gettext("Your first module is waiting"),
        text=gettext(
            "Dear {name},\n\n"
            "You have joined {cohort}. You can begin with “{module}”. You can read it on a "
            "phone and stop at any moment; what you have done is kept.\n\n"
            "Begin here: {link}\n\n"
            "If something holds you up, tell us. We will help."
        ),
    )


def _stuck() -> Draft:
    return Draft(
        subject=gettext("How can we help you go on?"),
        text=gettext(
            "Dear {name},\n\n"
            "You are at “{module}”. Many people pause there. If a question is hard or time is "
            "short, tell us; we can give you another try or more time.\n\n"
            "Go on here: {link}"
        ),
    )


def _meeting() -> Draft:
    return Draft(
        subject=gettext("Our next meeting"),
        text=gettext(
            "Dear {name},\n\n"
            "{cohort} meets: {meeting}.\n\n"
            "You find how to take part on your first page: {link}\n\n"
            "If you cannot come, the summary and the recording will stand there afterwards."
        ),
    )


def _thanks() -> Draft:
    return Draft(
        subject=gettext("Thank you"),
        text=gettext(
            "Dear {name},\n\n"
            "Thank you for the time and the care you give to {course}. {city} is better for it."
            "\n\nYour course: {link}"
        ),
    )
