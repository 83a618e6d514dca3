"""A document as the slice's functions pass it around."""

from dataclasses import dataclass
from enum import StrEnum

from core.kernel.ids import DocumentId


class DocumentState(StrEnum):
    clean = "clean"
    quarantined = "quarantined"


@dataclass(frozen=True)
class Document:
    """What is known of a file; ``sha256`` is also the name of its bytes in the store."""

    id: DocumentId
    name: str
    media_type: str
    size: int
    sha256: str
    state: str


@dataclass(frozen=True)
class FetchedDocument:
    document: Document
    content: bytes
