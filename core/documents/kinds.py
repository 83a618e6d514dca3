"""The type of a file, by its content and its name; both must agree.

One rule: nothing that the sender claims is believed.

A picture or PDF is checked from its first byte to its last, so that nothing is hidden behind it; archives are
checked in ``archives``.
"""

import contextlib
import re
import struct
import unicodedata
import zlib

from core.documents.archives import is_bomb, is_plain_workbook
from core.documents.errors import Damaged, Locked, Oversized, WrongEncoding, WrongKind
from core.kernel.errors import UnsupportedMedia

ACCEPTED = "PDF, XLSX, CSV, PNG, JPEG"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_PIXELS = 100_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_OLE = b"\xd0\xcf\x11\xe0"
"""How a workbook with a password begins, and an old one."""
ARCHIVE = b"PK\x03\x04"
_MARKS = {b"%PDF-": "application/pdf", _PNG: "image/png", b"\xff\xd8\xff": "image/jpeg", ARCHIVE: XLSX}
_BY_NAME = {
    "pdf": "application/pdf",
    "xlsx": XLSX,
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def media_type_of(name: str, content: bytes) -> str:
    """The media type, or the refusal that says why not: WrongKind, Damaged, Locked, Oversized or WrongEncoding."""
    by_name = _BY_NAME.get(name.rpartition(".")[2].lower(), "")
    if by_name and by_name == _by_content(content):
        return by_name
    raise _refusal(by_name, content)(accepted=ACCEPTED)


def _refusal(by_name: str, content: bytes) -> type[UnsupportedMedia]:
    """What the sender can do about it differs: send another kind, another copy, or save it differently."""
    begins_as = next((kind for mark, kind in _MARKS.items() if content.startswith(mark)), "")
    if by_name == XLSX and content.startswith(_OLE):
        return Locked
    if by_name == "text/csv" and not begins_as and _as_utf8(content) is None:
        return WrongEncoding
    if not by_name or begins_as != by_name:
        return WrongKind
    if by_name == XLSX and is_bomb(content):
        return Oversized
    return Locked if by_name == "application/pdf" and b"/Encrypt" in content else Damaged


def _by_content(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return "application/pdf" if _is_whole_pdf(content) else ""
    if content.startswith(_PNG):
        return "image/png" if _is_whole_png(content) else ""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg" if _is_whole_jpeg(content) else ""
    if content.startswith(ARCHIVE):
        return XLSX if is_plain_workbook(content) else ""
    return "text/csv" if _is_text(content) else ""


def _is_whole_pdf(content: bytes) -> bool:
    """Complete, readable without a password, and not an archive at the same time."""
    tail = content[-1024:].rstrip(b"\0\t\n\f\r ")
    return tail.endswith(b"%%EOF") and b"/Encrypt" not in content


def _is_whole_png(content: bytes) -> bool:
    """Every chunk has its checksum, the picture has a reasonable size, and nothing follows the last chunk."""
    position, first = len(_PNG), True
    while position + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, position)
        kind = content[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(content) or first != (kind == b"IHDR"):
            return False
        (checksum,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[position + 4 : end - 4]) != checksum:
            return False
        if first and (length != 13 or not _is_sane(*struct.unpack_from(">II", content, position + 8))):
            return False
        if kind == b"IEND":
            return bool(end == len(content))
        position, first = end, False
    return False


def _is_whole_jpeg(content: bytes) -> bool:
    """Segments up to a frame of a reasonable size, and an end marker at the end."""
    if not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        return False
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        kind, length = content[position + 1], struct.unpack_from(">H", content, position + 2)[0]
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            return _is_sane(*struct.unpack_from(">HH", content, position + 5))
        position += 2 + length
    return False


def _is_sane(width: int, height: int) -> bool:
    return width * height in range(1, MOST_PIXELS)


def _is_text(content: bytes) -> bool:
    """Text in UTF-8, UTF-16 or a code page, in which no byte controls anything but lines and columns."""
    if b"\0" in content or content.startswith(_UTF16):
        text = _as_utf16(content)
    else:
        text = _as_utf8(content) or content.decode("latin-1").translate(_CODE_PAGE_LETTERS)
    return bool(text.strip()) and not any(
        unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text
    )


_SEPARATORS = frozenset("\n\r\t,;|")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CODE_PAGE_LETTERS = dict.fromkeys(range(0x80, 0xA0), "?")
"""What controls a terminal in Latin-1 is a letter or a sign in the code pages that people use."""


def _as_utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _as_utf16(content: bytes) -> str:
    """The text by its mark, or in the byte order in which it has a line or a column; empty when it is none.

    Nearly all bytes with a zero among them read as letters of some script.
    """
    for order in ("utf-16",) if content.startswith(_UTF16) else ("utf-16-le", "utf-16-be"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(order)
            if order == "utf-16" or set(text) & _SEPARATORS:
                return text
    return ""


def clean_name(name: str) -> str:
    """A file name without paths, control characters and direction marks; never empty."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in _NOT_IN_NAMES).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem.strip()[:150] or 'file'}{dot}{ending[:10]}" if dot else kept[:150] or "file"


_NOT_IN_NAMES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
