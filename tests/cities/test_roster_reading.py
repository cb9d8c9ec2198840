"""From bytes to people: every file a spreadsheet writes, and every file that is no table."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from learnpeace.cities.roster import reading
from learnpeace.cities.roster.reading import NotReadable, Person, Why, read_file, read_text

pytestmark = pytest.mark.once

TABLE = "Name;E-mail;Language\nJosé Muñoz;jose@example.org;Español\nMaría Peña;;es\n"
ARABIC = "الاسم;البريد الإلكتروني;اللغة\nأحمد علي;ahmad@example.org;العربية\nليلى حسن;;ar\n"
RUSSIAN = "Name;E-mail\nИван Петров;ivan@example.org\nОльга Смирнова;\n"
POLISH = "Name;E-mail\nŁukasz Żółć;lukasz@example.org\nMałgorzata Gęś;\n"
GREEK = "Name;E-mail\nΓιώργος Παπαδόπουλος;g@example.org\nΕλένη;\n"
TURKISH = "Name;E-mail\nGülşah Çağlar;g@example.org\nİbrahim Öz;\n"
HEBREW = "Name;E-mail\nיוסי כהן;y@example.org\nרות לוי;\n"
THAI = "Name;E-mail\nสมชาย ใจดี;somchai@example.org\nมาลี;\n"


def sheet(rows, *, merges=(), formulas=()) -> bytes:
    """Return an .xlsx with these rows; a merge is (first row, column, last row, column, text)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("People")
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                page.write(number, column, cell)
        for place in merges:
            page.merge_range(*place)
        for row, column, formula, value in formulas:
            page.write_formula(row, column, formula, None, value)
    return out.getvalue()


def ods(rows) -> bytes:
    """Return a small .ods with these rows."""
    table = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in cells
        )
        + "</table:table-row>"
        for cells in rows
    )
    names = {
        "office": "office:1.0", "table": "table:1.0", "text": "text:1.0",
        "manifest": "manifest:1.0",
    }  # fmt: skip
    ns = " ".join(
        f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}"' for k, v in names.items()
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {ns}><office:body><office:spreadsheet>'
        f'<table:table table:name="One">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", f'<?xml version="1.0"?><manifest:manifest {ns}/>')
    return out.getvalue()


def names(people):
    return [person.name for person in people]


def why(data, spoken=("en",)):
    with pytest.raises(NotReadable) as trouble:
        read_file(data, spoken)
    return trouble.value.why


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250"]
)
def test_every_encoding_of_a_spreadsheet_gives_the_same_people(encoding):
    text = TABLE if encoding != "cp1250" else TABLE.replace("ñ", "n")
    people = read_file(text.encode(encoding), ["es", "en"])
    assert people[0].email == "jose@example.org"
    assert names(people) == [line.split(";")[0] for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("text", "encoding", "spoken"),
    [
        (ARABIC, "cp1256", "ar"), (ARABIC, "utf-16", "en"), (RUSSIAN, "cp1251", "en"),
        (POLISH, "cp1250", "pl"), (GREEK, "cp1253", "en"), (THAI, "cp874", "th"),
        (ARABIC, "cp1256", "en"), (TURKISH, "cp1254", "tr"), (HEBREW, "cp1255", "en"),
    ],
)  # fmt: skip
def test_windows_code_pages_of_other_scripts_are_recognised(text, encoding, spoken):
    people = read_file(text.encode(encoding), [spoken])
    assert names(people) == [line.split(";")[0] for line in text.splitlines()[1:]]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_delimiter_and_any_line_end(sign):
    text = TABLE.replace(";", sign)
    for ends in ("\n", "\r\n", "\r"):
        assert names(read_text(text.replace("\n", ends))) == ["José Muñoz", "María Peña"]


def test_a_first_line_that_only_names_the_delimiter_is_no_row_of_theirs():
    assert read_text("sep=;\r\n" + TABLE)[0].number == 2


