"""The vendor file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as people_wire
from api.contract import vendors as wire
from api.present import people as people_present
from api.present import vendors as present
from api.server.deps.call import CallDep
from api.server.routes.auth import SettingsDep
from api.server.routes.serve import serve
from core.db.pages import PageQuery
from core.kernel.ids import PersonId, VendorId
from core.vendors import queries, service
from core.vendors.commands import (
    AddContact,
    ApproveVendor,
    CreateVendor,
    EditVendor,
    HoldVendor,
    LinkContact,
    NewContact,
    ReleaseVendor,
    SetCategories,
)
from core.vendors.model import HoldKind, VendorFilter

router = APIRouter()


@serve(router, e.list_vendors, tag="vendors")
async def listing(call: CallDep, query: Annotated[wire.VendorQuery, Query()]) -> Response:
    """The central vendor list; ``q`` searches names and categories."""
    page = PageQuery(query.cursor, query.limit, query.counted)
    filters = VendorFilter(query.q, query.category, page, query.state, query.country, query.currency)
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
    """A one-time invitation for a vendor's contact; valid for seven days.

    Whoever has it can act as that contact, so it is dangerous.
    """
    command = LinkContact(VendorId(id), PersonId(body.person_id) if body.person_id else None)
    return (
        await call.without_key()
        .proved()
        .run(service.link_contact, command, people_present.link(settings.link_url), 201)
    )


@serve(router, e.edit_vendor, tag="vendors")
async def edit(call: CallDep, id: UUID, body: wire.VendorPatch) -> Response:
    """Correct name, category, currency or country; a field that is not sent stays as it is."""
    command = EditVendor(
        VendorId(id),
        frozenset(body.model_dump(exclude_none=True)),
        body.expected_version,
        name=body.name or "",
        category=body.category or "",
        currency=body.currency or "",
        country=body.country or "",
    )
    return await call.run(service.edit_vendor, command, present.vendor)


@serve(router, e.add_contact, tag="vendors")
async def add_contact(call: CallDep, id: UUID, body: wire.ContactIn) -> Response:
    """Add another contact, who works for the vendor under their own name."""
    command = AddContact(VendorId(id), NewContact(body.name, body.email, body.locale))
    return await call.run(service.add_contact, command, present.vendor, 201)


@serve(router, e.approve_vendor, tag="vendors")
async def approve(call: CallDep, id: UUID, body: wire.VendorApprovalIn) -> Response:
    """Record until when the vendor is approved; after that day it is not asked and gets no orders."""
    return await call.run(service.approve_vendor, ApproveVendor(VendorId(id), body.until), present.vendor)


@serve(router, e.hold_vendor, tag="vendors")
async def hold(call: CallDep, id: UUID, body: wire.HoldIn) -> Response:
    """Hold the vendor from RFQs, from orders or from both; again of the same kind replaces the hold."""
    command = HoldVendor(VendorId(id), HoldKind(body.kind), body.reason, body.until)
    return await call.run(service.hold_vendor, command, present.vendor)


@serve(router, e.release_vendor, tag="vendors")
async def release(call: CallDep, id: UUID, kind: HoldKind) -> Response:
    """End a hold before its day."""
    return await call.run(service.release_vendor, ReleaseVendor(VendorId(id), kind), present.vendor)


@serve(router, e.list_categories, tag="vendors")
async def categories(call: CallDep) -> Response:
    """The categories of vendors that administrators keep; none: any is allowed."""
    return await call.read_for_caller(queries.list_categories, present.categories)


@serve(router, e.set_categories, tag="vendors")
async def set_categories(call: CallDep, body: wire.CategoriesIn) -> Response:
    """Set the whole list; vendors keep the category they have until somebody edits it."""
    return await call.run(service.set_categories, SetCategories(body.names), present.categories)
