"""From HTML to PDF, in the child process, as PDF/A-3a and PDF/UA-1 in one file.

WeasyPrint is imported once; the style sheet and the fonts' configuration are kept between
pages, and so are pictures, in the form in which a PDF holds them. Nothing outside may be
fetched: every address is refused but the pictures that come with the job.
"""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import pydyf
from PIL import Image
from weasyprint import CSS, DEFAULT_OPTIONS, HTML, layout
from weasyprint.draw import text as drawing
from weasyprint.images import RasterImage
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from learnpeace.certificates.rendering import reading_back
from learnpeace.certificates.rendering.finishing import Attached, finish

Assets = Mapping[str, tuple[bytes, str]]  # content and media type, by address

STANDARD = "pdf/a-3a"


class NamedAssets(URLFetcher):  # type: ignore[misc]
    """Gives out the named assets and refuses everything else."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self.assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a named asset; raise ValueError for any other address."""
        if url not in self.assets:
            raise ValueError("A certificate fetches nothing.")
        content, media_type = self.assets[url]
        return URLFetcherResponse(url, content, {"Content-Type": media_type})


class KeptPicture(RasterImage):  # type: ignore[misc]
    """A picture that is made ready for a PDF once, and not smoothed, as PDF/A asks."""

    def get_x_object(self, interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
        """Return the picture as a new object of a PDF, with what was made of it before."""
        if not hasattr(self, "made"):
            self.made = super().get_x_object(False, dpi_ratio)
        extra = dict(self.made.extra)
        if "SMask" in extra:
            extra["SMask"] = pydyf.Stream(extra["SMask"].stream, dict(extra["SMask"].extra))
        return pydyf.Stream(self.made.stream, extra)


class SharedKinds:
    """WeasyPrint's C interface, which parses C anew for an array of every other length."""

    def __init__(self, ffi: Any) -> None:
        self.ffi = ffi

    def new(self, kind: str, *values: object) -> object:
        """Return new C data; arrays of glyphs are of one kind, whatever their length."""
        return self.ffi.new("hb_codepoint_t[]" if "hb_codepoint_t[" in kind else kind, *values)

    def __getattr__(self, name: str) -> object:
        return getattr(self.ffi, name)


@contextmanager
def marked(self: Stream, box: object, tag: str) -> Iterator[None]:
    """Mark words with what they say, where glyphs alone would not tell it again in order."""
    with _marked(self, box, tag):
        said = getattr(box, "text", "")
        if self._tags is not None and said:
            reading_back.tell(self, said)
        yield


def no_margin_boxes(*_: object) -> Iterator[object]:
    """Return none: to look for sixteen page headers and footers takes a twentieth of the time."""
    return iter(())


def ended(self: pydyf.Stream) -> bytes:
    """Return a stream whose end nobody mistakes: a content's own return is no line's end."""
    written: bytes = _written(self)
    is_unclear = written.endswith(b"\r\nendstream")
    return written.removesuffix(b"\nendstream") + b"\r\nendstream" if is_unclear else written


_written = pydyf.Stream.data.fget
pydyf.Stream.data = property(ended)
_marked = Stream.marked
Stream.marked = marked
drawing.draw_first_line = reading_back.draw_first_line
layout.make_margin_boxes = no_margin_boxes
pdf_fonts.ffi = SharedKinds(pdf_fonts.ffi)


def make_page(
    *,
    html: str,
    css: str,
    key: str,
    assets: Assets | None = None,
    attachments: Sequence[Attached] = (),
) -> bytes:
    """Return the PDF; `key` makes the file's /ID."""
    assets = assets or {}
    page = HTML(string=html, base_url=None, url_fetcher=NamedAssets(assets))
    document = page.render(
        font_config=_fonts(),
        stylesheets=[_sheet(css)],
        presentational_hints=False,
        cache=_pictures(assets),
        pdf_variant=STANDARD,
    )
    with reading_back.document("".join(page.etree_element.itertext())) as reading:
        pdf: bytes = document.write_pdf(
            finisher=lambda made, file: finish(made, file, attachments, reading),
            pdf_variant=STANDARD,
            pdf_identifier=hashlib.sha256(f"{key}\n{html}".encode()).digest()[:16],
        )
    return pdf


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=16)
def _sheet(css: str) -> CSS:
    return CSS(string=css, base_url=None, url_fetcher=NamedAssets({}), font_config=_fonts())


def _pictures(assets: Assets) -> dict[str, object]:
    """Return the pictures of a page as WeasyPrint keeps them, by their address."""
    return {
        address: _picture(address, content)
        for address, (content, media_type) in assets.items()
        if media_type in ("image/png", "image/jpeg")
    }


@lru_cache(maxsize=16)
def _picture(address: str, content: bytes) -> KeptPicture:
    picture = Image.open(io.BytesIO(content))
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    return KeptPicture(picture, name, content, cache={}, options=DEFAULT_OPTIONS)
