"""A trainer without a terminal: upload, read, review, publish. And who must not."""

import io
import re
import stat
import zipfile

import pytest
import sqlalchemy as sa

from learnpeace.exchange.unpacking import MAX_FILES, Reason
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import Notice, RoleKind
from learnpeace.releases.models import CoursePointer, Release
from learnpeace.trainers.drafts import actions as draft_actions
from learnpeace.trainers.drafts import memory as draft_memory
from learnpeace.trainers.drafts import review_routes
from learnpeace.trainers.drafts import routes as draft_routes
from learnpeace.trainers.drafts.forms import _WHY
from learnpeace.trainers.material import from_files
from learnpeace.trainers.models import Draft, DraftComment, DraftReviewer
from tests.catalog.good_course import FILES, edited
from tests.catalog.test_broken_courses import cases
from tests.conftest import NOON

NEW = "/trainer/drafts/new"
COURSE = "culture-of-peace"
EVERY = 6  # of the broken courses; all of them take long
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def packed(changes=None, *, folder=f"{COURSE}/", special=()):
    """Return the good course as a .zip after some changes, with some entries of another kind."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**FILES, **(changes or {})}.items():
            if content is not None:
                archive.writestr(folder + name, content)
        for name, content in special:
            archive.writestr(name, content)
    return target.getvalue()


def upload(browser, content, name="course.zip", **fields):
    return browser.post(
        NEW, {**fields, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def draft(browser, content=None, **fields):
    """Upload a folder and return its draft's address."""
    response = upload(browser, packed() if content is None else content, **fields)
    assert response.status_code == 303, response.text
    return response.location


def entry(name, kind=stat.S_IFREG, **values):
    found = zipfile.ZipInfo(name)
    found.create_system = 3
    found.external_attr = (kind | 0o644) << 16
    for attribute, value in values.items():
        setattr(found, attribute, value)
    return found


def count(app, table):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table))


def letters(app):
    with app.app_context():
        return db.session.scalars(sa.select(Letter).order_by(Letter.id)).all()


@pytest.fixture
def trainer(make):
    user = make.user("Tomasz Trainer")
    make.role(user, RoleKind.TRAINER)
    return user


@pytest.fixture
def desk(browse, trainer):
    """A trainer of all courses, at the desk."""
    return browse(trainer)


@pytest.fixture
def reviewer(make):
    return make.user("Rita Reader")


def ask(browser, address, who):
    return browser.post(f"{address}/reviewers/add", {"who": who})


def say(browser, address, text, place="heard", module="listening", key="k1", **options):
    return browser.post(
        f"{address}/{module}/comments", {"text": text, "place": place, "key": key}, **options
    )


# Uploading


def test_a_folder_is_checked_and_kept_and_nothing_is_published(app, desk):
    page = desk.get(draft(desk))

    assert "Nothing is published." in page.text
    assert "no problems" in page.text
    assert "Building a Culture of Peace in Your City" in page.text
    assert f"/trainer/courses/{COURSE}/publish?draft=" in page.text
    assert (count(app, Draft), count(app, Release)) == (1, 0)


def test_the_same_folder_again_is_the_same_draft_however_it_was_packed(app, desk):
    first = draft(desk)
    again = draft(desk, packed(folder=""), course=COURSE)

    assert first == again
    assert "was uploaded before" in desk.get(again).text
    assert count(app, Draft) == 1


def test_the_typed_id_names_the_course_and_wins_over_the_folder(app, desk):
    draft(desk, packed(folder="culture-of-peace-main/"), course="my-street")

    with app.app_context():
        assert db.session.scalars(sa.select(Draft.course_id)).all() == ["my-street"]


def test_hidden_files_are_not_kept(app, desk):
    draft(desk)

    with app.app_context():
        (archive,) = db.session.scalars(sa.select(Draft.archive)).all()
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert "listening/module.md" in names
    assert not [name for name in names if name.startswith(".")]


def test_a_folder_with_errors_is_kept_and_cannot_be_published(desk):
    broken = packed(edited("listening/module.md", "::: reflection heard", "::: reflektion heard"))
    address = draft(desk, broken)
    page = desk.get(address).text

    assert "1 error" in page
    assert "/publish?draft=" not in page
    assert "disabled" in page
    (link,) = re.findall(r'href="([^"]+)"><code dir="ltr">listening/module.md:40<', page)
    module, _, anchor = link.replace("&amp;", "&").partition("#")
    part = desk.get(module).text.split(f'id="{anchor}"')[1].split("</section>")[0]
    assert "Error M102" in part
    assert "What did you hear that was not said?" in part


