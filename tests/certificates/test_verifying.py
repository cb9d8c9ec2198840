"""Checking a certificate by its number: what anybody reads, and what a guesser gets."""

import re
import secrets
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from learnpeace.certificates import serials
from learnpeace.certificates.models import Certificate, Withdrawal
from learnpeace.certificates.verifying import matching
from learnpeace.lib.db import db
from tests.conftest import NOON

HIDDEN = {"shows_name": False}
UNKNOWN = "00000-00000-00000-00000"


@pytest.fixture
def enrolment(make, at):
    """Amina's enrolment in Kisumu, at a fixed moment."""
    at(NOON)
    return make.enrolment(make.user("Amina"), make.cohort(make.city("Kisumu")))


def address(certificate) -> str:
    return f"/verify/{serials.shown(certificate.serial)}"


def verdict(page) -> str:
    found = re.search(r'<h1 class="verdict[^>]*>.*?</svg>\s*([^<]+)</h1>', page.text, re.DOTALL)
    assert found, "a page without a verdict"
    return found.group(1)


def row_of(page, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", page.text)
    return re.sub("<[^>]+>", "", found.group(1)) if found else ""


def test_anybody_reads_how_a_certificate_stands_and_every_fact(make, browse, enrolment):
    page = browse().get(address(make.certificate(enrolment)))

    assert page.status_code == 200
    assert verdict(page) == "Valid"
    told = {
        "Kind of certificate": "Certificate of completion", "Printed name": "Amina Otieno",
        "Course": "A Small Course", "Time of learning": "12 hours", "City": "Kisumu",
        "Completed on": "2 March 2027", "Issued on": "2 March 2027", "Course version": "1.0.0",
        "Valid until": "It does not expire", "Issued by": "Kisumu",
    }  # fmt: skip
    assert {name: row_of(page, name) for name in told} == told
    assert "127.0.0.1:8000" in page.text
    assert "Spring 2027" not in page.text, "the cohort is nobody’s business"
    assert "example.org" not in page.text, "no e-mail address"


def test_the_page_is_kept_from_search_engines_other_sites_and_caches(make, browse, enrolment):
    for where in (address(make.certificate(enrolment)), "/verify/x", "/verify/", "/verify/file"):
        page = browse().get(where)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_no_page_sets_a_cookie_and_the_language_goes_along(make, browse, enrolment, language):
    certificate = make.certificate(enrolment, **HIDDEN)
    browser = browse()
    for where in ("/verify/", "/verify/file", address(certificate), "/verify/none"):
        page = browser.get(f"{where}?lang={language}")
        assert "Set-Cookie" not in page.headers, where
        assert f'<html lang="{language}"' in page.text
    asked = browser.get("/verify/", query_string={"serial": certificate.serial, "lang": language})
    assert asked.location == f"{address(certificate)}?lang={language}"
    assert "Set-Cookie" not in asked.headers
    form = browser.get(f"{address(certificate)}?lang={language}").text
    assert f'action="{address(certificate)}?lang={language}#compare"' in form
    answer = browser.post(f"{address(certificate)}?lang={language}", {"name": "x"})
    assert f'<html lang="{language}"' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert f'href="{address(certificate)}?lang=es"' in answer.text or language == "es"


def test_somebody_with_a_cookie_keeps_the_language_they_chose(make, browse):
    browser = browse(make.user("Ana"))
    browser.get("/verify/?lang=es")

    assert '<html lang="es"' in browser.get("/verify/").text


def test_a_replaced_certificate_leads_to_the_one_that_counts(make, browse, enrolment):
    first = make.certificate(enrolment)
    second = make.certificate(enrolment, edition=2, replaces_id=first.id, reason="name")
    third = make.certificate(enrolment, edition=3, replaces_id=second.id, reason="retaken")

    page = browse().get(address(first))

    assert verdict(page) == "Replaced"
    assert page.text.index(address(third)) < page.text.index("<dl"), "the one that counts, first"
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.text))
    chain = text[text.index("Its editions, in order") :]
    assert re.search(
        "Replaced : issued on .* This page is about this edition. Replaced: .*"
        "The printed name was corrected. .* Valid: .* The course was completed again.",
        chain,
    )


