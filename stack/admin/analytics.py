"""The command ``analytics rebuild``: the figures anew from the log.

One rule: it goes on purchase by purchase, so every purchase stays in the figures while it runs.
"""

import argparse
import time
from functools import partial

from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine
from core.stage_visits import service
from core.stage_visits.service import Rebuilding
from core.uow import Uow
from stack.admin.run import in_transaction, run_work
from stack.paths import Paths
from workers.calendars import keep_calendar

MEASURER = Actor.system(Role.system_dashboard)


def rebuild(paths: Paths, args: argparse.Namespace) -> int:
    """Measure the whole log anew, with the present calendar."""
    begun = time.monotonic()
    position = run_work(paths, _rebuild)
    print(f"Measured {position:,} events anew in {time.monotonic() - begun:.1f} s.")
    return 0


async def _rebuild(engine: Engine) -> int:
    more = await in_transaction(engine, _keep_calendar)
    while more:
        more = await in_transaction(engine, _work_anew)
    so_far = None
    while so_far is None or not so_far.ended:
        so_far = await in_transaction(engine, partial(_next, so_far))
    return so_far.position


async def _keep_calendar(uow: Uow, actor: Actor) -> bool:
    return await keep_calendar(uow, MEASURER)


async def _work_anew(uow: Uow, actor: Actor) -> bool:
    return await service.work_anew(uow, MEASURER)


async def _next(so_far: Rebuilding | None, uow: Uow, actor: Actor) -> Rebuilding:
    return await service.rebuild(uow, MEASURER, so_far)
