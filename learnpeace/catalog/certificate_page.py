"""A course's own certificate: the folder `certificate/` with its text, style and picture."""

from learnpeace.catalog.assets import Assets
from learnpeace.catalog.certificate_css import read_certificate_css
from learnpeace.catalog.certificate_html import read_certificate_html
from learnpeace.catalog.files import CourseFolder
from learnpeace.catalog.model import CertificatePage
from learnpeace.catalog.problems import shown

FOLDER = "certificate"
HTML, CSS = f"{FOLDER}/certificate.html", f"{FOLDER}/certificate.css"
LOGOS = (f"{FOLDER}/logo.svg", f"{FOLDER}/logo.png")


def read_certificate_page(folder: CourseFolder, assets: Assets, *, valid: str) -> CertificatePage:
    """Return the course's own certificate, empty where it has none, noting what is wrong.

    `valid` is how long its certificates hold, as course.yaml says.
    """
    _check_names(folder)
    logos = [file for file in LOGOS if file in folder.files]
    for file in logos[:1]:
        assets.keep(file)
    logo = logos[0] if logos else ""
    name = logo.rpartition("/")[2]
    html = css = ""
    if HTML in folder.files and (page := folder.page(HTML)):
        html = read_certificate_html(page, name, expires=valid != "forever")
    if CSS in folder.files and (page := folder.page(CSS)):
        css = read_certificate_css(page)
    return CertificatePage(html=html, css=css if html else "", logo=logo)


def _check_names(folder: CourseFolder) -> None:
    known = (HTML, CSS, *LOGOS)
    inside = sorted(file for file in folder.files if file.startswith(f"{FOLDER}/"))
    for file in inside:
        if file not in known:
            near = folder.findings.near(file, known)
            message = f"“{shown(file)}” is not used.{near} A certificate has certificate.html, "
            folder.findings.error(file, 1, "K101", f"{message}certificate.css and one logo.")
    if CSS in inside and HTML not in inside:
        message = "There is no certificate.html that this style is for. Write it, or delete this."
        folder.findings.error(CSS, 1, "K101", message)
    if len([file for file in LOGOS if file in inside]) > 1:
        message = "A certificate has one logo: keep logo.svg or logo.png."
        folder.findings.error(LOGOS[1], 1, "K101", message)
