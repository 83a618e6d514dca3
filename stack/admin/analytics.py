"""The command ``analytics rebuild``: the figures anew from the log.

One rule: while it runs the figures stay readable as they were; they change when it has ended.
"""

import argparse
import time

from core.access.actor import Actor
from core.access.roles import Role
from core.stage_visits import service
from core.uow import Uow
from stack.admin.run import run_use_case
from stack.paths import Paths
from workers.calendars import keep_calendar


def rebuild(paths: Paths, args: argparse.Namespace) -> int:
    """Measure the whole log anew, with the present calendar."""
    begun = time.monotonic()

    async def work(uow: Uow, actor: Actor) -> int:
        measurer = Actor.system(Role.system_dashboard)
        await keep_calendar(uow, measurer)
        return await service.rebuild(uow, measurer)

    position = run_use_case(paths, work)
    print(f"Measured {position:,} events anew in {time.monotonic() - begun:.1f} s.")
    return 0
