"""Pure rules of receipts: how much may arrive, be taken back or go back, and what the order's lines say then.

One rule: what one delivery brings, accepted and rejected together, is never more than is open plus the tolerance.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.kernel.errors import invalid
from core.kernel.money import MAX_AMOUNT
from core.kernel.whole_units import check_whole, countable, divides
from core.orders.model import Order, OrderLine
from core.receipts.commands import ReceivedLine, ReturnedLine
from core.receipts.errors import MoreThanKept, OverReceipt
from core.receipts.model import Receipt

Percent = Callable[[OrderLine], Decimal]
"""How much more of a line may arrive, in percent of what was ordered."""
NOTHING = Decimal(0)


def most_open(line: OrderLine, percent: Decimal) -> Decimal:
    """How much a delivery may still bring of this line."""
    most = line.quantity * (100 + percent) / 100
    return max(NOTHING, (countable(most, line.unit) if _comes_whole(line) else most) - line.accepted)


def _comes_whole(line: OrderLine) -> bool:
    """Counted in pieces, and ordered so; what was ordered as 2.5 pieces once may still arrive."""
    return not divides(line.quantity, line.unit)


def lines_after_receipt(
    order: Order, arrived: Sequence[ReceivedLine], percent: Percent
) -> tuple[OrderLine, ...]:
    """The order's lines after this delivery; refuses unknown and repeated lines, excess, and parts of a piece."""
    lines = _named_once(order, [item.line_id for item in arrived])
    for index, item in enumerate(arrived):
        line = lines[item.line_id]
        _check_whole(index, line, accepted=item.accepted, rejected=item.rejected)
        most = most_open(line, percent(line))
        if item.accepted + item.rejected > most:
            raise _too_much(line, most)
        rejected = line.rejected + item.rejected
        _check_storable(index, "rejected", rejected)
        lines[item.line_id] = replace(line, accepted=line.accepted + item.accepted, rejected=rejected)
    if all(item.accepted == 0 and item.rejected == 0 for item in arrived):
        raise invalid("/lines/0/accepted", "receipt.empty", "nothing was received", '"3"')
    return tuple(lines.values())


def differences(
    order: Order, said: Mapping[UUID, ReceivedLine], meant: Sequence[ReceivedLine]
) -> tuple[ReceivedLine, ...]:
    """What a correction adds, so that a receipt that said ``said`` says what was meant; refuses one without any."""
    lines = _named_once(order, [item.line_id for item in meant])
    found: list[ReceivedLine] = []
    for index, item in enumerate(meant):
        _check_whole(index, lines[item.line_id], accepted=item.accepted, rejected=item.rejected)
        before = said.get(item.line_id, ReceivedLine(item.line_id, NOTHING, NOTHING))
        accepted, rejected = item.accepted - before.accepted, item.rejected - before.rejected
        _check_storable(index, "rejected", lines[item.line_id].rejected + rejected)
        if accepted or rejected:
            found.append(ReceivedLine(item.line_id, accepted, rejected))
    if not found:
        raise invalid("/lines", "receipt.same", "this is what the receipt says already", None)
    return tuple(found)


def lines_after_correction(
    order: Order, differing: Sequence[ReceivedLine], percent: Percent
) -> tuple[OrderLine, ...]:
    """The order's lines after a correction; refuses one below nothing, and an excess as a receipt does."""
    lines = {line.id: line for line in order.lines}
    for item in differing:
        line = lines[item.line_id]
        if line.accepted + item.accepted < 0 or line.rejected + item.rejected < 0:
            raise MoreThanKept(line=line.description, kept=_plain(line.accepted))
        most = most_open(line, percent(line))
        if max(item.accepted, item.accepted + item.rejected) > most:
            raise _too_much(line, most)
        lines[item.line_id] = replace(
            line, accepted=line.accepted + item.accepted, rejected=line.rejected + item.rejected
        )
    return tuple(lines.values())


def lines_after_return(order: Order, going: Sequence[ReturnedLine]) -> tuple[OrderLine, ...]:
    """The order's lines after goods went back: they are open again."""
    lines = _named_once(order, [item.line_id for item in going])
    for index, item in enumerate(going):
        line = lines[item.line_id]
        _check_whole(index, line, quantity=item.quantity)
        if item.quantity > line.accepted:
            raise MoreThanKept(line=line.description, kept=_plain(line.accepted))
        returned = line.returned + item.quantity
        _check_storable(index, "quantity", returned)
        lines[item.line_id] = replace(line, accepted=line.accepted - item.quantity, returned=returned)
    return tuple(lines.values())


def said_by(receipt: Receipt, corrections: Iterable[Receipt]) -> dict[UUID, ReceivedLine]:
    """What a receipt says of each line after its corrections."""
    said: dict[UUID, ReceivedLine] = {}
    for entry in (receipt, *corrections):
        for line in entry.lines:
            before = said.get(line.line_id, ReceivedLine(line.line_id, NOTHING, NOTHING))
            said[line.line_id] = ReceivedLine(
                line.line_id, before.accepted + line.accepted, before.rejected + line.rejected
            )
    return said


def _named_once(order: Order, named: Sequence[UUID]) -> dict[UUID, OrderLine]:
    """The order's lines by id, after checking that these are among them and none is named twice."""
    lines: dict[UUID, OrderLine] = {line.id: line for line in order.lines}
    seen: set[UUID] = set()
    for index, line_id in enumerate(named):
        if line_id not in lines:
            raise invalid(f"/lines/{index}/line_id", "line.unknown", f"is not a line of {order.number}", None)
        if line_id in seen:
            raise invalid(f"/lines/{index}/line_id", "line.twice", "this line is named twice", None)
        seen.add(line_id)
    return lines


def _check_whole(index: int, line: OrderLine, **counts: Decimal) -> None:
    for field, count in counts.items():
        if _comes_whole(line):
            check_whole(f"/lines/{index}/{field}", count, line.unit)


def _check_storable(index: int, field: str, total: Decimal) -> None:
    """What is rejected and sent back again and again is still counted."""
    if total > MAX_AMOUNT:
        most = f"{MAX_AMOUNT:f}"
        raise invalid(f"/lines/{index}/{field}", "decimal.range", "is more than fits", '"3"', most=most)


def _too_much(line: OrderLine, most: Decimal) -> OverReceipt:
    return OverReceipt(
        line=line.description,
        ordered=_plain(line.quantity),
        received=_plain(line.accepted),
        most=_plain(most),
    )


def _plain(quantity: Decimal) -> Decimal:
    """Without the zeros that the database adds: 3, 2.5."""
    whole = quantity.to_integral_value()
    return whole if quantity == whole else quantity.normalize()
