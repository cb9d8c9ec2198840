"""Publishing on the web: what the page says, what confirming does, and the way back."""

import io
import re
import shutil
import zipfile
from dataclasses import replace

import pytest
import sqlalchemy as sa

from learnpeace.authors.starter import starter_files
from learnpeace.catalog.reader import read_course
from learnpeace.lib.db import db
from learnpeace.lib.mail import Letter
from learnpeace.people.models import RoleKind
from learnpeace.releases import queries as releases
from learnpeace.releases.models import Publication
from tests.conftest import NOON

DESK = "/trainer/courses/street"
PUBLISH = f"{DESK}/publish"


class Folder:
    """The folder of a course beside the product, as its author leaves it."""

    def __init__(self, root):
        self.root = root / "street"
        for name, content in starter_files("street", "Peace in our street", on=NOON.date()).items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def edit(self, file, old, new):
        path = self.root / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def version(self, number):
        text = (self.root / "course.yaml").read_text()
        now = next(line for line in text.splitlines() if line.startswith("version:"))
        self.edit("course.yaml", now, f"version: {number}")


@pytest.fixture
def folder(app, tmp_path):
    courses = tmp_path / "courses"
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], courses_dir=courses)
    return Folder(courses)


@pytest.fixture
def trainer(make, browse):
    person = make.user("Tomasz")
    make.role(person, RoleKind.TRAINER)
    return browse(person)


def hidden(page, name):
    """Return the value of a hidden field of a page."""
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1]


def confirm(trainer, version, **values):
    """Send the form of the publishing page as it stands, with the version typed."""
    page = trainer.get(PUBLISH)
    form = {"based_on": hidden(page, "based_on"), "version": version, "rescore": "raise", **values}
    return trainer.post(PUBLISH, form)


def current(app):
    with app.app_context():
        return releases.current_release("street").version


def test_the_first_publication_can_break_nothing_and_says_so(app, folder, trainer):
    assert "No learners yet; nothing can break." in trainer.get(PUBLISH).text
    assert confirm(trainer, "").location.endswith(DESK)
    assert current(app) == "1.0.0"


def test_the_page_says_what_changes_and_asks_for_the_version(app, folder, trainer):
    confirm(trainer, "")
    folder.version("1.0.1")
    folder.edit("first-steps/quiz.md", "It closes the talk.", "It ends the talk.")
    page = trainer.get(PUBLISH).text

    assert "From version 1.0.0 to 1.0.1." in page
    assert "closes" in page
    assert "ends" in page
    refused = confirm(trainer, "1.0.0", note="A note that stays")
    assert "Type 1.0.1 to publish it." in refused.text
    assert "A note that stays" in refused.text
    assert current(app) == "1.0.0"
    confirm(trainer, "1.0.1")
    assert current(app) == "1.0.1"


def test_a_step_too_small_stops_it_with_the_place_and_the_remedy(app, folder, trainer):
    confirm(trainer, "")
    folder.version("1.0.1")
    folder.edit("first-steps/quiz.md", "- ( ) “That is not true.”", "- (?) “That is not true.”")
    folder.edit("first-steps/quiz.md", "- (x) “You hear", "- ( ) “You hear")
    folder.edit("first-steps/quiz.md", "- (?) “That is not true.”", "- (x) “That is not true.”")
    page = trainer.get(PUBLISH).text

    assert "course.yaml:" in page
    assert "V301" in page
    assert "Write version: 1.1.0" in page
    assert "Publish version" not in page
    assert trainer.post(PUBLISH, {"version": "1.0.1"}).status_code == 200
    assert current(app) == "1.0.0"


def test_a_broken_folder_never_replaces_what_learners_read(app, folder, trainer):
    confirm(trainer, "")
    folder.version("1.1.0")
    folder.edit("first-steps/quiz.md", "- (x) “You hear", "- ( ) “You hear")
    page = trainer.get(PUBLISH).text

    assert "problem stops publishing" in page
    assert "Q104" in page
    assert current(app) == "1.0.0"


def test_who_comes_second_sees_what_the_first_published(app, folder, trainer, make, browse):
    confirm(trainer, "")
    folder.version("1.0.1")
    folder.edit("first-steps/quiz.md", "It closes the talk.", "It ends the talk.")
    seen = hidden(trainer.get(PUBLISH), "based_on")
    other = make.user("Other")
    make.role(other, RoleKind.TRAINER)
    confirm(browse(other), "1.0.1")
    folder.version("1.0.2")
    folder.edit("first-steps/quiz.md", "It ends the talk.", "It shuts the talk.")
    answer = trainer.post(PUBLISH, {"based_on": seen, "version": "1.0.2", "rescore": "raise"})

    assert answer.status_code == 409
    assert "Version 1.0.1 was published meanwhile (Other)" in answer.text
    assert "From version 1.0.1 to 1.0.2." in answer.text
    assert current(app) == "1.0.1"


def test_publishing_twice_publishes_once(app, folder, trainer):
    for _ in range(2):
        trainer.post(PUBLISH, {"based_on": "", "version": "1.0.0"})
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Publication)) == 1
    assert "Nothing has changed." in trainer.get(PUBLISH).text


