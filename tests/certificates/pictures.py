"""Pictures that people may send: right ones, wrong ones, and hostile ones."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
    b'<circle cx="20" cy="20" r="18" fill="#274b6d"/></svg>'
)
SCRIPTED = DRAWING.replace(b"<circle", b"<script>alert(1)</script><circle")
FETCHING = DRAWING.replace(
    b"<circle", b'<image href="file:///etc/passwd" width="9" height="9"/><circle'
)
DOUBLING = (
    b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>'
)
EMBEDDING = DRAWING.replace(
    b"<circle", b'<image href="data:image/png;base64,iVBORw0KGgo=" width="9" height="9"/><circle'
)


def made(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (300, 200),
         colour: Any = None, **options: Any) -> bytes:  # fmt: skip
    """Return a picture of one colour."""
    if colour is None:
        colour = {"RGB": (30, 60, 90), "RGBA": (30, 60, 90, 128), "CMYK": (10, 200, 20, 5)}[mode]
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def photograph() -> bytes:
    """Return a JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "A camera maker"
    exif.get_ifd(0x8825)[1] = "S"
    return made("JPEG", exif=exif.tobytes())


def moving() -> bytes:
    """Return an animated PNG."""
    other = Image.new("RGB", (300, 200), "red")
    return made(save_all=True, append_images=[other])


def bomb(side: int) -> bytes:
    """Return a PNG of a few bytes that says it unpacks to `side` × `side` pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def signature() -> bytes:
    """Return a signature on white paper."""
    sheet = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(sheet).line([(50, 150), (300, 50), (550, 160)], fill="navy", width=12)
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
