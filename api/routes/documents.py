"""Uploaded files."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, File, Request, UploadFile
from starlette.responses import Response

from api.contract.sourcing import DocumentOut
from api.deps.call import CallDep
from core.documents import service
from core.documents.service import Document, Fetch, Upload
from core.documents.store import Store
from core.kernel.ids import DocumentId

router = APIRouter()


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


StoreDep = Annotated[Store, Depends(store_of)]


def _present(of: Document) -> DocumentOut:
    return DocumentOut(id=of.id, name=of.name, media_type=of.media_type, size=of.size, sha256=of.sha256)


@router.post(
    "/documents",
    status_code=201,
    response_model=DocumentOut,
    tags=["documents"],
    operation_id="post_documents",
)
async def upload(call: CallDep, store: StoreDep, file: Annotated[UploadFile, File()]) -> Response:
    """Upload a PDF, XLSX, CSV, PNG or JPEG, 10 MB at most; content and name must agree."""
    command = Upload(file.filename or "file", await file.read(), store)
    return await call.run(service.upload, command, _present, 201)


@router.get("/documents/{id}", tags=["documents"], operation_id="get_documents_id", response_class=Response)
async def download(call: CallDep, store: StoreDep, id: UUID) -> Response:
    """A document's bytes, as an attachment."""
    found = await call.find(service.fetch, Fetch(DocumentId(id), store))
    name = quote(found.document.name)
    return Response(
        found.content,
        media_type=found.document.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )
