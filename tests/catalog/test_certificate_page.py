"""A course's own certificate: what is taken, what is named, and what comes of it."""

import pytest

from learnpeace.catalog import fingerprints
from learnpeace.catalog.changes import Step, What, changes
from learnpeace.catalog.fingerprints import fingerprint
from learnpeace.catalog.model import CertificatePage
from learnpeace.releases import frozen
from tests.catalog.good_course import LOGO, reading
from tests.catalog.own_certificate import CSS, HTML, OWN

pytestmark = pytest.mark.once

NEEDED = "<p>{{ name }} {{ course }} {{ day }} {{ until }}</p>"


def codes(root, html=HTML, css=CSS, **more):
    changed = {"certificate/certificate.html": html, "certificate/certificate.css": css, **more}
    return sorted({p.code for p in reading(root, changed).problems if p.code[0] in "KAF"})


def test_the_guides_example_is_taken_whole(tmp_path):
    found = reading(tmp_path, OWN)
    page = found.course.certificate_page

    assert found.problems == ()
    assert page.logo == "certificate/logo.svg"
    assert page.logo in found.course.assets
    assert "{{ name }}" in page.html
    assert page.css.startswith(".certificate .certificate__own .kind { font-size: 1.6em;")


def test_a_logo_alone_is_enough(tmp_path):
    course = reading(tmp_path).course

    assert course.certificate_page == CertificatePage(logo="certificate/logo.svg")


def test_a_course_without_one_has_the_fingerprint_it_had(tmp_path):
    course = reading(tmp_path, {"certificate/logo.svg": None}).course
    told = fingerprints.without_places(course)

    assert course.certificate_page == CertificatePage()
    assert "certificate_page" not in told


HTML_TRICKS = {
    "a script": ("<script>alert(1)</script>", "K102"),
    "an event": ('<p onclick="alert(1)">x</p>', "K102"),
    "a style": ('<p style="position:fixed">x</p>', "K102"),
    "a style sheet": ("<style>@import 'x'</style>", "K102"),
    "a file that is attached": ('<link rel=attachment href="file:///etc/passwd">', "K102"),
    "a picture from elsewhere": ('<img src="https://example.org/a.png" alt="x">', "K105"),
    "a picture of a file": ('<img src="file:///etc/passwd" alt="x">', "K105"),
    "a picture inside": ('<img src="data:image/png;base64,AAAA" alt="x">', "K105"),
    "an object": ('<object data="x"></object>', "K102"),
    "a page in a page": ("<iframe></iframe>", "K102"),
    "a form": ("<input>", "K102"),
    "a base": ('<base href="https://example.org/">', "K102"),
    "a meta": ('<meta name="qr" content="https://example.org">', "K102"),
    "a class of ours": ('<p class="certificate__code">x</p>', "K102"),
    "a square code's place": ('<p id="qr">x</p>', "K102"),
    "a comment": ("<!-- x -->", "K102"),
    "a declaration": ("<!doctype html>", "K102"),
    "a template": ("{% include 'x' %}", "K103"),
    "an expression": ("{{ 7 * 7 }}", "K103"),
    "an attribute of a name": ("{{ name.__class__ }}", "K103"),
    "braces in braces": ("{{ {{ name }} }}", "K103"),
    "nine tags deep": ("<div>" * 9 + "x" + "</div>" * 9, "K106"),
    "a table": ("<table></table>", "K102"),
    "drawing": ("<svg><script>1</script></svg>", "K102"),
}


@pytest.mark.parametrize("trick", HTML_TRICKS)
def test_tricks_in_the_text_are_named(tmp_path, trick):
    html, code = HTML_TRICKS[trick]
    found = reading(tmp_path, {"certificate/certificate.html": f"{NEEDED}\n{html}"})

    assert code in {problem.code for problem in found.problems}
    assert {p.line for p in found.problems if p.code == code} == {2}
    assert found.course is None
    assert found.partial.certificate_page.html == ""


