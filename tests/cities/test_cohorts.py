"""Setting up a cohort: releases, languages, ways in, drafts, copies, and what a change opens."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from learnpeace.lib.db import db
from learnpeace.people.models import Cohort, Role, RoleKind
from tests.courses import small_course

NEW = "/cities/kisumu/cohorts/new"
SPRING = {
    "course": "small", "name": "Spring 2027", "starts_on": "2027-03-02", "ends_on": "2027-06-30",
    "join_until": "", "seats": "25", "welcome": "Karibu!", "join_by": "link",
    "languages": ["en", "ar"],
}  # fmt: skip


@pytest.fixture
def kisumu(make):
    make.release()
    return make.city("Kisumu", languages="en,es")


def one(app, name):
    with app.app_context():
        return db.session.scalars(sa.select(Cohort).where(Cohort.name == name)).one()


def count(app):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(Cohort.id)))


def test_a_cohort_keeps_its_languages_and_its_way_in(app, browse, amina):
    browse(amina).post(NEW, {**SPRING, "join_by": "approval"})

    found = one(app, "Spring 2027")
    assert (found.languages, found.join_by, found.is_draft) == ("en,ar", "approval", False)


@pytest.mark.parametrize("wrong", [{"join_by": "magic"}, {"languages": ["xx"]}])
def test_an_unknown_way_or_language_is_refused(app, browse, amina, wrong):
    assert browse(amina).post(NEW, {**SPRING, **wrong}).status_code == 422
    assert count(app) == 0


def test_an_older_release_can_be_chosen_and_the_newest_is_the_first(app, browse, amina, make):
    newer = make.release(small_course(version="1.1.0"))
    desk = browse(amina)

    page = desk.get(NEW).text
    desk.post(NEW, SPRING)
    desk.post(NEW, {**SPRING, "name": "Older", "course": "small@1.0.0"})

    assert page.index('value="small"') < page.index('value="small@1.0.0"')
    assert one(app, "Spring 2027").release_id == newer.id
    assert one(app, "Older").release_id != newer.id


def test_a_draft_takes_nobody_until_enrolment_is_opened_knowingly(app, browse, amina):
    desk = browse(amina)

    invite = desk.follow(NEW, {**SPRING, "draft": "yes"}).text
    draft = one(app, "Spring 2027")
    own = desk.get(f"/cities/kisumu/cohorts/{draft.id}").text
    address = f"/cities/kisumu/cohorts/{draft.id}/enrolment"
    page = desk.get(address)
    desk.post(address, {"open": "yes", "sure": "yes"})

    assert "This cohort is a draft" in invite
    assert "This cohort is still a draft" in own
    assert "Close enrolment" not in own
    assert (draft.is_draft, draft.is_open) == (True, False)
    assert "The cohort’s facilitators see it from now on" in page.text
    found = one(app, "Spring 2027")
    assert (found.is_draft, found.is_open) == (False, True)
    assert browse(None).get(f"/join/{found.code}").status_code == 200


def test_who_facilitates_does_not_see_a_draft(browse, make, amina, kisumu):
    fatou = make.user("Fatou")
    draft = make.cohort(kisumu, name="Hidden", is_draft=True, is_open=False)
    make.role(fatou, RoleKind.FACILITATOR, cohort_id=draft.id)

    assert "Hidden" not in browse(fatou).get("/cities").text
    assert browse(fatou).get(f"/cities/kisumu/cohorts/{draft.id}").status_code == 404
    assert browse(fatou).get(f"/cities/kisumu/cohorts/{draft.id}/invite").status_code == 404
    assert browse(amina).get(f"/cities/kisumu/cohorts/{draft.id}/invite").status_code == 200


def test_a_copy_takes_over_all_that_can_be_and_its_facilitators_by_name(
    app, browse, make, amina, kisumu
):
    desk = browse(amina)
    desk.post(NEW, {**SPRING, "join_by": "code"})
    first = one(app, "Spring 2027")
    fatou, gone = make.user("Fatou"), make.user("Gone", disabled_at=make.at)
    for person in (fatou, gone):
        make.role(person, RoleKind.FACILITATOR, cohort_id=first.id)

    page = desk.get(f"{NEW}?copy=last").text
    again = {**SPRING, "name": "Autumn", "join_by": "code", "facilitators": [str(fatou.id)]}
    for _ in range(2):
        desk.post(f"{NEW}?copy=last", again)

    for words in ("Fatou", "Karibu!", 'value="25"'):
        assert words in page
    assert "Gone" not in page
    for box in ('value="code"', 'value="en"', 'value="ar"', f'value="{fatou.id}"'):
        assert "checked" in tag_with(page, box)
    assert "checked" not in tag_with(page, 'value="es"')
    with app.app_context():
        query = sa.select(Role.user_id).where(Role.cohort_id == one(app, "Autumn").id)
        assert db.session.scalars(query).all() == [fatou.id]


def test_a_facilitator_who_was_not_offered_is_refused(app, browse, make, amina, kisumu):
    desk = browse(amina)
    desk.post(NEW, SPRING)
    stranger, fatou = make.user("Stranger"), make.user("Fatou")
    make.role(fatou, RoleKind.FACILITATOR, cohort_id=one(app, "Spring 2027").id)
    form = {**SPRING, "name": "Autumn", "facilitators": [str(stranger.id)]}

    copied = desk.post(f"{NEW}?copy=last", form)
    desk.post(NEW, form)

    assert copied.status_code == 422
    with app.app_context():
        assert db.session.scalars(
            sa.select(Role.user_id).where(Role.kind == RoleKind.FACILITATOR)
        ).all() == [fatou.id]


def test_a_wider_way_in_says_what_it_opens_before_it_does(app, browse, make, amina, kisumu):
    cohort = make.cohort(kisumu, name="Spring 2027", join_by="list")
    address = f"/cities/kisumu/cohorts/{cohort.id}/edit"
    desk = browse(amina)

    asked = desk.post(address, {**SPRING, "seats": "7"})
    unchanged = one(app, "Spring 2027").join_by
    other = desk.post(address, {**SPRING, "sure": "approval"})
    sure = desk.post(address, {**SPRING, "seats": "7", "sure": "link"})

    assert asked.status_code == other.status_code == 422
    assert "Whoever has the link or the code can read the join page and join at once" in asked.text
    assert 'value="7"' in asked.text
    assert unchanged == "list"
    assert sure.status_code == 303
    assert one(app, "Spring 2027").join_by == "link"


@pytest.mark.parametrize(("before", "after"), [("link", "list"), ("code", "code")])
def test_a_narrower_way_in_is_saved_at_once(app, browse, make, amina, kisumu, before, after):
    cohort = make.cohort(kisumu, name="Spring 2027", join_by=before)

    browse(amina).post(f"/cities/kisumu/cohorts/{cohort.id}/edit", {**SPRING, "join_by": after})

    assert one(app, "Spring 2027").join_by == after


def test_the_join_page_is_shown_as_a_learner_sees_it_and_kept_nowhere(
    app, browse, make, amina, kisumu
):
    cohort = make.cohort(kisumu, name="Hidden", is_draft=True, is_open=False, welcome="Soon.")
    desk = browse(amina)
    typed = {**SPRING, "join_by": "approval", "welcome": "Hello <b>all</b>"}

    saved = desk.get(f"/cities/kisumu/cohorts/{cohort.id}/join-page")
    form = desk.post("/cities/kisumu/cohorts/join-page", typed)
    edited = desk.post(f"/cities/kisumu/cohorts/{cohort.id}/join-page", typed)
    empty = desk.post("/cities/kisumu/cohorts/join-page", {})

    assert "Soon." in saved.text
    for page in (form, edited):
        assert "Kisumu invites you to “A Small Course”" in page.text
        assert "Hello &lt;b&gt;all&lt;/b&gt;" in page.text
        assert "Ask to join" in page.text
    assert empty.status_code == 303
    assert count(app) == 1
    assert one(app, "Hidden").welcome == "Soon."


def test_words_to_send_and_posters_come_in_the_languages_of_the_cohort(browse, make, amina, kisumu):
    own = make.cohort(kisumu, name="Own", languages="ar")
    citys = make.cohort(kisumu, name="City’s")
    desk = browse(amina)

    arabic = desk.get(f"/cities/kisumu/cohorts/{own.id}/invite").text
    both = desk.get(f"/cities/kisumu/cohorts/{citys.id}/invite").text

    assert 'dir="rtl"' in arabic.split('class="words"')[1][:40]
    assert "Poster in Español" not in arabic
    assert "Poster in Español" in both
    assert f"http://127.0.0.1:8000/join/{citys.code}" in both.split('class="words"')[1]


def test_by_code_neither_link_nor_words_nor_picture_hold_the_code(browse, make, amina, kisumu):
    cohort = make.cohort(kisumu, name="Own", join_by="code", code="SECRET")

    page = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/invite").text

    assert page.count("SECRET") == 1  # large, for the coordinator
    assert f"/join/at/{cohort.id}-" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_poster_is_one_page_to_pin_up(browse, make, amina, kisumu, language):
    cohort = make.cohort(kisumu, name="Own", code="POSTER")

    address = f"/cities/kisumu/cohorts/{cohort.id}/poster?language={language}"
    answer = browse(amina).get(address)

    assert answer.mimetype == "application/pdf"
    (page,) = PdfReader(BytesIO(answer.data)).pages
    text = page.extract_text()
    assert "POSTER" in text
    assert "A Small Course" in text
    assert [round(float(side) * 25.4 / 72) for side in page.mediabox[2:]] == [210, 297]


def test_a_poster_of_long_names_stays_one_page(browse, make):
    name = "Llanfairpwllgwyngyll gogerychwyrndrobwll and its neighbours " * 2
    city = make.city(name[:120], slug="llanfair", contact="City peace desk, room 12; " * 11)
    cohort = make.cohort(city, code="DEMO00001234")
    desk = browse(make.coordinator(city))

    answer = desk.get(f"/cities/llanfair/cohorts/{cohort.id}/poster")

    (page,) = PdfReader(BytesIO(answer.data)).pages
    assert "DEMO00001234" in page.extract_text()


def test_a_poster_that_cannot_be_printed_now_says_so(browse, make, amina, kisumu, monkeypatch):
    from learnpeace.exchange import workbook

    monkeypatch.setattr(workbook, "SECONDS", 0.001)
    cohort = make.cohort(kisumu, name="Own")

    answer = browse(amina).get(f"/cities/kisumu/cohorts/{cohort.id}/poster")

    assert answer.status_code == 503
    assert "The fault is ours." in answer.text


def test_a_poster_in_another_language_or_of_another_city_is_not_there(browse, make, amina, kisumu):
    own = make.cohort(kisumu, name="Own")
    other = make.cohort(make.city("Nairobi"), name="Other")

    assert (
        browse(amina).get(f"/cities/kisumu/cohorts/{own.id}/poster?language=xx").status_code == 404
    )
    assert browse(amina).get(f"/cities/nairobi/cohorts/{other.id}/poster").status_code == 404
    assert browse(None).get(f"/cities/kisumu/cohorts/{own.id}/poster").status_code == 302


def tag_with(page, words):
    """Return the tag in which these words stand."""
    place = page.index(words)
    return page[page.rindex("<", 0, place) : page.index(">", place)]
