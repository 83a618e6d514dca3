"""The card of a purchase order: for those who receive the goods or look after it, and for its vendor."""

from decimal import Decimal

from api.contract.orders import OrderLineOut, OrderOut, ProposedLineOut
from api.text import day, money, number, translate
from bots.cards import action_buttons, phrases
from bots.cards.card import Button, ButtonRow, Card, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

STAFF_BUTTONS = (
    *action_buttons.ENTERING,
    *action_buttons.RECEIVING,
    *action_buttons.SETTLING,
    *action_buttons.ENDING_ORDER,
)
VENDOR_BUTTONS = (*action_buttons.ACKNOWLEDGING, *action_buttons.SETTLING)


def for_receiver(order: OrderOut, viewer: Viewer) -> Card:
    """What is on its way and what has arrived."""
    locale = viewer.locale
    facts = (
        translate("cards.order_from", locale, vendor=order.vendor_name, request=order.request_number),
        _total(order, locale),
        translate("cards.asked_by", locale, person=order.requested_by_name),
    )
    buttons = _buttons(order, STAFF_BUTTONS, _history(order, locale), locale)
    return _card(order, locale, facts, buttons)


def for_vendor(order: OrderOut, viewer: Viewer) -> Card:
    """What the buyer orders, to be confirmed."""
    locale = viewer.locale
    buttons = _buttons(order, VENDOR_BUTTONS, _versions(order, locale), locale)
    return _card(order, locale, (_total(order, locale),), buttons)


def _buttons(
    order: OrderOut, rows: tuple[action_buttons.ActionButton, ...], more: tuple[Button, ...], locale: str
) -> tuple[ButtonRow, ...]:
    def press(op: Op) -> Press:
        return Press(op, order.id, order.version)

    return rows_of(*action_buttons.buttons_of(order, rows, press, locale), *more, per_row=2)


def _history(order: OrderOut, locale: str) -> tuple[Button, ...]:
    """Once something has arrived, or the terms were changed."""
    arrived = any(line.accepted or line.rejected or line.returned for line in order.lines)
    if not arrived and order.revision == 1:
        return ()
    return (Button(translate("buttons.order_history", locale), Press(Op.order_history, order.id)),)


def _versions(order: OrderOut, locale: str) -> tuple[Button, ...]:
    """A vendor does not read who received what: for it there are only versions, once the terms were changed."""
    if order.revision == 1:
        return ()
    return (Button(translate("buttons.order_versions", locale), Press(Op.order_history, order.id)),)


def _card(order: OrderOut, locale: str, facts: tuple[str, ...], buttons: tuple[ButtonRow, ...]) -> Card:
    return Card(
        title=phrases.title(order.number, phrases.state("order", order.state.value, locale), locale),
        facts=(
            *facts,
            *_revision(order, locale),
            *phrases.reason(order.reason, locale),
            *_proposal(order, locale),
            *_left_out(order, locale),
        ),
        items=tuple(_line(line, order.currency, locale) for line in order.lines),
        buttons=buttons,
        more=translate("cards.more", locale, n="{n}"),
    )


def _revision(order: OrderOut, locale: str) -> tuple[str, ...]:
    """Which version of the terms this is, once they were changed."""
    return (translate("cards.order_revision", locale, n=str(order.revision)),) if order.revision > 1 else ()


def _left_out(order: OrderOut, locale: str) -> tuple[str, ...]:
    """What vendors were asked for and this order does not bring."""
    if not order.left_out:
        return ()
    return (translate("cards.order_left_out", locale, lines=phrases.lines(order.left_out, locale)),)


def _proposal(order: OrderOut, locale: str) -> tuple[str, ...]:
    """What one side proposes: the end of the order, or what would be different, and why."""
    proposal = order.proposal
    if proposal is None:
        return ()
    why = translate("cards.reason", locale, text=proposal.reason)
    if not proposal.lines:
        return translate(f"cards.call_off_by.{proposal.by}", locale), why
    lines = {line.id: line for line in order.lines}
    changed = [
        text
        for wanted in proposal.lines
        if (text := _change(lines[wanted.line_id], wanted, order.currency, locale))
    ]
    total = translate(
        "cards.change_total",
        locale,
        before=money(order.total, order.currency, locale),
        after=money(proposal.total, order.currency, locale),
    )
    waits = (translate("cards.change_awaits_approval", locale),) if proposal.approval_id else ()
    return (translate("cards.change_proposed", locale), *changed, total, why, *waits)


def _change(line: OrderLineOut, wanted: ProposedLineOut, currency: str, locale: str) -> str:
    """What would be different about one line: ``Laptop: 3 → 2 · 1,180.00 USD → 1,300.00 USD``; nothing when nothing."""
    pairs = [
        (number(line.quantity, locale), number(wanted.quantity, locale)),
        (money(line.unit_price, currency, locale), money(wanted.unit_price, currency, locale)),
    ]
    if line.due_on is not None:
        pairs.append((day(line.due_on, locale), day(wanted.due_on, locale)))
    parts = [
        translate("cards.change_of", locale, before=before, after=after)
        for before, after in pairs
        if before != after
    ]
    if not parts:
        return ""
    return translate("cards.change_line", locale, line=line.description, changes=" · ".join(parts))


def _total(order: OrderOut, locale: str) -> str:
    return translate(
        "cards.order_total",
        locale,
        total=money(order.total, order.currency, locale),
        shipping=money(order.shipping, order.currency, locale),
        day=day(order.due_on, locale),
    )


def _line(line: OrderLineOut, currency: str, locale: str) -> str:
    item = phrases.line(line.quantity, line.unit, line.description, locale)
    text = phrases.priced(item, line.unit_price, currency, locale)
    if line.asked_for is not None:
        text = phrases.in_place_of(text, line.asked_for, locale)
    if not line.accepted and not line.rejected and not line.returned:
        return text
    key = "cards.line_rejected" if line.rejected else "cards.line_received"
    counted = translate(
        key,
        locale,
        line=text,
        accepted=number(line.accepted, locale),
        ordered=number(line.quantity, locale),
        rejected=number(line.rejected, locale),
    )
    if not line.returned:
        return counted
    return translate("cards.line_returned", locale, line=counted, returned=number(line.returned, locale))


def open_quantity(line: OrderLineOut) -> Decimal:
    """How much of a line has not been accepted yet."""
    return max(Decimal(0), line.quantity - line.accepted)
