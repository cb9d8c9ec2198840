"""The demonstration: every screen of its city has something on it and opens."""

from collections import deque
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
import sqlalchemy as sa

from learnpeace import demo
from learnpeace.cities.models import SectorChoice
from learnpeace.learning.joining.models import Ask, Invitation, JoinRequest
from learnpeace.learning.models import Enrolment, Note, NoteReply
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.meetings.models import Attendance, How, Meeting
from learnpeace.people.models import AuditEntry, City, Cohort, User
from learnpeace.people.sectors import Sector
from learnpeace.settings import ROOT
from learnpeace.trainers.cli import publish_all
from tests.browser import HTML
from tests.conftest import NOON

MOST_OF_A_KIND = 3  # pages of one kind, such as a learner's own


@pytest.fixture
def whole(app, at):
    """Fill the whole demonstration as of noon."""
    at(NOON)
    with app.app_context():
        publish_all(ROOT / "courses")
        demo.fill(at=NOON, is_whole=True)
        db.session.commit()
    return app


def counted(app, query):
    with app.app_context():
        return db.session.scalar(query)


def test_the_demonstration_has_something_for_every_screen(whole):
    def many(query):
        return counted(whole, sa.select(sa.func.count()).select_from(query.subquery()))

    asks = sa.select(JoinRequest.id).where(JoinRequest.answer == "")
    assert many(asks.where(JoinRequest.kind == Ask.REQUEST)) == 3
    assert many(asks.where(JoinRequest.kind == Ask.WAITING, JoinRequest.offered_at.is_(None))) == 2
    assert many(asks.where(JoinRequest.held_until > NOON)) == 1
    for column in (Invitation.sent_at, Invitation.opened_at, Invitation.bounced_at):
        assert many(sa.select(Invitation.id).where(column.is_not(None))) > 1
    assert many(sa.select(Cohort.id).where(Cohort.is_draft)) == 1
    assert many(sa.select(Cohort.id).where(Cohort.closed_at.is_not(None))) == 1
    assert many(sa.select(User.id).where(User.email.is_(None))) == 8
    assert many(sa.select(City.id).where(City.has_quick_exit, ~City.shows_city)) == 1
    assert many(sa.select(Meeting.id).where(Meeting.summary != "", Meeting.recording != "")) == 1
    assert many(sa.select(Meeting.id).where(Meeting.starts_at > NOON, Meeting.series != "")) == 5
    for how in (How.CODE, How.LIST, How.QUESTIONS, How.EXCUSED, How.ABSENT):
        assert many(sa.select(Attendance.meeting_id).where(Attendance.how == how)) > 0
    for quote in ("named", "unnamed", ""):
        shared = sa.select(Note.block_id).where(Note.shared_at.is_not(None))
        assert many(shared.where(Note.quote == quote)) > 1
    assert many(sa.select(NoteReply.id)) > 3
    amina = sa.select(AuditEntry.id).join(User, User.id == AuditEntry.about_id)
    assert many(amina.where(User.email == "learner@example.org")) == 6


def test_two_of_three_of_the_demonstration_chose_a_sector_and_two_sectors_are_missing(whole):
    with whole.app_context():
        chosen = db.session.scalars(sa.select(SectorChoice.sector)).all()
        learners = sa.select(sa.func.count(sa.distinct(Enrolment.user_id))).join(Cohort)
        people = db.session.scalar(learners.join(City).where(City.slug == "kisumu"))
    assert set(Sector) - set(chosen) == {Sector.RECREATION, Sector.ENVIRONMENTAL}
    assert 0.6 < len(chosen) / people < 0.7


