"""The preview on an author's machine: learners' pages, again each time a file is saved."""

import http.client
import io
import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest
from pypdf import PdfReader

from learnpeace.lib import fragments, headers
from learnpeace.settings import ROOT
from learnpeace.trainers.preview import server as preview_server
from learnpeace.trainers.preview.switches import LATENCY, Switches, style_sheet, switches_from
from tests.browser import check_page
from tests.catalog.good_course import FILES, LISTENING, QUIZ, edited, write

pytestmark = pytest.mark.once
COURSE = "/courses/culture-of-peace"
COMMAND = [sys.executable, "-c", "from learnpeace.cli import main; main()", "course", "preview"]


class Reader:
    """A browser at a preview, which checks every page and keeps its cookie."""

    def __init__(self, folder):
        self.folder = folder
        self.client = preview_server.create_preview(folder).test_client()

    def get(self, address, **options):
        options.setdefault("headers", {"Accept-Language": "en"})
        response = self.client.get(address, **options)
        assert "Content-Security-Policy" in response.headers
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308):
            check_page(response.text)
        return response

    def switch(self, choice, next=f"{COURSE}/listening"):
        response = self.get(f"/preview/switches?{choice}&next={next}")
        assert (response.status_code, response.location) == (303, next)
        return self.get(next)

    def save(self, file, text):
        (self.folder / file).write_text(text, encoding="utf-8")


@pytest.fixture
def at(tmp_path):
    """Return a function that opens a preview of a course after some changes."""
    fragments.forget()
    yield lambda change=None: Reader(write(tmp_path, change))
    fragments.forget()


