"""What a link opens, its files, and a new link for whoever has an old one.

One rule: a GET uses nothing up, and a new link is promised with the same words to everybody.
"""

from uuid import UUID

from starlette.responses import RedirectResponse, Response

from api.present.documents import attachment
from api.server.rate_limits import LOGIN, host_of
from api.web import visitors
from api.web.portal import guests, order_pages, rfq_pages
from api.web.room import get, post
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.documents import service as documents
from core.documents.service import FetchDocument, FetchedDocument
from core.kernel.errors import NotFound
from core.kernel.ids import DocumentId
from core.uow import Uow
from core.vendor_links import service
from core.vendor_links.commands import WantLink
from core.vendor_links.model import LinkKind

MOST_IN_ADDRESS = 254


async def link_page(visitor: Visitor) -> Response:
    """The RFQ or order of the link, for looking; with this browser's own session, for acting too."""
    secret = str(visitor.request.path_params["secret"])
    try:
        guest, about = await guests.by_link(visitor, secret)
    except NotFound:
        nobody = visitors.stranger(visitor.request)
        return guests.drawn(nobody, None, "portal/over.html", 404, secret=secret, sent=False)
    if about.kind is LinkKind.order:
        return await order_pages.draw_order(visitor, guest, about.id)
    return await rfq_pages.draw_rfq(visitor, guest, about.id)


async def link_file(visitor: Visitor) -> Response:
    """A drawing or another file of the link's RFQ."""
    _, about = await guests.by_link(visitor, str(visitor.request.path_params["secret"]))
    wanted = str(visitor.request.path_params["id"])
    if about.kind is not LinkKind.rfq or wanted not in await rfq_pages.file_ids(visitor, about.id):
        raise NotFound(what="path")
    document = FetchDocument(DocumentId(UUID(wanted)), visitor.services.store)

    async def work(uow: Uow, actor: Actor) -> FetchedDocument:
        return await documents.fetch(uow, actor, document)

    answer = attachment(await visitor.read("documents", work))
    answer.headers["Referrer-Policy"] = guests.REFERRER
    return answer


async def link_sheet(visitor: Visitor) -> Response:
    """The lines of the link's RFQ as a spreadsheet."""
    guest, about = await guests.by_link(visitor, str(visitor.request.path_params["secret"]))
    if about.kind is not LinkKind.rfq:
        raise NotFound(what="path")
    return await rfq_pages.sheet_of(visitor, guest, about.id)


async def new_link_page(visitor: Visitor) -> Response:
    sent = visitor.request.query_params.get("sent") == "1"
    return guests.drawn(visitors.stranger(visitor.request), None, "portal/over.html", secret="", sent=sent)


async def want_link(visitor: Visitor) -> Response:
    """The same answer whether or not a link goes out."""
    nobody = visitors.stranger(visitor.request)
    host = host_of(visitor.request.client)
    await visitor.services.shared_limits.check(f"new-link:{host}", LOGIN)
    command = WantLink(
        visitor.typed.get("secret", ""), visitor.typed.get("email", "").strip()[:MOST_IN_ADDRESS]
    )

    async def work(uow: Uow, actor: Actor) -> None:
        await service.want_link(uow, actor, command)

    await nobody.run("vendor_links", work)
    return RedirectResponse("/portal/new-link?sent=1", 303)


ROUTES = (
    get("/portal/link/{secret}", link_page, public=True),
    get("/portal/link/{secret}/files/{id}", link_file, public=True),
    get("/portal/link/{secret}/quote.{kind}", link_sheet, public=True),
    get("/portal/new-link", new_link_page, public=True),
    post("/portal/new-link", want_link, public=True),
)
