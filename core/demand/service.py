"""Begins runs, and says what a run collects and works with.

One rule: a forecast informs; nothing here asks for anything.
"""

import datetime as dt

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.demand import collecting, repo
from core.demand.events import DemandForecastBegun
from core.demand.model import VERSION, DemandInputs
from core.insights import repo as runs
from core.insights import service as insight_service
from core.insights.model import InsightRun
from core.insights.states import Feature
from core.people import directory
from core.uow import Uow

STEPS = collecting.STEPS
AGAIN_AFTER = dt.timedelta(minutes=10)
"""What changes in a complete month is forecast anew, but not more often."""
REST = 10
"""Nor before so many times as long as the last run took: a long history is not read without end."""


async def due(uow: Uow) -> tuple[dt.date, ...]:
    """The day for which a run is due: one a day, and one more when what was needed in past months has changed."""
    day = await repo.due(uow.connection, uow.now, AGAIN_AFTER, REST)
    return (day,) if day is not None else ()


@requires(Permission.insights_run)
async def begin(uow: Uow, actor: Actor, day: dt.date) -> InsightRun | None:
    """Begin a run, which a worker carries out; None when another clock has begun it since it was found due."""
    await runs.hold_beginning(uow.connection, Feature.demand)
    if day not in await due(uow):
        return None
    run = await insight_service.begin_run(
        uow, actor, Feature.demand, version=VERSION, parameters={"day": day.isoformat()}
    )
    await uow.record(DemandForecastBegun(subject_id=run.id, subject_version=1))
    return run


@requires(Permission.insights_run)
async def inputs(uow: Uow, actor: Actor, run: InsightRun) -> DemandInputs:
    """What a run works with once all of ``STEPS`` are collected; notes from whom each item is bought."""
    await collecting.note_bought(uow.connection, run)
    organisation = await directory.read_organisation(uow.connection)
    return DemandInputs(
        until=await collecting.until_of(uow.connection, run),
        currency=organisation.base_currency,
        demand=await collecting.kept_months(uow.connection, run),
        facts=await repo.facts(uow.connection),
        before=await repo.fingerprints(uow.connection),
    )
