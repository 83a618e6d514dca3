"""The read model of an RFQ without quotes."""

from sqlalchemy import select

from core.access.actor import Actor
from core.people import directory
from core.requests.tables import procurement_requests
from core.rfqs import policy
from core.rfqs.actions import actions_of
from core.rfqs.model import Rfq, RfqDetails
from core.uow import Uow


async def rfq_details(uow: Uow, actor: Actor, rfq: Rfq) -> RfqDetails:
    """An RFQ with names; what a vendor must not see is removed."""
    row = (
        await uow.connection.execute(
            select(procurement_requests.c.number, procurement_requests.c.cost_centre).where(
                procurement_requests.c.id == rfq.request_id
            )
        )
    ).one()
    organisation = await directory.read_organisation(uow.connection)
    actions = actions_of(actor, rfq, uow.now)
    return policy.details_for(actor, rfq, row.number, row.cost_centre, organisation.name, actions)
