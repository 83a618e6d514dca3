"""Pages of a vendor's own PDF as pictures, for the form that was filled from it.

One rule: whoever may not fetch the file sees no page of it.
"""

from starlette.responses import Response

from api.server.rate_limits import PICTURES
from api.web.portal import guests
from api.web.portal.rfq_pages import id_of
from api.web.room import get
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.documents import service as documents
from core.documents.service import FetchDocument, FetchedDocument
from core.kernel.errors import NotFound
from core.kernel.ids import DocumentId
from core.uow import Uow

PDF = "application/pdf"


async def page_picture(visitor: Visitor) -> Response:
    """A page by its number from 1; NotFound for another kind of file."""
    guests.by_session(visitor)
    number = str(visitor.request.path_params["page"])
    wanted = FetchDocument(DocumentId(id_of(visitor)), visitor.services.store)

    async def work(uow: Uow, actor: Actor) -> FetchedDocument:
        return await documents.fetch(uow, actor, wanted)

    if not (number.isdecimal() and len(number) < 4):
        raise NotFound(what="path")
    call = visitor.call(None, b"")
    async with visitor.services.file_reader.turn(call.sender) as opened:
        file = await visitor.read("documents", work)
        if file.document.media_type != PDF:
            raise NotFound(what="path")
        call.limit("page_picture", PICTURES)
        picture = await opened.picture(file.content, int(number))
    if picture is None:
        raise NotFound(what="path")
    return Response(picture, media_type="image/png")


ROUTES = (get("/portal/files/{id}/pages/{page}", page_picture),)
