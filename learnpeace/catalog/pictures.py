"""A picture made lighter: the same type, no larger than a phone's screen needs, no metadata.

Pillow reads bytes that anybody may have sent, so the size is looked at before anything is
unpacked and whatever Pillow stumbles over is a refusal. Colours are brought to sRGB, since
the profile that explains them goes with the rest of the metadata.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps

LONGEST = 1280  # pixels; a phone shows 400 to 1200 of them side by side
ENOUGH = 150_000  # bytes; below this a picture is encoded again only for another reason
MAX_PIXELS = 60_000_000  # 240 MB unpacked
_QUALITIES = (80, 70, 60)  # of 100, best first; a picture gets the best that is light enough
_AT_WORST = (50, 40)  # so that metadata can go though the picture was encoded low before
_WORTH = 0.9  # encoding with loss again must save a tenth, or it would never end
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
_METADATA = ("exif", "xmp", "XML:com.adobe.xmp", "icc_profile", "comment", "photoshop")
_PLAIN_SEGMENTS = ("APP0", "APP14")  # JFIF and Adobe's note on colours, which decoders need


class NoPicture(ValueError):
    """Bytes that are no picture of their type; the words say what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lighter:
    """A picture's new bytes, None when they would not be lighter, and its size in pixels."""

    content: bytes | None
    width: int
    height: int
    kept: str = ""


def lighter(content: bytes, suffix: str) -> Lighter:
    """Return a lighter version of a png, jpg, jpeg or webp; raises NoPicture.

    The longest side is at most 1280 pixels, the picture stands upright, and metadata are gone.
    What is light already, or would weigh more, keeps its bytes, so that doing this twice
    does nothing the second time.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large pictures; they are refused below
            return _lighter(content, _FORMATS[suffix])
    except NoPicture:
        raise
    except Exception as error:  # the edge: Pillow raises many kinds on broken bytes
        raise NoPicture(f"it cannot be read as .{suffix}. Save it again in that type.") from error


def load_whole(picture: Image.Image) -> None:
    """Read every byte of a picture, or raise; WeasyPrint tells Pillow to guess what is missing."""
    tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        picture.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


def _lighter(content: bytes, kind: str) -> Lighter:
    with Image.open(BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as picture:
        _check(picture, kind)
        width, height = picture.size
        if kind != "JPEG" and getattr(picture, "n_frames", 1) > 1:
            return Lighter(content=None, width=width, height=height, kept="it moves")
        load_whole(picture)
        has_metadata = _has_metadata(picture)
        is_large = max(width, height) > LONGEST
        if len(content) <= ENOUGH and not has_metadata and not is_large:
            return Lighter(content=None, width=width, height=height, kept="light already")
        made = _small(upright(picture))
        is_lossless = kind == "PNG" or content[12:16] == b"VP8L"
        must = is_large or has_metadata or is_lossless
        encoded = _lightest(made, kind, is_lossless=is_lossless, below=len(content), must=must)
    if encoded is None:
        return Lighter(content=None, width=width, height=height, kept=_why(kind, len(content)))
    return Lighter(content=encoded, width=made.width, height=made.height)


def _why(kind: str, size: int) -> str:
    why = "it would not get lighter"
    return f"{why}; a photograph weighs less as .jpg" if kind == "PNG" and size > ENOUGH else why


def _lightest(
    picture: Image.Image, kind: str, *, is_lossless: bool, below: int, must: bool
) -> bytes | None:
    """Return the picture encoded as well as is light enough, None when nothing is gained."""
    limit = below if must else below * _WORTH
    best: bytes | None = None
    for quality in (100,) if is_lossless else _QUALITIES + _AT_WORST * must:
        encoded = _encoded(picture, kind, quality, is_lossless=is_lossless)
        if len(encoded) < (len(best) if best else limit):
            best = encoded
        if best and (len(best) <= ENOUGH or quality <= _QUALITIES[-1]):
            break
    return best


def _check(picture: Image.Image, kind: str) -> None:
    found = "JPEG" if picture.format == "MPO" else picture.format  # some phones' JPEG
    if found != kind:
        raise NoPicture(f"it is a {found} with the name of a {kind}. Rename it or save it again.")
    if picture.width * picture.height > MAX_PIXELS:
        size = f"{picture.width} × {picture.height}"
        message = f"it unpacks to {size} pixels, more than {MAX_PIXELS // 1_000_000} million. "
        raise NoPicture(f"{message}Make it smaller in a drawing program.")


def _has_metadata(picture: Image.Image) -> bool:
    segments = [name for name, _ in getattr(picture, "applist", ())]
    return (
        any(key in picture.info for key in _METADATA)
        or bool(getattr(picture, "text", None))
        or any(name not in _PLAIN_SEGMENTS for name in segments)
    )


def upright(picture: Image.Image) -> Image.Image:
    """Return the picture turned as its camera said, in sRGB, with nothing but its pixels."""
    profile = picture.info.get("icc_profile")
    made = ImageOps.exif_transpose(picture)
    made = _in_srgb(made, profile) if profile else made
    if made.mode == "CMYK":
        made = made.convert("RGB")
    elif made.mode.startswith("I"):  # sixteen bits, of which a screen shows eight
        made = made.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    kept = made.info.get("transparency")
    made.info = {} if kept is None else {"transparency": kept}
    return made


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    if picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        here = ImageCms.ImageCmsProfile(BytesIO(profile))
        there = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, here, there, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return picture  # a profile that cannot be read explains nothing
    return turned or picture


def _small(picture: Image.Image) -> Image.Image:
    """Return the picture with its longest side at most 1280 pixels."""
    if max(picture.size) <= LONGEST:
        return picture
    is_palette = picture.mode in ("P", "PA", "1")
    if is_palette or "transparency" in picture.info:
        has_holes = "transparency" in picture.info or picture.mode == "PA"
        picture = picture.convert("RGBA" if has_holes else "RGB")
    made = picture.copy()
    made.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    if is_palette:
        made = made.quantize(256, method=Image.Quantize.FASTOCTREE)
    return made


def _encoded(picture: Image.Image, kind: str, quality: int, *, is_lossless: bool) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        picture.save(out, "PNG", optimize=True)
    elif kind == "JPEG":
        picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    elif is_lossless:
        picture.save(out, "WEBP", lossless=True, quality=80, method=6, exact=True)
    else:
        picture.save(out, "WEBP", quality=quality, method=6)
    return out.getvalue()
