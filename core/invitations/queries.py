"""The read models of RFQs: with the reading vendor's own quote, the files, and what was asked and answered."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.clarifications import repo as clarifications
from core.clarifications.actions import as_read_by
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.invitations.model import RfqView
from core.invitations.repo import shown_of_rfqs
from core.kernel.ids import RfqId
from core.kernel.pagination import Page
from core.people.errors import OrganisationMissing
from core.people.tables import organisation
from core.quotes import repo as quotes
from core.quotes.model import QuoteDetails
from core.requests.tables import procurement_requests
from core.rfqs import policy
from core.rfqs import repo as rfqs
from core.rfqs.actions import actions_of
from core.rfqs.model import Rfq, RfqDetails, RfqFilter
from core.uow import Uow

_P = procurement_requests.c
_NAMES = Prebuilt(
    select(
        _P.id, _P.number, _P.cost_centre, select(organisation.c.name).scalar_subquery().label("buyer")
    ).where(_P.id == any_(bindparam("requests", type_=ARRAY(Id))))
)


@requires(Permission.rfqs_read)
async def show(uow: Uow, actor: Actor, rfq_id: RfqId) -> RfqView:
    """One RFQ, if this person may see it; a vendor sees only its own part."""
    return (await _views(uow, actor, [await rfqs.visible_to(uow, actor, rfq_id)]))[0]


@requires(Permission.rfqs_read)
async def listing(uow: Uow, actor: Actor, filters: RfqFilter) -> Page[RfqView]:
    """RFQs, newest first: a vendor's own, an officer's, or all."""
    page = await rfqs.page(uow, actor, filters)
    return page.with_items(await _views(uow, actor, page.items))


async def _views(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> tuple[RfqView, ...]:
    """In a fixed number of statements, however many there are."""
    if not found:
        return ()
    ids = [rfq.id for rfq in found]
    own = await _own_quotes(uow, actor, found)
    files = await quotes.documents_of(uow, actor, ids)
    discussions = await clarifications.discussions(uow, ids)
    return tuple(
        RfqView(
            each,
            own.get(each.rfq.id),
            files[each.rfq.id],
            as_read_by(actor, each.rfq, discussions[each.rfq.id], uow.now),
        )
        for each in await _details(uow, actor, found)
    )


async def _own_quotes(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> dict[UUID, QuoteDetails]:
    if actor.vendor_id is None:
        return {}
    own = await shown_of_rfqs(uow, [rfq.id for rfq in found], actor.vendor_id)
    shown = await quotes.details_of_all(uow, actor, list(own.values()), {rfq.id: rfq for rfq in found})
    return {item.quote.rfq_id: item for item in shown}


async def _details(uow: Uow, actor: Actor, found: Sequence[Rfq]) -> list[RfqDetails]:
    """RFQs with names; what a vendor must not see is removed here."""
    asked = await uow.connection.execute(_NAMES, {"requests": [rfq.request_id for rfq in found]})
    names = {row.id: row for row in asked}
    if any(row.buyer is None for row in names.values()):
        raise OrganisationMissing()
    return [
        policy.details_for(
            actor,
            rfq,
            names[rfq.request_id].number,
            names[rfq.request_id].cost_centre,
            names[rfq.request_id].buyer,
            actions_of(actor, rfq, uow.now),
        )
        for rfq in found
    ]
