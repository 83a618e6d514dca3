"""Every SELECT and UPDATE of runs, scores, hints, dismissals and switches."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from core.db.base import Moment
from core.db.batches import insert_many, many_rows, unnested
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.db.pending import Write
from core.insights import rows
from core.insights.commands import DismissHint
from core.insights.model import Hint, InsightRun, InsightSwitch, NewScore, Score, ScoreSubject, ShownHint
from core.insights.states import Feature, RunStatus
from core.insights.tables import insight_switches, ml_dismissals, ml_run_pieces, ml_runs, ml_scores, ml_shown
from core.kernel.ids import new_id
from core.people.tables import people

_R, _S, _H, _D, _W = ml_runs.c, ml_scores.c, ml_shown.c, ml_dismissals.c, insight_switches.c
SCORES_AT_ONCE = 5_000
SHOWN_PER_PURCHASE = 500
"""More hints on one purchase nobody reads; the first ones are those before the decision."""
_SCORE_COLUMNS = (
    "id",
    "feature",
    "subject_type",
    "subject_id",
    "part",
    "value",
    "low",
    "high",
    "n",
    "window_from",
    "window_to",
    "reasons",
    "run_id",
    "computed_at",
)
_ADD_SCORES = Prebuilt(insert_many(ml_scores, *_SCORE_COLUMNS))
_HINT_COLUMNS = (
    "id",
    "shown_at",
    "person_id",
    "request_id",
    "place",
    "feature",
    "subject_type",
    "subject_id",
    "run_id",
    "figures",
)
_NOTE_SHOWN = Prebuilt(
    insert(ml_shown).from_select(*unnested(ml_shown, *_HINT_COLUMNS)).on_conflict_do_nothing()
)
_ENABLED = Prebuilt(select(_W.enabled).where(_W.feature == bindparam("feature")))
IN_FORCE = and_(_S.superseded_at.is_(None), ~exists().where(_W.feature == _S.feature, ~_W.enabled))
"""Not closed, and its feature is not switched off."""
_CLOSING = (
    update(ml_scores)
    .where(_S.feature == bindparam("of_feature"), _S.superseded_at.is_(None))
    .values(superseded_at=bindparam("closed_at", type_=Moment))
)
_SUBJECTS = (
    func.unnest(bindparam("kinds", type_=ARRAY(Text)), bindparam("ids", type_=ARRAY(Text)))
    .table_valued(column("kind", Text), column("id", Text))
    .render_derived(name="subjects")
)
_OF_SUBJECTS = and_(_S.subject_type == _SUBJECTS.c.kind, _S.subject_id == _SUBJECTS.c.id)
_CURRENT = Prebuilt(select(ml_scores).where(_S.feature == bindparam("feature"), _OF_SUBJECTS, IN_FORCE))
_CLOSE_SOME = Prebuilt(_CLOSING.where(_OF_SUBJECTS))
_CLOSE_ALL = Prebuilt(_CLOSING)
BEGINNING = 0x626567696E  # "begin"
_HOLD = Prebuilt(
    select(func.pg_advisory_xact_lock(literal_column(str(BEGINNING)) + func.hashtext(bindparam("feature"))))
)


def is_on(feature: Feature) -> ColumnElement[bool]:
    """That a feature is not switched off, within a statement that reads what it says."""
    return ~exists().where(_W.feature == literal_column(f"'{feature}'"), ~_W.enabled)


def is_running(feature: Feature) -> ColumnElement[bool]:
    """That a run of the feature, begun after the parameter ``still``, has not ended yet."""
    running = (_R.feature == literal_column(f"'{feature}'"), _R.status == literal_column("'running'"))
    return exists().where(*running, _R.started_at > bindparam("still", type_=Moment))


async def enabled(connection: Connection, feature: Feature) -> bool:
    found = await connection.scalar(_ENABLED, {"feature": feature.value})
    return found is None or bool(found)


async def switches(connection: Connection) -> tuple[InsightSwitch, ...]:
    """All features in their order; one that nobody has switched yet is on."""
    known = {row.feature: row for row in await connection.execute(select(insight_switches))}
    return tuple(
        InsightSwitch(each, known[each].enabled, known[each].changed_at)
        if each in known
        else InsightSwitch(each, enabled=True)
        for each in Feature
    )


async def set_switch(connection: Connection, switch: InsightSwitch, person_id: UUID) -> bool:
    """Whether that changed something."""
    if await enabled(connection, switch.feature) is switch.enabled:
        return False
    values = {"enabled": switch.enabled, "changed_by": person_id, "changed_at": switch.changed_at}
    await connection.execute(
        insert(insight_switches)
        .values(feature=switch.feature.value, **values)
        .on_conflict_do_update(index_elements=[_W.feature], set_=values)
    )
    return True


async def add_run(connection: Connection, run: InsightRun) -> None:
    await connection.execute(
        insert(ml_runs).values(
            id=run.id,
            feature=run.feature.value,
            version=run.version,
            parameters=dict(run.parameters),
            trained_to=run.trained_to,
            metrics={},
            n=0,
            started_at=run.started_at,
            status=run.status.value,
        )
    )


async def end_run(connection: Connection, run: InsightRun) -> None:
    """Write how it ended, with what it found; what it has collected is forgotten."""
    await connection.execute(delete(ml_run_pieces).where(ml_run_pieces.c.run_id == run.id))
    await connection.execute(
        update(ml_runs)
        .where(_R.id == run.id)
        .values(
            status=run.status.value,
            finished_at=run.finished_at,
            window_from=run.window_from,
            window_to=run.window_to,
            metrics=dict(run.metrics),
            n=run.n,
        )
    )


async def run_of(connection: Connection, run_id: UUID, *, lock: bool = False) -> InsightRun | None:
    """``lock``: nobody else carries it on until this transaction ends."""
    query = select(ml_runs).where(_R.id == run_id)
    found = await connection.execute(query.with_for_update() if lock else query)
    row = found.one_or_none()
    return rows.run_of(row) if row else None


async def unfinished_runs(connection: Connection, feature: Feature) -> tuple[InsightRun, ...]:
    """Those that were begun and have not ended, locked."""
    wanted = (_R.feature == feature.value, _R.status == RunStatus.running.value)
    found = await connection.execute(select(ml_runs).where(*wanted).order_by(_R.started_at).with_for_update())
    return tuple(rows.run_of(row) for row in found)


async def hold_beginning(connection: Connection, feature: Feature) -> None:
    """Until this transaction ends no other one begins a run of the feature: what is due can be asked once more."""
    await connection.execute(_HOLD, {"feature": feature.value})


async def last_run(connection: Connection, feature: Feature) -> InsightRun | None:
    """The newest one that finished."""
    wanted = (_R.feature == feature.value, _R.status == RunStatus.finished.value)
    found = await connection.execute(select(ml_runs).where(*wanted).order_by(_R.started_at.desc()).limit(1))
    row = found.one_or_none()
    return rows.run_of(row) if row else None


async def last_begun(connection: Connection, feature: Feature) -> dt.datetime | None:
    """When the newest run of a feature began, however it ended."""
    begun: dt.datetime | None = await connection.scalar(
        select(func.max(_R.started_at)).where(_R.feature == feature.value)
    )
    return begun


async def close_scores(
    connection: Connection, feature: Feature, now: dt.datetime, only: Sequence[ScoreSubject] | None
) -> None:
    """Close the current scores of a feature: all, or those of some subjects."""
    values = {"of_feature": feature.value, "closed_at": now}
    if only is None:
        await connection.execute(_CLOSE_ALL, values)
    else:
        await connection.execute(_CLOSE_SOME, values | _bound(only))


def _bound(subjects: Sequence[ScoreSubject]) -> dict[str, list[str]]:
    """The subjects as a statement's parameters."""
    return {"kinds": [each.kind for each in subjects], "ids": [each.id for each in subjects]}