@pytest.fixture
def served(tmp_path):
    """Serve a preview on a port of its own; yield its folder and port."""
    fragments.forget()
    folder = write(tmp_path)
    server = preview_server.server_of(folder, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, server.port
    server.shutdown()
    thread.join()
    server.server_close()
    fragments.forget()


def ask(port, address):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", address)
        response = connection.getresponse()
        return response.status, response.read().decode()


PATIENCE = 5  # seconds; on a quiet machine it takes less than one


def mark_in(page):
    return re.search(r'data-mark="([0-9a-f]+)"', page)[1]


def test_a_change_is_seen_as_soon_as_it_is_saved(served):
    folder, port = served
    _, page = ask(port, f"{COURSE}/listening")
    assert "A sentence nobody wrote" not in page
    text = LISTENING.replace("## Two neighbours", "## A sentence nobody wrote")
    saved_beside = folder.parent / "module.md"  # put in its place at once: half a file is a change
    saved_beside.write_text(text)
    timer = threading.Timer(0.2, saved_beside.replace, [folder / "listening" / "module.md"])
    timer.start()

    status, answer = ask(port, f"/preview/changed?since={mark_in(page)}")
    timer.join()
    saved = time.monotonic()
    status, page = ask(port, f"{COURSE}/listening")

    assert (status, json.loads(answer)["mark"]) == (200, mark_in(page))
    assert "A sentence nobody wrote" in page
    assert time.monotonic() - saved < PATIENCE


def test_the_page_is_told_to_ask_and_has_a_link_for_those_without_javascript(at):
    page = at().get(f"{COURSE}/listening").text

    assert re.search(r'<script src="/static/\w+/js/preview.js" defer data-mark="\w+"', page)
    assert '<a href="">Reload</a>' in page
    assert "Without JavaScript this page does not reload by itself." in page
    assert "DRAFT" in page


def test_every_page_of_a_good_course_opens(at):
    reader = at()
    modules = ("what-is-peace", "listening", "service-resilience", "our-city-plan")
    addresses = [COURSE, "/preview/problems", "/preview/elsewhere", f"{COURSE}/listening/quiz"]
    addresses += [f"{COURSE}/{module}" for module in modules]
    addresses += [f"/attempts/listening/{number}" for number in range(1, 9)]
    addresses += ["/attempts/listening", "/attempts/listening.handed-in"]
    addresses += ["/preview/questions/listening", "/preview/questions/listening?view=answers"]

    assert {address: reader.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    assert reader.get("/").location == COURSE


def test_a_broken_block_is_told_in_its_place_and_the_rest_stays(at):
    page = at(edited("listening/module.md", "::: reflection heard", "::: reflektion heard"))
    text = page.get(f"{COURSE}/listening").text

    before, after = text.split("listening/module.md:")
    assert "An example for one track." in before
    assert "Error M102" in before
    assert "Did you mean “reflection”?" in after
    assert 'href="/authors/guide/problems#M102"' in after
    assert "What did you hear that was not said?" in after
    assert "Hold one thirty-minute listening pair." in after


def test_the_guide_that_problems_lead_to_is_served_here_too(at):
    page = at().get("/authors/guide/problems")

    assert page.status_code == 200
    assert 'id="M102"' in page.text


def test_problems_outside_the_texts_stand_on_the_contents_page(at):
    change = edited("course.yaml", "hours: 12", "hours: twelve")
    reader = at({**change, "listening/two-neighbours.svg": "<svg><script/></svg>"})

    page = reader.get(COURSE).text

    assert "course.yaml:9" in page
    assert "listening/two-neighbours.svg:1" in page
    assert "course.yaml:9" not in reader.get(f"{COURSE}/listening").text
    assert "course.yaml:9" in reader.get("/preview/problems").text


@pytest.mark.parametrize(
    "choice",
    ["language=es", "language=ar", "language=sw", "track=rural", "dark=1", "rtl=1", "phone=1",
     "printed=1", "out_of_tries=1", "language=nonsense&track=nowhere&dark=perhaps",
     "language=es&track=rural&dark=1&rtl=1&phone=1&printed=1&out_of_tries=1"],
)  # fmt: skip
def test_every_switch_shows_every_page(at, choice):
    reader = at()
    reader.switch(choice)
    for address in (COURSE, f"{COURSE}/listening", f"{COURSE}/listening/quiz",
                    "/attempts/listening", "/attempts/listening.handed-in",
                    "/preview/questions/listening?view=answers", "/preview/problems"):  # fmt: skip
        assert reader.get(address).status_code == 200, address
        assert reader.get(f"{address}{'&' if '?' in address else '?'}frame=1").status_code == 200


def test_the_language_switch_shows_what_learners_of_it_see(at):
    page = at().switch("language=es").text

    assert '<html lang="es"' in page
    assert "¿Qué oíste que no se dijo?" in page


def test_the_track_switch_puts_its_example_first(at):
    example = "::: for rural\nAn example for one track."
    reader = at(
        edited("listening/module.md", example, f"::: for urban\nIn a street.\n:::\n\n{example}")
    )

    for track, first in (("rural", "rural towns"), ("urban", "urban neighbourhoods")):
        boxes = re.findall(r'<section class="box box--track">\s*<h2[^>]*>([^<]+)',
                           reader.switch(f"track={track}").text)  # fmt: skip
        assert boxes == [f"An example for {first}"]


def test_a_page_from_right_to_left_keeps_its_language(at):
    assert '<html lang="en" dir="rtl">' in at().switch("rtl=1").text


@pytest.mark.parametrize("kind", ["dark", "printed"])
def test_dark_and_paper_are_the_products_own_style_sheet(at, kind):
    reader = at()
    page = reader.switch(f"{kind}=1").text
    assert f'href="/preview/sheet/{kind}.css"' in page

    sheet = reader.get(f"/preview/sheet/{kind}.css")
    own = (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8")

    assert sheet.mimetype == "text/css"
    assert own.count("prefers-color-scheme: dark") == 2
    assert style_sheet(own, "dark").count("prefers-color-scheme") == 0
    assert "color-scheme: dark;" in style_sheet(own, "dark")
    assert "@media print" in own
    assert "@media print" not in style_sheet(own, "printed")
    assert reader.get("/preview/sheet/other.css").status_code == 404


def test_a_phone_is_a_frame_that_only_this_server_may_fill(at):
    reader = at()
    page = reader.switch("phone=1")
    inside = reader.get(f"{COURSE}/listening?frame=1")
    by_link = reader.get(f"{COURSE}/listening", headers={"Sec-Fetch-Dest": "iframe"})

    assert f'src="{COURSE}/listening?frame=1"' in page.text
    assert 'width="360"' in page.text
    for framed in (inside, by_link):
        assert "Two neighbours" in framed.text
        assert "DRAFT" not in framed.text
        assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers.POLICY, "the product itself is never framed"


def test_a_slow_network_is_slow_and_tells_the_weight(at):
    reader = at()
    reader.get("/preview/switches?slow=1&next=/")
    began = time.monotonic()

    page = reader.get(f"{COURSE}/what-is-peace")

    assert time.monotonic() - began >= LATENCY
    assert re.search(r"A phone loads \d+ KB for this page", page.text)
    assert "Slowed to 50 KB a second" in page.text
    assert int(page.headers["Content-Length"]) == len(page.data)
    assert reader.get("/preview/certificate.pdf").data.startswith(b"%PDF-")


def test_a_learner_out_of_tries_sees_what_such_a_learner_sees(at):
    reader = at(edited("listening/quiz.md", "wait: 10m\n", ""))
    quiz = f"{COURSE}/listening/quiz"
    assert "Begin the quiz" in reader.get(quiz).text

    page = reader.switch("out_of_tries=1", quiz).text

    assert "No tries are left" in page
    assert "Begin the quiz" not in page


def test_answers_are_shown_in_one_view_and_hidden_in_the_other(at):
    reader = at()
    asked = reader.get("/preview/questions/listening").text
    answered = reader.get("/preview/questions/listening?view=answers").text

    assert "Naming the feeling opens talk." not in asked
    assert "Naming the feeling opens talk." in answered
    assert "The pool has 10 questions; a try draws 8 of them." in asked


def test_a_check_answers_as_it_does_for_learners(at):
    page = at().get(f"{COURSE}/listening?check=calm&a=a").text

    assert "Try it again" in page


def test_forms_lead_on_and_keep_nothing(at):
    reader = at()
    send = reader.client.post
    note = f"{COURSE}/listening/reflection/heard"

    assert send(f"{COURSE}/listening/read").location == f"{COURSE}/listening/quiz"
    assert send(f"{COURSE}/what-is-peace/read").location == COURSE
    assert send(f"{COURSE}/listening/quiz").location == "/attempts/listening/1"
    assert send("/attempts/listening/1", data={"a": "a"}).location == "/attempts/listening/2"
    assert send("/attempts/listening/8", data={"a": "a"}).location == "/attempts/listening"
    assert send("/attempts/listening/hand-in").location == "/attempts/listening.handed-in"
    saved = send(note, data={"text": "My words"}, headers={"X-Requested-With": "fetch"})
    assert saved.json == {"message": "A preview keeps nothing."}
    assert send(note, data={"text": "My words"}).location == f"{COURSE}/listening#heard"
    assert "My words" not in reader.get(f"{COURSE}/listening").text


def test_a_half_saved_file_never_stops_the_preview(at):
    reader = at()
    for file in ("course.yaml", "listening/module.md", "listening/quiz.md", "banks/dialogue.md"):
        whole = str(FILES[file])
        for share in range(12):
            reader.save(file, whole[: len(whole) * share // 12])
            for address in (COURSE, f"{COURSE}/listening", "/preview/questions/listening"):
                page = reader.get(address)
                assert page.status_code in (200, 302, 404), (file, share, address)
        reader.save(file, whole)
    assert "Two neighbours" in reader.get(f"{COURSE}/listening").text


def test_a_file_that_goes_away_is_a_problem_and_no_accident(at):
    reader = at()
    (reader.folder / "listening" / "module.md").unlink()
    assert "C108" in reader.get(COURSE).text
    (reader.folder / "course.yaml").unlink()
    assert "F101" in reader.get(COURSE).text


def test_only_files_that_were_read_and_checked_are_served(at):
    reader = at()
    secret = reader.folder.parent / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (reader.folder / "listening" / "linked.svg").symlink_to(secret)
    page = reader.get(f"{COURSE}/listening").text
    (picture,) = set(re.findall(r'src="(/assets/[^"]+\.svg)"', page))

    assert reader.get(picture).data == (reader.folder / "listening/two-neighbours.svg").read_bytes()
    for address in ("/assets/listening/two-neighbours.svg", "/assets/../course.yaml",
                    "/assets/..%2f..%2fsecret.svg", f"/assets/{'0' * 64}.svg", "/course.yaml",
                    "/listening/linked.svg", "/static/x/../../pyproject.toml",
                    "/static/x/..%2f..%2fpyproject.toml"):  # fmt: skip
        assert reader.get(address).status_code == 404, address


def test_a_web_page_elsewhere_cannot_read_a_draft_by_another_name(at):
    for host, status in (("evil.example.org", 400), ("localhost:8240", 200), ("127.0.0.1", 200)):
        response = at().client.get(COURSE, headers={"Host": host})
        assert response.status_code == status, host


def test_a_switch_leads_nowhere_else(at):
    assert at().get("/preview/switches?next=https://evil.example.org/").location == "/"


def test_the_server_listens_on_this_machine_only(served):
    _, port = served
    with closing(socket.socket()) as elsewhere:
        elsewhere.settimeout(2)
        assert elsewhere.connect_ex(("127.0.0.2", port)) != 0


def test_the_sample_certificate_says_so_and_has_no_number(at):
    answer = at().get("/preview/certificate.pdf")

    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert "SAMPLE" in text
    assert "Amina Otieno" in text
    assert "Building a Culture of Peace" in text
    assert not re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", text)


def test_odd_cookies_switch_nothing_on():
    assert switches_from({"dark": "perhaps", "phone": [], "track": None}) == Switches()
    assert switches_from(Switches(dark=True, track="rural").kept()) == Switches(
        dark=True, track="rural"
    )


def test_the_command_says_where_it_is_and_touches_no_data(tmp_path):
    folder = write(tmp_path)
    data = tmp_path / "data"
    with subprocess.Popen(
        [*COMMAND, str(folder), "--port", "0"], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LEARNPEACE_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        try:
            line = process.stdout.readline()
            port = int(re.search(r"http://127\.0\.0\.1:(\d+) ", line)[1])
            status, page = ask(port, COURSE)
        finally:
            process.terminate()
    assert status == 200
    assert "DRAFT" in page
    assert not data.exists()


@pytest.mark.parametrize("reason", ["no folder", "port taken"])
def test_the_command_says_why_it_cannot_run(tmp_path, reason):
    folder = write(tmp_path)
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        where = tmp_path / "nowhere" if reason == "no folder" else folder
        answer = subprocess.run(
            [*COMMAND, str(where), "--port", str(port)], cwd=ROOT, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
    assert answer.returncode == 2
    told = f"There is no folder {where}." if reason == "no folder" else f"Port {port} is in use."
    assert told in answer.stderr


def test_a_quiz_with_a_broken_question_asks_the_others(at):
    broken = QUIZ.replace("= structural violence\n= structural\n", "")
    reader = at({"listening/quiz.md": broken})

    page = reader.get("/preview/questions/listening").text

    assert "In one word: what do we call harm built into systems?" in page
    assert 'class="notice notice--error draft-problem"' in page
    assert "Name one calm place near you" in page
    assert reader.get("/attempts/listening/1").status_code == 200
