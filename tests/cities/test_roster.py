"""The coordinator's list: look, mend, import, undo; refused, wrong, twice, two at once."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from learnpeace.accounts.models import ServerSession
from learnpeace.accounts.sessions import hash_token
from learnpeace.cities.models import RosterImport, RosterRow
from learnpeace.cities.roster import actions, import_actions, letters
from learnpeace.learning.joining.models import Invitation
from learnpeace.learning.models import Enrolment, ModuleProgress
from learnpeace.lib import jobs
from learnpeace.lib.db import db
from learnpeace.lib.jobs import Job
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, Cohort, GuardianConsent, Notice, User
from tests.conftest import NOON

HEAD = "Name,E-mail,Language,Sector,Age band\n"
LIST = HEAD + (
    "Amina Otieno,amina@example.org,en,arts,18+\n"
    "José Muñoz,jose@example.org,es,,\n"
    "Grace Wanjiru,,,civic,\n"
    "ليلى حسن,,ar,,\n"
)


@pytest.fixture
def city(make):
    return make.city("Kisumu")


@pytest.fixture
def desk(browse, make, city, at):
    at(NOON)
    return browse(make.coordinator(city))


def address(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/people/add"


def look(desk, cohort, text=LIST):
    answer = desk.post(address(cohort), {"text": text})
    assert answer.status_code == 303, answer.text
    return answer.location


def take_in(app, desk, page, **values):
    answer = desk.post(page, {"do": "import", **values})
    with app.app_context():
        jobs.run_due()
    return answer


def rows(app, model, order=None):
    with app.app_context():
        place = order if order is not None else sa.inspect(model).primary_key[0]
        return db.session.scalars(sa.select(model).order_by(place)).all()


def count(app, model):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_looking_changes_nothing_and_says_what_would_happen(app, desk, cohort):
    page = desk.get(look(desk, cohort))

    assert "Import 4." in page.text
    assert page.text.count("Gets an invitation by letter") == 2
    assert page.text.count("Gets a sign-in name and a PIN") == 2
    assert [count(app, table) for table in (Invitation, Letter, Enrolment, Job)] == [0] * 4


def test_an_import_invites_makes_accounts_and_writes_letters(app, desk, cohort):
    answer = take_in(app, desk, look(desk, cohort))

    assert answer.status_code == 303
    assert "The list is in." in desk.get(answer.location).text
    people = [u for u in rows(app, User) if u.sign_in_name]
    assert people[0].sign_in_name == "grace.wanjiru"
    assert people[1].sign_in_name.startswith("learner.")
    assert [(u.password_hash, u.language) for u in people] == [("", "en"), ("", "ar")]
    assert [e.came_by for e in rows(app, Enrolment)] == ["list", "list"]
    invited = {i.email: i for i in rows(app, Invitation)}
    assert invited["amina@example.org"].sector == "arts"
    assert invited["amina@example.org"].age_band == "18-up"
    assert sum(i.user_id is not None for i in rows(app, Invitation)) == 2
    assert {a.what for a in rows(app, AuditEntry)} == {"enrolled"}


def test_each_letter_has_its_own_working_link_in_its_language(app, desk, cohort):
    take_in(app, desk, look(desk, cohort))

    found = {letter.to: letter for letter in rows(app, Letter)}
    assert set(found) == {"amina@example.org", "jose@example.org"}
    for invitation in (i for i in rows(app, Invitation) if i.email):
        body = found[invitation.email].body
        token = body.partition("/invited/")[2].split()[0]
        assert hash_token(token) == invitation.token_hash
        assert invitation.sent_at is not None
        assert "Kisumu" in found[invitation.email].subject
        assert invitation.name not in body  # nobody has proved the address


def test_a_file_is_read_like_a_paste_and_its_name_is_kept(desk, cohort):
    upload = (io.BytesIO(LIST.encode("utf-16")), "volunteers.csv")
    answer = desk.post(address(cohort), {"file": upload})
    page = desk.get(answer.location)
    assert "Import 4." in page.text
    assert "volunteers.csv" in page.text
    assert "José Muñoz" in page.text


def test_the_same_form_sent_twice_makes_one_list(app, desk, cohort):
    first = desk.post(address(cohort), {"text": LIST, "key": "a" * 20})
    second = desk.post(address(cohort), {"text": LIST, "key": "a" * 20})
    assert first.location == second.location
    assert count(app, RosterImport) == 1


def test_a_form_of_another_cohort_is_not_taken_over(desk, make, city, cohort):
    other = make.cohort(city, name="Autumn", release_id=cohort.release_id,
                        course_id=cohort.course_id)  # fmt: skip
    desk.post(address(cohort), {"text": LIST, "key": "a" * 20})
    assert desk.post(address(other), {"text": LIST, "key": "a" * 20}).status_code == 409


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("list.pdf", b"%PDF-1.7 ...", "This is a PDF"),
        ("list.png", b"\x89PNG\r\n\x1a\n", "This is a picture"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls file"),
        ("list.xls", b"<html><table></table></html>", "web page"),
        ("list.xlsx", b"PK\x03\x04torn", "damaged"),
        ("list.csv", b"", "nobody in it"),
        ("list.csv", b"Name,E-mail\n", "nobody in it"),
        ("list.csv", b"Name," + b"x," * 100_000, "more than 100 columns"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_gets_its_sentence(app, desk, cohort, name, data, words):
    answer = desk.post(address(cohort), {"file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert words in answer.text
    assert count(app, RosterImport) == 0


def test_nothing_sent_is_told_and_a_bad_paste_stays_in_its_box(desk, cohort):
    assert "Paste the rows of your list" in desk.post(address(cohort), {"text": " "}).text
    kept = desk.post(address(cohort), {"text": "<html>of ours"})
    assert kept.status_code == 422
    assert "&lt;html&gt;of ours" in kept.text


def test_ten_megabytes_are_read_and_more_are_refused_with_a_sentence(desk, cohort):
    large = b"Name,E-mail\n" + b"\n" * 9_900_000 + b"Amina,amina@example.org"
    assert desk.post(address(cohort), {"file": (io.BytesIO(large), "a.csv")}).status_code == 303
    huge = desk.post(address(cohort), {"file": (io.BytesIO(bytes(11_000_000)), "a.csv")})
    assert huge.status_code == 413
    assert "the most we read is 10 MB" in huge.text
    other = desk.post("/cities/kisumu/cohorts/new", {"name": "x" * 2_000_000})
    assert other.status_code == 413  # other forms stay small


def test_problems_come_first_each_with_how_to_mend_it(app, desk, cohort):
    page = look(desk, cohort, LIST + "=cmd(),ben@example.org,,,\nCara,cara@,Swahili,,\n,,,,old\n")
    text = desk.get(page).text

    assert "Import 4, 3 need you." in text
    assert text.index('id="row-6"') < text.index('id="row-2"')
    assert "is not a person’s name" in text
    assert "is not a whole e-mail address" in text
    assert "Write the person’s name." in text
    assert 'value="cara@"' in text
    assert "Leave 3 rows out and import the others" in text
    refused = take_in(app, desk, page)
    assert "3 rows need you" in desk.get(refused.location).text
    assert count(app, Invitation) == 0


def test_cells_are_mended_in_place_and_a_refused_list_can_be_imported_then(app, desk, cohort):
    page = look(desk, cohort, HEAD + "Amina,amina example.org,,,\nBen,ben@example.org,,,\n")
    take_in(app, desk, page)
    cells = {"rows": "2,3", "name-2": " Amina  Otieno ", "email-2": "amina@example.org",
             "language-2": "es", "sector-2": "", "age-2": "", "skip-3": "yes"}  # fmt: skip

    saved = desk.follow(page, {"do": "save", **cells})

    assert "Import 1, skip 1." in saved.text
    assert "Is left out, as you asked" in saved.text
    take_in(app, desk, page)
    assert [(i.name, i.email, i.language) for i in rows(app, Invitation)] == [
        ("Amina Otieno", "amina@example.org", "es")
    ]


def test_what_is_typed_counts_when_import_is_pressed_at_once(app, desk, cohort):
    page = look(desk, cohort, HEAD + "Amina,amina@,,,\n")
    take_in(app, desk, page, rows="2", **{"name-2": "Amina", "email-2": "amina@example.org"})
    assert [i.email for i in rows(app, Invitation)] == ["amina@example.org"]


def test_problems_can_be_left_out_by_a_button_that_says_how_many(app, desk, cohort):
    page = look(desk, cohort, LIST + ",,,,\nCara,cara@,,,\n")
    take_in(app, desk, page, without=1)
    assert count(app, Invitation) == 4
    done = desk.get(page).text
    assert "2 people get an invitation by letter." in done
    assert "2 people have a sign-in name and need a card." in done


def test_rows_of_another_list_cannot_be_typed_over(app, desk, cohort):
    page = look(desk, cohort)
    take_in(app, desk, page)
    desk.post(page, {"do": "save", "rows": "2", "name-2": "Somebody else"})
    assert rows(app, RosterRow, RosterRow.number)[0].name == "Amina Otieno"


def test_text_that_is_a_formula_or_markup_stays_text_everywhere(desk, cohort):
    page = desk.get(look(desk, cohort, HEAD + "<script>alert(1)</script>,a@example.org,,,\n"))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def come_by_letter(app, user, cohort):
    with app.app_context():
        db.session.add(Invitation(cohort_id=cohort.id, email=user.email, user_id=user.id,
                                  made_at=NOON, joined_at=NOON))  # fmt: skip
        db.session.commit()


def test_whom_the_city_knows_is_added_and_told(app, desk, make, city, cohort):
    earlier = make.cohort(city, name="Autumn", course_id="other", release_id=cohort.release_id)
    amina = make.user("Amina")
    make.enrolment(amina, earlier)
    come_by_letter(app, amina, earlier)

    page = look(desk, cohort, HEAD + "Amina,amina@example.org,,,\n")
    assert "Is here already, and is added to this cohort" in desk.get(page).text
    take_in(app, desk, page)

    assert {e.cohort_id for e in rows(app, Enrolment)} == {earlier.id, cohort.id}
    assert [n.user_id for n in rows(app, Notice)] == [amina.id]
    assert [letter.to for letter in rows(app, Letter)] == ["amina@example.org"]
    assert [(a.about_id, a.what) for a in rows(app, AuditEntry)] == [(amina.id, "enrolled")]
    assert count(app, Invitation) == 1


def test_an_address_that_nobody_proved_brings_nobody_in(app, desk, browse, make, city, cohort):
    earlier = make.cohort(city, name="Autumn", course_id="other", release_id=cohort.release_id)
    stranger = make.user("Stranger", email="mayor@example.org")  # signed up with it by a link
    make.enrolment(stranger, earlier)

    page = look(desk, cohort, HEAD + "The mayor,mayor@example.org,,,\n")
    assert "Gets an invitation by letter" in desk.get(page).text
    take_in(app, desk, page)
    assert [e.cohort_id for e in rows(app, Enrolment)] == [earlier.id]

    (letter,) = rows(app, Letter)
    link = "/invited/" + letter.body.partition("/invited/")[2].split()[0]
    browse(stranger).post(link)  # whoever reads the letters of the address goes on by it
    assert {e.cohort_id for e in rows(app, Enrolment)} == {earlier.id, cohort.id}


def test_a_list_does_not_tell_of_a_cohort_whose_names_are_gone(app, desk, make, city, cohort):
    earlier = make.cohort(city, name="Autumn", release_id=cohort.release_id, erased_at=NOON,
                          course_id=cohort.course_id)  # fmt: skip
    amina = make.user("Amina")
    make.enrolment(amina, earlier)
    page = desk.get(look(desk, cohort, HEAD + "Amina,amina@example.org,,,\n")).text
    assert "Gets an invitation by letter" in page
    assert "Autumn" not in page


def test_an_account_elsewhere_is_never_told(app, desk, make, cohort):
    make.user("Amina")  # an account without any city
    nairobi = make.city("Nairobi")
    ben = make.user("Ben")
    make.enrolment(ben, make.cohort(nairobi, code="NAIROB", release_id=cohort.release_id,
                                    course_id=cohort.course_id))  # fmt: skip
    text = HEAD + "Amina,amina@example.org,,,\nBen,ben@example.org,,,\nCara,cara@example.org,,,\n"

    page = look(desk, cohort, text)

    assert desk.get(page).text.count("Gets an invitation by letter") == 3
    take_in(app, desk, page)
    assert count(app, Invitation) == 3
    assert count(app, Enrolment) == 1
    assert {a.what for a in rows(app, AuditEntry)} == {"invited"}  # they themselves may know


def test_who_takes_the_course_in_another_cohort_of_the_city_stays_there(desk, make, city, cohort):
    earlier = make.cohort(city, name="Autumn", course_id=cohort.course_id,
                          release_id=cohort.release_id)  # fmt: skip
    make.enrolment(make.user("Amina"), earlier)
    page = desk.get(look(desk, cohort, HEAD + "Amina,amina@example.org,,,\n"))
    assert "Takes this course already" in page.text
    assert "You can move them on their page there." in page.text
    assert "Autumn" in page.text


def test_the_same_file_again_changes_nothing(app, desk, cohort):
    take_in(app, desk, look(desk, cohort))
    before = [count(app, t) for t in (User, Enrolment, Invitation, Letter, AuditEntry)]

    page = look(desk, cohort)

    text = desk.get(page).text
    assert "Import 0, skip 4." in text
    assert text.count("no second letter within three days") == 2
    assert text.count("Is in this cohort already") == 2
    take_in(app, desk, page)
    assert [count(app, t) for t in (User, Enrolment, Invitation, Letter, AuditEntry)] == before


def test_after_three_days_an_open_invitation_goes_out_again_with_the_same_link(
    app, desk, cohort, at
):
    take_in(app, desk, look(desk, cohort))
    at(NOON + timedelta(days=3, minutes=1))
    page = look(desk, cohort)
    assert "Import 2, skip 2." in desk.get(page).text
    take_in(app, desk, page)
    links = [m.body.partition("/invited/")[2].split()[0] for m in rows(app, Letter)]
    assert len(links) == 4
    assert len(set(links)) == 2


def test_pressing_import_twice_imports_once(app, desk, cohort):
    page = look(desk, cohort)
    first = desk.post(page, {"do": "import"})
    second = desk.post(page, {"do": "import"})
    assert first.location == second.location
    assert "This list is being imported." in desk.get(page).text
    with app.app_context():
        assert jobs.run_due() == 1
    assert count(app, Invitation) == 4
    assert desk.post(page, {"do": "import"}).location == page


def test_two_imports_of_one_list_at_once_come_one_after_the_other(app, desk, cohort):
    pages = [look(desk, cohort), look(desk, cohort)]
    numbers = [found.id for found in rows(app, RosterImport)]
    assert len(pages) == len(numbers)

    def run(number):
        with app.app_context():
            import_actions.take_in(number, without=0, by_id=None, at=NOON)
            db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, numbers * 2))

    assert count(app, Invitation) == 4
    assert count(app, Enrolment) == 2


def test_an_import_that_breaks_off_leaves_nothing_and_finishes_when_run_again(
    app, desk, cohort, at, monkeypatch
):
    page = look(desk, cohort)
    broken = import_actions._write_down

    def break_off(*_args):
        raise OSError("the machine went away")

    monkeypatch.setattr(import_actions, "_write_down", break_off)
    take_in(app, desk, page)
    assert [count(app, t) for t in (Enrolment, Invitation, Letter, AuditEntry)] == [0] * 4

    monkeypatch.setattr(import_actions, "_write_down", broken)
    at(NOON + timedelta(minutes=2))
    with app.app_context():
        assert jobs.run_due() == 1
    assert [count(app, t) for t in (Enrolment, Invitation, Letter)] == [2, 4, 2]


def test_letters_that_break_off_half_way_go_on_and_nobody_gets_two(
    app, desk, cohort, at, monkeypatch
):
    text = HEAD + "".join(f"Person {n},p{n}@example.org,,,\n" for n in range(7))
    monkeypatch.setattr(letters, "CHUNK", 3)
    draft, written = letters._draft, []

    def tire(invitation, *rest):
        written.append(invitation)
        if len(written) == 5:
            raise OSError("the machine went away")
        return draft(invitation, *rest)

    monkeypatch.setattr(letters, "_draft", tire)
    take_in(app, desk, look(desk, cohort, text))
    assert count(app, Letter) == 3
    at(NOON + timedelta(minutes=2))
    with app.app_context():
        jobs.run_due()
    assert sorted(m.to for m in rows(app, Letter)) == [f"p{n}@example.org" for n in range(7)]


def test_an_import_that_broke_off_for_good_can_be_asked_for_again(app, desk, cohort):
    page = look(desk, cohort)
    desk.post(page, {"do": "import"})
    with app.app_context():
        db.session.execute(sa.update(Job).values(state="failed"))
        db.session.commit()
    take_in(app, desk, page)
    assert count(app, Invitation) == 4


def test_more_people_than_seats_is_a_sentence_before_the_import(app, desk, cohort):
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(seats=3))
        db.session.commit()
    page = look(desk, cohort)
    text = desk.get(page).text
    assert "There is room for 3 more people, and this list brings 4." in text
    assert 'value="import"' not in text
    take_in(app, desk, page)
    assert count(app, Invitation) == 0


@pytest.mark.parametrize("values", [{"is_draft": True}, {"closed_at": NOON}])
def test_a_draft_and_a_closed_cohort_take_nobody(app, desk, cohort, values):
    with app.app_context():
        db.session.execute(sa.update(Cohort).values(**values))
        db.session.commit()
    page = look(desk, cohort)
    assert "This list cannot be imported yet" in desk.get(page).text
    take_in(app, desk, page)
    assert count(app, Invitation) == 0


def test_a_young_persons_account_waits_for_a_guardian(app, browse, make, at):
    at(NOON)
    city = make.city("Kisumu", guardian_under=16)
    cohort = make.cohort(city)
    desk = browse(make.coordinator(city))
    page = look(desk, cohort, HEAD + "Amina,,,,15\nBen,,,,34\nCara,,,,\n")
    assert "A parent or guardian must agree" in desk.get(page).text
    assert "asks for a guardian’s yes" in desk.get(page).text
    take_in(app, desk, page, without=1)
    made = {u.name: (u.age_band, u.waits_since) for u in rows(app, User) if u.sign_in_name}
    assert made == {"Amina": ("under-16", NOON), "Ben": ("18-up", None)}
    assert [consent.asked_at for consent in rows(app, GuardianConsent)] == [NOON]
    undone = desk.follow(f"{page}/undo")
    assert "2 people were taken back." in undone.text


def test_an_account_that_a_guardian_opened_stays(app, browse, make, at):
    at(NOON)
    city = make.city("Kisumu", guardian_under=16)
    cohort = make.cohort(city)
    desk = browse(make.coordinator(city))
    page = look(desk, cohort, HEAD + "Amina,,,,15\n")
    take_in(app, desk, page)
    with app.app_context():
        db.session.execute(sa.update(GuardianConsent).values(given_at=NOON))
        db.session.commit()
    assert "There is nothing to undo" in desk.get(page).text


def test_an_import_can_be_undone_for_those_who_have_not_begun(app, desk, make, cohort):
    page = look(desk, cohort, LIST + "Ben Ouma,,,,\nCara Lee,cara@example.org,,,\n")
    take_in(app, desk, page)
    with app.app_context():
        users = {u.name: u for u in db.session.scalars(sa.select(User))}
        db.session.add(
            ServerSession(user_id=users["Grace Wanjiru"].id, token_hash="x", device="",
                          created_at=NOON, ends_at=NOON + timedelta(days=1))
        )  # fmt: skip
        enrolled = sa.select(Enrolment.id).where(Enrolment.user_id == users["Ben Ouma"].id)
        db.session.add(
            ModuleProgress(enrolment_id=db.session.scalars(enrolled).one(), module_id="listening")
        )
        opened = sa.update(Invitation).where(Invitation.email == "cara@example.org")
        db.session.execute(opened.values(opened_at=NOON))
        db.session.commit()
    assert "Undo for 3 people" in desk.get(page).text

    undone = desk.follow(f"{page}/undo")

    assert "3 people were taken back." in undone.text
    assert "3 people stay" in undone.text
    names = {u.name for u in rows(app, User)}
    assert {"Grace Wanjiru", "Ben Ouma"} < names
    assert "ليلى حسن" not in names
    assert count(app, Enrolment) == 2
    open_ = {i.email for i in rows(app, Invitation) if i.email and not i.ended_at}
    assert open_ == {"cara@example.org"}
    assert [m.to for m in rows(app, Letter)] == ["cara@example.org"]
    again = desk.follow(f"{page}/undo")
    assert "3 people were taken back." in again.text


def test_who_was_added_by_a_list_keeps_the_account_when_it_is_undone(app, desk, make, city, cohort):
    earlier = make.cohort(city, name="Autumn", course_id="other", release_id=cohort.release_id)
    amina = make.user("Amina")
    make.enrolment(amina, earlier)
    come_by_letter(app, amina, earlier)
    page = look(desk, cohort, HEAD + "Amina,amina@example.org,,,\n")
    take_in(app, desk, page)
    desk.post(f"{page}/undo")
    assert "Amina" in {u.name for u in rows(app, User)}
    assert [e.cohort_id for e in rows(app, Enrolment)] == [earlier.id]
    assert count(app, Notice) == 0


def test_who_takes_a_second_course_by_now_stays(app, desk, make, city, cohort):
    page = look(desk, cohort)
    take_in(app, desk, page)
    grace = next(u for u in rows(app, User) if u.name == "Grace Wanjiru")
    later = make.cohort(city, name="Later", course_id="other", release_id=cohort.release_id)
    make.enrolment(grace, later)
    assert "3 people were taken back." in desk.follow(f"{page}/undo").text
    assert grace.id in {u.id for u in rows(app, User)}


def test_an_undone_list_can_be_imported_anew_and_its_links_work_again(app, desk, cohort):
    first = look(desk, cohort)
    take_in(app, desk, first)
    desk.post(f"{first}/undo")
    assert desk.post(first, {"do": "import"}).status_code == 409
    take_in(app, desk, look(desk, cohort))
    assert all(i.ended_at is None for i in rows(app, Invitation))
    assert count(app, Enrolment) == 2


def test_after_a_day_nothing_is_undone(app, desk, cohort, at):
    page = look(desk, cohort)
    take_in(app, desk, page)
    at(NOON + timedelta(hours=25))
    assert "Undo for" not in desk.get(page).text
    assert desk.post(f"{page}/undo").status_code == 409
    assert count(app, Enrolment) == 2


def test_another_citys_list_looks_like_nothing(app, browse, make, desk, cohort):
    page = look(desk, cohort)
    key = page.rsplit("/", 1)[1]
    nairobi = make.city("Nairobi")
    other = make.cohort(nairobi, code="NAIROB", release_id=cohort.release_id,
                        course_id=cohort.course_id)  # fmt: skip
    stranger = browse(make.coordinator(nairobi, "Stranger"))
    for there in (page, f"/cities/nairobi/cohorts/{other.id}/people/add/{key}"):
        assert stranger.get(there).status_code == 404
        assert stranger.post(there, {"do": "import"}).status_code == 404
        assert stranger.post(f"{there}/undo").status_code == 404
    assert count(app, Job) == 0


def test_the_template_has_headings_in_the_readers_language(desk, cohort):
    answer = desk.get(f"{address(cohort)}/template.csv?lang=es")
    assert answer.text.splitlines()[0].endswith(
        "Nombre,Correo o nombre de acceso,Idioma,Sector,Grupo de edad"
    )


def test_ten_thousand_rows_take_no_more_queries_a_row_than_a_hundred(app, desk, cohort):
    def asked(people, first):
        text = HEAD + "".join(
            f"Person {n},{f'p{n}@example.org' if n % 3 else ''},,,\n"
            for n in range(first, first + people)
        )
        page = look(desk, cohort, text)
        heard = []
        with app.app_context():
            engine = db.engine

        def hear(_c, _cursor, statement, *_rest):
            heard.append(statement)

        event.listen(engine, "before_cursor_execute", hear)
        try:
            desk.get(page)
            take_in(app, desk, page)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return len(heard)

    few, many = asked(100, 0), asked(3000, 1000)
    assert many < few * 5
    assert count(app, Enrolment) + sum(bool(i.email) for i in rows(app, Invitation)) == 3100


def test_old_lists_are_thrown_away(app, desk, cohort, at):
    look(desk, cohort)
    take_in(app, desk, look(desk, cohort, HEAD + "Dan,dan@example.org,,,\n"))
    for days, lists, left in ((6, 2, 5), (8, 1, 1), (31, 1, 0)):
        with app.app_context():
            actions.forget_old(NOON + timedelta(days=days))
            db.session.commit()
        assert (count(app, RosterImport), count(app, RosterRow)) == (lists, left)