async def add_scores(
    connection: Connection, run: InsightRun, scores: Sequence[NewScore], now: dt.datetime
) -> None:
    for first in range(0, len(scores), SCORES_AT_ONCE):
        some = scores[first : first + SCORES_AT_ONCE]
        added = [rows.score_row(score, run, new_id()) | {"computed_at": now} for score in some]
        await connection.execute(_ADD_SCORES, many_rows(ml_scores, added))


async def current_scores(
    connection: Connection, feature: Feature, subjects: Sequence[ScoreSubject], *, now: dt.datetime
) -> tuple[Score, ...]:
    """The scores in force of these subjects, all parts; a vendor is shown only its own."""
    if not subjects:
        return ()
    found = await connection.execute(_CURRENT, {"feature": feature.value} | _bound(subjects))
    return tuple(rows.score_of(row, now) for row in found)


async def all_current(
    connection: Connection, feature: Feature, kind: str, *, now: dt.datetime
) -> tuple[Score, ...]:
    """The scores in force of all subjects of a kind."""
    wanted = (_S.feature == feature.value, _S.subject_type == kind, IN_FORCE)
    found = await connection.execute(select(ml_scores).where(*wanted).order_by(_S.subject_id, _S.part))
    return tuple(rows.score_of(row, now) for row in found)


