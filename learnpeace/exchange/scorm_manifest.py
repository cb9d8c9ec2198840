"""imsmanifest.xml of SCORM 1.2: IMS Content Packaging 1.1.2 with ADL's additions.

The order of elements is the schemas'. Identifiers are XML names: a letter first, and of our
ids only what a name may hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from learnpeace.catalog.model import Course

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
MD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One module as one SCO: its page, the files it loads, and the points to pass (or None)."""

    id: str
    title: str
    page: str
    files: tuple[str, ...]
    mastery: int | None


def manifest(course: Course, language: str, items: Sequence[Item]) -> bytes:
    """Return the manifest of a course's package."""
    for prefix, address in (("", CP), ("adlcp", ADLCP), ("imsmd", MD)):
        ET.register_namespace(prefix, address)
    root = ET.Element(
        f"{{{CP}}}manifest",
        {"identifier": f"learnpeace-{course.id}-{language}", "version": course.version},
    )
    _metadata(root, course, language)
    organization = f"course-{course.id}"
    organizations = ET.SubElement(root, f"{{{CP}}}organizations", {"default": organization})
    whole = ET.SubElement(organizations, f"{{{CP}}}organization", {"identifier": organization})
    _text(whole, CP, "title", course.title[:LONGEST_TITLE])
    resources = ET.SubElement(root, f"{{{CP}}}resources")
    for item in items:
        _item(whole, item)
        _resource(resources, item)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")


def _metadata(root: ET.Element, course: Course, language: str) -> None:
    metadata = ET.SubElement(root, f"{{{CP}}}metadata")
    _text(metadata, CP, "schema", "ADL SCORM")
    _text(metadata, CP, "schemaversion", "1.2")
    lom = ET.SubElement(metadata, f"{{{MD}}}lom")
    general = ET.SubElement(lom, f"{{{MD}}}general")
    _said(general, "title", course.title, course.language)
    _text(general, MD, "language", language)
    _said(general, "description", course.summary, course.language)
    rights = ET.SubElement(lom, f"{{{MD}}}rights")
    _said(rights, "description", f"{course.licence}, {', '.join(course.authors)}", course.language)


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


def _said(parent: ET.Element, name: str, words: str, language: str) -> None:
    element = ET.SubElement(parent, f"{{{MD}}}{name}")
    said = ET.SubElement(element, f"{{{MD}}}langstring")
    said.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    said.text = words


def _text(parent: ET.Element, namespace: str, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{namespace}}}{name}").text = words
