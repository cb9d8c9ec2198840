"""No archive can lead outside, fill the memory or crash the reader."""

import contextlib
import stat
import struct
import time
import zipfile
from collections.abc import Iterable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnpeace.exchange.unpacking import (
    MAX_FILES,
    ArchiveProblem,
    Reason,
    unpack,
    without_outer_folder,
)

pytestmark = pytest.mark.once


def packed(
    files: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return target.getvalue()


def refused(content: bytes) -> ArchiveProblem:
    with pytest.raises(ArchiveProblem) as caught:
        unpack(content)
    assert caught.value.message.endswith(".")
    return caught.value


def special(name: str, kind: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = (kind | 0o777) << 16
    return entry


def test_a_plain_archive_comes_out_by_path_without_folders():
    content = packed([("course/", b""), ("course/a.md", b"one"), ("./course/b/c.png", b"two")])
    assert unpack(content) == {"course/a.md": b"one", "course/b/c.png": b"two"}


def test_what_computers_add_by_themselves_is_left_out():
    content = packed([("__MACOSX/._a", b"x"), ("a/.DS_Store", b"x"), ("a/b.md", b"text")])
    assert unpack(content) == {"a/b.md": b"text"}


def test_an_empty_archive_has_no_files():
    assert unpack(packed([])) == {}


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "C:a", "..\\a", "a\\b", "\\\\host\\a"]
)
def test_a_name_that_leads_outside_is_refused(name):
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    problem = refused(packed([(entry, b"x")]))
    assert problem.reason is Reason.LEADS_OUTSIDE
    assert problem.name == name


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "a" * 300, "/".join("abcdefghijklmno")])
def test_a_name_nobody_can_use_is_refused_and_shown_harmlessly(name):
    problem = refused(packed([(name, b"x")]))
    assert problem.reason is Reason.BAD_NAME
    assert problem.message.isprintable()


def test_a_zero_byte_cannot_hide_the_end_of_a_name():
    content = packed([("a.mdXexe", b"x")]).replace(b"a.mdXexe", b"a.md\0exe")
    assert refused(content).reason is Reason.BAD_NAME


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind):
    content = packed([(special("link", kind), b"/etc/passwd")])
    assert refused(content).reason is Reason.LINK


def test_two_hundred_files_are_fine_and_one_more_is_not():
    names = [(f"{number}.md", b"x") for number in range(MAX_FILES + 1)]
    assert len(unpack(packed(names[:-1]))) == MAX_FILES
    assert refused(packed(names)).reason is Reason.TOO_MANY_FILES


def test_more_entries_than_any_course_has_are_refused_before_the_list_is_read():
    content = packed((f"{number}/", b"") for number in range(2_000))
    assert refused(content).reason is Reason.TOO_MANY_FILES


def test_too_much_is_refused_before_unpacking():
    noise = bytes(range(256)) * 4_000
    content = packed([(f"{number}.bin", noise) for number in range(60)])
    assert refused(content).reason is Reason.TOO_LARGE


def test_a_bomb_is_refused_quickly():
    started = time.monotonic()
    content = packed([("a.txt", b"\0" * 40_000_000)])
    assert refused(content).reason is Reason.PACKED_TOO_TIGHT
    assert time.monotonic() - started < 10


def test_a_bomb_among_honest_files_is_refused():
    noise = b"".join(struct.pack("<d", number**0.5) for number in range(300_000))
    content = packed([("a.bin", noise), ("b.txt", b"\0" * 20_000_000)])
    problem = refused(content)
    assert (problem.reason, problem.name) == (Reason.PACKED_TOO_TIGHT, "b.txt")


def test_a_small_blank_file_may_pack_well():
    assert unpack(packed([("a.txt", b" " * 90_000), ("b.txt", b"x")]))["b.txt"] == b"x"


def test_a_lie_about_the_size_is_refused():
    content = packed([("a.txt", b"word " * 1_000)])
    for size in (10, 4_999, 5_001, 100_000):
        lie = content.replace(struct.pack("<L", 5_000), struct.pack("<L", size))
        assert refused(lie).reason in (Reason.NO_ARCHIVE, Reason.PACKED_TOO_TIGHT)


def test_a_password_is_refused():
    content = bytearray(packed([("a.txt", b"x")]))
    content[6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(content)).reason is Reason.PASSWORD


def test_unusual_packing_is_refused():
    content = packed([("a.txt", b"x" * 50)], zipfile.ZIP_LZMA)
    assert refused(content).reason is Reason.UNKNOWN_PACKING


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a.md", "a.md"), ("a", "a/b"), ("a/b", "./a/b")])
def test_two_files_in_one_place_are_refused(names):
    assert refused(packed([(name, b"x") for name in names])).reason is Reason.TWICE


@pytest.mark.parametrize("content", [b"", b"PK", b"\x1f\x8b", b"text", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_said_so_or_empty(content):
    if content[:4] == b"PK\x05\x06":  # the end of an archive, with nothing before it
        assert unpack(content) == {}
    else:
        assert refused(content).reason is Reason.NO_ARCHIVE


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=4)), max_size=6),
    cut=st.integers(0, 500),
)
def test_no_bytes_crash_it_nor_lead_outside(changes, cut):
    content = bytearray(packed([("course/a.md", b"hello " * 20), ("course/b.svg", b"<svg/>")]))
    for place, new in changes:
        content[place : place + len(new)] = new
    try:
        files = unpack(bytes(content[: len(content) - cut] if cut < 100 else content))
    except ArchiveProblem:
        return
    for path in files:
        assert ".." not in path.split("/")
        assert not path.startswith("/")


@given(st.binary(max_size=2_000))
def test_noise_is_no_archive(content):
    with contextlib.suppress(ArchiveProblem):
        assert unpack(content) == {}


def test_the_one_folder_around_a_course_is_taken_off():
    assert without_outer_folder({"a/b": b"1", "a/c/d": b"2"}) == {"b": b"1", "c/d": b"2"}
    assert without_outer_folder({"a/b": b"1", "c": b"2"}) == {"a/b": b"1", "c": b"2"}
    assert without_outer_folder({"a": b"1"}) == {"a": b"1"}
    assert without_outer_folder({}) == {}
