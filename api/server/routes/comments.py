"""Comments on a request."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import comments as wire
from api.contract import endpoints as e
from api.present import comments as present
from api.server.deps.call import CallDep
from api.server.routes.serve import LIMIT, Cursor, PageLimit, serve
from core.comments import queries, service
from core.comments.commands import AddComment
from core.comments.queries import CommentFilter
from core.kernel.ids import RequestId

router = APIRouter()


@serve(router, e.comment, tag="requests")
async def comment(call: CallDep, id: UUID, body: wire.CommentIn) -> Response:
    """Comment on a request, even when it has ended; everybody involved is notified."""
    return await call.run(service.add_comment, AddComment(RequestId(id), body.text), present.comment, 201)


@serve(router, e.list_comments, tag="requests")
async def listing(call: CallDep, id: UUID, cursor: Cursor = None, limit: PageLimit = LIMIT) -> Response:
    """The comments on a request, newest last."""
    return await call.read(queries.listing, CommentFilter(RequestId(id), cursor, limit), present.comments)
