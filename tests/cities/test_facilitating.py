"""What facilitators do with what learners share; a private text appears nowhere at all."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from learnpeace.learning.models import NoteReply
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import AuditEntry, Notice, RoleKind
from tests.conftest import NOON

pytestmark = pytest.mark.usefixtures("noon")

CANARY, SECRET = "the seventh lamp", "nobody else may read this"


@pytest.fixture
def cohort(make, kisumu):
    return make.cohort(kisumu, name="Spring")


@pytest.fixture
def fatma(make, cohort):
    fatma = make.user("Fatma")
    make.role(fatma, RoleKind.FACILITATOR, cohort_id=cohort.id)
    return fatma


@pytest.fixture
def ana(make, cohort):
    return learner(make, "Ana", cohort)


@pytest.fixture
def shared(make, cohort, ana):
    make.note(ana.enrolment, "heard", text=CANARY, shared_at=NOON)
    return f"{place(cohort)}/{ana.enrolment.id}/heard"


def learner(make, name, cohort):
    person = make.user(name)
    person.enrolment = make.enrolment(person, cohort)
    return person


def place(cohort):
    return f"/cities/kisumu/cohorts/{cohort.id}/shared"


def rows_of(app, table):
    with app.app_context():
        return db.session.scalars(sa.select(table).order_by(table.id)).all()


def key_of(page):
    return re.search(r'name="key"[^>]* value="([^"]+)"', page.text)[1]


def test_a_facilitator_reads_answers_and_the_writer_is_told(
    app, browse, make, cohort, ana, fatma, shared
):
    page = browse(fatma)
    seen = page.get(place(cohort))
    assert CANARY in seen.text
    assert "1 text waits for an answer" in seen.text

    key = key_of(page.get(shared))
    answer = page.follow(shared, {"key": key, "text": "Thank you, Ana."})

    assert "Your answer stands beneath the text" in answer.text
    assert "0 texts wait for an answer" in answer.text
    home = browse(ana).get("/home").text
    assert "A facilitator answered what you shared" in home
    assert "1 answer to what you shared, in the last 7 days." in home
    own = browse(ana).get("/courses/small/shared").text
    assert "Thank you, Ana." in own
    assert "<bdi>Fatma</bdi>, facilitator" in own
    (letter,) = rows_of(app, Letter)
    assert letter.kind == "answers"
    assert "Thank you" not in letter.body
    assert CANARY not in letter.body
    (entry,) = rows_of(app, AuditEntry)
    assert (entry.about_id, entry.by_id, entry.what) == (ana.id, fatma.id, "read what was shared")


def test_an_answer_sent_twice_is_one(app, browse, fatma, shared):
    page = browse(fatma)
    key = key_of(page.get(shared))

    for _ in range(2):
        assert page.post(shared, {"key": key, "text": "Once"}).status_code == 303

    assert len(rows_of(app, NoteReply)) == len(rows_of(app, Notice)) == 1


def test_letters_on_answers_come_once_a_day(app, browse, fatma, shared, at):
    page = browse(fatma)
    for hours in (0, 1, 25):
        at(NOON + timedelta(hours=hours))
        page.post(shared, {"text": "An answer"})

    assert len(rows_of(app, NoteReply)) == len(rows_of(app, Notice)) == 3
    assert len(rows_of(app, Letter)) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (" ", "Write your answer."),
        ("long " * 300, "Shorten this to 1000 characters."),
    ],
)
def test_a_wrong_answer_is_said_and_what_was_typed_stays(app, browse, fatma, shared, text, problem):
    answer = browse(fatma).post(shared, {"text": text})

    assert answer.status_code == 422
    assert problem in answer.text
    assert text.strip() in answer.text
    assert rows_of(app, NoteReply) == []


def test_an_answer_to_what_was_taken_back_meanwhile_is_given_back(app, browse, ana, fatma, shared):
    page = browse(fatma)
    page.get(shared)
    browse(ana).post("/courses/small/listening/share/heard", {"do": "keep"})

    answer = page.post(shared, {"text": "Words of mine"})

    assert answer.status_code == 409
    assert "Words of mine" in answer.text
    assert CANARY not in answer.text
    assert rows_of(app, NoteReply) == []
    assert page.get(shared).status_code == 404


def test_a_private_text_and_none_at_all_look_the_same(browse, make, cohort, ana, fatma):
    make.note(ana.enrolment, "heard", text=SECRET)
    page = browse(fatma)
    for method in ("get", "post"):
        one, none = (
            getattr(page, method)(f"{place(cohort)}/{ana.enrolment.id}/{block}")
            for block in ("heard", "pair")
        )
        assert one.status_code == none.status_code == 404
    one, none = (
        page.post(f"{place(cohort)}/{ana.enrolment.id}/{block}", {"text": "Hello"})
        for block in ("heard", "pair")
    )
    assert one.status_code == none.status_code == 409
    assert SECRET not in one.text


def test_taking_out_makes_it_private_and_says_why_to_its_writer(
    app, browse, make, cohort, ana, fatma, shared
):
    page = browse(fatma)
    for _ in range(2):
        answer = page.follow(f"{shared}/out", {"reason": "It names a child."})
        assert "It is out." in answer.text

    assert CANARY not in page.get(place(cohort)).text
    (notice,) = rows_of(app, Notice)
    assert notice.user_id == ana.id
    assert "It names a child." in notice.text
    assert CANARY in browse(ana).get("/courses/small/listening").text


def test_taking_out_takes_a_reason(app, browse, fatma, shared):
    answer = browse(fatma).post(f"{shared}/out", {"reason": ""})

    assert answer.status_code == 422
    assert "Say why, so that its writer understands." in answer.text
    assert rows_of(app, Notice) == []


def test_what_waits_comes_first_and_a_module_can_be_chosen(
    app, browse, make, cohort, ana, fatma, shared
):
    ben = learner(make, "Ben", cohort)
    make.note(
        ben.enrolment, "pair", module_id="speaking", text="Older and waiting",
        shared_at=NOON - timedelta(days=3),
    )  # fmt: skip
    page = browse(fatma)
    page.post(shared, {"text": "An answer"})

    text = page.get(place(cohort)).text
    assert text.index("Older and waiting") < text.index(CANARY)
    assert "1 text waits for an answer" in text
    chosen = page.get(f"{place(cohort)}?module=listening").text
    assert CANARY in chosen
    assert "Older and waiting" not in chosen
    assert CANARY in page.get(f"{place(cohort)}?module=nothing&page=99").text


def test_nothing_shared_says_what_to_do(browse, cohort, fatma):
    assert "Nobody has shared anything yet" in browse(fatma).get(place(cohort)).text


def test_whom_the_coordinator_moves_or_removes_takes_it_along_in_private(
    app, browse, make, kisumu, cohort, ana, fatma, shared
):
    release = {"release_id": cohort.release_id, "course_id": "small"}
    autumn = make.cohort(kisumu, name="Autumn", **release)
    make.role(fatma, RoleKind.FACILITATOR, cohort_id=autumn.id)
    coordinator = browse(make.coordinator(kisumu))

    own = f"/cities/kisumu/cohorts/{cohort.id}/people/{ana.enrolment.id}"
    moved = coordinator.post(f"{own}/move", {"to": str(autumn.id)})

    assert moved.status_code == 303
    for group in (cohort, autumn):
        assert CANARY not in browse(fatma).get(place(group)).text
    titles = [notice.title for notice in rows_of(app, Notice) if notice.user_id == ana.id]
    assert "What you shared is private again" in titles


def test_the_page_of_the_cohort_leads_there_only_for_who_facilitates(
    browse, make, kisumu, cohort, fatma, shared
):
    address = f"/cities/kisumu/cohorts/{cohort.id}"
    assert f'href="{place(cohort)}"' in browse(fatma).get(address).text
    assert f'href="{place(cohort)}"' not in browse(make.coordinator(kisumu)).get(address).text


def test_the_first_page_says_how_much_waits(browse, make, kisumu, cohort, fatma, shared):
    text = browse(fatma).get("/cities").text
    assert "1 text waits for an answer" in text
    assert f'href="{place(cohort)}"' in text
    text = browse(make.coordinator(kisumu)).get("/cities").text
    assert "1 shared text waits for a facilitator’s answer" in text
    assert place(cohort) not in text


def test_only_the_facilitators_of_this_cohort_open_it(browse, make, kisumu, cohort, ana, shared):
    administrator = make.user("Administrator")
    make.role(administrator, RoleKind.ADMINISTRATOR)
    other = make.user("Gita")
    autumn = make.cohort(kisumu, name="Autumn", course_id="small", release_id=cohort.release_id)
    make.role(other, RoleKind.FACILITATOR, cohort_id=autumn.id)
    trainer = make.user("Trainer")
    make.role(trainer, RoleKind.TRAINER)
    for person in (administrator, other, make.coordinator(kisumu), ana, trainer):
        page = browse(person)
        for address in (place(cohort), shared):
            answer = page.get(address)
            assert answer.status_code == 404
            assert CANARY not in answer.text
        assert page.post(shared, {"text": "Hello"}).status_code == 404
        assert page.post(f"{shared}/out", {"reason": "No"}).status_code == 404
        elsewhere = shared.replace(f"cohorts/{cohort.id}/", f"cohorts/{autumn.id}/")
        assert page.get(elsewhere).status_code == 404


def test_who_no_longer_facilitates_is_out_at_the_next_click(app, browse, cohort, fatma, shared):
    page = browse(fatma)
    assert page.get(shared).status_code == 200
    with app.app_context():
        db.session.execute(sa.text("DELETE FROM role"))
        db.session.commit()
    assert page.get(shared).status_code == 404


def test_a_private_text_appears_on_no_page_of_anybody_else(
    app, browse, make, kisumu, cohort, ana, fatma
):
    make.note(ana.enrolment, "heard", text=SECRET)
    make.note(ana.enrolment, "pair", text="shown", with_whom="", shared_at=NOON)
    administrator = make.user("Administrator")
    make.role(administrator, RoleKind.ADMINISTRATOR)
    people = [learner(make, "Ben", cohort), fatma, make.coordinator(kisumu), administrator]
    ids = {
        "slug": "kisumu", "cohort_id": cohort.id, "enrolment_id": ana.enrolment.id,
        "module_id": "listening", "block_id": "heard", "course_id": "small", "user_id": ana.id,
        "code": cohort.code, "kind": "trainer",
    }  # fmt: skip
    opened = 0
    for person in people:
        page = browse(person)
        for address in addresses(app, ids):
            answer = page.client.get(address)
            assert SECRET.encode() not in contents(answer.get_data()), address
            opened += answer.status_code == 200
    assert opened > 60
    assert SECRET in browse(ana).get("/courses/small/listening").text


def contents(data):
    """Return what is in an answer, also inside a .zip or a spreadsheet."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def addresses(app, ids):
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and set(rule.arguments) <= set(ids):
                yield app.url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})