CSS_TRICKS = {
    "an import": ("@import 'https://example.org/a.css';", "K201"),
    "a font": ("@font-face { src: url(x) }", "K201"),
    "a page": ("@page { size: 1px }", "K201"),
    "a media query": ("@media print { p { color: #000000 } }", "K201"),
    "an address": (".a { background-color: url(https://example.org) }", "K204"),
    "a picture behind": (".a { background: url(logo.svg) }", "K203"),
    "words before": (".a::before { content: 'x' }", "K202"),
    "a place": (".a { position: fixed }", "K203"),
    "a turn": (".a { transform: translate(9em) }", "K203"),
    "what is ours": (".certificate__code { width: 0 }", "K202"),
    "what is ours beside": ("p.certificate__proof { width: 0 }", "K202"),
    "everything": ("* { color: #000000 }", "K202"),
    "the body": ("body { color: #000000 }", "K202"),
    "a way out": ("p } .certificate__code { width: 0", "K202"),
    "out of the page": (".a { margin-top: -5em }", "K204"),
    "a size of a million": (".a { font-size: 1e9em }", "K204"),
    "no size": (".a { font-size: 0 }", "K204"),
    "nothing to see": (".a { font-size: 0.01em }", "K204"),
    "millimetres": (".a { width: 5mm }", "K204"),
    "sums": (".a { width: calc(1em + 9999px) }", "K204"),
    "a variable": (".a { color: var(--accent) }", "K204"),
    "a variable of one's own": (".a { --u: 99mm }", "K203"),
    "a face that is not there": (".a { font-family: Comic Sans }", "K203"),
    "hidden": (".a { display: none }", "K204"),
    "see-through": (".a { color: transparent }", "K204"),
    "pale": (".a { color: #cccccc }", "K205"),
    "pale on pale": (".a { color: #ffffff; background-color: #eeeeee }", "K205"),
    "a dark ground": (".a { background-color: #222222 }", "K205"),
    "important": (".a { color: #000000 !important }", "K204"),
    "the end of a style": (".a { color: #000000 }</style><script>1</script>", "K201"),
    "half a rule": (".a { color", "K201"),
}


@pytest.mark.parametrize("trick", CSS_TRICKS)
def test_tricks_in_the_style_are_named(tmp_path, trick):
    css, code = CSS_TRICKS[trick]
    assert code in codes(tmp_path, NEEDED, css)


def test_white_on_a_dark_ground_in_one_rule_is_read_well(tmp_path):
    assert codes(tmp_path, NEEDED, ".a { color: #ffffff; background-color: #274b6d }") == []


def test_what_is_too_long_is_named(tmp_path):
    assert codes(tmp_path, NEEDED + "x" * 8_000) == ["K107"]
    assert codes(tmp_path, NEEDED, ".a { color: #000000 }\n" * 500) == ["K107"]


def test_the_last_day_is_needed_where_certificates_run_out(tmp_path):
    assert codes(tmp_path, "<p>{{ name }} {{ course }} {{ day }}</p>") == ["K104"]


def test_a_hostile_logo_is_refused_as_any_drawing(tmp_path):
    bad = LOGO.replace("<rect", "<script>1</script><rect")
    assert "A107" in codes(tmp_path, **{"certificate/logo.svg": bad})


def test_what_the_author_wrote_is_escaped_again(tmp_path):
    html = reading(
        tmp_path, {"certificate/certificate.html": f"{NEEDED}<p>a &lt;b&gt; &amp; c</p>"}
    )

    assert "a &lt;b&gt; &amp; c" in html.course.certificate_page.html


def test_it_is_frozen_into_the_release(tmp_path):
    course = reading(tmp_path, OWN).course
    again = frozen.unpack(frozen.pack(course, {}), number=1, version=course.version).course

    assert again.certificate_page == course.certificate_page
    assert again.assets[course.certificate_page.logo].sha256


@pytest.mark.parametrize("file", OWN)
def test_a_change_of_it_is_a_middle_step(tmp_path, file):
    before = reading(tmp_path / "before", OWN).course
    other = {**OWN, file: OWN[file].replace("7a1f3d", "5b3a6e") + "\n"}
    other["certificate/certificate.html"] = other["certificate/certificate.html"].replace(
        "<hr", "<p>Peace</p><hr" if file.endswith("html") else "<hr"
    )
    after = reading(tmp_path / "after", other).course

    (change,) = changes(before, after)
    assert (change.what, change.step) == (What.FACTS, Step.MINOR)
    assert fingerprint(before) != fingerprint(after)
