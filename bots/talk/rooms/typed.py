"""What is typed instead of pressed: /approve REQ-104, /reject REQ-104 too dear, and so on.

One rule: a command does what its button does, to the thing as it is now, with the same question where words are
missing.
"""

from api.contract.approvals import ApprovalOut, DecisionIn
from api.contract.awards import CloseIn, ComparedQuote
from api.contract.orders import AcknowledgeIn
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from bots.forms.request_values import LineValues, RequestValues
from bots.forms.saying import Saying, SayingValues
from bots.talk import find
from bots.talk.rooms import approvals, orders, sourcing
from bots.talk.said import Said
from bots.talk.say_it import said_or_asked
from bots.talk.turn import Turn


async def approve(turn: Turn, said: Said) -> None:
    """/approve REQ-104"""
    approval = await _approval(turn, said)
    if approval is None:
        return
    body = DecisionIn.model_validate(
        {"approval_id": approval.id, "verb": "approve", "expected_version": approval.version}
    )
    decided = await turn.api.approvals.decide(body, key=turn.key("approve"))
    await turn.voice.text(approvals.outcome_of(decided, turn))


async def undo(turn: Turn, said: Said) -> None:
    """/undo REQ-104, as long as the order waits."""
    approval = await _approval(turn, said)
    if approval is None:
        return
    body = DecisionIn.model_validate(
        {"approval_id": approval.id, "verb": "undo", "expected_version": approval.version}
    )
    await turn.api.approvals.decide(body, key=turn.key("undo"))
    await turn.voice.text(turn.say("cards.undone"))


async def reject(turn: Turn, said: Said) -> None:
    """/reject REQ-104 too dear"""
    await _with_words(turn, said, Saying.reject)


async def ask(turn: Turn, said: Said) -> None:
    """/ask REQ-104 do we have none left?"""
    await _with_words(turn, said, Saying.ask)


async def withdraw(turn: Turn, said: Said) -> None:
    """/withdraw REQ-104 by whoever asked; /withdraw RFQ-31 by a vendor takes the quote back."""
    if turn.is_vendor:
        await _withdraw_quote(turn, said)
        return
    await _take_back(turn, said, Saying.withdraw_request)


async def cancel_request(turn: Turn, said: Said) -> None:
    """/cancel_request REQ-104 we moved out"""
    await _take_back(turn, said, Saying.cancel_request)


async def copy(turn: Turn, said: Said) -> None:
    """/copy REQ-104: the same lines as a new draft; the day is asked."""
    if turn.is_vendor:
        await turn.voice.text(turn.say("forms.not_for_vendors"))
        return
    request = await _request(turn, said)
    if request is not None:
        await turn.ask(await turn.begin("request", _copied(request)))


async def ask_vendors(turn: Turn, said: Said) -> None:
    """/rfq REQ-104"""
    request = await _request(turn, said)
    if request is not None:
        await _told(turn, await sourcing.choose_vendors(turn, request))


async def compare(turn: Turn, said: Said) -> None:
    """/compare REQ-104 or RFQ-31; with "text" as a list."""
    request_id = await find.purchase(turn, said.number)
    if request_id is None:
        await find.unknown(turn, said.number, "REQ-…")
        return
    listed = said.rest.casefold() in ("text", turn.say("buttons.view_as_text").casefold())
    show = sourcing.list_comparison if listed else sourcing.show_comparison
    await _told(turn, await show(turn, request_id))


async def close(turn: Turn, said: Said) -> None:
    """/close RFQ-31"""
    rfq = await _rfq(turn, said)
    if rfq is not None:
        body = CloseIn(expected_version=rfq.version)
        closed = await turn.api.awards.close(rfq.id, body, key=turn.key("close"))
        await turn.voice.text(turn.say("cards.rfq_now_closed", number=closed.number))