def test_the_newest_edition_tells_of_the_earlier_ones_without_their_numbers(
    make, browse, enrolment
):
    first = make.certificate(enrolment, printed_name="Amina Otieno-Wrong")
    second = make.certificate(enrolment, edition=2, replaces_id=first.id, reason="name")

    page = browse().get(address(second))

    assert verdict(page) == "Valid"
    assert "Its editions, in order" in page.text
    assert serials.shown(first.serial) not in page.text
    assert "Otieno-Wrong" not in page.text


def test_a_name_that_was_corrected_is_compared_and_not_shown_again(make, browse, enrolment):
    first = make.certificate(enrolment, printed_name="Amina Otieno-Wrong")
    second = make.certificate(enrolment, edition=2, replaces_id=first.id, reason="name")
    make.certificate(enrolment, edition=3, replaces_id=second.id, reason="retaken")

    old = browse().get(address(first))
    compared = browse().post(address(first), {"name": "Amina Otieno-Wrong"})

    assert verdict(old) == "Replaced"
    assert "Otieno-Wrong" not in old.text
    assert "Yes, that is the name on this certificate." in compared.text
    assert f"<bdi>{second.printed_name}</bdi>" in browse().get(address(second)).text


def test_a_withdrawn_certificate_says_when_and_why_in_a_class(make, browse, enrolment):
    certificate = make.certificate(
        enrolment, withdrawn_at=NOON + timedelta(days=8), withdrawn_for="not-own"
    )
    page = browse().get(address(certificate))

    assert verdict(page) == "Withdrawn"
    assert "withdrawn on 10 March 2027" in page.text
    assert "The work was not the holder’s own." in page.text


def test_a_withdrawal_that_is_only_asked_for_is_not_shown(app, make, browse, enrolment):
    certificate = make.certificate(enrolment)
    before = browse().get(address(certificate)).text
    with app.app_context():
        db.session.add(
            Withdrawal(certificate_id=certificate.id, reason="mistake", words="She copied it.",
                       asked_at=NOON, due_at=NOON + timedelta(days=7))
        )  # fmt: skip
        db.session.commit()

    assert browse().get(address(certificate)).text == before


def test_the_last_day_is_the_city_s(make, browse, at):
    city = make.city("Auckland", time_zone="Pacific/Auckland")
    enrolment = make.enrolment(make.user("Ana"), make.cohort(city))
    certificate = make.certificate(enrolment, expires_on=NOON.date())

    at(NOON - timedelta(hours=2))  # 2 March, 23:00 in Auckland
    assert verdict(browse().get(address(certificate))) == "Valid"
    at(NOON)  # one o'clock on 3 March there
    page = browse().get(address(certificate))
    assert verdict(page) == "Expired"
    assert "valid until 2 March 2027" in page.text


@pytest.mark.parametrize(
    ("kind", "words", "time", "says"),
    [
        ("attendance", "Certificate of attendance", "Time at meetings", "Nothing was examined"),
        ("thanks", "Certificate of thanks", "Time given", "thanks for hours given"),
    ],
)
def test_attendance_and_thanks_are_not_taken_for_completion(
    make, browse, enrolment, kind, words, time, says
):
    certificate = make.certificate(enrolment, kind=kind, course_version="", minutes=750)
    page = browse().get(address(certificate))

    assert row_of(page, "Kind of certificate") == words
    assert row_of(page, time) == "12 hours 30 minutes"
    assert says in page.text
    assert "passed its quizzes" not in page.text
    assert "Course version" not in page.text


def test_a_name_that_its_holder_hides_is_compared_and_answered_with_yes_or_no(
    make, browse, enrolment
):
    certificate = make.certificate(enrolment, printed_name="José Łukasz Ngũgĩ", **HIDDEN)
    browser = browse()

    assert "Ngũgĩ" not in browser.get(address(certificate)).text
    right = browser.post(address(certificate), {"name": " jose  lukasz NGUGI"})
    part = browser.post(address(certificate), {"name": "José Łukasz"})
    wrong = browser.post(address(certificate), {"name": "Somebody Else"})
    empty = browser.post(address(certificate), {"name": ""})

    assert "Yes, that is the name" in right.text
    assert "No, that is not the name" in wrong.text
    assert part.text.replace("José Łukasz", "Somebody Else") == wrong.text, "no word on parts"
    assert "Type the name as it stands" in empty.text
    for page in (right, part, wrong, empty):
        assert page.status_code == 200
        assert "Ngũgĩ" not in page.text


