"""The read model: the comparison of quotes, with what is known about splitting them."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.awards import queries as awards
from core.kernel.ids import RequestId
from core.orders import repo as orders
from core.people import directory
from core.split_awards import policy, repo
from core.split_awards.model import ComparedWithSplits
from core.uow import Uow


@requires(Permission.quotes_compare)
async def compare(uow: Uow, actor: Actor, request_id: RequestId) -> ComparedWithSplits:
    """All quotes side by side, the split award that is proposed or ordered, and the cheapest one as a suggestion."""
    comparison = await awards.compare(uow, actor, request_id)
    rfq = comparison.rfq
    if rfq is None or rfq.split_award_id is None:
        return policy.with_splits(actor, comparison, None, "", (), uow.now)
    award = await repo.load(uow, rfq.split_award_id)
    names = await directory.names(uow.connection, [award.proposed_by])
    live = await orders.live_of_request(uow, rfq.request_id)
    return policy.with_splits(actor, comparison, award, names.get(award.proposed_by, ""), live, uow.now)
