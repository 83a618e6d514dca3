"""A log of made-up purchases: each walks at random through what can happen to it, several of them interleaved.

One rule: the order of the events is believable; who reads them measures the same whatever the order.
"""

import datetime as dt
import json
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg

START = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
COLUMNS = (
    "id", "occurred_at", "type", "actor", "actor_kind", "channel", "subject_kind", "subject_id", "subject_version",
    "request_id", "data", "canonical", "digest", "correlation_id", "position", "chain",
)  # fmt: skip
NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("submitted",) * 5 + ("withdrawn",),
    "submitted": ("rfq",) * 6 + ("draft", "withdrawn", "comment"),
    "rfq": ("closed",) * 4 + ("rfq", "failed", "cancelled", "quoted"),
    "quoted": ("closed", "failed"),
    "failed": ("rfq", "withdrawn"),
    "closed": ("opened", "rfq"),
    "opened": ("approved", "step", "returned", "question", "rejected"),
    "step": ("approved", "returned", "question"),
    "question": ("answer", "approved", "returned"),
    "answer": ("approved", "question"),
    "returned": ("rfq", "opened"),
    "approved": ("issued", "undone"),
    "undone": ("approved", "rejected"),
    "issued": ("acknowledged", "refused", "change"),
    "refused": ("opened", "cancelled"),
    "change": ("acknowledged", "issued_again"),
    "issued_again": ("acknowledged",),
    "acknowledged": ("part", "completed", "change"),
    "part": ("part", "completed"),
    "completed": ("reopened", "end"),
    "reopened": ("completed",),
    "comment": ("rfq", "rfq", "withdrawn"),
}


class RandomPurchase:
    """One purchase; ``step`` lets something happen to it."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.at = dice, "draft"
        self.request, self.order, self.approval, self.step_id = (self._id() for _ in range(4))
        self.now = START + dt.timedelta(minutes=dice.randrange(60 * 24 * 30))

    def _id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)

    def step(self) -> list[dict[str, Any]]:
        """The events of what happens next; none once it has ended."""
        choices = NEXT.get(self.at)
        if not choices:
            return []
        self.at = self.dice.choice(choices)
        self.now += dt.timedelta(seconds=self.dice.choice((0, 3, 700, 40_000, 200_000, 900_000)))
        return [*getattr(self, f"_{self.at}", self._request_only)()]

    def _event(self, kind: str, subject: UUID, **data: Any) -> dict[str, Any]:
        return {
            "type": kind, "subject_kind": kind.split(".")[0], "subject_id": subject, "request_id": self.request,
            "occurred_at": self.now, "data": data,
        }  # fmt: skip

    def _of_request(self, action: str, state: str) -> dict[str, Any]:
        return self._event(f"request.{action}", self.request, state=state, number="REQ-1")

    def _of_order(self, action: str, state: str, **data: Any) -> dict[str, Any]:
        return self._event(f"order.{action}", self.order, state=state, number="PO-1", **data)

    def _request_only(self) -> Iterator[dict[str, Any]]:
        if self.at in ("submitted", "withdrawn", "cancelled", "rejected"):
            yield self._of_request(self.at, self.at)
        if self.at == "draft":
            yield self._of_request("taken_back", "draft")

    def _comment(self) -> Iterator[dict[str, Any]]:
        yield self._of_request("commented", "submitted")

    def _rfq(self) -> Iterator[dict[str, Any]]:
        yield self._event("rfq.sent", self._id(), number="RFQ-1")
        yield self._of_request("sourcing", "sourcing")

    def _quoted(self) -> Iterator[dict[str, Any]]:
        yield self._of_request("quoted", "quoted")

    def _failed(self) -> Iterator[dict[str, Any]]:
        yield self._of_request("sourcing_failed", "sourcing")

    def _closed(self) -> Iterator[dict[str, Any]]:
        yield self._event("rfq.closed", self._id(), number="RFQ-1")

    def _opened(self) -> Iterator[dict[str, Any]]:
        self.approval, self.step_id = self._id(), self._id()
        yield self._event("approval.opened", self.approval, step_id=str(self.step_id), about_kind="quote")
        yield self._of_request("awaiting_approval", "awaiting_approval")

    def _step(self) -> Iterator[dict[str, Any]]:
        self.step_id = self._id()
        yield self._event("approval.decided", self.approval, step_id=str(self.step_id))
        yield self._event("approval.step_opened", self.approval, step_id=str(self.step_id))

    def _question(self) -> Iterator[dict[str, Any]]:
        yield self._event("approval.question_asked", self.approval)

    def _answer(self) -> Iterator[dict[str, Any]]:
        yield self._event("approval.question_answered", self.approval)

    def _returned(self) -> Iterator[dict[str, Any]]:
        yield self._event("approval.withdrawn", self.approval)
        yield self._of_request("returned", "quoted")

    def _rejected(self) -> Iterator[dict[str, Any]]:
        yield self._event("approval.rejected", self.approval)
        yield self._of_request("rejected", "rejected")

    def _approved(self) -> Iterator[dict[str, Any]]:
        self.order = self._id()
        yield self._event("approval.approved", self.approval)
        yield self._of_request("approved", "approved")
        yield self._of_order("generated", "generated")
        yield self._of_request("ordered", "ordered")

    def _undone(self) -> Iterator[dict[str, Any]]:
        yield self._event("approval.undone", self.approval, step_id=str(self.step_id))
        yield self._of_order("undone", "cancelled")
        yield self._of_request("awaiting_approval", "awaiting_approval")

    def _issued(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("issued", "issued")

    def _issued_again(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("change_declined", "issued", by="vendor")

    def _refused(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("declined", "cancelled")
        yield self._of_request("returned", "quoted")

    def _change(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("change_proposed", "change_proposed", by=self.dice.choice(("vendor", "buyer")))

    def _acknowledged(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("acknowledged", "acknowledged")

    def _part(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("received", "partly_received")

    def _completed(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("received", "received")
        yield self._of_order("completed", "completed")
        yield self._of_request("completed", "completed")

    def _reopened(self) -> Iterator[dict[str, Any]]:
        yield self._of_order("reopened", "acknowledged")
        yield self._of_request("reopened", "ordered")


def random_events(seed: int, purchases: int, steps: int) -> list[dict[str, Any]]:
    """The events of some purchases in the order of the log, each with its position."""
    dice = random.Random(seed)
    walking = [RandomPurchase(dice) for _ in range(purchases)]
    found = []
    for _ in range(steps):
        found += dice.choice(walking).step()
    return [
        {
            "id": UUID(int=dice.getrandbits(128), version=4), "actor": "a", "actor_kind": "person", "channel": "api",
            "subject_version": 1, "canonical": "{}", "digest": b"", "correlation_id": "c", "chain": b"",
            **event, "position": place,
        }
        for place, event in enumerate(found, start=1)
    ]  # fmt: skip


async def write_log(hand: "asyncpg.Connection[asyncpg.Record]", events: list[dict[str, Any]]) -> None:
    """Into the log as sealed, past the guard that lets only the sealer give positions."""
    rows = [tuple(json.dumps(e[name]) if name == "data" else e[name] for name in COLUMNS) for e in events]
    places = ", ".join(f"${number}" for number in range(1, len(COLUMNS) + 1))
    await hand.execute("SET session_replication_role = replica")
    await hand.executemany(f"INSERT INTO audit_events ({', '.join(COLUMNS)}) VALUES ({places})", rows)
    await hand.execute("SET session_replication_role = DEFAULT")
