"""The cells of a CSV in whatever encoding and with whatever separator. Only the child process imports this.

One rule: an encoding is found by its mark or by its words, never by letting wrong letters pass.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from charset_normalizer import from_bytes

from api.contract.file_quotes import GapKind
from api.quote_files import reader_limits as limits
from api.quote_files.labels import head_of
from api.quote_files.model import FileReading, refused

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CODE_PAGES = (
    ("cp1252", "cp1251", "cp1256", "cp1254", "cp1250"),
    ("iso8859_5", "iso8859_6", "iso8859_9", "iso8859_2", "koi8_r", "koi8_u", "cp866", "cp850", "mac_roman"),
)
"""Those of Windows first: where the words do not tell, a file comes from there."""
WESTERN = "cp1252"
LATIN = ("cp1250", "cp1252", "cp1254")
_WORDS = re.compile(r"[^\W\d_]+[^\s\w.,;:!?|]+[^\W\d_]+|[^\W\d_][²³¹¿¡¢£¥¼½¾]|[²³¹¿¡¢£¥¼½¾][^\W\d_]")
SEPARATORS = ";\t,|"
_LOOKED_AT = 40


def cells_of(content: bytes) -> list[list[str]] | FileReading:
    """The rows; a refusal when the letters cannot be told or there are more rows than are read."""
    text = text_of(content)
    if text is None:
        return refused(GapKind.unreadable)
    rows = list(islice(_rows(text), limits.MOST_ROWS + 1))
    if len(rows) > limits.MOST_ROWS:
        return refused(GapKind.too_many_rows, limit=str(limits.MOST_ROWS))
    return [row[: limits.MOST_COLUMNS] for row in rows]


def text_of(content: bytes) -> str | None:
    """The text by its mark, as UTF-8, as UTF-16 without a mark, or in the code page whose heads are known words."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content[:200]:
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return _decoded(content, encoding)
    return _decoded(content, "utf-8") or _by_words(content)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _by_words(content: bytes) -> str | None:
    """Of the code pages that can be, the one with most known heads; the library chooses among equals."""
    known: dict[str, int] = {}
    for each in (each for group in _CODE_PAGES for each in group):
        text = _decoded(content, each)
        if text is not None:
            known[each] = _known_heads(text)
    most = max(known.values(), default=0)
    for group in _CODE_PAGES:
        best = [each for each in group if known.get(each) == most]
        if best:
            return _decoded(content, _likeliest(content, best))
    return None


def _likeliest(content: bytes, pages: Sequence[str]) -> str:
    """The library's choice; of the pages that write Latin letters, the western one if its words are whole."""
    found = from_bytes(content, cp_isolation=list(pages)).best() if len(pages) > 1 else None
    chosen = found.encoding if found is not None else pages[0]
    if chosen in LATIN and WESTERN in pages and _has_whole_words(content.decode(WESTERN)):
        return WESTERN
    return chosen


def _has_whole_words(text: str) -> bool:
    """Whether no sign stands between letters where another code page has a letter: ``³ód``."""
    return not any(sign > "\x7f" and not sign.isalpha() for word in _WORDS.findall(text) for sign in word)


def _known_heads(text: str) -> int:
    rows = (row for _, row in zip(range(_LOOKED_AT), _rows(text), strict=False))
    return max((sum(head_of(cell) is not None for cell in row) for row in rows), default=0)


def _rows(text: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))


def _separator(text: str) -> str:
    """The sign by which most lines have the same number of cells; a line ``sep=;`` says it itself."""
    lines = [line for line in text.splitlines() if line.strip()][:_LOOKED_AT]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == len("sep=;"):
        return lines[0].strip()[-1]

    def weight(separator: str) -> tuple[int, int]:
        widths = Counter(
            len(row) for row in csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=separator)
        )
        width, rows = max(widths.items(), key=lambda each: (each[0] > 1, each[1]), default=(1, 0))
        return (rows if width > 1 else 0, width)

    return max(SEPARATORS, key=weight)