async def scores_of_run(
    connection: Connection, run_id: UUID, subject: ScoreSubject, *, now: dt.datetime
) -> tuple[Score, ...]:
    """What a run said about a subject, in force or closed since."""
    wanted = (_S.run_id == run_id, _S.subject_type == subject.kind, _S.subject_id == subject.id)
    found = await connection.execute(select(ml_scores).where(*wanted).order_by(_S.part))
    return tuple(rows.score_of(row, now) for row in found)


async def delete_unshown(connection: Connection, before: dt.datetime) -> None:
    """Forget scores that were closed before then and that nobody was ever shown."""
    seen = exists().where(
        _H.run_id == _S.run_id, _H.subject_type == _S.subject_type, _H.subject_id == _S.subject_id
    )
    await connection.execute(delete(ml_scores).where(_S.superseded_at < before, ~seen))


def shown_write(hints: Sequence[Hint], person_id: UUID, now: dt.datetime) -> Write:
    """Note that a person saw these hints; what they saw before in the same place is not noted again."""
    shown = [rows.hint_row(hint, new_id(), person_id) | {"shown_at": now} for hint in hints]
    return Write(_NOTE_SHOWN, many_rows(ml_shown, shown), ml_shown.name)


async def shown_on(connection: Connection, request_id: UUID) -> tuple[ShownHint, ...]:
    """The hints on a purchase, by when each person saw them first."""
    found = await connection.execute(
        select(ml_shown, people.c.name.label("person_name"))
        .join_from(ml_shown, people, people.c.id == _H.person_id)
        .where(_H.request_id == request_id)
        .order_by(_H.shown_at, _H.id)
        .limit(SHOWN_PER_PURCHASE)
    )
    return tuple(rows.shown_of(row) for row in found)


async def shown(connection: Connection, shown_id: UUID) -> ShownHint | None:
    found = await connection.execute(
        select(ml_shown, people.c.name.label("person_name"))
        .join_from(ml_shown, people, people.c.id == _H.person_id)
        .where(_H.id == shown_id)
    )
    row = found.one_or_none()
    return rows.shown_of(row) if row else None


async def dismiss(connection: Connection, command: DismissHint, person_id: UUID, now: dt.datetime) -> bool:
    """False when somebody dismissed the same before; the first reason stays."""
    done = await connection.execute(
        insert(ml_dismissals)
        .values(
            id=new_id(),
            feature=command.feature.value,
            rule=command.rule,
            subject_type=command.subject.kind,
            subject_id=command.subject.id,
            person_id=person_id,
            reason=command.reason,
            dismissed_at=now,
        )
        .on_conflict_do_nothing()
    )
    return done.rowcount == 1


async def dismissed(connection: Connection, feature: Feature, subject: ScoreSubject) -> frozenset[str]:
    """The rules whose hints about a subject somebody dismissed."""
    wanted = (_D.feature == feature.value, _D.subject_type == subject.kind, _D.subject_id == subject.id)
    return frozenset(await connection.scalars(select(_D.rule).where(*wanted)))
