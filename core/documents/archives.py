"""Checks whether an archive is a plain workbook that is safe to open.

One rule: an archive is measured while it is unpacked, not by what its header says.

Refused are macros in both their forms, encryption, links and paths that point outside the archive, two
entries of the same name, and bytes before or after the archive.
"""

import io
import stat
import struct
import zipfile
import zlib

MAX_ENTRIES, MAX_BYTES, MAX_RATIO = 1000, 100_000_000, 100
_PART = 65_536
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
                and _inflates_within_limits(archive, entries, len(content))
                and b"macroEnabled" not in archive.read("[Content_Types].xml")
            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
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


def _inflates_within_limits(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> bool:
    max_size = min(MAX_BYTES, max(size, _SMALL) * MAX_RATIO)
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            while part := stream.read(_PART):
                total += len(part)
                if total > max_size:
                    return False
    return True
