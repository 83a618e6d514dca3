"""What waits for a person; never a database row."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from core.kernel.ids import PersonId
from core.kernel.subjects import SubjectKind


class WorkKind(StrEnum):
    """What a person has to do."""

    decide = "decide"
    answer = "answer"
    choose = "choose"
    clarify = "clarify"
    source = "source"
    quote = "quote"
    acknowledge = "acknowledge"
    receive = "receive"
    settle = "settle"
    agree = "agree"


SUBJECTS: Mapping[WorkKind, SubjectKind] = MappingProxyType(
    {
        WorkKind.decide: SubjectKind.approval,
        WorkKind.answer: SubjectKind.approval,
        WorkKind.choose: SubjectKind.rfq,
        WorkKind.clarify: SubjectKind.rfq,
        WorkKind.source: SubjectKind.request,
        WorkKind.quote: SubjectKind.rfq,
        WorkKind.acknowledge: SubjectKind.order,
        WorkKind.receive: SubjectKind.order,
        WorkKind.settle: SubjectKind.order,
        WorkKind.agree: SubjectKind.order,
    }
)


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for one person; ``subject_id`` is what it opens, ``number`` what people call it."""

    kind: WorkKind
    person_id: PersonId
    subject_id: UUID
    request_id: UUID
    number: str
    since: dt.datetime
    due: dt.datetime | None = None
    due_on: dt.date | None = None
    amount: Decimal | None = None
    currency: str | None = None

    @property
    def subject_kind(self) -> SubjectKind:
        return SUBJECTS[self.kind]


@dataclass(frozen=True)
class WorkFound:
    """Some items of a person's worklist, the number of the first one (0: there is none), and how many there are."""

    at: dt.datetime
    items: tuple[WorkItem, ...]
    first: int
    in_all: int


@dataclass(frozen=True)
class WhereNow:
    """What a purchase waits for: whom by name (nobody: the vendors), since when, and until when."""

    kind: WorkKind
    names: tuple[str, ...]
    since: dt.datetime
    due: dt.datetime | None
    due_on: dt.date | None
