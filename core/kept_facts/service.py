"""Keeps what figures are read from up to a position: the visits of stages, and the facts beside them.

One rule: visits and facts of a piece of the log are written in one transaction, under the lock of ``measured_log``.
"""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.event_types import concrete_classes
from core.kept_facts import repo
from core.kept_facts.facts import AFTER_STAGES, COUNTED
from core.stage_visits import service as stage_visits
from core.stage_visits.service import Rebuilding
from core.uow import Uow

CHANGING = frozenset(each.type for kind in (*AFTER_STAGES, *COUNTED) for each in concrete_classes(kind))


@requires(Permission.dashboard_project)
async def measure(uow: Uow, actor: Actor, position: int) -> int:
    """The next piece of the log up to this position; returns up to where it is measured now."""
    piece = await stage_visits.measure(uow, actor, position)
    changed = [each for each, types in piece.moved.items() if not CHANGING.isdisjoint(types)]
    if changed:
        purchases = [each for each in changed if each is not None]
        await repo.keep(uow.connection, purchases, piece.place, after=piece.after, up_to=piece.up_to)
    return piece.up_to


@requires(Permission.dashboard_project)
async def rebuild(uow: Uow, actor: Actor, so_far: Rebuilding | None) -> Rebuilding:
    """The next purchases anew from the log; None begins."""
    piece = await stage_visits.rebuild(uow, actor, so_far)
    await repo.keep(uow.connection, piece.purchases, piece.place)
    return piece