def test_the_demonstration_holds_to_the_rules_of_what_it_shows(whole):
    with whole.app_context():
        for cohort_id, seats in db.session.execute(sa.select(Cohort.id, Cohort.seats)):
            inside = sa.select(sa.func.count(Enrolment.id)).where(Enrolment.cohort_id == cohort_id)
            assert seats is None or db.session.scalar(inside) <= seats
        strangers = (
            sa.select(Attendance.meeting_id)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
            .where((Meeting.cohort_id != Enrolment.cohort_id) | (Meeting.starts_at > NOON))
        )
        assert db.session.scalars(strangers).all() == []
        late = sa.select(NoteReply.id).join(Note, Note.enrolment_id == NoteReply.enrolment_id)
        late = late.where(Note.block_id == NoteReply.block_id, NoteReply.at < Note.shared_at)
        assert db.session.scalars(late).all() == []
        ahead = sa.select(Note.block_id).where((Note.saved_at > NOON) | (Note.shared_at > NOON))
        assert db.session.scalars(ahead).all() == []
        zones = {
            m.starts_at.astimezone(NOON.tzinfo).hour for m in db.session.scalars(sa.select(Meeting))
        }
        assert zones == {15}, "six in the evening in Kisumu"


def test_the_demonstration_writes_to_nobody_and_asks_for_no_work(whole):
    assert counted(whole, sa.select(sa.func.count(Letter.id))) == 0
    assert counted(whole, sa.select(sa.func.count(Job.id))) == 0
    addresses = sa.select(User.email).where(User.email.is_not(None))
    with whole.app_context():
        assert {a.partition("@")[2] for a in db.session.scalars(addresses)} == {"example.org"}


@pytest.mark.parametrize(
    ("kind", "home", "some"),
    [
        ("learner", "/home", ("meetings", "account")),
        ("coordinator", "/cities/kisumu",
         ("requests", "waiting", "team", "meetings", "people", "invite", "settings", "report")),
        ("facilitator", "/cities", ("shared", "meetings", "people")),
        ("trainer", "/trainer", ("trainer",)),
        ("administrator", "/all-cities", ("city-requests", "people", "all-cities")),
    ],
)  # fmt: skip
def test_every_page_the_demonstration_links_to_opens(whole, browse, kind, home, some):
    with whole.app_context():
        person = db.session.scalars(
            sa.select(User).where(User.email == f"{kind}@example.org")
        ).one()
        db.session.expunge(person)
    opened = crawl(browse(person), home)
    assert {page: status for page, status in opened.items() if status != 200} == {}
    for word in some:
        assert any(word in page for page in opened), f"no page about {word} was reached"


def crawl(browser, home):
    """Open every page that can be reached by links, a few of each kind; return their answers."""
    queue, kinds, opened = deque([home]), {}, {}
    while queue:
        address = queue.popleft()
        kind = kind_of(browser, address)
        if address in opened or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        response = browser.get(address)
        opened[address] = response.status_code
        if response.status_code in (301, 302, 303):
            opened[address] = 200
            queue.append(local(address, response.location))
        elif response.mimetype == "text/html":
            queue.extend(links(response.text, address))
        response.close()
    return opened


def links(text, here):
    root = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree")).parse(text)
    found = (link.get("href", "") for link in root.iter(f"{HTML}a"))
    return [place for href in found if (place := local(here, href))]


def local(here, href):
    """Return where a link leads on this site, without its fragment; nothing for elsewhere.

    The same page in another language counts as elsewhere.
    """
    if href.startswith(("mailto:", "tel:", "webcal:", "http://127", "https:")):
        return ""
    place = urlsplit(urljoin(f"http://localhost{here}", href))
    elsewhere = place.netloc != "localhost" or place.path.startswith("/static/")
    if elsewhere or "lang=" in place.query:
        return ""
    return place.path + (f"?{place.query}" if place.query else "")


def kind_of(browser, address):
    """Return which page an address is of, whatever thing it shows."""
    place = urlsplit(address)
    endpoint, _ = browser.app.url_map.bind("localhost").match(place.path)
    return endpoint, *sorted(name.partition("=")[0] for name in place.query.split("&"))
