"""The files of a request."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import attachments as wire
from api.contract import endpoints as e
from api.present import attachments as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.attachments import queries, service
from core.attachments.commands import AttachFiles
from core.kernel.ids import DocumentId, RequestId

router = APIRouter()


@serve(router, e.attach_files, tag="requests")
async def attach(call: CallDep, id: UUID, body: wire.AttachIn) -> Response:
    """Attach uploaded files to a request; they go to vendors only when an officer chooses them for an RFQ."""
    documents = tuple(DocumentId(document) for document in body.document_ids)
    command = AttachFiles(RequestId(id), documents, body.inside)
    return await call.run(service.attach, command, present.files, 201)


@serve(router, e.list_files, tag="requests")
async def listing(call: CallDep, id: UUID) -> Response:
    """The files of a request that the caller may read."""
    return await call.read(queries.files, RequestId(id), present.files)
