"""Pure rules of a change: what a proposal may contain, and the order with the terms of one.

One rule: nothing is cut below what has arrived.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.kernel.errors import invalid
from core.kernel.ids import PersonId
from core.kernel.limits import MAX_REASON_LENGTH
from core.kernel.money import MAX_AMOUNT, rounded, total_of
from core.kernel.whole_units import check_whole
from core.order_changes.commands import ChangedLine, ProposeChange
from core.orders.model import Order, OrderLine, Proposal, ProposedLine, Side

MAX_DAYS_AHEAD = dt.timedelta(days=3 * 366)


def proposed_change(order: Order, command: ProposeChange, *, by: PersonId, now: dt.datetime) -> Proposal:
    """The terms of all lines as the vendor wants them; refuses what nobody could deliver, and no change at all."""
    _check_day("/due_on", command.due_on, now.date())
    changes = _by_line(order, command.lines)
    lines = tuple(
        _proposed_line(order, line, changes.get(line.id), command.due_on, now.date()) for line in order.lines
    )
    if not any(line.quantity for line in lines):
        raise invalid(
            "/lines", "change.nothing_left", "nothing would be left; refuse or call off the order", None
        )
    if lines == tuple(_as_it_is(line) for line in order.lines):
        raise invalid("/lines", "change.same", "this is what the order says already", None)
    total = _total(order, lines)
    due_on = order.created_at.date() + dt.timedelta(
        days=max(line.lead_time_days for line in lines if line.quantity)
    )
    return Proposal(Side.vendor, by, now, command.reason, lines, total, due_on)


def told_increase(order: Order, proposal: Proposal) -> str:
    """What the approvers read, in no language of its own: both totals, and the vendor's reason."""
    before, after = (rounded(total, order.currency) for total in (order.total, proposal.total))
    return f"{before:f} → {after:f} {order.currency} · {proposal.reason}"[:MAX_REASON_LENGTH]


def with_terms(order: Order, proposal: Proposal) -> Order:
    """The order with the terms of the proposal, as its next revision."""
    wanted = {line.line_id: line for line in proposal.lines}
    lines = tuple(
        replace(
            line,
            quantity=wanted[line.id].quantity,
            unit_price=wanted[line.id].unit_price,
            lead_time_days=wanted[line.id].lead_time_days,
        )
        for line in order.lines
    )
    return replace(
        order,
        lines=lines,
        total=proposal.total,
        due_on=proposal.due_on,
        revision=order.revision + 1,
        proposal=None,
    )


def _by_line(order: Order, changes: Sequence[ChangedLine]) -> Mapping[UUID, tuple[int, ChangedLine]]:
    known = {line.id for line in order.lines}
    found: dict[UUID, tuple[int, ChangedLine]] = {}
    for index, change in enumerate(changes):
        if change.line_id not in known:
            raise invalid(f"/lines/{index}/line_id", "line.unknown", f"is not a line of {order.number}", None)
        if change.line_id in found:
            raise invalid(f"/lines/{index}/line_id", "line.twice", "this line is named twice", None)
        found[change.line_id] = index, change
    return found


def _as_it_is(line: OrderLine) -> ProposedLine:
    return ProposedLine(line.id, line.quantity, line.unit_price, line.lead_time_days)


def _proposed_line(
    order: Order,
    line: OrderLine,
    named: tuple[int, ChangedLine] | None,
    due_on: dt.date | None,
    today: dt.date,
) -> ProposedLine:
    index, change = named or (0, ChangedLine(line.id))
    day = change.due_on or (due_on if line.open else None)
    quantity = line.quantity if change.quantity is None else change.quantity
    if quantity < line.accepted:
        why = f"{line.accepted.normalize():f} have arrived already"
        raise invalid(
            f"/lines/{index}/quantity", "change.below_received", why, f'"{line.accepted.normalize():f}"'
        )
    if change.quantity is not None:
        check_whole(f"/lines/{index}/quantity", quantity, line.unit)
    _check_day(f"/lines/{index}/due_on", change.due_on, today)
    return ProposedLine(
        line.id,
        quantity,
        line.unit_price if change.unit_price is None else change.unit_price,
        line.lead_time_days if day is None else max(0, (day - order.created_at.date()).days),
    )


def _check_day(field: str, day: dt.date | None, today: dt.date) -> None:
    if day is not None and not today <= day <= today + MAX_DAYS_AHEAD:
        raise invalid(field, "change.day", f"{day} is past, or years away", today.isoformat())


def _total(order: Order, lines: Sequence[ProposedLine]) -> Decimal:
    total = total_of([(line.quantity, line.unit_price) for line in lines], order.currency, order.shipping)
    if total > MAX_AMOUNT:
        raise invalid("/lines", "amount.range", "the lines add up to more than can be counted", '"1180.00"')
    return total