def test_a_city_that_protects_its_learners_shows_neither_name_nor_city(make, browse, at):
    at(NOON)
    city = make.city("Hiddenville", shows_names=False, shows_city=False)
    certificate = make.certificate(make.enrolment(make.user("Ana"), make.cohort(city)))

    page = browse().get(address(certificate))

    assert "Amina Otieno" not in page.text
    assert "Hiddenville" not in page.text
    assert row_of(page, "Country") == "Kenya"
    assert "Yes, that" in browse().post(address(certificate), {"name": "Amina Otieno"}).text


def test_a_name_hidden_on_one_edition_is_hidden_on_all(make, browse, enrolment):
    first = make.certificate(enrolment)
    second = make.certificate(enrolment, edition=2, replaces_id=first.id, reason="facts", **HIDDEN)

    for certificate in (first, second):
        assert "Amina Otieno" not in browse().get(address(certificate)).text


def test_an_erased_name_is_neither_shown_nor_compared(make, browse, enrolment):
    certificate = make.certificate(enrolment, printed_name="")
    for page in (
        browse().get(address(certificate)),
        browse().post(address(certificate), {"name": ""}),
        browse().post(address(certificate), {"name": "Amina"}),
    ):
        assert row_of(page, "Printed name") == "Its holder asked for privacy."
        assert "Yes, that" not in page.text
        assert "No, that" not in page.text


def test_comparing_names_is_slowed_for_one_client_and_for_one_number(make, browse, enrolment):
    certificate = make.certificate(enrolment, **HIDDEN)
    browser = browse()
    codes = [browser.post(address(certificate), {"name": "x"}).status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]

    def from_elsewhere(number: int) -> int:
        client = {"REMOTE_ADDR": f"192.0.2.{number}"}
        where = address(certificate)
        return browser.post(where, {"name": "x"}, environ_overrides=client).status_code

    codes = [from_elsewhere(number) for number in range(52)]
    assert codes == [200] * 50 + [429] * 2, "60 an hour, by whomever"


def test_comparing_needs_no_cookie_and_no_token(app, make, browse, enrolment):
    app.config["WTF_CSRF_ENABLED"] = True
    certificate = make.certificate(enrolment, **HIDDEN)

    page = browse().post(address(certificate), {"name": "Amina Otieno"})

    assert page.status_code == 200
    assert "csrf_token" not in page.text


def test_names_and_numbers_are_only_text(make, browse, enrolment):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    certificate = make.certificate(enrolment, printed_name=evil, course_title=evil)
    hidden = make.certificate(enrolment, about="course:other", **HIDDEN)
    for page in (
        browse().get(address(certificate)),
        browse().post(address(hidden), {"name": evil}),
        browse().get("/verify/%3Cscript%3Ealert(1)%3C%2Fscript%3E"),
        browse().post("/verify/%3Cscript%3E", {"name": evil}),
    ):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


@pytest.mark.parametrize(
    "typed", [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", ""),
              lambda n: n.replace("0", "o").replace("1", "l"), lambda n: f"  {n}\t",
              lambda n: f"https://learn.example.org/verify/{n}/"]
)  # fmt: skip
def test_a_number_is_understood_however_it_is_typed(make, browse, enrolment, typed):
    certificate = make.certificate(enrolment, serial="0123456789ABCDEF01Z1")
    number = serials.shown(certificate.serial)

    response = browse().get("/verify/", query_string={"serial": typed(number)})

    assert response.status_code == 303
    assert response.location == f"/verify/{number}"
    assert browse().get(f"/verify/{number.replace('-', '').lower()}").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_and_malformed_numbers_are_answered_alike(browse, method):
    open_page = getattr(browse(), method)
    unknown, malformed = open_page(f"/verify/{UNKNOWN}"), open_page("/verify/000")

    assert unknown.status_code == malformed.status_code == 404
    assert "not one of ours" in unknown.text
    assert unknown.text.replace(UNKNOWN, "000") == malformed.text
    plain = [[one for one in page.headers if one[0] != "Content-Length"]
             for page in (unknown, malformed)]  # fmt: skip
    assert plain[0] == plain[1]


def test_unknown_and_malformed_numbers_take_the_same_way(app, make, browse, enrolment):
    make.certificate(enrolment)
    counts = [len(asked(app, lambda w=where: browse().get(w))) for where in
              (f"/verify/{UNKNOWN}", "/verify/0", f"/verify/{'0' * 300}")]  # fmt: skip

    assert counts == [2, 2, 2]  # has somebody guessed here too often; is there such a number


