"""Links for vendors' contacts who have neither an account nor a chat: made, renewed and revoked by procurement."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import vendor_links as wire
from api.present import vendor_links as present
from api.server.deps.call import Call, CallDep
from api.server.routes.auth import SettingsDep
from api.server.routes.serve import serve
from api.server.settings import ApiSettings
from core.kernel.ids import LinkId, PersonId, VendorId
from core.vendor_links import queries, service
from core.vendor_links.commands import MakeVendorLink, RevokeVendorLink
from core.vendor_links.model import LinkKind, LinkSubject

router = APIRouter()


@serve(router, e.link_to_rfq, tag="vendors")
async def link_to_rfq(call: CallDep, id: UUID, body: wire.VendorLinkIn, settings: SettingsDep) -> Response:
    """A link with which a contact of an asked vendor opens the RFQ; their earlier ones to it end."""
    return await _made(call, LinkSubject(LinkKind.rfq, id), body, settings)


@serve(router, e.link_to_order, tag="vendors")
async def link_to_order(call: CallDep, id: UUID, body: wire.VendorLinkIn, settings: SettingsDep) -> Response:
    """A link with which a contact of the order's vendor opens the order; their earlier ones to it end."""
    return await _made(call, LinkSubject(LinkKind.order, id), body, settings)


async def _made(call: Call, about: LinkSubject, body: wire.VendorLinkIn, settings: ApiSettings) -> Response:
    person = PersonId(body.person_id) if body.person_id is not None else None
    command = MakeVendorLink(about, VendorId(body.vendor_id), person)
    shown = present.vendor_link(settings.public_url)
    return await call.without_key().run(service.make_link, command, shown, 201)


@serve(router, e.rfq_links, tag="vendors")
async def rfq_links(call: CallDep, id: UUID) -> Response:
    """The links to the RFQ: whose they are, what became of them, and in which browsers their contacts may act."""
    return await call.read(queries.links_to, (LinkSubject(LinkKind.rfq, id),), present.known_links)


@serve(router, e.order_links, tag="vendors")
async def order_links(call: CallDep, id: UUID) -> Response:
    """The links to the order, likewise."""
    return await call.read(queries.links_to, (LinkSubject(LinkKind.order, id),), present.known_links)


@serve(router, e.vendor_links, tag="vendors")
async def vendor_links(call: CallDep, id: UUID) -> Response:
    """The links of the vendor's contacts, to whatever."""
    return await call.read(queries.links_of_vendor, VendorId(id), present.known_links)


@serve(router, e.revoke_vendor_link, tag="vendors")
async def revoke(call: CallDep, id: UUID) -> Response:
    """From now on the link opens nothing, and its holder gets no new one."""
    return await call.run(service.revoke_link, RevokeVendorLink(LinkId(id)), lambda _: None)
