"""The read model of awards: the comparison of quotes."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.awards import policy
from core.awards.conversion import converted_quotes
from core.awards.model import Comparison
from core.kernel.ids import RequestId
from core.quotes import repo as quotes
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.uow import Uow


@requires(Permission.quotes_compare)
async def compare(uow: Uow, actor: Actor, request_id: RequestId) -> Comparison:
    """All quotes in the request's currency, with the best ones marked; sealed while the RFQ is open."""
    request = await requests.visible_to(uow, actor, request_id)
    rfq = await rfqs.of_request(uow, request.id)
    converted = []
    if rfq is not None and not rfq.sealed:
        converted = await converted_quotes(uow, rfq, await quotes.of_rfq(uow, rfq.id))
    shown = [item.quote.id for item in policy.in_comparison(converted)]
    documents = await quotes.documents_of(uow, actor, shown)
    return policy.compared(actor, request, rfq, converted, documents, uow.now)
