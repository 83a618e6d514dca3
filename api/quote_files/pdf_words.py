"""The words of a PDF with their places. Only the child process imports this.

One rule: no more pages and words than the limits, and a word is what stands together, not what a program wrote at once.
"""

import io
import unicodedata
from collections.abc import Iterator

import pdfplumber

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.model import FileReading, refused
from api.quote_files.page_words import PageWords, Word

_GAP = 0.15
"""Of the type size: letters that are farther apart belong to two words."""


def pages_of(content: bytes) -> list[PageWords] | FileReading:
    """The words of each page; a refusal when there are none, or too many of them."""
    with pdfplumber.open(io.BytesIO(content), unicode_norm="NFKC") as pdf:
        if len(pdf.pages) > limits.MOST_PAGES:
            return refused(GapKind.too_many_pages, limit=str(limits.MOST_PAGES))
        found, left = [], limits.MOST_WORDS
        for page in pdf.pages:
            words = list(_words(page))
            left -= len(words)
            if left < 0:
                return refused(GapKind.too_many_words, limit=str(limits.MOST_WORDS))
            found.append(PageWords(tuple(words), float(page.width), float(page.height)))
            page.close()
    return found if any(page.words for page in found) else refused(GapKind.no_text)


def _words(page: "pdfplumber.page.Page") -> Iterator[Word]:
    """Those that can be read from left to right; what is written from right to left is turned into reading order."""
    left, top = page.bbox[0], page.bbox[1]
    for each in page.extract_words(
        x_tolerance_ratio=_GAP, extra_attrs=["size", "upright"], keep_blank_chars=False
    ):
        if each["upright"]:
            yield Word(
                in_reading_order(str(each["text"])),
                each["x0"] - left,
                each["x1"] - left,
                each["top"] - top,
                each["bottom"] - top,
                float(each["size"]),
            )


def in_reading_order(text: str) -> str:
    """Letters stand in the order of their places: those of a right-to-left script are turned, digits are not."""
    turned = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    return text[::-1] if turned and not any(sign.isdigit() for sign in text) else text