def test_names_with_commas_and_line_breaks_inside_quotes_stay_whole():
    text = 'Name,E-mail\n"Otieno, Amina",amina@example.org\n"Ben\nOuma",ben@example.org\nCara,\n'
    people = read_text(text)
    assert names(people) == ["Otieno, Amina", "Ben Ouma", "Cara"]
    assert [person.number for person in people] == [2, 3, 4]


def test_commas_in_names_do_not_hide_the_semicolons_between_cells():
    text = "Otieno, Amina;amina@example.org\nOuma, Ben;ben@example.org\n"
    assert names(read_text(text)) == ["Otieno, Amina", "Ouma, Ben"]


def test_a_quotation_mark_that_nobody_closed_swallows_nobody():
    lines = "".join(f"Person {n},p{n}@example.org\n" for n in range(500))
    people = read_text('Name,E-mail\n"Mimi Otieno,mimi@example.org\n' + lines)
    assert len(people) == 501


def test_row_numbers_are_those_of_their_spreadsheet():
    people = read_text("Name,E-mail\n\nAmina,a@example.org\n,\n\nBen,b@example.org\n")
    assert [(p.number, p.name) for p in people] == [(3, "Amina"), (6, "Ben")]


def test_two_header_rows_and_a_title_above_them_are_no_people():
    rows = [
        ("Volunteers of spring", "", "", ""),
        ("Name", "", "E-mail", "Age"),
        ("First name", "Last name", "", ""),
        ("Amina", "Otieno", "amina@example.org", 34),
    ]
    expected = Person(number=4, name="Amina Otieno", email="amina@example.org", age="34")
    assert read_file(sheet(rows), ["en"]) == [expected]
    assert read_text("\n".join(",".join(map(str, row)) for row in rows)) == [expected]


def test_headings_that_are_repeated_further_down_are_no_people():
    people = read_text("Name,E-mail\nAmina,a@example.org\nName,E-mail\nBen,b@example.org\n")
    assert names(people) == ["Amina", "Ben"]


@pytest.mark.parametrize(
    "head",
    ["Name,E-mail,Language,Sector,Age band", "Nombre,Correo,Idioma,Sector,Grupo de edad",
     "الاسم,البريد الإلكتروني,اللغة,القطاع,الفئة العمرية",
     "NOMBRE COMPLETO,Correo electrónico (obligatorio),IDIOMA,sector,Edad"],
)  # fmt: skip
def test_headings_in_every_language_of_the_interface(head):
    people = read_text(f"{head}\nAmina,amina@example.org,en,arts,18+\n")
    assert people == [
        Person(number=2, name="Amina", email="amina@example.org", language="en", sector="arts",
               age="18+")
    ]  # fmt: skip


def test_our_own_template_is_understood_in_every_language():
    for head in reading.headings.TEMPLATE.values():
        people = read_text(",".join(head) + "\nAmina,amina.o,es,civic,16-17\n")
        assert people[0] == Person(
            number=2, name="Amina", email="amina.o", language="es", sector="civic", age="16-17"
        )


def test_columns_in_any_order_and_without_headings_are_guessed():
    people = read_text("1;ben@example.org;Ben Ouma;es\n2;;Amina Otieno;en\n")
    assert [(p.name, p.email, p.language) for p in people] == [
        ("Ben Ouma", "ben@example.org", "es"), ("Amina Otieno", "", "en"),
    ]  # fmt: skip


def test_one_person_in_each_line_is_a_list_too():
    text = "Amina Otieno <amina@example.org>\nben@example.org\nCara\n"
    assert [(p.name, p.email) for p in read_text(text)] == [
        ("Amina Otieno", "amina@example.org"), ("", "ben@example.org"), ("Cara", ""),
    ]  # fmt: skip


def test_an_address_with_a_heading_and_no_name_keeps_its_place():
    people = read_text("Name,E-mail\n,ben@example.org\nCara,cara.c\n,broken@\n,dan.d\n")
    assert [(p.name, p.email) for p in people] == [
        ("", "ben@example.org"), ("Cara", "cara.c"), ("", "broken@"), ("", "dan.d"),
    ]  # fmt: skip


