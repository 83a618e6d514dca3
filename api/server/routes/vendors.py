"""The vendor file."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as people_wire
from api.contract import vendors as wire
from api.contract.values import SearchText
from api.present import people as people_present
from api.present import vendors as present
from api.server.deps.call import CallDep
from api.server.routes.auth import SettingsDep
from api.server.routes.serve import LIMIT, Counted, Cursor, PageLimit, serve
from core.db.pages import PageQuery
from core.kernel.ids import PersonId, VendorId
from core.vendors import queries, service
from core.vendors.commands import CreateVendor, LinkContact, NewContact
from core.vendors.queries import VendorFilter

router = APIRouter()


@serve(router, e.list_vendors, tag="vendors")
async def listing(
    call: CallDep,
    q: SearchText | None = None,
    category: SearchText | None = None,
    cursor: Cursor = None,
    limit: PageLimit = LIMIT,
    counted: Counted = False,
) -> Response:
    """The central vendor list; ``q`` searches names and categories."""
    filters = VendorFilter(q, category, PageQuery(cursor, limit, counted))
    return await call.read(queries.listing, filters, present.vendors)


@serve(router, e.create_vendor, tag="vendors")
async def create(call: CallDep, body: wire.VendorIn) -> Response:
    """Add a vendor with its first contact."""
    contact = NewContact(body.contact.name, body.contact.email, body.contact.locale)
    command = CreateVendor(body.name, body.category, body.currency, body.country, contact)
    return await call.run(service.create_vendor, command, present.vendor, 201)


@serve(router, e.show_vendor, tag="vendors")
async def show(call: CallDep, id: UUID) -> Response:
    """One vendor with its contacts."""
    return await call.read(queries.show, VendorId(id), present.vendor)


@serve(router, e.link_vendor, tag="vendors")
async def link(call: CallDep, id: UUID, body: people_wire.LinkIn, settings: SettingsDep) -> Response:
    """A one-time invitation for a vendor's contact; valid for seven days."""
    command = LinkContact(VendorId(id), PersonId(body.person_id) if body.person_id else None)
    return await call.without_key().run(
        service.link_contact, command, people_present.link(settings.link_url), 201
    )
