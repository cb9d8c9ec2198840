"""An attack: small spreadsheets that unpack to a machine full. Each gets its sentence in time."""

import io
import resource
import time
import zipfile

import pytest

from learnpeace.cities.models import RosterImport
from learnpeace.lib.db import db
from tests.conftest import NOON

PATIENCE = 60  # seconds, on a machine under load: the child itself is stopped before
MEMORY = 400 * 1024  # kilobytes that this process may grow by
SENTENCES = (
    "unpacks to far more than a list of people", "more than 100 columns", "is damaged",
    "nobody in it", "not a table we can read", "more than 10,000 people",
)  # fmt: skip
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    'main"><sheetData>', "</sheetData></worksheet>",
)  # fmt: skip
ODS_HEAD = (
    '<?xml version="1.0"?>%s<office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="S">'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as folder:
        for name, content in parts.items():
            folder.writestr(name, content)
    return out.getvalue()


def xlsx(rows, **more):
    return packed({
        "xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": SHEET[0] + rows + SHEET[1], **more,
    })  # fmt: skip


def ods(rows, kind=""):
    return packed({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": ODS_HEAD % kind + rows + ODS_TAIL,
    })  # fmt: skip


def deep_sheet():
    return xlsx("<row><c t='str'><v>" + "A" * 150_000_000 + "</v></c></row>")


def sheet_below_the_limit():
    """Ninety megabytes of rows with a person each: what passes the first look."""
    return xlsx("<row><c t='str'><v>Ana</v></c></row>" * 2_200_000)


def million_columns():
    return xlsx("<row r='1'>" + "<c t='str'><v>x</v></c>" * 1_000_000 + "</row>")


def cell_at_the_end():
    return xlsx("<row r='1'><c r='A1' t='str'><v>Ana</v></c></row>"
                "<row r='1048576'><c r='XFD1048576' t='str'><v>z</v></c></row>")  # fmt: skip


def shared_strings():
    text = "<si><t>" + "A" * 1000 + "</t></si>"
    return xlsx("<row><c t='s'><v>0</v></c></row>", **{
        "xl/sharedStrings.xml": "<sst>" + text * 90_000 + "</sst>",
    })  # fmt: skip


def repeated_columns():
    cell = "<table:table-cell table:number-columns-repeated='1000000000'><text:p>x</text:p>"
    return ods(f"<table:table-row>{cell}</table:table-cell></table:table-row>")


def repeated_rows():
    row = "<table:table-row table:number-rows-repeated='1000000000'>"
    return ods(f"{row}<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>")


def laughing_entities():
    names = "".join(f"<!ENTITY l{n + 1} '{f'&l{n};' * 10}'>" for n in range(12))
    kind = f"<!DOCTYPE x [<!ENTITY l0 'ha'>{names}]>"
    row = "<table:table-row><table:table-cell office:value-type='string'><text:p>&l12;</text:p>"
    return ods(f"{row}</table:table-cell></table:table-row>", kind)


def nested_archives():
    inner = packed({"zeros": bytes(90_000_000)})
    for _ in range(6):
        inner = packed({f"{n}.zip": inner for n in range(10)})
    return xlsx("", **{"xl/embeddings/again.zip": inner})


def archive_of_itself():
    """A file that names its own bytes again as a part, as far as a reader follows it."""
    own = xlsx("")
    for _ in range(20):
        own = xlsx("", **{"xl/worksheets/sheet1.xml": own, "xl/workbook.xml": BOOK})
    return own


def overlapping_parts():
    """Two thousand entries that all name the same compressed bytes."""
    content = bytearray(packed({"xl/workbook.xml": BOOK, "a": bytes(10_000_000)}))
    start = content.rindex(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = bytes(content[start:end])
    count = 1500
    head, tail = bytes(content[:start]), bytearray(content[end:])
    tail[8:10] = tail[10:12] = (count + 1).to_bytes(2, "little")
    tail[12:16] = (end - content.index(b"PK\x01\x02") + len(entry) * (count - 1)).to_bytes(
        4, "little"
    )
    return head + entry * count + bytes(tail)


BOMBS = (
    deep_sheet, sheet_below_the_limit, million_columns, cell_at_the_end, shared_strings,
    repeated_columns, repeated_rows, laughing_entities, nested_archives, archive_of_itself,
    overlapping_parts,
)  # fmt: skip


@pytest.fixture
def desk(make, browse, at):
    at(NOON)
    city = make.city("Kisumu")
    make.cohort(city)
    return browse(make.coordinator(city))


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_a_file_that_swells_ends_with_a_sentence_within_limits(app, desk, bomb):
    data = bomb()
    assert len(data) < 10_000_000, "it would be refused by its size"
    name = "list.ods" if bomb.__name__ in ("repeated_rows", "repeated_columns") else "list.xlsx"
    most, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    answer = desk.post("/cities/kisumu/cohorts/1/people/add", {"file": (io.BytesIO(data), name)})

    assert time.monotonic() - began < PATIENCE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < MEMORY
    assert answer.status_code == 422
    assert any(sentence in answer.text for sentence in SENTENCES), answer.text[-3000:]
    with app.app_context():
        assert db.session.query(RosterImport).count() == 0
    assert desk.get("/cities/kisumu/cohorts/1/people/add").status_code == 200
