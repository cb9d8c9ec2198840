"""The child process that opens one picture, and no more.

`python -m learnpeace.certificates.rendering.picture_worker` reads the file from standard
input and answers with P and a clean PNG, or with E and one word of `pictures.Trouble`.
Nothing of the file comes through but its pixels, in sRGB: no place, camera or author. A
drawing is printed by WeasyPrint, which fetches nothing, and what the page shows is taken as
the picture. With `ink` as its argument it takes a signature off its paper: what is not darker
than the paper is seen through.
"""

import os
import sys
import warnings
from io import BytesIO

from PIL import Image, ImageChops

from learnpeace.catalog.pictures import load_whole, upright
from learnpeace.catalog.svg import svg_problems
from learnpeace.lib.limits import set_limits

CPU_SECONDS = 6
MEMORY = 1024**3
LARGEST_FILE = 20 * 1000**2
MOST_FILES = 64
MOST_PIXELS = 4000 * 4000
LONGEST_SIDE = 10_000
# Tried in this order until the picture is light enough for a certificate of 300 KB.
SIDES = (1200, 900, 700, 500, 350)
LIGHT = 80_000  # bytes
COLOURS = 48  # of a picture that is heavy even so, such as a photograph
DRAWN = 1200  # pixels of the longer side of a drawing
INK = "ink"
PAPER = 24  # steps of 255 by which ink is darker than its paper, at least


class NotTaken(Exception):
    """The picture is not taken; the message is a word of `pictures.Trouble`."""


def main() -> None:
    """Answer with the clean picture, or with why there is none."""
    set_limits(memory=MEMORY, seconds=CPU_SECONDS, file_size=LARGEST_FILE, files=MOST_FILES)
    content = sys.stdin.buffer.read()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with answers:
        answers.write(answer(content, is_ink=INK in sys.argv[1:]))


def answer(content: bytes, *, is_ink: bool = False) -> bytes:
    """Return P and a PNG, or E and a word."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures; they are refused here
            return b"P" + clean(content, is_ink=is_ink)
    except NotTaken as trouble:
        return b"E" + str(trouble).encode()
    except Exception:  # noqa: BLE001 (the edge: Pillow raises many kinds on broken bytes)
        return b"Ebroken"


def clean(content: bytes, *, is_ink: bool = False) -> bytes:
    """Return the picture as a light PNG of nothing but pixels; raise NotTaken."""
    made = _drawn(content) if _is_drawing(content) else _opened(content)
    made = made.convert("RGBA" if _has_holes(made) else "RGB")
    if is_ink and made.mode == "RGB":
        made = _off_paper(made)
    if _is_blank(made):
        raise NotTaken("blank")
    return _light(made)


def _is_drawing(content: bytes) -> bool:
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype svg"))


def _opened(content: bytes) -> Image.Image:
    """Return a PNG or JPEG, its size looked at before anything is unpacked."""
    try:
        picture = Image.open(BytesIO(content), formats=["PNG", "JPEG"])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotTaken("pixels") from error
    except Exception as error:
        is_known = content.startswith((b"\x89PNG", b"\xff\xd8"))
        raise NotTaken("broken" if is_known else "type") from error
    with picture:
        width, height = picture.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise NotTaken("pixels")
        if picture.format == "PNG" and getattr(picture, "n_frames", 1) > 1:
            raise NotTaken("moving")
        load_whole(picture)
        return upright(picture)


def _drawn(content: bytes) -> Image.Image:
    """Return a drawing as a picture on white, without the white around it."""
    if svg_problems(content) or b"data:" in content.lower():
        raise NotTaken("active")
    import pypdfium2  # most pictures are no drawings
    from weasyprint import HTML

    from learnpeace.certificates.rendering.typesetting import NamedAssets

    page = (
        "<style>@page{size:200mm 200mm;margin:0}html,body{margin:0}"
        "img{display:block;width:200mm;height:200mm;object-fit:contain}</style>"
        '<img src="asset:drawing" alt="">'
    )
    fetcher = NamedAssets({"asset:drawing": (content, "image/svg+xml")})
    pdf = HTML(string=page, base_url=None, url_fetcher=fetcher).write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[0]
    made: Image.Image = sheet.render(scale=DRAWN / sheet.get_size()[0]).to_pil().convert("RGB")
    document.close()
    shown = ImageChops.difference(made, Image.new("RGB", made.size, "white")).getbbox()
    return made.crop(shown) if shown else made


def _off_paper(picture: Image.Image) -> Image.Image:
    """Return what is darker than the commonest brightness, which is the paper's."""
    picture.thumbnail((SIDES[0], SIDES[0]), Image.Resampling.LANCZOS)
    grey = picture.convert("L")
    counts = grey.histogram()
    paper = max(range(256), key=counts.__getitem__) - PAPER
    darkest = next(value for value in range(256) if counts[value])
    if darkest >= paper:
        raise NotTaken("blank")
    depth = paper - darkest
    ink = grey.point([max(0, min(255, (paper - value) * 255 // depth)) for value in range(256)])
    picture.putalpha(ink)
    return picture.crop(ink.getbbox())


def _has_holes(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _is_blank(picture: Image.Image) -> bool:
    """Say whether nothing would be seen on white paper."""
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return all(low >= 250 for low, _ in _ranges(sheet))


def _ranges(picture: Image.Image) -> list[tuple[int, int]]:
    return [picture.getchannel(band).getextrema() for band in "RGB"]  # type: ignore[misc]


def _light(picture: Image.Image) -> bytes:
    for side in SIDES:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        made = _png(picture)
        if len(made) <= LIGHT:
            return made
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    return _png(few.convert(picture.mode))


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
