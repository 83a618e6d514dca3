"""The purchase order's card: the vendor confirms it, the requester receives."""

from api.contract.orders import OrderLineOut, OrderOut
from api.text import day, money, quantity, say
from bots.cards.lines import shortened, wanted
from bots.cards.model import Button, Card, Op, Press, Style, Viewer
from core.orders.states import OrderState


def draw_for_vendor(order: OrderOut, viewer: Viewer) -> Card:
    """An order that came in."""
    rows: tuple[tuple[Button, ...], ...] = ()
    if order.state is OrderState.issued:
        press = Press(Op.acknowledge, order.id, order.version)
        rows = ((Button(say("buttons.acknowledge", viewer.locale), press, Style.good),),)
    return Card(_title(order, viewer.locale), _facts(order, viewer), rows=rows)


def draw_for_receiver(order: OrderOut, viewer: Viewer) -> Card:
    """What was ordered for me, and what arrived."""
    locale = viewer.locale
    facts = (*_facts(order, viewer), say("cards.order.vendor", locale, vendor=order.vendor_name))
    rows: tuple[tuple[Button, ...], ...] = ()
    if order.state in (OrderState.acknowledged, OrderState.partly_received):
        rows = (
            (
                Button(
                    say("buttons.receive_all", locale),
                    Press(Op.receive_all, order.id, order.version),
                    Style.good,
                ),
                Button(
                    say("buttons.receive_lines", locale), Press(Op.receive_lines, order.id, order.version)
                ),
            ),
        )
    return Card(_title(order, locale), facts, rows=rows)


def _title(order: OrderOut, locale: str) -> str:
    state = say(f"states.order.{order.state.value}", locale)
    return say("cards.title", locale, number=order.number, state=state)


def _facts(order: OrderOut, viewer: Viewer) -> tuple[str, ...]:
    locale = viewer.locale
    facts = [*shortened((_line(line, order.currency, locale) for line in order.lines), locale)]
    facts.append(say("cards.order.total", locale, amount=money(order.total, order.currency, locale)))
    facts.append(say("cards.order.due", locale, day=day(order.due_on, locale)))
    if order.reason:
        facts.append(say("cards.reason", locale, reason=order.reason))
    return tuple(facts)


def _line(line: OrderLineOut, currency: str, locale: str) -> str:
    item = wanted(line.description, line.quantity, line.unit, locale)
    told = say("cards.each", locale, line=item, price=money(line.unit_price, currency, locale))
    if line.accepted or line.rejected:
        told = say(
            "cards.order.arrived",
            locale,
            line=told,
            accepted=quantity(line.accepted, line.unit, locale),
            rejected=quantity(line.rejected, line.unit, locale),
        )
    return told
