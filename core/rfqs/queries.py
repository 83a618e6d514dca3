"""The read model of an RFQ without quotes."""

from sqlalchemy import bindparam, select

from core.access.actor import Actor
from core.db.compiled import Prebuilt
from core.people.errors import OrganisationMissing
from core.people.tables import organisation
from core.requests.tables import procurement_requests
from core.rfqs import policy
from core.rfqs.actions import actions_of
from core.rfqs.model import Rfq, RfqDetails
from core.uow import Uow

_NAMES = Prebuilt(
    select(
        procurement_requests.c.number,
        procurement_requests.c.cost_centre,
        select(organisation.c.name).scalar_subquery().label("buyer"),
    ).where(procurement_requests.c.id == bindparam("request"))
)


async def rfq_details(uow: Uow, actor: Actor, rfq: Rfq) -> RfqDetails:
    """An RFQ with names; what a vendor must not see is removed."""
    row = (await uow.connection.execute(_NAMES, {"request": rfq.request_id})).one()
    if row.buyer is None:
        raise OrganisationMissing()
    actions = actions_of(actor, rfq, uow.now)
    return policy.details_for(actor, rfq, row.number, row.cost_centre, row.buyer, actions)
