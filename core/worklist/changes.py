"""What changed since a position of the log, and whom it concerns: a hint for those who look at it right now.

One rule: it says that something moved and never what, so whoever is told looks again with their own rights.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, bindparam, case, cast, func, literal_column, select, union

from core.amendments.events import DeadlineMoved, RfqCorrected
from core.approvals.tables import approval_steps, approvals
from core.clarifications.events import RfqQuestionAnswered
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.db.keyset import in_array_of
from core.kernel.clock import Clock
from core.log.tables import audit_events
from core.orders.events import OrderGenerated, OrderUndone
from core.people.events import PasswordSet, PersonDisabled, PersonEdited, RolesChanged
from core.people.tables import people
from core.quotes.events import QuoteApproved, QuoteReturned, QuoteSelected, QuoteUnselected
from core.requests.tables import procurement_requests
from core.rfqs.events import RfqAwarded, RfqCancelled, RfqClosed, RfqReplaced, RfqUnsuccessful
from core.rfqs.tables import rfq_invitations, rfqs
from core.web_sessions.events import WebSessionEnded
from core.worklist import repo

MOST = 500
"""Events that one look takes; the rest comes with the next."""
OF_RIGHTS = frozenset(
    each.type for each in (PasswordSet, PersonDisabled, PersonEdited, RolesChanged, WebSessionEnded)
)
"""After these, whoever looks has to show again who they are."""
OF_ALL_INVITED = frozenset(
    each.type
    for each in (
        RfqCorrected,
        RfqQuestionAnswered,
        DeadlineMoved,
        RfqClosed,
        RfqUnsuccessful,
        RfqReplaced,
        RfqAwarded,
        RfqCancelled,
    )
)
"""What every vendor reads who was asked."""
BEHIND_THE_DESK = frozenset(
    each.type
    for each in (QuoteSelected, QuoteUnselected, QuoteApproved, QuoteReturned, OrderGenerated, OrderUndone)
)
"""What is about one vendor, and no vendor sees: a choice until the award, and an order until it is issued."""

_E, _R, _A, _F, _I, _P = (
    audit_events.c,
    procurement_requests.c,
    approvals.c,
    rfqs.c,
    rfq_invitations.c,
    people.c,
)
_actor = case((_E.actor_kind == literal_column("'person'"), cast(_E.actor, Id)))
_of_all: list[ColumnElement[str]] = [literal_column(f"'{each}'") for each in sorted(OF_ALL_INVITED)]
_invited = func.array(select(_I.vendor_id).where(_I.rfq_id == _E.subject_id).scalar_subquery())
_AFTER = Prebuilt(
    select(
        _E.position,
        _E.type,
        _E.request_id,
        _E.subject_id,
        _actor.label("actor"),
        _P.vendor_id,
        _E.data["vendor_id"].label("of_vendor"),
        _E.data["vendor_ids"].label("of_vendors"),
        case((_E.type.in_(_of_all), _invited)).label("invited"),
    )
    .select_from(audit_events.outerjoin(people, _P.id == _actor))
    .where(_E.position > bindparam("after"))
    .order_by(_E.position)
    .limit(MOST)
)
_NEWEST = Prebuilt(select(func.coalesce(func.max(_E.position), 0)))
_wanted = select(func.unnest(bindparam("request_ids", type_=ARRAY(Id))))


@dataclass(frozen=True)
class Change:
    """One event, as far as a hint needs it; ``vendors`` are those who may hear that something happened."""

    position: int
    request_id: UUID | None
    actor: UUID | None
    vendors: frozenset[UUID]
    person: UUID | None
    """Whose rights it changed."""


async def newest(connection: Connection) -> int:
    """The last position of the log; 0 when nothing is sealed yet."""
    return int(await connection.scalar(_NEWEST))


async def after(connection: Connection, position: int) -> Sequence[Change]:
    """The events behind a position, in their order, ``MOST`` at a time."""
    return [
        Change(
            row.position,
            row.request_id,
            row.actor,
            _vendors(row),
            row.subject_id if row.type in OF_RIGHTS else None,
        )
        for row in await connection.execute(_AFTER, {"after": position})
    ]


def _vendors(row: Row) -> frozenset[UUID]:
    """The side of whoever caused it, and whose invitation, quote or order it is about."""
    found = {row.vendor_id, *(row.invited or ())}
    if row.type not in BEHIND_THE_DESK:
        found |= {UUID(each) for each in (row.of_vendor, *(row.of_vendors or ())) if each}
    return frozenset(found - {None})


def _people_of() -> Prebuilt:
    """Who asked, who sources, who was asked to decide, whose vendor was invited, and for whom something waits."""
    work = repo.everybodys_work()
    asked = func.unnest(approval_steps.c.candidates)
    return Prebuilt(
        union(
            select(_R.id, _R.requested_by).where(in_array_of(_R.id, _wanted)),
            select(_R.id, _R.entered_by).where(in_array_of(_R.id, _wanted)),
            select(_F.request_id, _F.sent_by).where(in_array_of(_F.request_id, _wanted)),
            select(_A.request_id, asked)
            .select_from(approvals.join(approval_steps, approval_steps.c.approval_id == _A.id))
            .where(in_array_of(_A.request_id, _wanted)),
            select(_F.request_id, _P.id)
            .select_from(rfqs.join(rfq_invitations, _I.rfq_id == _F.id))
            .join(people, _P.vendor_id == _I.vendor_id)
            .where(in_array_of(_F.request_id, _wanted)),
            select(work.c.request_id, work.c.person_id),
        )
    )


_PEOPLE = _people_of()


async def people_of(
    connection: Connection, request_ids: Collection[UUID], clock: Clock
) -> Mapping[UUID, frozenset[UUID]]:
    """Whom each of these purchases concerns now."""
    if not request_ids:
        return {}
    parameters = {"request_ids": list(request_ids), "now": clock.now()}
    found: dict[UUID, set[UUID]] = {}
    for request_id, person_id in await connection.execute(_PEOPLE, parameters):
        if person_id is not None:
            found.setdefault(request_id, set()).add(person_id)
    return {request_id: frozenset(concerned) for request_id, concerned in found.items()}
