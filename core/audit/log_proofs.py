"""Proofs to take along: that events stand in the log at their places, and that it only ever grew.

One rule: everybody gets proofs of the events that they may see anyway, and of no others.

A bundle may be of any length: first it is looked for where its events stand and how the log grew, then its events are
read part by part, so that no process holds more than one part.

A vendor gets those of its own people's acts, once the RFQ is decided, under the first checkpoint that covers them:
positions and sizes count what others did, and before the award a vendor learns nothing.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select, true

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.audit.queries import EventRow, PublishedCheckpoint, event_row
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import RequestId
from core.kernel.subjects import SubjectKind
from core.log.checkpoint import extend
from core.log.merkle import (
    BLOCK_LEAVES,
    BlockTree,
    ConsistencyTree,
    MerkleTree,
    TreesTogether,
    WitnessedTree,
)
from core.log.personal import OpenedValue, opened
from core.log.tables import audit_events, checkpoints
from core.people.tables import people
from core.requests import repo as requests
from core.rfqs.states import RfqState
from core.rfqs.tables import rfqs
from core.uow import Uow

EVENTS_AT_ONCE = 200
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
    """Where the events of a bundle stand, oldest first, and what proves their places.

    ``checkpoint`` None: none covers the events yet; ``earlier`` are proofs that it grew out of those before.
    ``blocks`` are the paths from the blocks of the tree that contain the events to the root of the checkpoint.
    """

    checkpoint: PublishedCheckpoint | None
    earlier: tuple[ConsistencyProof, ...]
    positions: Sequence[int]
    blocks: Mapping[int, Sequence[bytes]]

    @property
    def size(self) -> int:
        """How many events of the log the checkpoint covers."""
        return self.checkpoint.size if self.checkpoint is not None else 0

    def parts(self) -> "list[BundlePart]":
        """The parts in which its events are read."""
        return [
            BundlePart(self, self.positions[start : start + EVENTS_AT_ONCE])
            for start in range(0, len(self.positions), EVENTS_AT_ONCE)
        ]


@dataclass(frozen=True)
class BundlePart:
    """Some of a bundle's positions."""

    bundle: EventBundle
    positions: Sequence[int]


@requires(Permission.me_read)
async def bundle(uow: Uow, actor: Actor, subject_id: UUID) -> EventBundle:
    """All events of one thing or a whole purchase that the caller may see, and that they are in the log."""
    return await _bundle(uow, actor, or_(_E.subject_id == subject_id, _E.request_id == subject_id))


@requires(Permission.me_read)
async def prove_event(uow: Uow, actor: Actor, event_id: UUID) -> EventBundle:
    """One event that the caller may see, as a bundle."""
    return await _bundle(uow, actor, _E.id == event_id)


@requires(Permission.me_read)
async def prove_part(uow: Uow, actor: Actor, part: BundlePart) -> tuple[EventProof, ...]:
    """The events of a part of the caller's bundle, each with its proof."""
    async with uow.unfenced():
        rows = (
            await uow.connection.execute(
                select(audit_events, func.coalesce(_P.name, _E.actor).label("actor_name"))
                .outerjoin(people, cast(_P.id, String) == _E.actor)
                .where(_E.position.in_(list(part.positions)))
                .order_by(_E.position)
            )
        ).all()
        paths = await _paths(uow, part)
        verifies = actor.may(Permission.audit_verify)
        personal = await opened(uow.connection, [row.id for row in rows]) if verifies else {}
    return tuple(
        EventProof(event_row(row), row.canonical, paths.get(row.position, ()), personal.get(row.id, ()))
        for row in rows
    )


async def _paths(uow: Uow, part: BundlePart) -> dict[int, Sequence[bytes]]:
    """The inclusion proof of each position that the checkpoint covers."""
    size = part.bundle.size
    found: dict[int, Sequence[bytes]] = {}
    covered = [position for position in part.positions if position <= size]
    for block, positions in groupby(covered, _block_of):
        before, wanted = block * BLOCK_LEAVES, list(positions)
        leaves = WitnessedTree([position - 1 - before for position in wanted])
        inside = (_E.position > before) & (_E.position <= min(size, before + BLOCK_LEAVES))
        leaves.extend(await uow.connection.scalars(select(_E.digest).where(inside).order_by(_E.position)))
        paths = leaves.proofs()
        for position in wanted:
            found[position] = (*paths[position - 1 - before], *part.bundle.blocks[block])
    return found


def _block_of(position: int) -> int:
    return (position - 1) // BLOCK_LEAVES


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
        positions = await _visible(uow, actor, wanted)
        if not positions:
            raise NotFound(what="event")
        is_vendor = actor.vendor_id is not None
        made = await (_first_covering(uow, positions[-1]) if is_vendor else _published(uow, None))
        before = await _before(uow, made.size) if made is not None and not is_vendor else []
        size = made.size if made is not None else 0
        tree = BlockTree()
        grown = [ConsistencyTree(each.size, size) for each in before]
        await _grow(uow, TreesTogether([tree, *grown]), size)
    blocks = tree.paths_of_blocks({_block_of(each) for each in positions if each <= size})
    return EventBundle(made, _earlier(made, before, grown), positions, blocks)


def _earlier(
    made: PublishedCheckpoint | None, before: Sequence[PublishedCheckpoint], grown: Sequence[ConsistencyTree]
) -> tuple[ConsistencyProof, ...]:
    if made is None:
        return ()
    return tuple(ConsistencyProof(each, made, tree.proof()) for each, tree in zip(before, grown, strict=True))


async def _visible(uow: Uow, actor: Actor, wanted: ColumnElement[bool]) -> Sequence[int]:
    """The positions of the sealed events among those wanted that the caller may see, eight bytes each."""
    sealed = _E.position.is_not(None) & wanted
    chosen = select(_E.position).where(sealed).order_by(_E.position)
    if actor.vendor_id is not None:
        chosen = chosen.join(people, cast(_P.id, String) == _E.actor).where(_by_own_people(actor))
    elif not actor.may(Permission.audit_verify):
        if not actor.may(Permission.requests_read):
            return ()
        requests_of = await uow.connection.scalars(select(_E.request_id).where(sealed).distinct())
        seen = [each for each in requests_of if each is not None and await _sees(uow, actor, each)]
        hidden = () if actor.may(Permission.insights_read) else (SubjectKind.finding,)
        chosen = chosen.where(_E.request_id.in_(seen), _E.subject_kind.not_in(hidden))
    found = array("q")
    async with uow.connection.transaction():
        async for position in uow.connection.stream_scalars(chosen):
            found.append(position)
    return found


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
