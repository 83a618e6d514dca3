"""Orders, deliveries, answers and quotes of vendors, written past the foreign keys.

history = VendorHistory(database)
order = await history.order(vendor, issued=day(1), days=10, quantity=100)
await history.receive(order, day(5), accepted=60)
"""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from core.kernel.ids import new_id
from tests.support.postgres import Database

FIRST = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    """Nine in the morning, so many days after the first."""
    return FIRST + dt.timedelta(number)


@dataclass(frozen=True)
class OrderedLine:
    """An order with one line."""

    order: UUID
    line: UUID
    issued: dt.datetime
    quantity: int


class VendorHistory:
    def __init__(self, database: Database) -> None:
        self._hand = database.hand

    async def begin(self) -> "VendorHistory":
        await self._hand.execute("SET session_replication_role = replica")
        return self

    async def order(
        self, vendor: UUID, issued: dt.datetime, *, days: int, quantity: int = 10, centre: str = "IT"
    ) -> OrderedLine:
        """An issued order of one line that is promised so many days later."""
        order, line = new_id(), new_id()
        due = issued.date() + dt.timedelta(days)
        await self._hand.execute(
            "INSERT INTO purchase_orders (id, number, state, version, request_id, quote_id, approval_id, vendor_id,"
            " requested_by, cost_centre, currency, shipping, total, due_on, created_at, issue_at, issued_at)"
            " VALUES ($1, $2, 'acknowledged', 1, $3, $4, $5, $6, $6, $7, 'USD', 0, 100, $8, $9, $9, $9)",
            *(order, f"PO-{order.hex[-12:]}", uuid4(), uuid4(), uuid4(), vendor, centre, due, issued),
        )
        await self._hand.execute(
            "INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price,"
            " quantity, lead_time_days) VALUES ($1, $2, $3, 1, 'Paper', 'pieces', 10, $4, $5)",
            *(line, order, uuid4(), quantity, days),
        )
        return OrderedLine(order, line, issued, quantity)

    async def move(self, ordered: OrderedLine, *, days: int, at: dt.datetime) -> None:
        """Both sides agree on another day; the terms before are kept."""
        before = await self._hand.fetchval(
            "SELECT lead_time_days FROM purchase_order_lines WHERE id = $1", ordered.line
        )
        revision = await self._hand.fetchval(
            "UPDATE purchase_orders SET revision = revision + 1, due_on = $2 WHERE id = $1 RETURNING revision - 1",
            *(ordered.order, ordered.issued.date() + dt.timedelta(days)),
        )
        line = {"line_id": str(ordered.line), "quantity": str(ordered.quantity), "lead_time_days": before}
        await self._hand.execute(
            "INSERT INTO order_revisions (order_id, revision, content, replaced_at) VALUES ($1, $2, $3, $4)",
            *(ordered.order, revision, json.dumps({"lines": [line]}), at),
        )
        await self._hand.execute(
            "UPDATE purchase_order_lines SET lead_time_days = $2 WHERE id = $1", ordered.line, days
        )

    async def receive(
        self,
        ordered: OrderedLine,
        at: dt.datetime,
        *,
        accepted: int,
        rejected: int = 0,
        kind: str = "receipt",
    ) -> UUID:
        """An entry of what arrived, or of what went back (negative)."""
        return await self._entry(ordered, at, (accepted, rejected), kind, None)

    async def correct(self, ordered: OrderedLine, at: dt.datetime, *, accepted: int, entry: UUID) -> UUID:
        """A counter-entry: the difference."""
        return await self._entry(ordered, at, (accepted, 0), "correction", entry)

    async def _entry(
        self, ordered: OrderedLine, at: dt.datetime, counts: tuple[int, int], kind: str, corrects: UUID | None
    ) -> UUID:
        entry = new_id()
        line = {"line_id": str(ordered.line), "accepted": str(counts[0]), "rejected": str(counts[1])}
        await self._hand.execute(
            "INSERT INTO receipts (id, order_id, received_by, received_at, note, lines, kind, corrects)"
            " VALUES ($1, $2, $3, $4, '', $5, $6, $7)",
            *(entry, ordered.order, uuid4(), at, json.dumps([line]), kind, corrects),
        )
        return entry

    async def cancel(self, ordered: OrderedLine, at: dt.datetime) -> None:
        """The buyer gives it up, with nothing kept."""
        await self._hand.execute(
            "UPDATE purchase_orders SET state = 'cancelled' WHERE id = $1", ordered.order
        )
        await self._event("order.cancelled", ordered.order, at)

    async def close_short(self, ordered: OrderedLine, at: dt.datetime) -> None:
        """The buyer awaits no more than what has come."""
        await self._hand.execute(
            "UPDATE purchase_orders SET state = 'completed', reason = 'enough', completed_at = $2 WHERE id = $1",
            *(ordered.order, at),
        )

    async def _event(self, kind: str, subject: UUID, at: dt.datetime) -> None:
        await self._hand.execute(
            "INSERT INTO audit_events (id, occurred_at, type, actor, actor_kind, channel, subject_kind, subject_id,"
            " subject_version, data, canonical, digest, correlation_id)"
            " VALUES ($1, $2, $3, 'test', 'person', 'api', 'order', $4, 1, '{}', '', '', 'test')",
            *(new_id(), at, kind, subject),
        )

    async def rfq(
        self,
        sent: dt.datetime,
        closed: dt.datetime,
        answers: dict[UUID, int | None],
        *,
        quote_by: dt.datetime | None = None,
        state: str = "awarded",
        decided: dt.datetime | None = None,
    ) -> None:
        """Vendors asked at once; each quotes this total an hour later, or (None) never."""
        rfq = new_id()
        if decided is not None:
            await self._event("rfq.awarded", rfq, decided)
        await self._hand.execute(
            "INSERT INTO rfqs (id, number, request_id, state, version, currency, quote_by, needed_by, note, sent_by,"
            " created_at, closed_at) VALUES ($1, $2, $3, $7, 1, 'USD', $8, $6, '', $3, $4, $5)",
            *(rfq, f"RFQ-{rfq.hex[-12:]}", uuid4(), sent, closed, closed.date(), state, quote_by or closed),
        )
        answered = sent + dt.timedelta(hours=1)
        for vendor, total in answers.items():
            state = "quoted" if total is not None else "expired"
            await self._hand.execute(
                "INSERT INTO rfq_invitations (id, rfq_id, vendor_id, state, sent_at, answered_at)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                *(new_id(), rfq, vendor, state, sent, answered if total is not None else None),
            )
            if total is not None:
                quote = new_id()
                await self._hand.execute(
                    "INSERT INTO vendor_quotes (id, number, rfq_id, request_id, vendor_id, revision, state, version,"
                    " currency, total, shipping, lead_time_days, slowest_days, valid_until, note, complete,"
                    " submitted_by, submitted_at)"
                    " VALUES ($1, $2, $3, $4, $5, 1, 'lost', 1, 'USD', $6, 0, 5, 5, $7, '', true, $5, $8)",
                    *(
                        quote,
                        f"Q-{quote.hex[-12:]}",
                        rfq,
                        uuid4(),
                        vendor,
                        Decimal(total),
                        closed.date(),
                        answered,
                    ),
                )
