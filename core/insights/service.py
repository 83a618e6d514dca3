"""Running a feature, switching it, noting what was shown, and dismissing a hint.

One rule: a run writes scores and nothing else; no use case takes a score for a right.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.insights import repo
from core.insights.commands import DismissHint, SwitchInsight
from core.insights.events import HintDismissed, InsightSwitched
from core.insights.model import Figures, Hint, InsightRun, InsightSwitch, NewScore, ScoreSubject
from core.insights.policy import check_reason
from core.insights.states import Feature, RunStatus
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.uow import Uow

INSIGHTS_SUBJECT = UUID("00000000-0000-7000-8000-000000000004")
"""What switches and dismissals are about in the log."""


@dataclass(frozen=True)
class RunOutcome:
    """What a run found. ``only`` names the subjects that it was about; None: all of the feature's."""

    scores: Sequence[NewScore]
    metrics: Figures
    n: int
    window: tuple[dt.date, dt.date] | None = None
    only: Sequence[ScoreSubject] | None = None


@requires(Permission.insights_run)
async def begin_run(
    uow: Uow, actor: Actor, feature: Feature, *, version: str, parameters: Figures
) -> InsightRun:
    """Begin a run that knows what is known now; one that has not ended yet comes to nothing."""
    for each in await repo.unfinished_runs(uow.connection, feature):
        await fail_run(uow, actor, each, "another one has begun")
    run = InsightRun(new_id(), feature, version, parameters, uow.now, uow.now)
    await repo.add_run(uow.connection, run)
    return run


@requires(Permission.insights_run)
async def run_to_carry_out(uow: Uow, actor: Actor, run_id: UUID) -> InsightRun | None:
    """The run that was begun, for this transaction alone; None when it has ended or its feature is switched off."""
    run = await repo.run_of(uow.connection, run_id, lock=True)
    if run is None or run.status is not RunStatus.running:
        return None
    if not await repo.enabled(uow.connection, run.feature):
        await fail_run(uow, actor, run, "switched off")
        return None
    return run


@requires(Permission.insights_run)
async def finish_run(uow: Uow, actor: Actor, run: InsightRun, outcome: RunOutcome) -> None:
    """Put its scores in force, in the place of those before."""
    first, last = outcome.window or (None, None)
    ended = replace(
        run,
        status=RunStatus.finished,
        finished_at=uow.now,
        window_from=first,
        window_to=last,
        metrics=outcome.metrics,
        n=outcome.n,
    )
    await repo.end_run(uow.connection, ended)
    await repo.close_scores(uow.connection, run.feature, uow.now, outcome.only)
    await repo.add_scores(uow.connection, run, outcome.scores, uow.now)


@requires(Permission.insights_run)
async def fail_run(uow: Uow, actor: Actor, run: InsightRun, why: str) -> None:
    """Note that it came to nothing; the scores before stay in force and grow stale."""
    failed = replace(run, status=RunStatus.failed, finished_at=uow.now, metrics={"why": why[:200]})
    await repo.end_run(uow.connection, failed)


@requires(Permission.insights_switch)
async def switch_insight(uow: Uow, actor: Actor, command: SwitchInsight) -> tuple[InsightSwitch, ...]:
    """Switch a feature on or off for everybody, from now on."""
    if command.feature not in [each.value for each in Feature]:
        raise NotFound(what="path")
    switch = InsightSwitch(Feature(command.feature), command.enabled, uow.now)
    if await repo.set_switch(uow.connection, switch, person_of(actor)):
        await uow.record(
            InsightSwitched(
                subject_id=INSIGHTS_SUBJECT,
                subject_version=1,
                feature=command.feature,
                enabled=command.enabled,
            )
        )
    return await repo.switches(uow.connection)


@requires(Permission.insights_dismiss)
async def dismiss_hint(uow: Uow, actor: Actor, command: DismissHint, request_id: UUID | None = None) -> None:
    """Say that a hint is nothing, and why; saying it again changes nothing."""
    check_reason(command.reason)
    if await repo.dismiss(uow.connection, command, person_of(actor), uow.now):
        await uow.record(
            HintDismissed(
                subject_id=INSIGHTS_SUBJECT,
                subject_version=1,
                request_id=request_id,
                feature=command.feature.value,
                rule=command.rule,
                about_kind=command.subject.kind,
                about_id=command.subject.id,
                reason=command.reason,
            )
        )


def note_shown(uow: Uow, hints: Sequence[Hint], person_id: UUID | None) -> None:
    """Note after this transaction, or this reading, that a person saw these hints; a service sees nothing."""
    if hints and person_id is not None:
        uow.afterwards(repo.shown_write(hints, person_id, uow.now))
