"""A vendor's own file, read as its answer to an RFQ."""

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from api.contract import endpoints as e
from api.contract import file_quotes as wire
from api.server.deps.call import CallDep
from api.server.file_answers import FileForRfq, read_for
from api.server.rate_limits import UPLOADS
from api.server.routes.serve import serve
from core.documents.service import FetchDocument
from core.kernel.ids import DocumentId, RfqId

router = APIRouter()


@serve(router, e.read_quote_file, tag="vendors")
async def read_file(call: CallDep, body: wire.ReadQuoteFileIn) -> Response:
    """What an uploaded PDF, XLSX or CSV says of each line, and what it leaves open; nothing is stored."""
    call.limit("read_file", UPLOADS)
    fetch = FetchDocument(DocumentId(body.document_id), call.services.store)
    read = await read_for(call, FileForRfq(RfqId(body.rfq_id), fetch))
    return JSONResponse(read.model_dump(mode="json"))
