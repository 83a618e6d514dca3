"""Where things stand: /my, /rfqs, /status, and the Open buttons of lists."""

from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from api.text import has_key, moment
from bots.cards import words
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.deck import CardKind, draw
from bots.cards.press import Op, Press
from bots.talk import find
from bots.talk.place import Kept
from bots.talk.rooms import approvals, orders
from bots.talk.said import Said
from bots.talk.turn import Turn

SHOWN = 10


async def mine(turn: Turn, said: Said) -> None:
    """The person's own requests, newest first; /my completed for those of one state."""
    state = said.args.casefold() or None
    if state is not None and not has_key(f"states.request.{state}"):
        await turn.voice.text(turn.say("lists.state_unknown", state=state))
        return
    page = await turn.api.requests.listing(mine=True, state=state, limit=SHOWN)
    if not page.items:
        await turn.voice.text(turn.say("lists.no_requests"))
        return
    items = [_request_line(request, turn) for request in page.items]
    await turn.show(
        Card(
            turn.say("lists.my_requests"),
            facts=(turn.say("lists.more"),) if page.next_cursor else (),
            items=tuple(items),
            buttons=rows_of(
                *(
                    Button(label(request.number), Press(Op.open_request, request.id, request.version))
                    for request in page.items
                )
            ),
        )
    )


async def rfqs(turn: Turn, said: Said) -> None:
    """A vendor's open RFQs, or an officer's running ones."""
    page = await turn.api.rfqs.listing(state="open", limit=SHOWN)
    if not page.items:
        await turn.voice.text(turn.say("lists.no_rfqs"))
        return
    await turn.show(
        Card(
            turn.say("lists.open_rfqs"),
            facts=(turn.say("lists.more"),) if page.next_cursor else (),
            items=tuple(
                words.title(rfq.number, moment(rfq.quote_by, turn.locale, turn.me.zone), turn.locale)
                for rfq in page.items
            ),
            buttons=rows_of(
                *(Button(label(rfq.number), Press(Op.open_rfq, rfq.id, rfq.version)) for rfq in page.items)
            ),
        )
    )


async def status(turn: Turn, said: Said) -> None:
    """/status REQ-104, RFQ-31 or PO-77: its card, for whoever may see it."""
    if not said.args or not await _show_number(turn, said.args):
        await find.unknown(turn, said.args, "REQ-…")


async def open_one(turn: Turn, claim: Press) -> str:
    """Its card, as a new message that stays current."""
    match claim.op:
        case Op.open_request:
            await show_request(turn, await turn.api.requests.show(claim.id))
        case Op.open_rfq:
            await show_rfq(turn, await turn.api.rfqs.show(claim.id))
        case Op.open_approval:
            await approvals.show(turn, await turn.api.approvals.show(claim.id))
        case _:
            await orders.show(turn, await turn.api.orders.show(claim.id))
    return ""


async def _show_number(turn: Turn, number: str) -> bool:
    """False when there is no such thing for this person."""
    if number.upper().startswith("PO"):
        order = await find.order(turn, number)
        if order is not None:
            await orders.show(turn, order)
        return order is not None
    if number.upper().startswith("RFQ") or turn.is_vendor:
        rfq = await find.rfq(turn, number)
        if rfq is not None:
            await show_rfq(turn, rfq)
        return rfq is not None
    request = await find.request(turn, number)
    if request is not None:
        await show_request(turn, request)
    return request is not None


async def show_request(turn: Turn, request: RequestOut) -> None:
    """As its officer sees it, or as whoever asked."""
    officer = turn.viewer.has("officer", "admin") and request.requested_by != turn.me.id
    card = CardKind.officer_request if officer else CardKind.request
    kept = Kept(card, "request", request.id, request.version)
    await turn.show(draw(card, request, turn.viewer), kept)


async def show_rfq(turn: Turn, rfq: RfqOut) -> None:
    """A vendor's own card, or the comparison."""
    if turn.is_vendor:
        kept = Kept(CardKind.vendor_rfq, "rfq", rfq.id, rfq.version)
        await turn.show(draw(CardKind.vendor_rfq, rfq, turn.viewer), kept)
        return
    compared = await turn.api.requests.compare(rfq.request_id)
    kept = Kept(CardKind.comparison, "rfq", rfq.id, rfq.version)
    await turn.show(draw(CardKind.comparison, compared, turn.viewer), kept)


def _request_line(request: RequestOut, turn: Turn) -> str:
    first = request.lines[0]
    told = words.title(request.number, words.state("request", request.state.value, turn.locale), turn.locale)
    return f"{told} · {words.line(first.quantity, first.unit, first.description, turn.locale)}"