def test_the_wrong_file_keeps_what_was_typed(app, desk):
    response = upload(desk, b"not a zip", "notes.txt", course=COURSE)

    assert response.status_code == 422
    assert "cannot be read as a .zip" in response.text
    assert f'value="{COURSE}"' in response.text
    assert count(app, Draft) == 0


def test_without_a_file_the_page_says_what_to_do(desk):
    response = desk.post(NEW, {"course": COURSE})

    assert response.status_code == 422
    assert "Choose a .zip file." in response.text


@pytest.mark.parametrize(
    ("folder", "typed", "words"),
    [
        ("", "", "Write the course’s id here"),
        ("My Course/", "", "“my-course”"),
        ("", "../evil", "cannot be a course’s id"),
        ("", "/etc", "cannot be a course’s id"),
        ("", NASTY, "cannot be a course’s id"),
        ("outer/inner/", "", "One is in “outer/inner”"),
        ("outer/inner/", COURSE, "One is in “outer/inner”"),
        ("a/b/c/", COURSE, "One is in “a/b/c”"),
    ],
)
def test_a_course_without_a_name_or_in_the_wrong_place_is_refused(app, desk, folder, typed, words):
    response = upload(desk, packed(folder=folder), course=typed)

    assert response.status_code == 422
    assert words in response.text
    assert count(app, Draft) == 0


def test_an_archive_without_a_course_is_refused(desk):
    response = upload(desk, packed({"course.yaml": None}))

    assert response.status_code == 422
    assert "There is no course.yaml in this .zip." in response.text


def locked():
    """Return an archive whose entries say that they are locked."""
    content = bytearray(packed())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + place] |= 1
            start += 4
    return bytes(content)


HOSTILE = {
    "a bomb": lambda: packed(special=[(f"{COURSE}/a{n}", b"0" * 20_000_000) for n in range(3)]),
    "a huge ratio": lambda: packed(special=[(f"{COURSE}/zeros", b"0" * 5_000_000)]),
    "traversal": lambda: packed(special=[("../../etc/cron.d/evil", b"x")]),
    "absolute": lambda: packed(special=[(entry("/etc/passwd"), b"x")]),
    "a symbolic link": lambda: packed(
        special=[(entry(f"{COURSE}/link", stat.S_IFLNK), b"/etc/passwd")]
    ),
    "201 files": lambda: packed(
        special=[(f"{COURSE}/f{n}.md", b"x") for n in range(MAX_FILES + 1)]
    ),
    "a password": locked,
    "cut off": lambda: packed()[:-40],
    "a file that is a folder": lambda: packed(
        special=[(f"{COURSE}/x", b"a"), (f"{COURSE}/x/y", b"b")]
    ),
    "a name too long for a disk": lambda: packed(special=[(f"{COURSE}/{'語' * 200}", b"x")]),
    "a name with a line break": lambda: packed(special=[(f"{COURSE}/a\nb", b"x")]),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_in_words_and_keeps_nothing(app, desk, kind):
    response = upload(desk, HOSTILE[kind](), course=COURSE)

    assert response.status_code == 422
    assert 'id="file-errors"' in response.text
    assert f'value="{COURSE}"' in response.text
    assert count(app, Draft) == 0


@pytest.mark.once
def test_every_reason_of_a_refused_archive_has_its_sentence():
    assert set(_WHY) == set(Reason)


def test_a_file_above_fifty_megabytes_is_refused_before_it_is_read(desk):
    response = desk.post(
        NEW,
        input_stream=io.BytesIO(b"never read"),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(draft_routes.LARGEST + 1)},
    )

    assert response.status_code == 413
    assert "larger than 50 MB" in response.text


def test_a_large_file_is_taken_here_and_nowhere_else(browse, make, desk):
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w") as archive:
        archive.writestr(f"{COURSE}/noise", bytes(range(256)) * 8_000)
    large = large.getvalue()
    learner = browse(make.user("Ana"))

    assert "There is no course.yaml" in upload(desk, large).text
    assert upload(learner, large).status_code == 404  # nothing is read before the door
    for stranger in (learner, browse()):
        response = stranger.post("/sign-in", {"who": "a" * 1_100_000, "secret": "b"})
        assert response.status_code == 413


