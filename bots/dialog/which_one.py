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
_HALF = 3
_MAX_COMPARED = 10
_ALSO_CLOSED = frozenset({"propose", "compare", "status", "files", "cancel_rfq"})
_OWN, _OFFICERS = frozenset({"withdraw", "edit"}), frozenset({"rfq", "cancel_request"})
"""Commands for one's own requests alone, and those for everybody's."""
_DECIDING = frozenset({"approve", "reject", "ask", "forward"})
_RFQS: Mapping[str, ActionVerb | None] = MappingProxyType(
    {
        "propose": None,
        "compare": None,
        "close": ActionVerb.close,
        "deadline": ActionVerb.move_deadline,
        "add_vendors": ActionVerb.add_vendors,
        "correct": ActionVerb.correct,
        "cancel_rfq": ActionVerb.cancel,
        "enter": ActionVerb.enter_quote,
        "quote": ActionVerb.quote,
        "nobid": ActionVerb.decline,
        "question": ActionVerb.ask_question,
    }
)
"""The commands about RFQs, and the action that an RFQ must offer to be meant."""
_COMPARED = {"split": ActionVerb.split_award, "complete": ActionVerb.ask_to_complete}
"""Those for which an RFQ is meant whose comparison offers the action, or a quote in it."""
_REQUESTS: Mapping[str, tuple[ActionVerb, ...]] = MappingProxyType(
    {
        "withdraw": (ActionVerb.withdraw,),
        "edit": (ActionVerb.edit, ActionVerb.take_back),
        "rfq": (ActionVerb.ask_vendors,),
        "cancel_request": (ActionVerb.cancel,),
        "drop": (ActionVerb.drop_lines,),
    }
)
"""The commands about requests, and the actions of which a request must offer one to be meant."""
_ORDERS: Mapping[str, ActionVerb | None] = MappingProxyType(
    {
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
    """There is no such thing, or not for this person; without a number, what could be meant. Its files are not kept."""
    await _reply_what_is_meant(ctx, message, example)
    if message.files:
        await ctx.responder.text(ctx.translate("forms.which.file", command=CommandName(message.command)))


async def _reply_what_is_meant(ctx: Context, message: IncomingMessage, example: str) -> None:
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
    if command == "enter":
        rfqs = [_rfq(ctx, each) for each in await _rfqs(ctx, command)]
        orders = [_order(ctx, each) for each in await _orders(ctx, ActionVerb.acknowledge_for)]
        return [*rfqs[:_HALF], *orders, *rfqs[_HALF:]][:MAX_CHOICES]
    if command in _COMPARED and not ctx.is_vendor:
        return [_rfq(ctx, each) for each in await _compared(ctx, command)]
    if command in _RFQS or command == "clarify" or ctx.is_vendor:
        return [_rfq(ctx, each) for each in await _rfqs(ctx, command)]
    return [_request(ctx, each) for each in await _requests(ctx, command)]


async def _orders(ctx: Context, verb: ActionVerb | None) -> list[OrderOut]:
    """Those that offer the action; for the command that only shows one, those that can be received come first."""
    found = list((await ctx.api.orders.list(limit=_PAGE)).items)
    if verb is not None:
        return [each for each in found if each.offers(verb)][:MAX_CHOICES]
    return sorted(found, key=lambda each: not each.offers(ActionVerb.receive))[:MAX_CHOICES]


async def _rfqs(ctx: Context, command: str) -> list[RfqOut]:
    """Open ones; of those that are looked at or called off also closed ones, of a vendor's own those quoted."""
    state = None if command in _ALSO_CLOSED else "open"
    found = (await ctx.api.rfqs.list(state=state, limit=_PAGE)).items
    return [each for each in found if _is_meant(each, command)][:MAX_CHOICES]


def _is_meant(rfq: RfqOut, command: str) -> bool:
    quote = rfq.my_quote
    match command:
        case "withdraw" | "files":
            return quote is not None
        case "confirm":
            return quote is not None and quote.offers(ActionVerb.confirm)
        case "complete":
            return quote is not None and bool(quote.missing)
        case "clarify":
            return any(question.offers(ActionVerb.answer_question) for question in rfq.questions)
    verb = _RFQS.get(command)
    return verb is None or rfq.offers(verb)


async def _compared(ctx: Context, command: str) -> list[RfqOut]:
    """Of the newest in the state in question, those whose comparison offers it now."""
    state, verb = ("closed" if command == "split" else "open"), _COMPARED[command]
    found: list[RfqOut] = []
    for rfq in (await ctx.api.rfqs.list(state=state, limit=_MAX_COMPARED)).items:
        compared = await ctx.api.requests.compare(rfq.request_id)
        if compared.offers(verb) or any(each.offers(verb) for each in compared.incomplete):
            found.append(rfq)
    return found[:MAX_CHOICES]


async def _requests(ctx: Context, command: str) -> list[RequestOut]:
    """The person's own first; for who has none, and for an officer's work, those they may see."""
    verbs = _REQUESTS.get(command)
    if verbs is None:
        found = list((await ctx.api.requests.list(mine=True, limit=MAX_CHOICES)).items)
        return found or list((await ctx.api.requests.list(limit=MAX_CHOICES)).items)
    seen = [] if command in _OFFICERS else list((await ctx.api.requests.list(mine=True, limit=_PAGE)).items)
    if command not in _OWN:
        known = {each.id for each in seen}
        state = "submitted" if command == "rfq" else None
        others = (await ctx.api.requests.list(state=state, limit=_PAGE)).items
        seen += [each for each in others if each.id not in known]
    return [each for each in seen if any(each.offers(verb) for verb in verbs)][:MAX_CHOICES]


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
