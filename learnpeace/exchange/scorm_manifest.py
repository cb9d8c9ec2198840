"""imsmanifest.xml of SCORM 1.2: IMS Content Packaging 1.1.2 with ADL's additions.

The order of elements is the schemas'. Identifiers are XML names: a letter first, and of our
ids only what a name may hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from learnpeace.exchange.course_text import CourseText, Words

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
MD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
LONGEST_TITLE, LONGEST_VERSION = 200, 20  # characters, says the schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One module as one SCO: its page, the files it loads, and the points to pass (or None)."""

    id: str
    title: str
    page: str
    files: tuple[str, ...]
    mastery: int | None


def manifest(text: CourseText, items: Sequence[Item]) -> bytes:
    """Return the manifest of a course's package."""
    course = text.course
    for prefix, address in (("", CP), ("adlcp", ADLCP), ("imsmd", MD)):
        ET.register_namespace(prefix, address)
    root = ET.Element(
        f"{{{CP}}}manifest",
        {
            "identifier": f"learnpeace-{course.id}-{text.language}",
            "version": course.version[:LONGEST_VERSION],
        },
    )
    _metadata(root, text)
    organization = f"course-{course.id}"
    organizations = ET.SubElement(root, f"{{{CP}}}organizations", {"default": organization})
    whole = ET.SubElement(organizations, f"{{{CP}}}organization", {"identifier": organization})
    _text(whole, CP, "title", str(text.title.text)[:LONGEST_TITLE])
    resources = ET.SubElement(root, f"{{{CP}}}resources")
    for item in items:
        _item(whole, item)
        _resource(resources, item)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _metadata(root: ET.Element, text: CourseText) -> None:
    metadata = ET.SubElement(root, f"{{{CP}}}metadata")
    _text(metadata, CP, "schema", "ADL SCORM")
    _text(metadata, CP, "schemaversion", "1.2")
    lom = ET.SubElement(metadata, f"{{{MD}}}lom")
    general = ET.SubElement(lom, f"{{{MD}}}general")
    _said(general, "title", text.title)
    _text(general, MD, "language", text.language)
    _said(general, "description", text.summary)
    course = text.course
    terms = f"{course.licence}, {', '.join(course.authors)}"
    rights = ET.SubElement(lom, f"{{{MD}}}rights")
    _said(rights, "description", Words(text=terms, code=course.language))


def _item(whole: ET.Element, item: Item) -> None:
    element = ET.SubElement(
        whole,
        f"{{{CP}}}item",
        {"identifier": f"item-{item.id}", "identifierref": f"sco-{item.id}", "isvisible": "true"},
    )
    _text(element, CP, "title", item.title[:LONGEST_TITLE])
    if item.mastery is not None:
        _text(element, ADLCP, "masteryscore", str(item.mastery))


def _resource(resources: ET.Element, item: Item) -> None:
    element = ET.SubElement(
        resources,
        f"{{{CP}}}resource",
        {
            "identifier": f"sco-{item.id}",
            "type": "webcontent",
            "href": item.page,
            f"{{{ADLCP}}}scormtype": "sco",
        },
    )
    for name in (item.page, *item.files):
        ET.SubElement(element, f"{{{CP}}}file", {"href": name})


def _said(parent: ET.Element, name: str, words: Words) -> None:
    element = ET.SubElement(parent, f"{{{MD}}}{name}")
    said = ET.SubElement(element, f"{{{MD}}}langstring")
    said.set("{http://www.w3.org/XML/1998/namespace}lang", words.code)
    said.text = str(words.text)


def _text(parent: ET.Element, namespace: str, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{namespace}}}{name}").text = words
