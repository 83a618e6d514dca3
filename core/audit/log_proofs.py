"""Proofs to take along: that events stand in the log at their places, and that it only ever grew.

One rule: everybody gets proofs of the events that they may see anyway, and of no others.

A vendor gets those of its own people's acts, once the RFQ is decided, under the first checkpoint that covers them:
positions and sizes count what others did, and before the award a vendor learns nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.audit.queries import EventRow, PublishedCheckpoint, event_row
from core.db.connection import Row
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import RequestId
from core.kernel.subjects import SubjectKind
from core.log.checkpoint import extend
from core.log.merkle import ConsistencyTree, MerkleTree, TreesTogether, WitnessedTree
from core.log.personal import OpenedValue, opened
from core.log.tables import audit_events, checkpoints
from core.people.tables import people
from core.requests import repo as requests
from core.rfqs.states import RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow

MOST_IN_BUNDLE = 2_000
EARLIER_IN_BUNDLE = 5
_DECIDED = (RfqState.awarded, RfqState.unsuccessful, RfqState.cancelled)
_E, _C, _P, _R = audit_events.c, checkpoints.c, people.c, rfqs.c


@dataclass(frozen=True)
class EventProof:
    """An event with its canonical text, its place, and its path to the root of the checkpoint.

    ``personal`` are the values that its commitments stand for, for those who verify the log.
    """

    event: EventRow
    canonical: str
    path: Sequence[bytes]
    personal: Sequence[OpenedValue] = ()


@dataclass(frozen=True)
class ConsistencyProof:
    """The log of the second checkpoint begins with all that the first one covered."""

    first: PublishedCheckpoint
    second: PublishedCheckpoint
    path: Sequence[bytes]


@dataclass(frozen=True)
class EventBundle:
    """``checkpoint`` None: none covers the events yet; ``earlier`` are proofs that it grew out of those before."""

    checkpoint: PublishedCheckpoint | None
    earlier: tuple[ConsistencyProof, ...]
    proofs: tuple[EventProof, ...]


@requires(Permission.me_read)
async def bundle(uow: Uow, actor: Actor, subject_id: UUID) -> EventBundle:
    """All events of one thing or a whole purchase that the caller may see, with proofs that they are in the log."""
    return await _bundle(uow, actor, or_(_E.subject_id == subject_id, _E.request_id == subject_id))


@requires(Permission.me_read)
async def prove_event(uow: Uow, actor: Actor, event_id: UUID) -> EventBundle:
    """One event that the caller may see, with its proof."""
    return await _bundle(uow, actor, _E.id == event_id)


@dataclass(frozen=True)
class Sizes:
    """Of two published checkpoints: ``second`` None is the newest."""

    first: int
    second: int | None


@requires(Permission.requests_read)
async def prove_consistency(uow: Uow, actor: Actor, sizes: Sizes) -> ConsistencyProof:
    """That the log of the second checkpoint begins with all that the first one covered."""
    first = await _published(uow, sizes.first)
    second = await _published(uow, sizes.second)
    if first is None or second is None:
        raise NotFound(what="checkpoint")
    if first.size > second.size:
        raise invalid("/second", "value.small", f"at least {first.size}, the first size", str(first.size))
    tree = ConsistencyTree(first.size, second.size)
    await _grow(uow, tree, second.size)
    return ConsistencyProof(first, second, tree.proof())


async def _bundle(uow: Uow, actor: Actor, wanted: ColumnElement[bool]) -> EventBundle:
    async with uow.unfenced():
        rows = await _visible(uow, actor, wanted)
        if not rows:
            raise NotFound(what="event")
        is_vendor = actor.vendor_id is not None
        last = max(row.position for row in rows)
        made = await (_first_covering(uow, last) if is_vendor else _published(uow, None))
        before = await _before(uow, made.size) if made is not None and not is_vendor else []
        size = made.size if made is not None else 0
        leaves = WitnessedTree([row.position - 1 for row in rows if row.position <= size])
        grown = [ConsistencyTree(each.size, size) for each in before]
        await _grow(uow, TreesTogether([leaves, *grown]), size)
        verifies = actor.may(Permission.audit_verify)
        personal = await opened(uow.connection, [row.id for row in rows]) if verifies else {}
    paths = leaves.proofs()
    proofs = (
        EventProof(event_row(row), row.canonical, paths.get(row.position - 1, ()), personal.get(row.id, ()))
        for row in rows
    )
    return EventBundle(made, _earlier(made, before, grown), tuple(proofs))


def _earlier(
    made: PublishedCheckpoint | None, before: Sequence[PublishedCheckpoint], grown: Sequence[ConsistencyTree]
) -> tuple[ConsistencyProof, ...]:
    if made is None:
        return ()
    return tuple(ConsistencyProof(each, made, tree.proof()) for each, tree in zip(before, grown, strict=True))


async def _visible(uow: Uow, actor: Actor, wanted: ColumnElement[bool]) -> Sequence[Row]:
    """The sealed events among those wanted that the caller may see."""
    rows = (
        await uow.connection.execute(
            select(audit_events, func.coalesce(_P.name, _E.actor).label("actor_name"))
            .outerjoin(people, cast(_P.id, String) == _E.actor)
            .where(_E.position > 0, wanted, _by_own_people(actor) if actor.vendor_id is not None else true())
            .order_by(_E.position)
            .limit(MOST_IN_BUNDLE)
        )
    ).all()
    if actor.vendor_id is not None or actor.may(Permission.audit_verify):
        return rows
    if not actor.may(Permission.requests_read):
        return ()
    seen = {each for each in {row.request_id for row in rows} if each and await _sees(uow, actor, each)}
    hidden = () if actor.may(Permission.insights_read) else (SubjectKind.finding,)
    return [row for row in rows if row.request_id in seen and row.subject_kind not in hidden]


def _by_own_people(actor: Actor) -> ColumnElement[bool]:
    open_ones = exists().where(_R.request_id == _E.request_id, _R.state.not_in(_DECIDED))
    decided = exists().where(_R.request_id == _E.request_id, _R.state.in_(_DECIDED))
    return (_P.vendor_id == actor.vendor_id) & decided & ~open_ones


async def _sees(uow: Uow, actor: Actor, request_id: UUID) -> bool:
    try:
        await requests.visible_to(uow, actor, RequestId(request_id))
    except NotFound:
        return False
    return True


async def _grow(uow: Uow, tree: MerkleTree, size: int) -> None:
    async with uow.connection.transaction():
        await extend(uow.connection, tree, size)


_PUBLISHED = select(_C.size, _C.root, _C.note, _C.made_at)


async def _published(uow: Uow, size: int | None) -> PublishedCheckpoint | None:
    """The checkpoint of a size, or the newest."""
    wanted = _C.size == size if size is not None else true()
    found = await uow.connection.execute(_PUBLISHED.where(wanted).order_by(_C.size.desc()).limit(1))
    row = found.one_or_none()
    return PublishedCheckpoint(*row) if row else None


async def _first_covering(uow: Uow, position: int) -> PublishedCheckpoint | None:
    found = await uow.connection.execute(_PUBLISHED.where(_C.size >= position).order_by(_C.size).limit(1))
    row = found.one_or_none()
    return PublishedCheckpoint(*row) if row else None


async def _before(uow: Uow, size: int) -> list[PublishedCheckpoint]:
    found = await uow.connection.execute(
        _PUBLISHED.where(_C.size < size).order_by(_C.size.desc()).limit(EARLIER_IN_BUNDLE)
    )
    return [PublishedCheckpoint(*row) for row in found]