def test_coordinators_get_the_note_once_with_what_moves_and_what_stays(app, folder, trainer, make):
    confirm(trainer, "")
    with app.app_context():
        number = releases.current_release("street").id
    city = make.city()
    make.cohort(city, course_id="street", release_id=number, name="Spring", code="AAAAAA")
    make.coordinator(city)
    folder.version("1.1.0")
    folder.edit("first-steps/quiz.md", "tries: unlimited", "tries: unlimited\npick: 5")
    confirm(trainer, "1.1.0", note="One question fewer.")

    with app.app_context():
        letters = db.session.scalars(sa.select(Letter.body)).all()
    assert len(letters) == 1
    assert "One question fewer." in letters[0]
    assert "- Spring" in letters[0].partition("stay on their version")[2]


def test_an_earlier_version_can_be_published_again(app, folder, trainer):
    confirm(trainer, "")
    folder.version("1.0.1")
    folder.edit("first-steps/quiz.md", "It closes the talk.", "It ends the talk.")
    confirm(trainer, "1.0.1")
    with app.app_context():
        now, earlier = releases.history("street")
    address = f"{DESK}/releases/{earlier.id}/again"
    page = trainer.get(address)

    assert "Go back to version 1.0.0" in page.text
    assert "closes" in page.text
    for _ in range(2):
        assert trainer.post(address, {"based_on": hidden(page, "based_on")}).location.endswith(DESK)
    assert current(app) == "1.0.0"
    assert now.version == "1.0.1"


def test_a_version_comes_back_as_a_zip_that_reads_as_it_was_published(
    app, folder, trainer, tmp_path
):
    confirm(trainer, "")
    before = read_course(folder.root).course
    with app.app_context():
        number = releases.current_release("street").id
    answer = trainer.get(f"{DESK}/releases/{number}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path / "back")

    after = read_course(tmp_path / "back" / "street").course
    assert after == before


def test_a_trainer_of_another_course_finds_nothing(app, folder, trainer, make, browse):
    confirm(trainer, "")
    stranger = make.user("Stranger")
    make.role(stranger, RoleKind.TRAINER, course_id="elsewhere")
    browser = browse(stranger)
    with app.app_context():
        number = releases.current_release("street").id

    assert "Peace in our street" not in browser.get("/trainer").text
    for address in (
        DESK,
        PUBLISH,
        f"{DESK}/releases/{number}/again",
        f"{DESK}/releases/{number}.zip",
    ):
        assert browser.get(address).status_code == 404
    assert browser.post(PUBLISH, {"version": "1.0.0"}).status_code == 404


def test_a_course_that_is_nowhere_is_nothing(folder, trainer):
    assert trainer.get("/trainer/courses/nowhere").status_code == 404
    assert trainer.get("/trainer/courses/nowhere/publish").status_code == 404
    assert trainer.get(f"{DESK}/releases/99/again").status_code == 404


def test_the_desk_counts_learners_without_a_city_and_only_cohorts_of_cities(make, trainer):
    release = make.release()
    everybody = make.cohort(release_id=release.id, course_id=release.course_id)
    for name in ("Ana", "Bea", "Ines"):
        make.enrolment(make.user(name), everybody)

    desk = re.sub(r"<[^>]+>", " ", trainer.get("/trainer").text)

    assert re.search(r"Learners\s+fewer than 5\s+Cohorts of cities\s+none", desk)


def test_commands_are_offered_only_for_a_folder_that_is_here(app, folder, trainer):
    assert "learnpeace course check courses/street" in trainer.get(DESK).text
    confirm(trainer, "")
    shutil.rmtree(folder.root)
    assert "learnpeace course check" not in trainer.get(DESK).text


def test_a_correction_says_that_running_cohorts_come_along(app, folder, trainer):
    confirm(trainer, "")
    quiz = next(folder.root.glob("*/quiz.md"))
    right, wrong = "- (x) “You hear it at five?”", "- ( ) “You shout, too.”"
    file = str(quiz.relative_to(folder.root))
    folder.edit(file, right, right.replace("(x)", "( )"))
    folder.edit(file, wrong, wrong.replace("( )", "(x)"))
    folder.version("1.1.0")

    page = trainer.get(PUBLISH).text

    assert "running cohorts read it at once" in page
    assert "are offered the new version" not in page


def test_the_folder_is_read_as_learners_will_before_it_is_published(app, folder, trainer):
    confirm(trainer, "")
    folder.version("1.0.1")
    folder.edit("first-steps/quiz.md", "It closes the talk.", "It ends the talk.")
    assert "Read the folder as learners will" in trainer.get(DESK).text
    first = trainer.post(f"{DESK}/draft").location
    assert trainer.post(f"{DESK}/draft").location == first
    assert "DRAFT" in trainer.get(first).text
    assert trainer.get(f"{first}/first-steps").status_code == 200
    assert current(app) == "1.0.0"
    assert trainer.post("/trainer/courses/nowhere/draft").status_code == 404
