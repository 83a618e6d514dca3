"""Refusals of the documents slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


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
