"""The one SELECT before vendors are asked: the request, the next number, and how the vendors stand."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.base import Id
from core.db.batches import nested
from core.db.compiled import Prebuilt
from core.db.counters import rfq_numbers
from core.kernel.errors import first_or_not_found
from core.kernel.ids import VendorId
from core.people.tables import organisation
from core.requests import repo as requests
from core.requests.model import Request
from core.rfqs.repo import has_chat, is_undecided, is_without_choice
from core.rfqs.tables import rfqs
from core.sourcing.model import AskedVendor, AskedVendors
from core.uow import Uow
from core.vendors.model import Standing
from core.vendors.repo import holds_of
from core.vendors.tables import vendor_holds, vendors

_R = rfqs.c
_BUYER = select(organisation.c.name).scalar_subquery()
_APPROVAL_NEEDED = select(organisation.c.vendors_need_approval).scalar_subquery()
_OF_SAME = _R.request_id == bindparam("request")
_EARLIER = select(_R.number).where(_OF_SAME, is_undecided()).order_by(_R.id.desc()).limit(1).scalar_subquery()
_LEFT = and_(_OF_SAME, is_without_choice())
_ASKED_ID = bindparam("vendors", type_=ARRAY(Id))
_ASKED = nested(
    vendors.c.id,
    vendors.c.name,
    vendors.c.approved_until,
    has_chat(vendors.c.id),
    where=vendors.c.id == any_(_ASKED_ID),
    order_by=vendors.c.id,
)
_HELD = nested(
    vendor_holds.c.vendor_id,
    vendor_holds.c.kind,
    vendor_holds.c.reason,
    vendor_holds.c.until,
    vendor_holds.c.by_score,
    where=vendor_holds.c.vendor_id == any_(_ASKED_ID),
    order_by=vendor_holds.c.kind,
)
_NUMBER = select(rfq_numbers.next_value()).scalar_subquery()
_PREPARE = {
    all_of_them: Prebuilt(
        query.add_columns(
            _ASKED.label("vendors"),
            _HELD.label("held"),
            _APPROVAL_NEEDED.label("approval_needed"),
            _BUYER.label("buyer"),
            _NUMBER.label("next_number"),
            _EARLIER.label("earlier"),
            select(_R.id).where(_LEFT).limit(1).scalar_subquery().label("passed_over"),
        )
    )
    for all_of_them, query in requests.VISIBLE_BY_ID.items()
}


async def prepare(
    uow: Uow, actor: Actor, request_id: UUID, vendor_ids: Sequence[VendorId]
) -> tuple[Request, AskedVendors]:
    """The request, as this person may see it, the next number, and how those of these vendors stand that exist."""
    statement = _PREPARE[actor.may(Permission.requests_read_all)]
    facts = {"id": request_id, "person": actor.person_id, "request": request_id, "vendors": list(vendor_ids)}
    found = (await uow.connection.execute(statement, facts)).all()
    row = first_or_not_found(found, what="request")
    known = {
        vendor_id: AskedVendor(
            Standing(name, until, holds_of(each[1:] for each in row.held if each[0] == vendor_id)), reached
        )
        for vendor_id, name, until, reached in row.vendors
    }
    asked = AskedVendors(
        f"RFQ-{row.next_number}",
        row.buyer,
        row.earlier,
        row.passed_over,
        known,
        approval_needed=row.approval_needed,
    )
    return requests.kept(uow, row), asked
