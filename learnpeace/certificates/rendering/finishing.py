"""What WeasyPrint does not write into a page: art, attachments, and marks of both standards.

It runs in the child process, on the PDF's objects before they are written.

* PDF/A-3 wants the metadata uncompressed, every attachment named once with how it belongs to
  the page, and no picture smoothed. PDF/UA-1 wants its own mark in the metadata; that is no
  property PDF/A knows, so the metadata say what it means.
* Border, seal and square code are decoration (Artifact): the address the code leads to stands
  beside it in letters. The border is one form, compressed once for all pages.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pydyf
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped]
from weasyprint.document import Document

from learnpeace.certificates.art import ornament, qr
from learnpeace.certificates.art.ornament import Art
from learnpeace.certificates.rendering import reading_back

POINTS_PER_MM = 72 / 25.4
POINTS_PER_PIXEL = 0.75
MM_PER_PIXEL = 25.4 / 96
ANCHOR = "qr"
_EMPTY = re.compile(b" <>$")
_TABLE = b"/CMapName /Adobe-Identity-UCS def"  # of letters, as WeasyPrint begins it
_TABLE_BEGINS = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    b"/CMapName /Learnpeace-Letters def /CMapType 2 def",
    b"1 begincodespacerange <0000> <ffff> endcodespacerange",
)
_TABLE_ENDS = (b"endcmap CMapName currentdict /CMap defineresource pop end end",)
_CARRIER_NAME = "/TOLDAA+Told"

_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file to put into the PDF; `made_at` as PDF writes dates."""

    name: str
    media_type: str
    content: bytes
    made_at: str


class Ready(pydyf.Stream):  # type: ignore[misc]
    """A stream whose content is compressed already."""

    def __init__(self, packed: bytes, extra: dict[str, object]) -> None:
        super().__init__([packed], {**extra, "Filter": "/FlateDecode"})


def finish(
    document: Document,
    file: pydyf.PDF,
    attached: Sequence[Attached],
    reading: reading_back.Reading,
) -> None:
    """Put everything into the PDF that makes it whole."""
    draw_art(document, file)
    attach(file, attached, document.metadata.custom.get("attachment", ""))
    fill_empty_letters(file)
    add_fonts(file, reading)
    reading_back.tell_elements(file)
    mark_standards(file)


def draw_art(document: Document, file: pydyf.PDF) -> None:
    """Put border, seal and square code behind the page's text, as decoration.

    Which art and which address, the page says itself (`<meta name="art">`, `<meta name="qr">`),
    so that a page that is kept stays as it was.
    WeasyPrint's own content leaves the page's matrix turned over, so ours comes first.
    """
    page = document.pages[0]
    sheet = next(item for item in file.objects if _is(item, "/Page"))
    scale, height = f"{POINTS_PER_MM:.5f}", page.height * POINTS_PER_PIXEL
    drawn = [b"/Artifact BMC q", f"{scale} 0 0 -{scale} 0 {height:.3f} cm".encode()]
    if art := Art.read(document.metadata.custom.get("art", "")):
        form = Ready(_packed_art(art), _form_of(art))
        file.add_object(form)
        _resources(file, sheet)["XObject"]["art"] = form.reference
        drawn.append(b"/art Do")
    code = document.metadata.custom.get("qr", "")
    if code and ANCHOR in page.anchors:
        left, top, right, _ = (number * MM_PER_PIXEL for number in page.anchors[ANCHOR])
        drawn.append(qr.as_pdf(code, left, top, right - left))
    stream = pydyf.Stream([*drawn, b"Q EMC"], compress=True)
    file.add_object(stream)
    sheet["Contents"] = pydyf.Array([stream.reference, sheet["Contents"]])


def attach(file: pydyf.PDF, attached: Sequence[Attached], description: str) -> None:
    """Embed files, each named once in the catalog and described as the page says."""
    if not attached:
        return
    named, listed = pydyf.Array(), pydyf.Array()
    for one in sorted(attached, key=lambda one: one.name):
        specification = _specification(file, one, description)
        named.extend((pydyf.String(one.name), specification.reference))
        listed.append(specification.reference)
    tree = pydyf.Dictionary({"Names": named})
    file.add_object(tree)
    file.catalog.setdefault("Names", pydyf.Dictionary())["EmbeddedFiles"] = tree.reference
    file.catalog["AF"] = listed


def mark_standards(file: pydyf.PDF) -> None:
    """Write the metadata uncompressed, with the mark of PDF/UA-1 beside that of PDF/A-3."""
    metadata = next(item for item in file.objects if _is(getattr(item, "extra", None), "/Metadata"))
    metadata.compress = False
    before, end, after = metadata.stream[0].rpartition(b"</rdf:RDF>")
    metadata.stream = [before + _MARK + end + after]


def fill_empty_letters(file: pydyf.PDF) -> None:
    """Give every glyph a letter in its font's table, as both standards ask.

    Where many glyphs draw a few letters (Burmese, Khmer), WeasyPrint gives all letters to the
    first and none to the others. Those get one that is not seen; what is written stands
    beside the glyphs (`typesetting.marked`).
    """
    for item in file.objects:
        lines = getattr(item, "stream", None)
        if isinstance(lines, list) and _TABLE in lines:
            lines[:] = [_EMPTY.sub(b" <2060>", line) for line in lines]


