"""The interface of the virus scanner; a file that it does not clear is quarantined.

One rule: no answer is no clearance, so a scanner that is down raises ScannerDown and the file is quarantined.
"""

import io
import subprocess
import zipfile
from collections.abc import Sequence
from typing import Protocol

from core.documents.archives import windows

SCAN_SECONDS = 30
EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class ScannerDown(Exception):
    """The scanner did not answer, so nobody knows whether the file is harmful."""


class Scanner(Protocol):
    """Called in a thread, so it may be slow."""

    def is_harmful(self, content: bytes) -> bool: ...


class EicarScanner:
    """Recognises the industry's harmless test file, by itself or inside an archive that passed the check.

    An operator names a real scanner; Parley ships no signatures.
    """

    def is_harmful(self, content: bytes) -> bool:
        if EICAR in content:
            return True
        if not content.startswith(b"PK\x03\x04"):
            return False
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(
                EICAR in window for entry in archive.infolist() for window, _ in windows(archive, entry)
            )


class CommandScanner:
    """A program that gets the file on its input: it ends with 0 when it is harmless and with 1 when it is not.

    ``clamdscan -`` does so. Any other end, or none in time, is no answer.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def is_harmful(self, content: bytes) -> bool:
        try:
            ended = subprocess.run(
                self._command, input=content, capture_output=True, timeout=SCAN_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScannerDown from error
        if ended.returncode not in (0, 1):
            raise ScannerDown
        return ended.returncode == 1


def passes_scan(scanner: Scanner, content: bytes) -> bool:
    """Whether the scanner says that the file is harmless."""
    try:
        return not scanner.is_harmful(content)
    except ScannerDown:
        return False
