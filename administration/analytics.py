"""The command ``analytics rebuild``: the figures anew from the log.

One rule: it goes on purchase by purchase, so every purchase stays in the figures while it runs.
"""

import argparse
import time
from functools import partial

from administration.run import in_transaction, run_work
from administration.target import Target
from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import Engine
from core.kept_facts import service
from core.stage_visits import service as stage_visits
from core.stage_visits.service import Rebuilding
from core.uow import Uow
from workers.calendars import keep_calendar

MEASURER = Actor.system(Role.system_dashboard)


def rebuild(target: Target, args: argparse.Namespace) -> int:
    """Measure the whole log anew, with the present calendar."""
    begun = time.monotonic()
    position = run_work(target.database_url, rebuild_all)
    print(f"Measured {position:,} events anew in {time.monotonic() - begun:.1f} s.")
    return 0


async def rebuild_all(engine: Engine) -> int:
    """All purchases; returns up to where the log is measured then."""
    more = await in_transaction(engine, _keep_calendar)
    while more:
        more = await in_transaction(engine, _work_anew)
    return await measure_anew(engine, None)


async def measure_anew(engine: Engine, so_far: Rebuilding | None) -> int:
    """The purchases behind those that are done already, one piece after the other; None begins with the first."""
    while so_far is None or not so_far.ended:
        so_far = await in_transaction(engine, partial(_next, so_far))
    return so_far.position


async def _keep_calendar(uow: Uow, actor: Actor) -> bool:
    return await keep_calendar(uow, MEASURER)


async def _work_anew(uow: Uow, actor: Actor) -> bool:
    return await stage_visits.work_anew(uow, MEASURER)


async def _next(so_far: Rebuilding | None, uow: Uow, actor: Actor) -> Rebuilding:
    return await service.rebuild(uow, MEASURER, so_far)
