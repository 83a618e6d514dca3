"""The content of a digest: what waits for a person, what of theirs changed, what closes soon.

One rule: it is read with the person's own rights, from the present state.

A vendor's contact reads inside the fence and sees only their own; no price of an open RFQ and no other vendor
is ever included.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.base import Id, Moment
from core.db.compiled import Prebuilt
from core.db.keyset import constant
from core.escalations.events import ApprovalOverdue
from core.findings.queries import count_without_card
from core.kernel.errors import NotFound
from core.notifications import repo
from core.orders.tables import purchase_orders
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from core.rfqs.events import RfqReminded
from core.rfqs.states import InvitationState, RfqState
from core.rfqs.tables import rfq_invitations, rfqs
from core.uow import Uow
from core.worklist import queries as worklist
from core.worklist.model import WorkFound

SOON = dt.timedelta(hours=48)
MAX_CHANGES = 30
REMINDERS = frozenset({ApprovalOverdue.type, RfqReminded.type})
"""Kinds of notices that repeat what waits. They are sent only while it waits; a digest has its own line for it."""
_R, _F, _I, _O = procurement_requests.c, rfqs.c, rfq_invitations.c, purchase_orders.c

_PERSON = bindparam("person", type_=Id)
_REQUEST_CHANGES = Prebuilt(
    select(_R.id, _R.number, _R.state)
    .where(
        _R.requested_by == _PERSON,
        _R.updated_at > bindparam("since", type_=Moment),
        _R.state.not_in([constant(RequestState.draft), constant(RequestState.submitted)]),
    )
    .order_by(_R.updated_at.desc())
    .limit(MAX_CHANGES)
)
_ANSWERS = [constant(InvitationState.quoted), constant(InvitationState.declined)]
_CLOSING = Prebuilt(
    select(
        _F.id,
        _F.number,
        _F.quote_by,
        func.count(_I.id).filter(_I.state.in_(_ANSWERS)).label("answered"),
        func.count(_I.id).label("invited"),
    )
    .join(rfq_invitations, _I.rfq_id == _F.id)
    .where(
        _F.sent_by == _PERSON,
        _F.state == constant(RfqState.open),
        _F.quote_by <= bindparam("until", type_=Moment),
    )
    .group_by(_F.id, _F.number, _F.quote_by)
    .order_by(_F.quote_by)
    .limit(MAX_CHANGES)
)


@dataclass(frozen=True)
class StateChange:
    """One thing of this person's whose state changed since yesterday."""

    family: str
    subject_id: UUID
    number: str
    state: str


@dataclass(frozen=True)
class ClosingRfq:
    """An RFQ that this person sent and that closes soon."""

    rfq_id: UUID
    number: str
    closes: dt.datetime
    answered: int
    invited: int


@dataclass(frozen=True)
class DigestContent:
    """What a person should know in the morning; ``held``: notices that were held overnight.

    ``findings``: how many things looked unusual that no card was sent about, for whoever reviews them.
    """

    at: dt.datetime
    waiting: WorkFound
    changes: tuple[StateChange, ...]
    closing: tuple[ClosingRfq, ...]
    held: tuple[str, ...]
    findings: int = 0

    @property
    def empty(self) -> bool:
        return not (self.waiting.items or self.changes or self.closing or self.held or self.findings)


@requires(Permission.me_read)
async def read_content(uow: Uow, actor: Actor) -> DigestContent:
    """What waits for this person now, what of theirs changed since yesterday, and what closes soon."""
    if actor.person_id is None:
        raise NotFound(what="person")
    since = uow.now - dt.timedelta(days=1)
    return DigestContent(
        uow.now,
        await worklist.of_person(uow, actor),
        await (_order_changes if actor.is_vendor else _request_changes)(uow, actor, since),
        () if actor.is_vendor else await _closing_rfqs(uow, actor),
        await repo.held_texts(uow.connection, actor.person_id, without=REMINDERS),
        await count_without_card(uow, actor) if actor.may(Permission.insights_dismiss) else 0,
    )


async def _request_changes(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[StateChange, ...]:
    rows = await uow.connection.execute(_REQUEST_CHANGES, {"person": actor.person_id, "since": since})
    return tuple(StateChange("request", row.id, row.number, row.state) for row in rows)


async def _order_changes(uow: Uow, actor: Actor, since: dt.datetime) -> tuple[StateChange, ...]:
    rows = await uow.connection.execute(
        select(_O.id, _O.number, _O.state)
        .where(
            _O.vendor_id == actor.vendor_id,
            or_(_O.completed_at > since, _O.acknowledged_at > since),
        )
        .order_by(_O.id.desc())
        .limit(MAX_CHANGES)
    )
    return tuple(StateChange("order", row.id, row.number, row.state) for row in rows)


async def _closing_rfqs(uow: Uow, actor: Actor) -> tuple[ClosingRfq, ...]:
    rows = await uow.connection.execute(_CLOSING, {"person": actor.person_id, "until": uow.now + SOON})
    return tuple(ClosingRfq(row.id, row.number, row.quote_by, row.answered, row.invited) for row in rows)
