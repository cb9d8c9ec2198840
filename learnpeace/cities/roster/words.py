"""What the coordinator reads of a list: what will happen to a row, and how to mend it."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext, ngettext

from learnpeace.cities.inviting.limits import A_DAY
from learnpeace.cities.roster.fates import IMPORTED, Decided, Fate, Note
from learnpeace.cities.roster.reading import MOST_COLUMNS, MOST_PEOPLE, Why
from learnpeace.lib import languages
from learnpeace.lib import words as plain
from learnpeace.lib.words import isolated


def fate_of(one: Decided, zone: str) -> str:
    """Return what will happen to a row; days are days in that zone."""
    return {
        Fate.INVITE: gettext("Gets an invitation by letter"),
        Fate.ACCOUNT: gettext("Gets a sign-in name and a PIN"),
        Fate.ADD: gettext("Is here already, and is added to this cohort"),
        Fate.AGAIN: gettext("Was invited before, and is invited again"),
        Fate.HERE: gettext("Is in this cohort already: nothing changes"),
        Fate.ELSEWHERE: gettext("Takes this course already: nothing changes"),
        Fate.WAITS: gettext("Was invited on %(day)s: no second letter within three days",
                            day=plain.day(one.since, zone) if one.since else ""),
        Fate.TWICE: gettext("Is in the list twice: row %(row)s counts", row=one.other),
        Fate.LEFT_OUT: gettext("Is left out, as you asked"),
        Fate.PROBLEM: gettext("Needs you"),
    }[one.fate]  # fmt: skip


def advice_of(one: Decided) -> str:
    """Return how to mend a row, or what was understood of it; empty when there is nothing."""
    if one.fate is Fate.ELSEWHERE:
        if one.other:
            return gettext("They are in “%(cohort)s”. You can move them on their page there.",
                           cohort=isolated(one.other))  # fmt: skip
        return gettext("They can move to this cohort themselves, with its join link.")
    if one.note is None:
        return ""
    if one.note is Note.LANGUAGE:
        return gettext("We do not know the language “%(text)s”. Write one of these, or nothing: "
                       "%(names)s.", text=isolated(one.entry.language[:40]),
                       names=_listed(languages.NAMES.values()))  # fmt: skip
    if one.note is Note.SECTOR:
        return gettext("We do not know the sector “%(text)s”: it stays empty, and they can "
                       "choose their own.", text=isolated(one.entry.sector[:40]))  # fmt: skip
    return _sentences(one)[one.note]


def summary_of(counts: Mapping[Fate, int]) -> str:
    """Return what an import would do, in words: import 41, skip 3, 2 need you."""
    problems = counts.get(Fate.PROBLEM, 0)
    taken = sum(counts.get(fate, 0) for fate in IMPORTED)
    skipped = sum(counts.values()) - taken - problems
    parts = [ngettext("Import %(num)d", "Import %(num)d", taken)]
    if skipped:
        parts.append(ngettext("skip %(num)d", "skip %(num)d", skipped))
    if problems:
        parts.append(ngettext("%(num)d needs you", "%(num)d need you", problems))
    comma = "، " if languages.current() == "ar" else ", "
    return comma.join(parts)


def done_of(counts: Mapping[str, int]) -> str:
    """Return what an import came to, in words."""
    sentences = (
        (Fate.INVITE, ngettext("%(num)d person gets an invitation by letter.",
                               "%(num)d people get an invitation by letter.",
                               counts.get(Fate.INVITE, 0))),
        (Fate.AGAIN, ngettext("%(num)d person is invited again.",
                              "%(num)d people are invited again.", counts.get(Fate.AGAIN, 0))),
        (Fate.ACCOUNT, ngettext("%(num)d person has a sign-in name and needs a card.",
                                "%(num)d people have a sign-in name and need a card.",
                                counts.get(Fate.ACCOUNT, 0))),
        (Fate.ADD, ngettext("%(num)d person was here and is in the cohort now.",
                            "%(num)d people were here and are in the cohort now.",
                            counts.get(Fate.ADD, 0))),
    )  # fmt: skip
    told = [sentence for fate, sentence in sentences if counts.get(fate)]
    return " ".join(told) or gettext("Everybody on the list was here already. Nothing changed.")


def limit_words() -> str:
    """Return the rule of how many invitations leave."""
    return gettext(
        "Your city sends up to %(most)s invitations a day; the others follow by themselves on "
        "the days after. One address gets at most 3 in 3 days, from all cities together.",
        most=plain.number(A_DAY),
    )


def later_of(left: int) -> str:
    """Return what is said of letters that go on another day; empty when there are none."""
    if not left:
        return ""
    return ngettext(
        "%(count)s invitation goes out on the days after: a city sends up to %(most)s a day.",
        "%(count)s invitations go out on the days after: a city sends up to %(most)s a day.",
        left,
        count=plain.number(left),
        most=plain.number(A_DAY),
    )


def not_readable(why: Why) -> str:
    """Return why something is no list of people, and what to do about it."""
    return {
        Why.EMPTY: gettext("There is nobody in it. It needs one row for each person, with a name."),
        Why.OLD: gettext("This is an old .xls file or one with a password. Open it in your "
                         "spreadsheet, choose “Save as” and then .xlsx or .csv, without a "
                         "password."),
        Why.PDF: gettext("This is a PDF: a picture of a table, not a table. Send the spreadsheet "
                         "it was made from, or copy the rows and paste them here."),
        Why.PICTURE: gettext("This is a picture. Send the spreadsheet itself, or type the names "
                             "into the box, one in each line."),
        Why.PAGE: gettext("This is a web page or a text document that only has the name of a "
                          "table. Open it in your spreadsheet and save it as .xlsx or .csv."),
        Why.OTHER: gettext("This is not a table we can read. Save it in your spreadsheet as "
                           ".xlsx, .ods or .csv, or copy the rows and paste them here."),
        Why.BROKEN: gettext("This file is damaged: it could not be opened. Open it in your "
                            "spreadsheet, save it anew as .xlsx or .csv, and send that."),
        Why.SWOLLEN: gettext("This file unpacks to far more than a list of people. Copy only the "
                             "rows with people into a new sheet, save that and send it."),
        Why.WIDE: gettext("This table has more than %(most)s columns. Keep the ones for name, "
                          "e-mail, language, sector and age, and send it again.",
                          most=plain.number(MOST_COLUMNS)),
        Why.LONG: gettext("This list has more than %(most)s people. Send it in parts.",
                          most=plain.number(MOST_PEOPLE)),
    }[why]  # fmt: skip


def _sentences(one: Decided) -> dict[Note, str]:
    return {
        Note.NO_NAME: gettext("Write the person’s name. If its cell is merged with others or "
                              "this row is only a note, leave the row out."),
        Note.BAD_NAME: gettext("“%(text)s” is not a person’s name. Write a name of up to 100 "
                               "letters, without formulas.", text=isolated(one.entry.name[:40])),
        Note.SUM: gettext("This looks like the sum under a list, not a person. Leave the row out."),
        Note.ADDRESS_IS_NAME: gettext("An e-mail address stands where the name should. Write the "
                                      "name, and the address in its own cell."),
        Note.TWO_ADDRESSES: gettext("There are two e-mail addresses. Keep the one they read."),
        Note.BAD_ADDRESS: gettext("“%(text)s” is not a whole e-mail address, such as "
                                  "ana@example.org. Mend it; or empty the cell, and they get a "
                                  "sign-in name instead.", text=isolated(one.entry.email[:60])),
        Note.BAD_SIGN_IN_NAME: gettext("“%(text)s” is neither an e-mail address nor a sign-in "
                                       "name of 3 to 40 letters. Mend it, or empty the cell.",
                                       text=isolated(one.entry.email[:60])),
        Note.AGE: gettext("We do not understand the age “%(text)s”. Write under 16, 16–17 or "
                          "18+, or nothing.", text=isolated(one.entry.age[:40])),
        Note.AGE_NEEDED: gettext("Your city asks for a guardian’s yes for young people. Write "
                                 "under 16, 16–17 or 18+ for those without e-mail."),
        Note.SPACES: gettext("There were spaces in the address; it goes to %(email)s.",
                             email=isolated(one.email)),
        Note.GUARDIAN: gettext("A parent or guardian must agree before this account opens. "
                               "Confirm it on the person’s page when you have the signed form."),
        Note.SAME_NAME: gettext("Two people of one name? Add what tells them apart, such as a "
                                "second name."),
        Note.SAME_ADDRESS: gettext("Two people on one address? Leave the address empty for one "
                                   "of them, and they get a sign-in name."),
    }  # fmt: skip


def _listed(names: Iterable[str]) -> str:
    return ("، " if languages.current() == "ar" else ", ").join(names)
