"""A page of a PDF as a picture. Only the child process imports this.

One rule: never larger than the limit, whatever size the page says it has.
"""

import io

import pypdfium2

from api.quote_files import reader_limits as limits

LARGEST_SCALE = 2.0
"""Pixels per point: 144 dots an inch."""


def png_of(content: bytes, page: int) -> bytes:
    """The page with this number from 1 as PNG; IndexError when there is none."""
    document = pypdfium2.PdfDocument(content)
    if not 1 <= page <= len(document):
        raise IndexError(page)
    sheet = document[page - 1]
    scale = min(LARGEST_SCALE, limits.LONGEST_SIDE_PIXELS / max(*sheet.get_size(), 1))
    picture = sheet.render(scale=scale, may_draw_forms=False).to_pil()
    out = io.BytesIO()
    picture.convert("P", colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()
