"""What can be read of scores and hints.

One rule: of a feature that is switched off nothing is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.insights import repo
from core.insights.model import InsightRun, InsightSwitch, Score, ScoreSubject, ShownHint
from core.insights.states import Feature
from core.kernel.errors import NotFound
from core.uow import Uow


@dataclass(frozen=True)
class ReplayedHint:
    """A hint that somebody saw, with the run behind it and what that run said about the subject.

    Without a run it was counted at that moment, and its figures are all there is.
    """

    shown: ShownHint
    run: InsightRun | None
    scores: tuple[Score, ...]


async def enabled(uow: Uow, feature: Feature) -> bool:
    """Whether a feature is on; asked by whatever shows it or works it out."""
    return await repo.enabled(uow.connection, feature)


async def current_scores(uow: Uow, feature: Feature, subjects: Sequence[ScoreSubject]) -> tuple[Score, ...]:
    """The scores in force of these subjects; the caller has asked for the right to see them."""
    return await repo.current_scores(uow.connection, feature, subjects, now=uow.now)


@requires(Permission.insights_read)
async def show_switches(uow: Uow, actor: Actor) -> tuple[InsightSwitch, ...]:
    """Which features are on."""
    return await repo.switches(uow.connection)


@requires(Permission.insights_read)
async def hints_shown(uow: Uow, actor: Actor, request_id: UUID) -> tuple[ShownHint, ...]:
    """Who saw which hint on a purchase, and when first."""
    return await repo.shown_on(uow.connection, request_id)


@requires(Permission.insights_read)
async def replay_hint(uow: Uow, actor: Actor, shown_id: UUID) -> ReplayedHint:
    """One hint as somebody saw it, with its run's method, parameters, inputs and window."""
    hint = await repo.shown(uow.connection, shown_id)
    if hint is None:
        raise NotFound(what="hint")
    if hint.run_id is None:
        return ReplayedHint(hint, None, ())
    run = await repo.run_of(uow.connection, hint.run_id)
    scores = await repo.scores_of_run(uow.connection, hint.run_id, hint.subject, now=uow.now)
    return ReplayedHint(hint, run, scores)
