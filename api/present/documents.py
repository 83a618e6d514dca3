"""Documents: read model to wire, and the bytes as an attachment that no browser shows, guesses or runs."""

from urllib.parse import quote

from starlette.responses import Response

from api.contract.quotes import DocumentOut
from core.documents.service import Document, Fetched


def document(of: Document) -> DocumentOut:
    return DocumentOut(id=of.id, name=of.name, media_type=of.media_type, size=of.size, sha256=of.sha256)


def attachment(of: Fetched) -> Response:
    """The bytes, for saving only."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(of.document.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(of.content, media_type=of.document.media_type, headers=headers)
