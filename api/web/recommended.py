"""What a purchase's page says of earlier orders: what was bought before, how much at once, and who could be asked.

One rule: it says what the chat's forms say, by the same keys, each line with its number and since when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.contract.recommendations import BoughtBeforeOut, SuggestedVendorOut, WarnedOut, WhyOut
from api.present import recommendations as present
from api.text.vendor_scores import warned_line
from api.web.phrasing import Phrasing
from core.access.actor import Actor
from core.access.permissions import Permission
from core.checks.method import UsualQuantity
from core.findings import queries as findings
from core.findings.queries import AskedQuantity
from core.kernel.ids import RequestId
from core.recommendations import queries
from core.recommendations.model import LookUpBought, SuggestVendors
from core.requests.model import Request, RequestLine
from core.requests.states import RequestState
from core.uow import Uow

_BEFORE_ORDER = frozenset(
    {RequestState.draft, RequestState.submitted, RequestState.sourcing, RequestState.quoted}
)
_BEFORE_QUOTES = frozenset({RequestState.submitted, RequestState.sourcing})
_ONE = Decimal(1)


@dataclass(frozen=True)
class Recommended:
    """Each is empty with its feature switched off, for who may not see it, and once it does not matter any more."""

    bought: Sequence[BoughtBeforeOut] = ()
    to_ask: Sequence[tuple[SuggestedVendorOut, WhyOut]] = ()
    warned: Sequence[tuple[SuggestedVendorOut, WarnedOut]] = ()
    unusual: Sequence[tuple[RequestLine, UsualQuantity]] = ()
    """The lines of a draft that ask for several times what is usual."""


async def recommended(uow: Uow, actor: Actor, request: Request) -> Recommended:
    """For the page of this request."""
    if request.state not in _BEFORE_ORDER or not actor.may(Permission.requests_create):
        return Recommended()
    items = tuple(line.description for line in request.lines)
    bought = present.bought_before(
        await queries.bought_before(uow, actor, LookUpBought(items, besides=request.id))
    )
    if request.state not in _BEFORE_QUOTES or not actor.may(Permission.rfqs_send):
        return Recommended(bought.items, unusual=await _unusual(uow, actor, request))
    found = present.suggested(await queries.suggest(uow, actor, SuggestVendors(RequestId(request.id))))
    return Recommended(
        bought.items,
        [(each, each.why) for each in found.items if each.why is not None],
        [(each, each.warned) for each in found.items if each.warned is not None],
    )


async def _unusual(uow: Uow, actor: Actor, request: Request) -> list[tuple[RequestLine, UsualQuantity]]:
    """Asked as long as somebody may still write another quantity."""
    if request.state is not RequestState.draft:
        return []
    lines = request.lines[: queries.MOST_LOOKED_UP]
    asked = [AskedQuantity(line.description, line.unit, line.quantity) for line in lines]
    usual = [await findings.ask_quantity(uow, actor, each) for each in asked]
    return [(line, found) for line, found in zip(lines, usual, strict=True) if found is not None]


def questions(p: Phrasing, found: Recommended) -> Sequence[str]:
    """Whether so many are meant, a sentence for each line."""
    return [
        p.say(
            "forms.request.usual_quantity",
            quantity=p.quantity(line.quantity, line.unit),
            usual=p.quantity(Decimal(repr(usual.usual)), line.unit),
            n=p.number(usual.n),
            since=p.day(usual.since),
        )
        for line, usual in found.unusual
    ]


def told(p: Phrasing, found: Recommended) -> tuple[Sequence[str], Sequence[str]]:
    """A sentence for each thing bought before, and for each vendor."""
    warned = [warned_line(vendor.name, why, p.locale) for vendor, why in found.warned]
    return [_bought(p, each) for each in found.bought], [*(_why(p, *each) for each in found.to_ask), *warned]


def _bought(p: Phrasing, found: BoughtBeforeOut) -> str:
    same = found.item.casefold() == found.last_item.casefold()
    return p.say(
        "cards.bought_before" if same else "cards.bought_alike",
        item=found.item,
        alike=found.last_item,
        n=p.number(found.n),
        since=p.day(found.window_from),
        price=p.money(found.last_price, found.last_currency),
        quantity=p.quantity(_ONE, found.last_unit),
        last=p.day(found.last_on),
        vendor=found.last_vendor,
        number=found.last_order,
    )


def _why(p: Phrasing, vendor: SuggestedVendorOut, why: WhyOut) -> str:
    since = p.day(why.window_from or why.window_to)
    if why.new_here:
        return p.say("cards.new_here", vendor=vendor.name, n=p.number(why.n), since=since)
    line = p.say(
        "cards.who_to_ask",
        vendor=vendor.name,
        n=p.number(why.n),
        here=p.number(why.here),
        cost_centre=why.cost_centre,
        last=p.day(why.last_on or why.window_to),
        since=since,
    )
    if why.tie is None:
        return line
    return p.say(
        "cards.decided_by_score",
        line=line,
        score=p.number(round(why.tie.score)),
        n=p.number(why.tie.n),
        since=p.day(why.tie.window_from),
    )
