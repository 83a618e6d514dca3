"""Refusals of the documents slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class QuotaFull(Conflict):
    """This vendor has stored as much as it may."""

    limit: str
    code: ClassVar[str] = "documents.quota"


@dataclass(eq=False)
class Quarantined(Conflict):
    """The file was found harmful and is not served."""

    name: str
    code: ClassVar[str] = "documents.quarantined"