async def propose(turn: Turn, said: Said) -> None:
    """/propose RFQ-31 Vendor A: delivers sooner"""
    rfq = await _rfq(turn, said)
    if rfq is None:
        return
    compared = await turn.api.requests.compare(rfq.request_id)
    quote = _named(compared.quotes, said.rest)
    if quote is None:
        await _told(turn, await sourcing.show_comparison(turn, rfq.request_id))
        return
    values = SayingValues(
        saying=Saying.propose, id=rfq.id, version=rfq.version, other=quote.quote_id, about=rfq.number
    )
    await said_or_asked(turn, values, said.rest[len(quote.vendor_name) :].strip(" :,-–"))


async def show_order(turn: Turn, said: Said) -> None:
    """/po PO-77"""
    order = await find.order(turn, said.number)
    if order is None:
        await find.unknown(turn, said.number, "PO-…")
        return
    await orders.show(turn, order)


async def acknowledge(turn: Turn, said: Said) -> None:
    """/acknowledge PO-77"""
    order = await find.order(turn, said.number)
    if order is None:
        await find.unknown(turn, said.number, "PO-…")
        return
    body = AcknowledgeIn(expected_version=order.version)
    done = await turn.api.orders.acknowledge(order.id, body, key=turn.key("acknowledge"))
    await turn.voice.text(turn.say("cards.now_acknowledged", number=done.number))


async def _with_words(turn: Turn, said: Said, saying: Saying) -> None:
    approval = await _approval(turn, said)
    if approval is None:
        return
    if not approval.may_decide:
        await turn.voice.text(approvals.closed_to(turn, approval))
        return
    await said_or_asked(turn, approvals.about(approval, saying, approval.version), said.rest)


async def _take_back(turn: Turn, said: Said, saying: Saying) -> None:
    request = await _request(turn, said)
    if request is not None:
        values = SayingValues(saying=saying, id=request.id, version=request.version, about=request.number)
        await said_or_asked(turn, values, said.rest)


async def _withdraw_quote(turn: Turn, said: Said) -> None:
    rfq = await _rfq(turn, said)
    if rfq is None:
        return
    if rfq.my_quote is None:
        await turn.voice.text(turn.say("forms.typed.no_quote", number=rfq.number))
        return
    quote = rfq.my_quote
    values = SayingValues(
        saying=Saying.withdraw_quote, id=quote.id, version=quote.version, about=quote.number
    )
    await said_or_asked(turn, values, said.rest)


def _copied(request: RequestOut) -> RequestValues:
    lines = [
        LineValues(
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            price=line.estimated_unit_price,
        )
        for line in request.lines
    ]
    return RequestValues(
        lines=lines, currency=request.currency, cost_centre=request.cost_centre, note=request.note
    )


def _named(quotes: tuple[ComparedQuote, ...], words: str) -> ComparedQuote | None:
    """The quote of the vendor with whose name the words begin; the longest name wins."""
    said = words.casefold()
    fitting = [quote for quote in quotes if said.startswith(quote.vendor_name.casefold())]
    return max(fitting, key=lambda quote: len(quote.vendor_name), default=None)


async def _approval(turn: Turn, said: Said) -> ApprovalOut | None:
    """The approval of the request with this number; the person is told when there is none."""
    request = await _request(turn, said)
    if request is None:
        return None
    if request.approval_id is None:
        await turn.voice.text(turn.say("forms.typed.nothing_to_decide", number=request.number))
        return None
    return await turn.api.approvals.show(request.approval_id)


async def _request(turn: Turn, said: Said) -> RequestOut | None:
    found = await find.request(turn, said.number)
    if found is None:
        await find.unknown(turn, said.number, "REQ-…")
    return found


async def _rfq(turn: Turn, said: Said) -> RfqOut | None:
    found = await find.rfq(turn, said.number)
    if found is None:
        await find.unknown(turn, said.number, "RFQ-…")
    return found


async def _told(turn: Turn, words: str) -> None:
    if words:
        await turn.voice.text(words)
