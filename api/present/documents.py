"""Converts documents from read model to wire, and their bytes to an attachment.

One rule: a browser saves the attachment and never shows, sniffs or runs it.
"""

from urllib.parse import quote

from starlette.responses import Response

from api.contract.quotes import DocumentOut
from core.documents.service import Document, FetchedDocument


def document(source: Document) -> DocumentOut:
    return DocumentOut(
        id=source.id, name=source.name, media_type=source.media_type, size=source.size, sha256=source.sha256
    )


def attachment(source: FetchedDocument) -> Response:
    """The bytes, for saving only."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(source.document.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(source.content, media_type=source.document.media_type, headers=headers)
