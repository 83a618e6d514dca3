"""Checks whether an archive is a plain workbook that is safe to open.

One rule: an archive is measured while it is unpacked, not by what its header says.

Refused are macros in both their forms, encryption, links and paths that point outside the archive, two
entries of the same name, bytes before or after the archive, archives inside it, and XML that declares entities or
names a file to read them from. No XML is parsed here: a declaration is found by its words.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

MAX_ENTRIES, MAX_BYTES, MAX_RATIO = 1000, 100_000_000, 100
_PART = 65_536
_OVERLAP = 128
"""Of one part of an entry with the next, so that words on the border are found."""
_NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
"""How archives and what is compressed again begin."""
_DECLARATIONS = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    ValueError,
    RuntimeError,
    OSError,
)
_MACROS = ("vbaproject.bin", "vbadata.xml")
_ACTIVE = ("xl/macrosheets/", "xl/activex/", "xl/embeddings/", "xl/externallinks/")
_SMALL = 1000
"""Below this size an archive may unpack to more than a hundred times its size: empty sheets compress well."""


def is_plain_workbook(content: bytes) -> bool:
    """Whether this is an unencrypted XLSX without macros that is not a decompression bomb."""
    try:
        if not _ends_with_its_directory(content):
            return False
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            return (
                len(entries) <= MAX_ENTRIES
                and len(set(names)) == len(names)
                and {"[Content_Types].xml", "xl/workbook.xml"} <= set(names)
                and all(_is_harmless(entry) for entry in entries)
                and _is_plain_inside(archive, entries, len(content))
                and b"macroEnabled" not in archive.read("[Content_Types].xml")
            )
    except _UNREADABLE:
        return False


def is_bomb(content: bytes) -> bool:
    """Whether an archive that is refused has too many entries, or unpacks to more than the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries, total = archive.infolist(), 0
            for entry in entries[:MAX_ENTRIES]:
                for _, new in windows(archive, entry):
                    total += new
                    if total > _max_unpacked(len(content)):
                        return True
            return len(entries) > MAX_ENTRIES
    except _UNREADABLE:
        return False


def _ends_with_its_directory(content: bytes) -> bool:
    """Nothing follows the end record, and the directory is where the record says."""
    at = content.rfind(b"PK\x05\x06")
    if at < 0 or len(content) - at < 22:
        return False
    size, offset, comment = map(int, struct.unpack_from("<IIH", content, at + 12))
    return at + 22 + comment == len(content) and offset + size == at


def _is_harmless(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.lower().replace("\\", "/")
    outside = name.startswith("/") or ".." in name.split("/") or ":" in name
    link = stat.S_ISLNK(entry.external_attr >> 16)
    active = name.endswith(_MACROS) or name.startswith(_ACTIVE)
    return not (outside or link or active or entry.flag_bits & 0x1)


def _is_plain_inside(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> bool:
    max_size, total = _max_unpacked(size), 0
    for entry in entries:
        for number, (window, new) in enumerate(windows(archive, entry)):
            total += new
            if total > max_size or (number == 0 and window.startswith(_NESTED)) or _declares(window):
                return False
    return True


def _max_unpacked(size: int) -> int:
    """How many bytes an archive of this size may unpack to."""
    return min(MAX_BYTES, max(size, _SMALL) * MAX_RATIO)


def windows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """The entry piece by piece, each with the end of the one before, and how many bytes of it are new."""
    end = b""
    with archive.open(entry) as stream:
        while part := stream.read(_PART):
            yield end + part, len(part)
            end = (end + part)[-_OVERLAP:]


def _declares(window: bytes) -> bool:
    """In one byte per letter, or in two."""
    return bool(
        _DECLARATIONS.search(window) or (b"\0" in window and _DECLARATIONS.search(window.replace(b"\0", b"")))
    )
