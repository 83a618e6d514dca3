"""The place of a virus scanner: it is asked about every upload, and what it cannot clear is kept apart.

One rule: no answer is no clearance. A scanner that is down raises ScannerDown, and the file is quarantined.
"""

import io
import zipfile
from typing import Protocol

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class ScannerDown(Exception):
    """The scanner did not answer; nobody knows whether the file is harmful."""


class Scanner(Protocol):
    """Called in a thread; may take its time."""

    def is_harmful(self, content: bytes) -> bool: ...


class EicarScanner:
    """Knows the industry's harmless test file, alone or inside an archive that was checked before.

    An operator sets a real scanner in its place; signatures are not shipped with Parley.
    """

    def is_harmful(self, content: bytes) -> bool:
        if EICAR in content:
            return True
        if not content.startswith(b"PK\x03\x04"):
            return False
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(EICAR in archive.read(entry) for entry in archive.infolist())


def passes_scan(scanner: Scanner, content: bytes) -> bool:
    """Whether the scanner says that the file is harmless."""
    try:
        return not scanner.is_harmful(content)
    except ScannerDown:
        return False
