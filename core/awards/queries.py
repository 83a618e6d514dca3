"""The read model of awards: the comparison of quotes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.awards import policy
from core.awards.conversion import converted_quotes
from core.awards.model import Comparison, ConvertedQuote, Surroundings
from core.clarifications import repo as clarifications
from core.clarifications.actions import as_read_by
from core.clarifications.model import NOTHING_ASKED, Discussion
from core.completions.actions import incomplete_of
from core.insights import queries as insights
from core.insights.model import Score, vendor_at, vendor_subject
from core.insights.policy import by_vendor, score_hints
from core.insights.service import note_shown
from core.insights.states import Feature, HintPlace
from core.kernel.ids import RequestId
from core.people import directory
from core.quotes import repo as quotes
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.standings import repo as standings
from core.uow import Uow


@requires(Permission.quotes_compare)
async def compare(uow: Uow, actor: Actor, request_id: RequestId) -> Comparison:
    """All quotes in the request's currency, with the best ones marked; sealed while the RFQ is open."""
    request = await requests.visible_to(uow, actor, request_id)
    rfq = await rfqs.of_request(uow, request.id)
    answers = await quotes.of_rfq(uow, rfq.id) if rfq is not None else []
    converted = []
    if rfq is not None and not rfq.sealed:
        converted = await converted_quotes(uow, rfq, answers)
    shown = [item.quote.id for item in policy.in_comparison(converted)]
    scores = await _scores(uow, actor, converted, request.cost_centre)
    around = Surroundings(
        await quotes.documents_of(uow, actor, [*shown, request.id]),
        await _discussion(uow, actor, rfq) if rfq is not None else NOTHING_ASKED,
        await _names(uow, converted),
        incomplete_of(actor, rfq, answers, uow.now) if rfq is not None else (),
        scores,
        await standings.warned(uow.connection, list(scores)) if scores else {},
    )
    note_shown(uow, score_hints(around.scores, HintPlace.comparison, request.id), actor.person_id)
    return policy.compared(actor, request, rfq, converted, around, uow.now)


async def _discussion(uow: Uow, actor: Actor, rfq: Rfq) -> Discussion:
    found = await clarifications.discussions(uow, [rfq.id])
    return as_read_by(actor, rfq, found[rfq.id], uow.now)


async def _scores(
    uow: Uow, actor: Actor, converted: Sequence[ConvertedQuote], cost_centre: str
) -> Mapping[UUID, tuple[Score, ...]]:
    """What is known of the vendors, in all and at this cost centre, for those who may know it."""
    if not converted or not actor.may(Permission.insights_read):
        return {}
    vendors = {item.quote.vendor_id for item in converted}
    subjects = [
        subject for each in vendors for subject in (vendor_subject(each), vendor_at(each, cost_centre))
    ]
    return by_vendor(await insights.current_scores(uow, Feature.vendor_score, subjects))


async def _names(uow: Uow, converted: Sequence[ConvertedQuote]) -> Mapping[UUID, str]:
    """Those who entered a quote for its vendor."""
    entered = [item.quote.entered_by for item in converted if item.quote.entered_by is not None]
    return await directory.names(uow.connection, entered) if entered else {}
