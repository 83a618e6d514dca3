"""The card of a purchase order: for whoever receives the goods, and for the vendor who confirms it."""

from decimal import Decimal

from api.contract.orders import OrderLineOut, OrderOut
from api.text import day, money, number, translate
from bots.cards import action_buttons, phrases
from bots.cards.card import ButtonRow, Card, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer


def for_receiver(order: OrderOut, viewer: Viewer) -> Card:
    """What is on its way and what has arrived."""
    locale = viewer.locale
    facts = (
        translate("cards.order_from", locale, vendor=order.vendor_name, request=order.request_number),
        _total(order, locale),
        translate("cards.asked_by", locale, person=order.requested_by_name),
    )
    return _card(order, locale, facts, _buttons(order, action_buttons.RECEIVING, locale))


def for_vendor(order: OrderOut, viewer: Viewer) -> Card:
    """What the buyer orders, to be confirmed."""
    locale = viewer.locale
    buttons = _buttons(order, action_buttons.ACKNOWLEDGING, locale)
    return _card(order, locale, (_total(order, locale),), buttons)


def _buttons(
    order: OrderOut, rows: tuple[action_buttons.ActionButton, ...], locale: str
) -> tuple[ButtonRow, ...]:
    def press(op: Op) -> Press:
        return Press(op, order.id, order.version)

    return rows_of(*action_buttons.buttons_of(order, rows, press, locale), per_row=2)


def _card(order: OrderOut, locale: str, facts: tuple[str, ...], buttons: tuple[ButtonRow, ...]) -> Card:
    return Card(
        title=phrases.title(order.number, phrases.state("order", order.state.value, locale), locale),
        facts=(*facts, *phrases.reason(order.reason, locale)),
        items=tuple(_line(line, order.currency, locale) for line in order.lines),
        buttons=buttons,
        more=translate("cards.more", locale, n="{n}"),
    )


def _total(order: OrderOut, locale: str) -> str:
    return translate(
        "cards.order_total",
        locale,
        total=money(order.total, order.currency, locale),
        shipping=money(order.shipping, order.currency, locale),
        day=day(order.due_on, locale),
    )


def _line(line: OrderLineOut, currency: str, locale: str) -> str:
    text = phrases.priced(
        phrases.line(line.quantity, line.unit, line.description, locale), line.unit_price, currency, locale
    )
    if not line.accepted and not line.rejected:
        return text
    key = "cards.line_rejected" if line.rejected else "cards.line_received"
    return translate(
        key,
        locale,
        line=text,
        accepted=number(line.accepted, locale),
        ordered=number(line.quantity, locale),
        rejected=number(line.rejected, locale),
    )


def open_quantity(line: OrderLineOut) -> Decimal:
    """How much of a line has not been accepted yet."""
    return max(Decimal(0), line.quantity - line.accepted)