def add_fonts(file: pydyf.PDF, reading: reading_back.Reading) -> None:
    """Add the font of letters without a shape, and those whose glyphs say nothing."""
    if not reading.codes:
        return
    by_reference = {item.reference: item for item in file.objects}
    sheet = next(item for item in file.objects if _is(item, "/Page"))
    fonts = by_reference[_resources(file, sheet)["Font"]]
    for name, letters in sorted(reading.inks.items()):
        table = _table(dict.fromkeys(sorted(letters), reading_back.SILENT))
        file.add_object(table)
        font = pydyf.Dictionary({**by_reference[fonts[name]], "ToUnicode": table.reference})
        file.add_object(font)
        fonts[name + reading_back.INK] = font.reference
    fonts[reading_back.CARRIER] = _carrier(file, reading.codes)


def _carrier(file: pydyf.PDF, codes: dict[str, int]) -> bytes:
    """Return the reference of a font whose every code is a letter and draws the same nothing."""
    content = _shapeless_font()
    program = pydyf.Stream([content], {"Length1": len(content)}, compress=True)
    glyphs = pydyf.Stream([b"\0\0" + b"\0\1" * len(codes)], compress=True)
    table = _table({code: letter for letter, code in codes.items()})
    for item in (program, glyphs, table):
        file.add_object(item)
    name = {"Type": "/Font", "BaseFont": _CARRIER_NAME}
    descriptor = pydyf.Dictionary({
        "Type": "/FontDescriptor", "FontName": _CARRIER_NAME, "Flags": 4, "ItalicAngle": 0,
        "FontBBox": pydyf.Array([0, -200, 1000, 800]), "Ascent": 800, "Descent": -200,
        "CapHeight": 800, "StemV": 80, "FontFile2": program.reference,
    })  # fmt: skip
    file.add_object(descriptor)
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity")}
    inner = pydyf.Dictionary({
        **name, "Subtype": "/CIDFontType2", "DW": reading_back.WIDTH,
        "FontDescriptor": descriptor.reference,
        "CIDSystemInfo": pydyf.Dictionary({**system, "Supplement": 0}),
        "CIDToGIDMap": glyphs.reference,
    })  # fmt: skip
    file.add_object(inner)
    font = pydyf.Dictionary({
        **name, "Subtype": "/Type0", "Encoding": "/Identity-H", "ToUnicode": table.reference,
        "DescendantFonts": pydyf.Array([inner.reference]),
    })  # fmt: skip
    file.add_object(font)
    reference: bytes = font.reference
    return reference


@cache
def _shapeless_font() -> bytes:
    """Return a font of one glyph, that draws nothing."""
    names = [".notdef", "nothing"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: names[1]})
    builder.setupGlyf({name: Glyph() for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (reading_back.WIDTH, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Told", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


def _table(letters: dict[int, str]) -> pydyf.Stream:
    """Return the table of a font: which code is which letters."""
    lines, pairs = [*_TABLE_BEGINS], list(letters.items())
    for first in range(0, len(pairs), 100):  # a part holds no more
        part = pairs[first : first + 100]
        lines.append(f"{len(part)} beginbfchar".encode())
        lines += [
            f"<{code:04x}> <{text.encode('utf-16-be').hex()}>".encode() for code, text in part
        ]
        lines.append(b"endbfchar")
    return pydyf.Stream([*lines, *_TABLE_ENDS], compress=True)


def _specification(file: pydyf.PDF, one: Attached, description: str) -> pydyf.Dictionary:
    day = pydyf.String(one.made_at)
    digest = hashlib.md5(one.content, usedforsecurity=False).hexdigest()
    about = {"CheckSum": f"<{digest}>", "Size": len(one.content), "CreationDate": day}
    extra = {
        "Type": "/EmbeddedFile",
        "Subtype": pydyf.name(one.media_type).decode(),
        "Params": pydyf.Dictionary({**about, "ModDate": day}),
    }
    content = pydyf.Stream([one.content], extra, compress=True)
    file.add_object(content)
    specification = pydyf.Dictionary({
        "Type": "/Filespec",
        "F": pydyf.String(one.name),
        "UF": pydyf.String(one.name),
        "EF": pydyf.Dictionary({"F": content.reference, "UF": content.reference}),
        "Desc": pydyf.String(description),
        "AFRelationship": "/Data",
    })  # fmt: skip
    file.add_object(specification)
    return specification


@lru_cache(maxsize=32)
def _packed_art(art: Art) -> bytes:
    return zlib.compress(ornament.as_pdf(art), 9)


def _form_of(art: Art) -> dict[str, object]:
    box = pydyf.Array([0, 0, *art.paper.size])
    return {"Type": "/XObject", "Subtype": "/Form", "BBox": box}


def _resources(file: pydyf.PDF, sheet: pydyf.Dictionary) -> pydyf.Dictionary:
    wanted = sheet["Resources"]
    return next(item for item in file.objects if item.reference == wanted)


def _is(item: object, kind: str) -> bool:
    return isinstance(item, dict) and item.get("Type") == kind
