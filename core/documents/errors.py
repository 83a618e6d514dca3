"""Refusals of the documents slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict, UnsupportedMedia

MAX_UNPACKED = "100 MB"


@dataclass(eq=False)
class QuotaFull(Conflict):
    """This vendor has used up its storage."""

    limit: str
    code: ClassVar[str] = "documents.quota"


@dataclass(eq=False)
class Quarantined(Conflict):
    """The file failed the virus scan and is not served."""

    name: str
    code: ClassVar[str] = "documents.quarantined"


@dataclass(eq=False)
class WrongKind(UnsupportedMedia):
    """No kind of file that is taken, or its ending says another kind than its content."""

    code: ClassVar[str] = "documents.kind"


@dataclass(eq=False)
class Damaged(UnsupportedMedia):
    """The right kind, but not whole, or with something in it or behind it that does not belong there."""

    code: ClassVar[str] = "documents.damaged"


@dataclass(eq=False)
class Locked(UnsupportedMedia):
    """It opens with a password only."""

    code: ClassVar[str] = "documents.locked"


@dataclass(eq=False)
class WrongEncoding(UnsupportedMedia):
    """A CSV whose bytes are text in no encoding that is known."""

    code: ClassVar[str] = "documents.encoding"


@dataclass(eq=False)
class Oversized(UnsupportedMedia):
    """A workbook that unpacks to more than is opened."""

    limit: str = MAX_UNPACKED
    code: ClassVar[str] = "documents.oversized"