def test_a_learners_large_upload_is_refused_by_size_when_its_token_is_looked_for(app, browse, make):
    app.config["WTF_CSRF_ENABLED"] = True
    for stranger in (browse(make.user("Ana")), browse()):
        assert upload(stranger, b"0" * 2_000_000).status_code == 413


def test_uploads_are_counted_for_each_person(desk, monkeypatch):
    monkeypatch.setattr(draft_routes, "UPLOADS", 1)
    draft(desk)

    assert upload(desk, packed()).status_code == 429


def test_a_trainer_of_one_course_uploads_that_course_only(app, browse, make):
    person = make.user("One")
    make.role(person, RoleKind.TRAINER, course_id=COURSE)
    desk = browse(person)

    assert desk.get(draft(desk)).status_code == 200
    refused = upload(desk, packed(), course="another")
    assert refused.status_code == 422
    assert "You do not look after a course “another”." in refused.text
    assert "Get the folder" not in desk.get(NEW).text
    assert count(app, Draft) == 1


def test_the_starter_that_is_offered_passes_the_check(desk):
    assert 'action="/authors/starter.zip"' in desk.get(NEW).text
    archive = desk.get("/authors/starter.zip?id=peace-here&title=Peace").data

    page = desk.get(draft(desk, archive)).text

    assert "no problems" in page


def test_the_desk_lists_drafts_of_a_course_that_nobody_published(desk):
    address = draft(desk)

    assert f'href="{address}"' in desk.get(f"/trainer/courses/{COURSE}").text
    assert f"/trainer/courses/{COURSE}" in desk.get("/trainer").text


# Who may read


def test_a_draft_is_nothing_to_strangers_and_to_trainers_of_other_courses(
    app, browse, make, desk, reviewer
):
    address = draft(desk)
    ask(desk, address, reviewer.email)
    say(browse(reviewer), address, "Mend this.")
    other = make.user("Other")
    make.role(other, RoleKind.TRAINER, course_id="another")
    key = address.rsplit("/", 1)[1]
    picture = re.search(r"/draft/[^\"]+\.svg", desk.get(f"{address}/listening").text)[0]
    with app.app_context():
        comment_id = db.session.scalar(sa.select(DraftComment.id))
    values = {
        "module_id": "listening", "user_id": reviewer.id, "comment_id": comment_id,
        "sha256": picture.rsplit("/", 1)[1].removesuffix(".svg"), "extension": "svg",
    }  # fmt: skip
    assert desk.get(picture).status_code == 200
    for stranger in (browse(make.user("Ana")), browse(other)):
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith("review."):
                continue
            for method in {"GET", "POST"} & set(rule.methods):
                seen, missing = (
                    knock(app, stranger, rule, method, {**values, "key": one})
                    for one in (key, "missing")
                )
                assert seen == missing, (rule, method)
                assert seen[0] == 404
        publish = f"/trainer/courses/{COURSE}/publish?draft={key}"
        assert stranger.get(publish).status_code == 404
    assert count(app, DraftReviewer) == 1


def knock(app, browser, rule, method, values):
    with app.test_request_context():
        address = app.url_for(rule.endpoint, **{n: values[n] for n in rule.arguments})
    response = browser.client.open(address, method=method)
    return response.status_code, response.text.split("<main")[1].split("</main>")[0]


def test_a_reviewer_reads_and_comments_and_can_do_no_more(app, browse, desk, trainer, reviewer):
    address = draft(desk)
    reader = browse(reviewer)
    assert reader.get(address).status_code == 404

    told = ask(desk, address, "  RITA.reader@example.org ")
    page = reader.get(address).text

    assert told.status_code == 303
    assert "Read the first module" in page
    assert "/publish" not in page
    assert "reviewers/add" not in page
    assert reader.get(f"{address}/listening").status_code == 200
    key = address.rsplit("/", 1)[1]
    assert reader.get(f"/trainer/courses/{COURSE}/publish?draft={key}").status_code == 404
    assert ask(reader, address, trainer.email).status_code == 404
    assert reader.post(f"{address}/reviewers/{reviewer.id}/remove").status_code == 404
    desk.post(f"{address}/reviewers/{reviewer.id}/remove")
    assert reader.get(address).status_code == 404


