"""A page of a PDF as a picture, in the child process: for a chat, or a card of a social page."""

import io

import pypdfium2

LARGEST = 4000  # pixels on a side


def picture_of(pdf: bytes, width: int) -> bytes:
    """Return the first page as PNG, so many pixels wide; raise ValueError for too many."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        across, up = page.get_size()
        scale = width / across
        if not 0 < width <= LARGEST or up * scale > LARGEST:
            raise ValueError("That is too large a picture.")
        made = io.BytesIO()
        page.render(scale=scale).to_pil().save(made, "PNG")
    finally:
        document.close()
    return made.getvalue()
