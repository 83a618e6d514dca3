"""Every SELECT and UPDATE of bounds and standings."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    exists,
    insert,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.insights.model import STALE_AFTER
from core.insights.repo import IN_FORCE, is_on
from core.insights.states import LEAST_RANKED, Feature
from core.insights.tables import ml_scores
from core.kernel.ids import VendorId
from core.standings.commands import OverrideStanding
from core.standings.model import BelowBound, StandingBounds, StandingChange, VendorStanding
from core.standings.states import StandingKind, StandingStep
from core.standings.tables import standing_bounds, vendor_standings
from core.vendors.repo import TODAY
from core.vendors.tables import vendor_holds, vendors

_B, _T, _S, _H = standing_bounds.c, vendor_standings.c, ml_scores.c, vendor_holds.c
_OF = cast(_S.subject_id, Id)
_FRESH = and_(
    _S.feature == Feature.vendor_score.value,
    _S.subject_type == "vendor",
    _S.part == "total",
    IN_FORCE,
    _S.n >= LEAST_RANKED,
    _S.computed_at >= bindparam("since"),
)
"""A total that may be judged: of enough lines, not out of date, and the feature is on."""
_FIGURES = (_B.bound, _S.value, _S.n, _S.window_from, _S.window_to, _S.run_id)


def _begins() -> ColumnElement[bool]:
    """Nothing followed from this bound; or a hold did, nobody overrode it, and no hold of the kind is left."""
    same = and_(_T.vendor_id == _OF, _T.kind == _B.kind, _T.bound == _B.bound)
    counts = or_(_H.until.is_(None), _H.until >= TODAY)
    held = exists().where(_H.vendor_id == _T.vendor_id, _H.kind == _T.kind, counts)
    settled = or_(_T.overridden_at.is_not(None), _B.kind == StandingKind.warn.value, held)
    return ~exists().where(same, settled)


def _ends() -> ColumnElement[bool]:
    """Not below the bound of its kind any more; an override outlives a time without a score."""
    bounded = exists().where(_B.kind == _T.kind)
    known = exists().where(_FRESH, _S.subject_id == cast(_T.vendor_id, Text))
    below = exists().where(
        _FRESH, _S.subject_id == cast(_T.vendor_id, Text), _B.kind == _T.kind, _S.value < _B.bound
    )
    return or_(not_(bounded), and_(known, not_(below)), and_(not_(known), _T.overridden_at.is_(None)))


_CHOSEN = bindparam("vendor", type_=Id)
_BEGUN = Prebuilt(
    select(_OF.label("vendor_id"), _B.kind, *_FIGURES)
    .select_from(standing_bounds.join(ml_scores, and_(_FRESH, _S.value < _B.bound)))
    .where(_begins(), or_(_CHOSEN.is_(None), _OF == _CHOSEN))
    .order_by(_OF, _B.kind)
    .limit(bindparam("most"))
)
_ENDED = Prebuilt(
    select(_T.vendor_id, _T.kind)
    .where(_ends(), or_(_CHOSEN.is_(None), _T.vendor_id == _CHOSEN))
    .order_by(_T.vendor_id, _T.kind)
    .limit(bindparam("most"))
)
WARNED = and_(
    _T.kind == literal_column(f"'{StandingKind.warn}'"),
    _T.overridden_at.is_(None),
    is_on(Feature.vendor_score),
)
"""Of these vendors is warned: nobody has overridden it, and the feature is on."""
_WARNED_OF = Prebuilt(
    select(vendor_standings).where(WARNED, _T.vendor_id == any_(bindparam("ids", type_=ARRAY(Id))))
)
MOST = 200
"""Changes of one tick; the next one goes on."""


async def due(
    connection: Connection, now: dt.datetime, vendor_id: VendorId | None = None
) -> tuple[StandingChange, ...]:
    """What is not yet as the bounds and the scores in force say; of one vendor, or of all."""
    facts = {"since": now - STALE_AFTER, "vendor": vendor_id, "most": MOST}
    ended = [
        StandingChange(VendorId(row.vendor_id), StandingKind(row.kind), StandingStep.end)
        for row in await connection.execute(_ENDED, facts)
    ]
    begun = [below_bound(row) for row in await connection.execute(_BEGUN, facts)]
    return (*ended, *(StandingChange(each.vendor_id, each.kind, StandingStep.begin, each) for each in begun))


def below_bound(row: Row) -> BelowBound:
    return BelowBound(
        VendorId(row.vendor_id),
        StandingKind(row.kind),
        row.bound,
        row.value,
        row.n,
        row.window_from,
        row.window_to,
        row.run_id,
    )


async def bounds(connection: Connection) -> StandingBounds:
    found = await connection.execute(select(_B.kind, _B.bound))
    return StandingBounds(**{row.kind: row.bound for row in found})


async def set_bounds(
    connection: Connection, wanted: StandingBounds, person_id: UUID, now: dt.datetime
) -> None:
    """Write all three."""
    await connection.execute(delete(standing_bounds))
    rows = [
        {"kind": kind.value, "bound": getattr(wanted, kind.value), "set_by": person_id, "set_at": now}
        for kind in StandingKind
        if getattr(wanted, kind.value) is not None
    ]
    if rows:
        await connection.execute(insert(standing_bounds), rows)


async def begin(connection: Connection, below: BelowBound, now: dt.datetime) -> None:
    """Keep what the score led to, with its figures."""
    figures = {
        "bound": below.bound,
        "value": below.value,
        "n": below.n,
        "window_from": below.window_from,
        "window_to": below.window_to,
        "run_id": below.run_id,
        "since": now,
    }
    anew = figures | {"overridden_by": None, "overridden_at": None, "reason": None}
    await connection.execute(
        upsert(vendor_standings)
        .values(vendor_id=below.vendor_id, kind=below.kind.value, **figures)
        .on_conflict_do_update(index_elements=["vendor_id", "kind"], set_=anew)
    )


async def end(connection: Connection, vendor_id: VendorId, kind: StandingKind) -> None:
    await connection.execute(delete(vendor_standings).where(_T.vendor_id == vendor_id, _T.kind == kind.value))


async def override(
    connection: Connection, command: OverrideStanding, person_id: UUID, now: dt.datetime
) -> bool:
    """Whether there was something to override."""
    done = await connection.execute(
        update(vendor_standings)
        .where(_T.vendor_id == command.vendor_id, _T.kind == command.kind.value, _T.overridden_at.is_(None))
        .values(overridden_by=person_id, overridden_at=now, reason=command.reason)
    )
    return done.rowcount == 1


async def listed(connection: Connection) -> tuple[VendorStanding, ...]:
    """The vendors below a bound, by name; nothing with the feature off."""
    found = await connection.execute(
        select(vendor_standings, vendors.c.name)
        .join(vendors, vendors.c.id == _T.vendor_id)
        .order_by(vendors.c.name, _T.kind)
        .limit(MOST)
    )
    return tuple(
        VendorStanding(below_bound(row), row.since, row.name, row.reason, row.overridden_at) for row in found
    )


async def warned(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, BelowBound]:
    """Those of these vendors of whom is warned, with the score that they are below the bound with."""
    found = await connection.execute(_WARNED_OF, {"ids": list(ids)})
    return {row.vendor_id: below_bound(row) for row in found}