def test_who_is_asked_is_told_once_by_letter_and_notice(app, desk, reviewer):
    address = draft(desk)
    for _ in range(2):
        ask(desk, address, reviewer.email)
    desk.post(f"{address}/reviewers/{reviewer.id}/remove")
    ask(desk, address, reviewer.email)

    (letter,) = letters(app)
    assert letter.to == reviewer.email
    assert address in letter.body
    assert "Building a Culture of Peace" in letter.subject
    with app.app_context():
        (notice,) = db.session.scalars(sa.select(Notice)).all()
    assert (notice.user_id, notice.link) == (reviewer.id, address)


def test_somebody_without_e_mail_is_told_on_the_first_page(app, make, desk):
    make.user("Noor", sign_in_name="noor")
    response = ask(desk, draft(desk), "Noor")

    assert response.status_code == 303
    assert letters(app) == []
    assert count(app, Notice) == 1


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("nobody@example.org", "There is no account with this address or name."),
        ("closed@example.org", "There is no account with this address or name."),
        (f"{NASTY}\x00", "There is no account with this address or name."),
        ("tomasz.trainer@example.org", "This is you."),
        ("", "Write an e-mail address or a sign-in name."),
    ],
)
def test_who_cannot_be_asked_is_said_in_words(app, make, desk, who, words):
    make.user("Closed", disabled_at=NOON)
    response = ask(desk, draft(desk), who)

    assert response.status_code == 422
    assert words in response.text
    assert count(app, DraftReviewer) == 0


def test_looking_for_accounts_is_counted(desk, monkeypatch):
    monkeypatch.setattr(review_routes, "REQUESTS", 2)
    address = draft(desk)
    answers = [ask(desk, address, f"{n}@example.org").status_code for n in range(3)]

    assert answers == [422, 422, 429]


# Comments


def test_a_comment_stands_under_its_part_and_is_told_to_who_uploaded(
    app, browse, desk, trainer, reviewer
):
    address = draft(desk)
    ask(desk, address, reviewer.email)
    reader = browse(reviewer)
    response = say(reader, address, "Say “gate” here.")

    assert response.status_code == 303
    assert response.location.endswith("#at-heard")
    part = desk.get(f"{address}/listening").text.split('id="at-heard"')[1].split("</section>")[1]
    assert "Say “gate” here." in part
    assert "Rita Reader" in part
    assert "1 open comment" in desk.get(address).text
    (_, letter) = letters(app)
    assert letter.to == trainer.email
    assert "gate" not in letter.body
    with app.app_context():
        told = db.session.scalars(sa.select(Notice.user_id).order_by(Notice.id)).all()
    assert told == [reviewer.id, trainer.id]


def test_who_uploaded_gets_one_letter_an_hour_and_none_about_their_own(
    app, at, browse, desk, reviewer
):
    at(NOON)
    address = draft(desk)
    ask(desk, address, reviewer.email)
    reader = browse(reviewer)
    say(desk, address, "My own.")
    assert len(letters(app)) == 1
    for number in range(3):
        say(reader, address, f"Number {number}.")
    assert len(letters(app)) == 2
    at(NOON.replace(hour=13))
    say(reader, address, "Later.")
    assert len(letters(app)) == 3


def test_the_same_form_twice_is_one_comment_and_another_text_is_another(app, desk):
    address = draft(desk)
    for text in ("One.", "One.", "Two."):
        assert say(desk, address, text).status_code == 303

    assert count(app, DraftComment) == 2


def test_a_refused_comment_comes_back_with_its_words(app, desk):
    address = draft(desk)
    long = say(desk, address, "x" * 2001)
    empty = say(desk, address, "  ")

    assert long.status_code == empty.status_code == 422
    assert "Shorten this to 2000 characters." in long.text
    assert "x" * 2001 in long.text
    assert 'href="#at-heard-comment"' in long.text
    assert "Write your comment." in empty.text
    assert count(app, DraftComment) == 0


