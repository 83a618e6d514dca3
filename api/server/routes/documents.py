"""Uploaded files: uploaded as multipart, downloaded as an attachment that no browser may run."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.contract.quotes import DocumentOut
from api.present.documents import attachment, document
from api.server.deps.call import Call, CallDep
from api.server.rate_limits import UPLOADS
from api.server.routes.serve import refusals
from core.access.permissions import Permission
from core.documents import service
from core.documents.kinds import ARCHIVE, clean_name
from core.documents.service import FetchDocument, UploadDocument
from core.kernel.errors import invalid
from core.kernel.ids import DocumentId
from core.kernel.limits import MAX_FILE_BYTES

router = APIRouter(tags=["documents"])

FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}


@dataclass(frozen=True)
class UploadedFile:
    """The one file of a form."""

    name: str
    content: bytes


async def uploaded_file(request: Request, call: CallDep) -> tuple[Call, UploadedFile]:
    """The one file of the form; the call's key is bound to its content, not to the form's boundary."""
    call.limit("upload", UPLOADS)
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid("/file", "file.missing", "send one file in the field 'file'", "quote.pdf")
        found = UploadedFile(file.filename or "file", await file.read())
    mark = hashlib.sha256(found.content).digest() + found.name.encode(errors="replace")
    return call.with_body(mark), found


UploadDep = Annotated[tuple[Call, UploadedFile], Depends(uploaded_file)]


@router.post(
    "/documents",
    status_code=201,
    response_model=DocumentOut,
    responses=refusals(403, 413, 415),
    operation_id="post_documents",
    summary="Upload a file: PDF, XLSX, CSV, PNG or JPEG, 10 MB at most.",
    openapi_extra={"requestBody": FORM},
)
async def upload(form: UploadDep) -> Response:
    """Upload a file."""
    call, file = form
    kind = await _kind_of(call, file)
    command = UploadDocument(file.name, file.content, call.services.store, call.services.scanner, kind)
    return await call.run(service.upload, command, document, 201)


async def _kind_of(call: Call, file: UploadedFile) -> str | None:
    """The media type of an archive; None for what is recognised on the way, or refused before it is looked at.

    What an archive unpacks to is looked through before the transaction begins, in a process of its own.
    """
    taken = len(file.content) <= MAX_FILE_BYTES and call.actor.may(Permission.documents_upload)
    if not taken or not file.content.startswith(ARCHIVE):
        return None
    async with call.services.archive_reader.turn(call.sender) as opened:
        return await opened.media_type(clean_name(file.name), file.content)


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as an attachment.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/documents/{id}",
    response_class=Response,
    responses={**refusals(403), **_FILE},
    operation_id="get_documents_id",
    summary="Download a file.",
)
async def download(call: CallDep, id: UUID) -> Response:
    """Download a file."""
    return await call.read(service.fetch, FetchDocument(DocumentId(id), call.services.store), attachment)
