"""Purchase orders: the vendor confirms, whoever asked receives, all at once or line by line."""

from api.contract.orders import AcknowledgeIn, OrderOut
from bots.cards.deck import CardKind, draw
from bots.cards.orders import RECEIVABLE
from bots.cards.press import Press
from bots.forms import receive as receive_form
from bots.talk import claims, find
from bots.talk.place import Kept
from bots.talk.said import Said
from bots.talk.turn import Turn


async def acknowledge(turn: Turn, claim: Press) -> str:
    """The vendor will deliver."""
    body = AcknowledgeIn(expected_version=claim.version)
    order = await turn.api.orders.acknowledge(claim.id, body, key=turn.press_key(claim))
    return turn.say("cards.now_acknowledged", number=order.number)


async def receive_all(turn: Turn, claim: Press) -> str:
    """Everything that was still open has arrived in good order."""
    order = await turn.api.orders.show(claim.id)
    return await _received(turn, order, turn.press_key(claim), claim.version)


async def _received(turn: Turn, order: OrderOut, key: str, version: int = 0) -> str:
    """Everything that is open, at the version that the person saw."""
    values = receive_form.everything(order)
    if order.state.value not in RECEIVABLE or values.nothing:
        return claims.turned_down("nothing_open", turn.say("forms.receive.nothing_open", number=order.number))
    body = values.model_copy(update={"version": version or order.version}).body()
    done = await turn.api.orders.receive(order.id, body, key=key)
    return turn.say("forms.receive.recorded", number=done.number)


async def receive_lines(turn: Turn, claim: Press) -> str:
    """What arrived, line by line."""
    order = await turn.api.orders.show(claim.id)
    refusal = claims.refusal(turn, claim, draw(CardKind.order, order, turn.viewer))
    return refusal or await _begin(turn, order)


async def by_command(turn: Turn, said: Said) -> None:
    """/receive PO-77, line by line; /receive PO-77 all; alone it shows the orders that are on their way."""
    if not said.number:
        await _on_their_way(turn)
        return
    order = await find.order(turn, said.number)
    if order is None:
        await find.unknown(turn, said.number, "PO-…")
        return
    whole = said.rest.casefold() in ("all", turn.say("buttons.receive_all").casefold())
    words = await _received(turn, order, turn.key("receive")) if whole else await _begin(turn, order)
    if words:
        await turn.voice.text(words)


async def _begin(turn: Turn, order: OrderOut) -> str:
    values = receive_form.begun(order)
    if order.state.value not in RECEIVABLE or not values.lines:
        return claims.turned_down("nothing_open", turn.say("forms.receive.nothing_open", number=order.number))
    await turn.ask(await turn.begin("receive", values))
    return ""


async def _on_their_way(turn: Turn) -> None:
    found = [
        order
        for state in sorted(RECEIVABLE)
        for order in (await turn.api.orders.listing(state=state, mine=True, limit=5)).items
    ]
    if not found:
        await turn.voice.text(turn.say("lists.no_orders"))
    for order in found[:5]:
        await show(turn, order)


async def show(turn: Turn, order: OrderOut) -> None:
    """The order's card for this reader."""
    card = CardKind.vendor_order if turn.is_vendor else CardKind.order
    await turn.show(draw(card, order, turn.viewer), Kept(card, "order", order.id, order.version))