def test_above_the_limit_a_comment_waits_and_its_words_stay(app, desk, monkeypatch):
    monkeypatch.setattr(review_routes, "COMMENTS", 1)
    address = draft(desk)
    say(desk, address, "One.")
    response = say(desk, address, "Two, which took long to write.")

    assert response.status_code == 422
    assert "tried too often" in response.text
    assert "Two, which took long to write." in response.text
    assert count(app, DraftComment) == 1


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("listening", "nowhere"),
        ("listening", ""),
        ("nowhere", "heard"),
        ("listening", "quiz:no"),
    ],
)
def test_a_comment_on_nothing_is_nothing(app, desk, module, place):
    address = draft(desk)

    assert say(desk, address, "Text.", place=place, module=module).status_code == 404
    assert count(app, DraftComment) == 0


def test_a_question_of_the_quiz_is_commented_where_its_answers_are_shown(desk):
    address = draft(desk)
    response = say(desk, address, "Is it?", place="quiz:paraphrase")
    page = desk.get(response.location.split("#")[0]).text

    assert "view=quiz" in response.location
    assert "Naming the feeling opens talk." in page
    assert "Is it?" in page.split('id="at-quiz-paraphrase"')[1].split('class="part"')[0]
    assert "Is it?" not in desk.get(f"{address}/listening").text


def test_a_comment_is_settled_by_trainers_and_by_who_wrote_it(app, browse, make, desk, reviewer):
    address = draft(desk)
    second = make.user("Second")
    for person in (reviewer, second):
        ask(desk, address, person.email)
    say(browse(reviewer), address, "Mend this.")
    with app.app_context():
        comment_id = db.session.scalar(sa.select(DraftComment.id))
    settle = f"{address}/comments/{comment_id}"

    def settled():
        with app.app_context():
            return db.session.scalar(sa.select(DraftComment.settled_at)) is not None

    assert browse(second).post(settle, {"settled": "yes"}).status_code == 404
    assert not settled()
    for _ in range(2):
        assert browse(reviewer).post(settle, {"settled": "yes"}).status_code == 303
    assert settled()
    assert "1 settled comment" in desk.get(f"{address}/listening").text
    desk.post(settle, {"settled": "no"})
    assert not settled()
    other = draft(desk, packed(edited("course.yaml", "2.3.0", "2.3.1")))
    assert desk.post(f"{other}/comments/{comment_id}", {"settled": "yes"}).status_code == 404


def test_a_newer_draft_is_named_and_leads_to_what_is_still_open(browse, desk, reviewer):
    first = draft(desk)
    ask(desk, first, reviewer.email)
    say(desk, first, "Still open.")
    second = draft(desk, packed(edited("course.yaml", "2.3.0", "2.3.1")))
    reader = browse(reviewer)

    assert f'href="{second}"' in desk.get(first).text
    page = desk.get(second).text
    assert f'href="{first}">' in page
    assert "1 open comment" in page
    seen = reader.get(first).text
    assert "A newer draft exists" in seen
    assert second not in seen
    assert "Still open." not in desk.get(f"{second}/listening").text


# Nothing that people write becomes code


def test_names_and_comments_stay_text(browse, make, desk):
    titled = packed(edited("course.yaml", "title: Building a Culture of Peace in Your City",
                           f"title: '{NASTY.replace(chr(39), '’')}'"))  # fmt: skip
    address = draft(desk, titled)
    person = make.user(NASTY, email="nasty@example.org")
    ask(desk, address, "nasty@example.org")
    reader = browse(person)
    say(reader, address, NASTY + "\x00")

    for page in (address, f"{address}/listening", f"{address}/listening?view=quiz",
                 f"{address}/listening?language={NASTY}&track={NASTY}&view={NASTY}"):  # fmt: skip
        for browser in (desk, reader):
            text = browser.get(page).text
            assert "<script>alert" not in text
            assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in reader.get(f"{address}/listening").text


def test_a_picture_is_served_from_the_draft_without_power(desk):
    address = draft(desk)
    picture = re.search(r'src="(/draft/[^"]+\.svg)"', desk.get(f"{address}/listening").text)[1]
    response = desk.get(picture)

    assert response.mimetype == "image/svg+xml"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"].startswith("private")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"{address}/files/listening/leaflet.pdf").status_code == 404
    assert desk.get(f"{address}/files/{'0' * 64}.svg").status_code == 404


# Every page of every draft


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_module_of_a_good_draft_is_a_page(desk, language):
    address = draft(desk)
    for module in ("what-is-peace", "listening", "service-resilience", "our-city-plan"):
        for view in ("text", "quiz"):
            page = desk.get(f"{address}/{module}?language={language}&track=rural&view={view}")
            assert page.status_code == 200
            assert "DRAFT" in page.text
            assert len(page.data) < 50_000
    assert desk.get(f"{address}/no-such").status_code == 404


