"""A command without a number: what it could mean, as buttons; and what a number that is not there is answered.

One rule: at most five, the person's own and what waits for them first; a button opens a card, it decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.contract.actions import ActionVerb
from api.contract.approvals import ApprovalOut
from api.contract.orders import OrderOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from api.text import CommandName, moment, money
from bots.cards import phrases
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

MAX_CHOICES = 5
_PAGE = 50
_DECIDING = frozenset({"approve", "reject", "ask", "forward"})
_RFQS = frozenset({"close", "propose", "compare", "quote", "nobid", "split"})
_ORDERS: Mapping[str, ActionVerb | None] = MappingProxyType(
    {
        "po": None,
        "order": None,
        "acknowledge": ActionVerb.acknowledge,
        "refuse": ActionVerb.refuse,
        "change": ActionVerb.change,
        "accept": ActionVerb.accept,
        "decline": ActionVerb.decline,
        "take_back": ActionVerb.withdraw,
        "call_off": ActionVerb.call_off,
        "close_order": ActionVerb.close_short,
        "cancel_order": ActionVerb.cancel,
        "receive": ActionVerb.receive,
        "correct_receipt": ActionVerb.correct,
        "return": ActionVerb.return_goods,
    }
)
"""The commands about orders, and the action that an order must offer to be meant."""


@dataclass(frozen=True)
class Choice:
    """One thing that the command could mean."""

    number: str
    told: str
    press: Press


async def reply_not_found(ctx: Context, message: IncomingMessage, example: str) -> None:
    """There is no such thing, or not for this person; without a number, what could be meant."""
    if message.number:
        number = message.args if message.command == "status" else message.number
        await ctx.responder.text(ctx.translate("forms.number_unknown", number=number[:40]))
        return
    choices = await _choices(ctx, message.command)
    if not choices:
        command = CommandName(message.command)
        await ctx.responder.text(ctx.translate("forms.which.number", command=command, number=example))
        return
    buttons = [Button(label(choice.number), choice.press) for choice in choices]
    items = tuple(choice.told for choice in choices)
    await ctx.show(Card(ctx.translate("forms.which.one"), items=items, buttons=rows_of(*buttons)))


async def _choices(ctx: Context, command: str) -> list[Choice]:
    if command in _DECIDING:
        page = await ctx.api.approvals.list(state="pending", mine=True, limit=MAX_CHOICES)
        return [_approval(ctx, each) for each in page.items]
    if command == "reassign":
        page = await ctx.api.approvals.list(state="pending", limit=_PAGE)
        return [_approval(ctx, each) for each in page.items if each.offers(ActionVerb.reassign)][:MAX_CHOICES]
    if command == "undo":
        page = await ctx.api.approvals.list(state="approved", limit=_PAGE)
        return [_approval(ctx, each) for each in page.items if each.offers(ActionVerb.undo)][:MAX_CHOICES]
    if command in _ORDERS:
        return [_order(ctx, each) for each in await _orders(ctx, _ORDERS[command])]
    if command in _RFQS or ctx.is_vendor:
        return [_rfq(ctx, each) for each in await _rfqs(ctx, command)]
    return [_request(ctx, each) for each in await _requests(ctx, command)]


async def _orders(ctx: Context, verb: ActionVerb | None) -> list[OrderOut]:
    """Those that offer the action; for the command that only shows one, those that can be received come first."""
    found = list((await ctx.api.orders.list(limit=_PAGE)).items)
    if verb is not None:
        return [each for each in found if each.offers(verb)][:MAX_CHOICES]
    return sorted(found, key=lambda each: not each.offers(ActionVerb.receive))[:MAX_CHOICES]


async def _rfqs(ctx: Context, command: str) -> list[RfqOut]:
    """Open ones; of those that are proposed from or looked at also closed ones, of a vendor's own those quoted."""
    state = None if command in ("propose", "compare", "status", "files") else "open"
    found = (await ctx.api.rfqs.list(state=state, limit=_PAGE)).items
    quoted = command in ("withdraw", "files")
    return [each for each in found if each.my_quote is not None or not quoted][:MAX_CHOICES]


async def _requests(ctx: Context, command: str) -> list[RequestOut]:
    """The person's own first; for who has none, and for an officer's work, those they may see."""
    match command:
        case "withdraw":
            own = (await ctx.api.requests.list(mine=True, limit=_PAGE)).items
            found = [each for each in own if each.offers(ActionVerb.withdraw)]
        case "edit":
            own = (await ctx.api.requests.list(mine=True, limit=_PAGE)).items
            found = [
                each for each in own if each.offers(ActionVerb.edit) or each.offers(ActionVerb.take_back)
            ]
        case "rfq":
            found = list((await ctx.api.requests.list(state="submitted", limit=MAX_CHOICES)).items)
        case "cancel_request":
            seen = (await ctx.api.requests.list(limit=_PAGE)).items
            found = [each for each in seen if each.offers(ActionVerb.cancel)]
        case _:
            found = list((await ctx.api.requests.list(mine=True, limit=MAX_CHOICES)).items)
            found = found or list((await ctx.api.requests.list(limit=MAX_CHOICES)).items)
    return found[:MAX_CHOICES]


def _approval(ctx: Context, approval: ApprovalOut) -> Choice:
    told = f"{approval.title} · {money(approval.amount, approval.currency, ctx.locale)}"
    press = Press(Op.open_approval, approval.id, approval.version)
    return Choice(approval.title.partition(" ")[0], told, press)


def _request(ctx: Context, request: RequestOut) -> Choice:
    first, locale = request.lines[0], ctx.locale
    state = phrases.state("request", request.state.value, locale)
    told = (
        f"{request.number} · {phrases.line(first.quantity, first.unit, first.description, locale)} · {state}"
    )
    return Choice(request.number, told, Press(Op.open_request, request.id, request.version))


def _rfq(ctx: Context, rfq: RfqOut) -> Choice:
    first, locale = rfq.lines[0], ctx.locale
    line = phrases.line(first.quantity, first.unit, first.description, locale)
    told = f"{rfq.number} · {line} · {moment(rfq.quote_by, locale, ctx.me.zone)}"
    return Choice(rfq.number, told, Press(Op.open_rfq, rfq.id, rfq.version))


def _order(ctx: Context, order: OrderOut) -> Choice:
    state = phrases.state("order", order.state.value, ctx.locale)
    told = f"{order.number} · {order.request_number} · {state}"
    return Choice(order.number, told, Press(Op.open_order, order.id, order.version))
