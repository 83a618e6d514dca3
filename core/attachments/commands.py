"""The command that attaches files to a request."""

from dataclasses import dataclass

from core.kernel.ids import DocumentId, RequestId


@dataclass(frozen=True)
class AttachFiles:
    """``inside``: for those who decide; such a file never goes to a vendor."""

    request_id: RequestId
    document_ids: tuple[DocumentId, ...]
    inside: bool