@pytest.mark.once
def test_whatever_is_wrong_with_a_course_its_draft_can_be_read(desk, monkeypatch):
    monkeypatch.setattr(draft_routes, "UPLOADS", 1000)
    for case in list(cases())[::EVERY]:
        address = draft(desk, packed(case.values[0]), course=COURSE)
        page = desk.get(address).text
        for link in sorted(set(re.findall(r'href="(/draft/[^"#]+)', page))):
            response = desk.get(link.replace("&amp;", "&"))
            assert response.status_code == 200, (case.id, link)


def test_only_a_few_drafts_stay_in_memory(desk):
    draft_memory._kept.clear()
    for number in range(draft_memory.MOST + 2):
        changes = edited("course.yaml", "2.3.0", f"2.3.{number}")
        desk.get(draft(desk, packed(changes)))

    assert len(draft_memory._kept) == draft_memory.MOST


def test_too_much_for_the_memory_is_read_each_time(desk, monkeypatch):
    draft_memory._kept.clear()
    monkeypatch.setattr(draft_memory, "MOST_BYTES", 10)

    assert desk.get(draft(desk)).status_code == 200
    assert not draft_memory._kept


# Publishing


def test_a_new_course_is_begun_read_and_published_without_a_terminal(app, browse, make, desk):
    starter = desk.get("/authors/starter.zip?id=peace-here&title=Peace+Here").data
    address = draft(desk, starter)
    publish = link_to_publish(desk, address)
    assert "is the first" in desk.get(publish).text

    response = desk.post(publish, {"based_on": "", "rescore": "raise"})

    assert response.status_code == 303, response.text
    with app.app_context():
        found = db.session.scalar(sa.select(Draft))
        current = db.session.get(CoursePointer, "peace-here")
        assert found.published_id == current.release_id
    page = desk.get(address).text
    assert "this draft was published" in page
    assert "/publish?draft=" not in page
    assert "published</strong>" in desk.get("/trainer/courses/peace-here").text
    assert "Peace Here" in browse(make.user("Ana")).get("/courses/peace-here").text


def test_the_next_version_is_published_from_a_draft_and_its_page_says_whom_it_touches(app, desk):
    first = desk.get("/authors/starter.zip?id=peace-here&title=Peace+Here").data
    address = draft(desk, first)
    desk.post(link_to_publish(desk, address), {"based_on": "", "rescore": "raise"})
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    settings = files["peace-here/course.yaml"].decode()
    version = re.search(r"^version: (\S+)", settings, re.MULTILINE)[1]
    files["peace-here/course.yaml"] = (
        settings.replace(version, "9.0.0").replace("Peace Here", "Peace Right Here").encode()
    )
    second = io.BytesIO()
    with zipfile.ZipFile(second, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    publish = link_to_publish(desk, draft(desk, second.getvalue()))
    page = desk.get(publish).text
    based_on = re.search(r'name="based_on"[^>]*value="([^"]+)"', page)[1]

    assert f"From version {version} to 9.0.0." in page
    asked = {"based_on": based_on, "rescore": "raise", "version": "9.0.0"}
    assert desk.post(publish, asked).status_code == 303
    with app.app_context():
        published = db.session.scalars(sa.select(Draft.published_id).order_by(Draft.id)).all()
        assert published[1] == db.session.get(CoursePointer, "peace-here").release_id
        assert published[0] != published[1]


def link_to_publish(browser, address):
    page = browser.get(address).text
    return re.search(r'href="(/trainer/courses/[^"]+/publish\?draft=[^"]+)"', page)[1]


def test_only_the_newest_drafts_of_a_course_are_kept(app, make, monkeypatch):
    person = make.user("Uploader")
    monkeypatch.setattr(draft_actions, "MOST_DRAFTS", 2)
    with app.app_context():
        for number in range(4):
            text = f"# Changes\n\n{number}\n".encode()
            draft_actions.keep(from_files("street", {"CHANGELOG.md": text}), person.id, at=NOON)
        db.session.commit()
        left = db.session.scalars(sa.select(Draft.id).order_by(Draft.id)).all()

    assert left == [3, 4]
