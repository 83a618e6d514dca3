"""What can be asked about documents; the store and the scanner are handed in by the edge."""

from dataclasses import dataclass, field

from core.documents.scan import KnownTestFile, Scanner
from core.documents.store import Store
from core.kernel.ids import DocumentId


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes = field(repr=False)
    store: Store
    scanner: Scanner = field(default_factory=KnownTestFile)


@dataclass(frozen=True)
class Fetch:
    document_id: DocumentId
    store: Store
