"""Who to ask for a request, and what was bought before.

One rule: with the feature switched off vendors stand by name and category, and nothing else is told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.insights import queries as insights
from core.insights.model import Hint, ScoreSubject, vendor_subject
from core.insights.service import note_shown
from core.insights.states import Feature, HintPlace
from core.kernel.ids import VendorId
from core.kernel.pagination import Page
from core.orders import repo as orders
from core.recommendations import method, policy, repo
from core.recommendations.model import (
    BoughtBefore,
    LookUpBought,
    SuggestedVendor,
    SuggestVendors,
    Tie,
    Why,
)
from core.requests import repo as requests
from core.requests.model import Request
from core.standings import repo as standings
from core.uow import Uow
from core.vendor_scores.states import LEAST_RANKED, ScorePart
from core.vendors import repo as vendor_repo

MOST_ASKED = 5
"""Of a long request the first lines say who sells such things."""
MOST_LOOKED_UP = 20
MOST_SUBJECT = 200
"""Of a long text its beginning names what a hint was about."""
_WORD = re.compile(r"\w{4,}")


@requires(Permission.vendors_read)
async def suggest(uow: Uow, actor: Actor, wanted: SuggestVendors) -> Page[SuggestedVendor]:
    """Those that may be asked, the best for this request first; at most 50 of all, or of all with the text."""
    request = await requests.visible_to(uow, actor, wanted.request_id)
    words = {word for line in request.lines for word in _WORD.findall(line.description.lower())}
    others = await repo.by_name_and_category(uow, words, wanted.text or "")
    why: Mapping[UUID, Why] = {}
    if await insights.enabled(uow, Feature.who_to_ask):
        others, why = await _with_history(uow, request, wanted.text or "", others)
        note_shown(uow, _hints(request, others, why), actor.person_id)
    ids = [VendorId(each) for each in others[: repo.MOST_SUGGESTED]]
    found = await vendor_repo.by_ids(uow, ids)
    warned = await standings.warned(uow.connection, ids) if actor.may(Permission.insights_read) else {}
    suggested = (SuggestedVendor(each, why.get(each.id), warned.get(each.id)) for each in found)
    return Page(tuple(suggested), None)


async def _with_history(
    uow: Uow, request: Request, text: str, others: Sequence[UUID]
) -> tuple[list[UUID], Mapping[UUID, Why]]:
    """All of them in the order of what was bought, and why the first five stand there."""
    today, centre = uow.now.date(), request.cost_centre
    asked = list(dict.fromkeys(line.description for line in request.lines))[:MOST_ASKED]
    past = await repo.past_orders(uow, asked, cost_centre=centre, request_id=request.id)
    scores = method.scores(past.found, past.place)
    known = await repo.askable_names(uow, {*scores, *others}, text)
    names = {each: name for each, (name, _) in known.items()}
    told = policy.reasons(past, centre, today)
    ties = await _ties(uow, scores)
    best = [each for each in policy.ranked(scores, ties, names) if each in told]
    for each, tie in policy.decided_by_score(best, scores, ties).items():
        told[each] = replace(told[each], tie=tie)
    first = best[: method.SUGGESTED - 1] or others[:1]
    newcomers = await repo.newcomers(uow, {known[each][1] for each in first if each in known}, text)
    new = policy.newcomer_of(request.id, newcomers, best[: method.SUGGESTED - 1])
    arranged = policy.with_newcomer(best, new.id if new else None, others)
    why = {each: told[each] for each in arranged[: method.SUGGESTED] if each in told}
    return arranged, why | ({new.id: policy.why_new(new, centre, today)} if new else {})


async def _ties(uow: Uow, scores: Mapping[UUID, float]) -> dict[UUID, Tie]:
    """The vendor scores in force, which only tell apart who is alike; none where that feature is off.

    A score from few facts ranks nobody, and an old one neither.
    """
    found = await insights.current_scores(
        uow, Feature.vendor_score, [vendor_subject(each) for each in scores]
    )
    return {
        UUID(each.subject.id): Tie(each.value, each.n, each.window_from, each.window_to)
        for each in found
        if each.part == ScorePart.total
        and each.value is not None
        and each.n >= LEAST_RANKED
        and not each.stale
    }


def _hints(request: Request, arranged: Sequence[UUID], why: Mapping[UUID, Why]) -> list[Hint]:
    return [
        Hint(
            Feature.who_to_ask,
            HintPlace.sourcing,
            vendor_subject(vendor),
            {
                "rank": rank,
                "n": why[vendor].lines,
                "here": why[vendor].here,
                "new_here": int(why[vendor].new_here),
                "window_from": str(why[vendor].window_from),
                "window_to": str(why[vendor].window_to),
            },
            request_id=request.id,
        )
        for rank, vendor in enumerate(arranged, start=1)
        if vendor in why
    ]


@requires(Permission.requests_create)
async def bought_before(uow: Uow, actor: Actor, wanted: LookUpBought) -> Page[BoughtBefore]:
    """What was ordered like these before, of all that this person may see; nothing with the feature switched off.

    NotFound for a request that this person may not see.
    """
    if not wanted.items or not await insights.enabled(uow, Feature.who_to_ask):
        return Page((), None)
    if wanted.besides is not None:
        await requests.visible_to(uow, actor, wanted.besides)
    items = list(dict.fromkeys(wanted.items))[:MOST_LOOKED_UP]
    found = await repo.bought_before(uow, items, besides=wanted.besides, may_see=orders.visible(actor))
    note_shown(uow, [_bought_hint(each, wanted.besides) for each in found], actor.person_id)
    return Page(tuple(sorted(found, key=lambda each: items.index(each.item))), None)


def _bought_hint(found: BoughtBefore, request_id: UUID | None) -> Hint:
    return Hint(
        Feature.who_to_ask,
        HintPlace.request,
        ScoreSubject("item", found.item[:MOST_SUBJECT]),
        {
            "n": found.lines,
            "price": str(found.last_price),
            "currency": found.last_currency,
            "order": found.last_order,
            "window_from": str(found.window_from),
            "window_to": str(found.window_to),
        },
        request_id=request_id,
    )
