"""The commands of documents; the edge supplies the store and the scanner."""

from dataclasses import dataclass, field

from core.documents.scan import EicarScanner, Scanner
from core.documents.store import DocumentStore
from core.kernel.ids import DocumentId


@dataclass(frozen=True)
class UploadDocument:
    """``media_type`` is what somebody else has found by looking through the content, name and all."""

    name: str
    content: bytes = field(repr=False)
    store: DocumentStore
    scanner: Scanner = field(default_factory=EicarScanner)
    media_type: str | None = None


@dataclass(frozen=True)
class FetchDocument:
    document_id: DocumentId
    store: DocumentStore
