"""The stages of purchases, computed slowly: one event after the other, with a note per thing of where it is.

One rule: nothing of the statement that does the same by sets is used here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

GIVEN_UP = {"draft", "withdrawn", "cancelled", "rejected"}
ORDER_STAGES = {
    "generated": "issuing",
    "issued": "acknowledging",
    "change_proposed": "agreeing",
    "acknowledged": "receiving",
    "partly_received": "receiving",
}
OPENS = {"approval.opened", "approval.step_opened", "approval.undone"}
CLOSES = {"approval.approved", "approval.rejected", "approval.withdrawn"}


@dataclass
class SlowVisit:
    """One stay of one thing in one stage."""

    subject_id: UUID
    request_id: UUID
    stage: str
    visit: int
    entered_at: dt.datetime
    step_id: str | None = None
    left_at: dt.datetime | None = None
    stopped: bool = False
    questions: list[tuple[dt.datetime, dt.datetime | None, UUID]] = field(default_factory=list)

    @property
    def paused_s(self) -> int:
        """What lay between question and answer while it was here; a question still open counts up to the end."""
        total = 0.0
        for asked, answered, approval in self.questions:
            ends = [each for each in (answered, self.left_at) if each is not None]
            until = min(ends, default=None)
            if until is None or (self.stage == "deciding" and approval != self.subject_id):
                continue
            total += max(0.0, (until - max(asked, self.entered_at)).total_seconds())
        return round(total) if self.stage in ("approving", "deciding") else 0

    def row(self) -> tuple[Any, ...]:
        spent = (
            None if self.left_at is None else max(0, int((self.left_at - self.entered_at).total_seconds()))
        )
        step = UUID(self.step_id) if self.step_id else None
        place = (self.subject_id, self.stage, self.visit, self.request_id, step)
        return (*place, self.entered_at, self.left_at, self.stopped, spent, self.paused_s)


class SlowMeasure:
    """Reads events in their order; ``rows`` are what the table should say."""

    def __init__(self) -> None:
        self.visits: list[SlowVisit] = []
        self.here: dict[tuple[str, UUID], SlowVisit | None] = {}
        self.asked: dict[UUID, list[list[Any]]] = {}

    def read(self, events: Iterable[Any]) -> "SlowMeasure":
        for event in events:
            if event["request_id"] is not None:
                self._one(event)
        for visit in self.visits:
            visit.questions = [
                (asked, answered, approval)
                for asked, answered, approval in self.asked.get(visit.request_id, [])
            ]
        return self

    @property
    def rows(self) -> set[tuple[Any, ...]]:
        return {visit.row() for visit in self.visits}

    def _one(self, event: Any) -> None:
        kind, data, request = event["type"], event["data"], event["request_id"]
        state, subject = data.get("state"), event["subject_id"]
        if kind == "rfq.sent":
            self._go(event, "purchase", request, "quoting")
        elif kind in ("rfq.closed", "request.returned"):
            self._go(event, "purchase", request, "choosing")
        elif kind == "request.sourcing_failed":
            self._go(event, "purchase", request, "asking")
        elif kind.startswith("request.") and kind != "request.refused":
            self._request(event, request, state)
        elif kind.startswith("order.") and kind != "order.refused":
            self._go(event, "order", subject, ORDER_STAGES.get(state), stopped=state == "cancelled")
            if kind == "order.issued":
                self._go(event, "whole", request, None)
        elif kind in OPENS:
            self._go(event, "approval", subject, "deciding", step=data["step_id"])
        elif kind in CLOSES:
            self._go(event, "approval", subject, None, stopped=kind == "approval.withdrawn")
        elif kind == "approval.question_asked":
            mine = self.asked.setdefault(request, [])
            if not any(answered is None and approval == subject for _, answered, approval in mine):
                mine.append([event["occurred_at"], None, subject])
        elif kind == "approval.question_answered":
            for question in self.asked.get(request, []):
                if question[1] is None and question[2] == subject:
                    question[1] = event["occurred_at"]

    def _request(self, event: Any, request: UUID, state: str) -> None:
        if event["type"] == "request.submitted":
            self._go(event, "whole", request, "buying")
        if state == "submitted":
            self._go(event, "purchase", request, "asking")
        elif state == "awaiting_approval":
            self._go(event, "purchase", request, "approving")
        elif state in ("approved", "ordered", "completed"):
            self._go(event, "purchase", request, None)
        elif state in GIVEN_UP:
            self._go(event, "purchase", request, None, stopped=True)
            self._go(event, "whole", request, None, stopped=True)

    def _go(
        self,
        event: Any,
        lane: str,
        subject: UUID,
        stage: str | None,
        *,
        step: str | None = None,
        stopped: bool = False,
    ) -> None:
        now = self.here.get((lane, subject))
        if now is not None and (now.stage, now.step_id) == (stage, step):
            return
        if now is not None:
            now.left_at, now.stopped = event["occurred_at"], stopped
        self.here[lane, subject] = None
        if stage is not None:
            earlier = sum(each.subject_id == subject and each.stage == stage for each in self.visits)
            visit = SlowVisit(subject, event["request_id"], stage, earlier + 1, event["occurred_at"], step)
            self.visits.append(visit)
            self.here[lane, subject] = visit


def worked(since: dt.datetime, until: dt.datetime, zone: str, free: set[dt.date]) -> int:
    """The seconds between two moments on days that are not free, minute by minute of each local day."""
    place, total, moment = ZoneInfo(zone), 0.0, since
    while moment < until:
        local = moment.astimezone(place)
        tomorrow = (
            local.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
        ).replace(tzinfo=place)
        end = min(until, tomorrow.astimezone(dt.UTC))
        if local.date() not in free:
            total += (end - moment).total_seconds()
        moment = end
    return int(total)