def test_a_spreadsheet_keeps_its_row_numbers_and_plain_numbers():
    rows = [(), ("", "Name", "E-mail", "Age"), (), ("", "Amina", "a@example.org", 16.0)]
    assert read_file(sheet(rows), ["en"]) == [
        Person(number=4, name="Amina", email="a@example.org", age="16")
    ]


def test_formulas_count_by_their_value_and_text_that_looks_like_one_is_text():
    rows = [("Name", "E-mail"), ("", "a@example.org"), ("=cmd|' /C calc'!A0", "b@example.org")]
    data = sheet(rows[:2], formulas=[(1, 0, '="Ami"&"na"', "Amina")])
    assert names(read_file(data, ["en"])) == ["Amina"]
    text = "Name,E-mail\n=cmd|' /C calc'!A0,b@example.org\n"
    assert names(read_text(text)) == ["=cmd|' /C calc'!A0"]


def test_cells_merged_over_rows_count_for_each_row_and_add_nobody():
    rows = [("Name", "E-mail", "Sector"), ("Amina", "a@example.org"), ("Ben", "b@example.org"), (),
            ("Cara", "c@example.org", "arts")]  # fmt: skip
    people = read_file(sheet(rows, merges=[(1, 2, 3, 2, "civic")]), ["en"])
    assert [(p.number, p.name, p.sector) for p in people] == [
        (2, "Amina", "civic"), (3, "Ben", "civic"), (5, "Cara", "arts"),
    ]  # fmt: skip


def test_an_open_document_sheet_is_read():
    people = read_file(ods([("Nombre", "Correo"), ("Amina", "a@example.org")]), ["es"])
    assert people == [Person(number=2, name="Amina", email="a@example.org")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Why.EMPTY), (b"\n \n", Why.EMPTY), (b"Name,E-mail\n", Why.EMPTY),
        (b"%PDF-1.7 ...", Why.PDF), (b"\x89PNG\r\n\x1a\n0000", Why.PICTURE),
        (b"\xff\xd8\xff\xe0 jpeg", Why.PICTURE), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Why.OLD),
        (b"<html><table><tr><td>Amina</td></tr></table>", Why.PAGE),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", Why.PAGE), (bytes(range(256)) * 40, Why.OTHER),
        (b"PK\x03\x04 torn", Why.BROKEN), (struct.pack("<200I", *range(200)), Why.OTHER),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_apart(data, expected):
    assert why(data) is expected


def test_an_archive_of_something_else_is_no_spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert why(out.getvalue()) is Why.OTHER


def test_a_million_columns_are_refused_and_a_million_empty_ones_are_not():
    assert why(b"Name," + b"x," * 1_000_000 + b"\n") is Why.WIDE
    people = read_file(b"Name,E-mail\nAmina,a@example.org" + b"," * 1_000_000, ["en"])
    assert names(people) == ["Amina"]


def test_one_cell_of_a_whole_book_is_no_table():
    assert why(b"Name,E-mail\nAmina," + b"x" * 200_000) is Why.OTHER


def test_more_people_than_one_list_may_have_are_refused():
    rows = "".join(f"Person {n},p{n}@example.org\n" for n in range(reading.MOST_PEOPLE))
    assert len(read_text("Name,E-mail\n" + rows)) == reading.MOST_PEOPLE
    with pytest.raises(NotReadable) as trouble:
        read_text("Name,E-mail\n" + rows + "One more,\n")
    assert trouble.value.why is Why.LONG


def test_a_sheet_that_unpacks_to_gigabytes_is_refused_before_it_is_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(110):
                part.write(bytes(1_000_000))
    assert len(out.getvalue()) < 1_000_000
    assert why(out.getvalue()) is Why.SWOLLEN


def test_a_sheet_whose_last_cell_is_very_far_out_is_refused_and_harms_nobody():
    data = sheet([("Name", "E-mail"), ("Amina", "a@example.org")])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as far:
        for part in packed.infolist():
            content = packed.read(part)
            if part.filename.endswith("sheet1.xml"):
                content = content.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>',
                )
            far.writestr(part.filename, content)
    assert why(out.getvalue()) is Why.SWOLLEN
