"""What a file is, by its content and its name; both must agree.

One rule: nothing is believed that the sender says; an archive is counted while it inflates, not by its header.
"""

import io
import re
import unicodedata
import zipfile

from core.kernel.errors import UnsupportedMedia

ACCEPTED = "PDF, XLSX, CSV, PNG, JPEG"
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
MOST_ENTRIES, MOST_BYTES, MOST_RATIO = 1000, 100_000_000, 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BY_NAME = {
    "pdf": "application/pdf",
    "xlsx": XLSX,
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def media_type_of(name: str, content: bytes) -> str:
    """The media type, or UnsupportedMedia when name and content do not agree or the kind is not taken."""
    by_name = _BY_NAME.get(name.rpartition(".")[2].lower(), "")
    by_content = _by_content(content)
    if not by_name or by_name != by_content:
        raise UnsupportedMedia(accepted=ACCEPTED)
    return by_name


def _by_content(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return XLSX if _is_plain_workbook(content) else ""
    return "text/csv" if _is_text(content) else ""


def _is_plain_workbook(content: bytes) -> bool:
    """An XLSX without macros, not encrypted, that does not blow up when it is opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            wanted = "[Content_Types].xml" in names and "xl/workbook.xml" in names
            macros = any(name.lower().endswith("vbaproject.bin") for name in names)
            locked = any(entry.flag_bits & 1 for entry in entries)
            return (
                wanted
                and not macros
                and not locked
                and _inflates_within_limits(archive, entries, len(content))
            )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError):
        return False


def _inflates_within_limits(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size: int) -> bool:
    if len(entries) > MOST_ENTRIES:
        return False
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            while part := stream.read(65_536):
                total += len(part)
                if total > MOST_BYTES or total > max(size, 1000) * MOST_RATIO:
                    return False
    return True


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(
        unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text
    )


def is_harmful(content: bytes) -> bool:
    """The hook for a scanner; knows the standard test file, a real one is set up by the operator."""
    return EICAR in content


def clean_name(name: str) -> str:
    """A file name without path, control and direction marks; never empty."""
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign) not in ("Cc", "Cf", "Cs")).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:150] or 'file'}{dot}{ending[:10]}" if dot else kept[:150] or "file"