def test_checking_asks_the_database_twice_however_long_the_series(app, make, browse, enrolment):
    before = make.certificate(enrolment)
    for edition in range(2, 6):
        before = make.certificate(enrolment, edition=edition, replaces_id=before.id, reason="name")

    assert len(asked(app, lambda: browse().get(address(before)))) == 2


def asked(app, act) -> list[str]:
    """Return the SELECTs that an act sends."""
    heard: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_conn, _cursor, statement, *_rest):
        if statement.lstrip().startswith("SELECT"):
            heard.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    act()
    sa.event.remove(engine, "before_cursor_execute", note)
    return heard


@pytest.mark.parametrize("typed", ["///", "—", "<script>alert(1)</script>", "x" * 5000, "٣"])
def test_whatever_is_typed_leads_to_a_page_in_plain_words(browse, typed: str):
    response = browse().get("/verify/", query_string={"serial": typed})
    page = browse().get(response.location)

    assert response.status_code == 303
    assert response.location.startswith("/verify/")
    assert page.status_code == 404
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "path", ["%00", "%ff%fe", "%F0%9F%95%8A", "..%2f..%2fetc%2fpasswd", "'%20OR%201=1--",
             "%e2%80%ae", "%0d%0aSet-Cookie:x=1", "." * 2000, "{{7*7}}"]
)  # fmt: skip
def test_an_address_of_any_bytes_is_an_unknown_number(browse, path):
    page = browse().get(f"/verify/{path}")

    assert page.status_code == 404
    assert "Set-Cookie" not in page.headers
    assert ">49<" not in page.text


def test_a_thousand_guesses_find_nothing_and_are_slowed(app, make, browse, enrolment):
    make.certificate(enrolment)
    client = browse().client
    codes = [client.get(f"/verify/{secrets.token_hex(10)}").status_code for _ in range(1000)]

    assert codes == [404] * 30 + [429] * 970


def test_whoever_guesses_too_often_learns_nothing_of_right_numbers_either(
    make, browse, enrolment, at
):
    certificate = make.certificate(enrolment)
    browser = browse()
    for _ in range(30):
        browser.get("/verify/00000")

    assert browser.get(address(certificate)).status_code == 429
    assert browser.post(address(certificate), {"name": "x"}).status_code == 429
    at(NOON + timedelta(minutes=1))
    assert browser.get(address(certificate)).status_code == 200


def test_reading_a_right_number_is_never_slowed(make, browse, enrolment):
    certificate = make.certificate(enrolment)
    browser = browse()

    assert {browser.get(address(certificate)).status_code for _ in range(40)} == {200}


def test_checking_writes_nothing(app, make, browse, enrolment):
    certificate = make.certificate(enrolment, **HIDDEN)
    browse().get(address(certificate))
    browse().post(address(certificate), {"name": "Amina Otieno"})
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 1


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("AMINA  otieno", "Amina Otieno"), ("Anne Marie d'Arc", "Anne-Marie d’Arc"),
        ("Nguyen Thi Anh", "Nguyễn Thị Ánh"), ("ISIK", "Işık"), ("strasse", "Straße"),
        ("Fyodor", "Fyodor"), ("Алексей", "Алексеи"), ("أحمد", "احمد"), ("محمد", "مُحَمَّد"),
        ("שלום", "שָׁלוֹם"), ("Ｙａｍａｄａ", "Yamada"), ("Cafe\u0301", "Café"), ("राम", "राम"),
    ],
)  # fmt: skip
def test_a_name_is_the_same_on_any_keyboard(typed, printed):
    assert matching.is_same_name(typed, printed)
    assert matching.is_same_name(printed, typed)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Amina", "Amina Otieno"), ("Amina Otieno O", "Amina Otieno"), ("", "Amina"), ("", ""),
        ("राम", "रामा"), ("કિરણ", "કરણ"), ("นา", "น้า"), ("---", "Amina"), ("王芳", "王方"),
    ],
)  # fmt: skip
def test_another_name_is_another_name(typed, printed):
    assert not matching.is_same_name(typed, printed)


@given(st.text(max_size=400), st.text(max_size=100))
def test_comparing_takes_any_text(typed, printed):
    assert matching.is_same_name(typed, printed) == matching.is_same_name(printed, typed) or (
        len(typed) > matching.LONGEST_TYPED
    )
