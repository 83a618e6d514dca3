"""Begins runs, and collects what a run works with.

One rule: scores are written and nothing is decided; what an administrator's rules make of them is ``core/standings``.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.compiled import Prebuilt
from core.insights import queries as insights
from core.insights import repo as insight_repo
from core.insights import service as runs
from core.insights.model import GIVEN_UP_AFTER, InsightRun
from core.insights.states import Feature
from core.people import directory
from core.uow import Uow
from core.vendor_facts import repo as vendor_facts
from core.vendor_facts.model import FactColumns
from core.vendor_scores import repo
from core.vendor_scores.events import VendorScoringBegun
from core.vendor_scores.policy import PARAMETERS, TREND_DAYS, VERSION

_RUNNING = Prebuilt(select(insight_repo.is_running(Feature.vendor_score)))
BEFORE = dt.timedelta(TREND_DAYS)
STEPS = (*vendor_facts.steps(BEFORE), *vendor_facts.steps(dt.timedelta(0)))


async def due(uow: Uow) -> tuple[dt.date, ...]:
    """The day for which a run is due: one a day, as soon as an order was issued at all."""
    found = await directory.find_organisation(uow.connection)
    if found is None or not await insights.enabled(uow, Feature.vendor_score):
        return ()
    zone = ZoneInfo(found.zone)
    today = uow.now.astimezone(zone).date()
    begun = await insight_repo.last_begun(uow.connection, Feature.vendor_score)
    if begun is not None and begun.astimezone(zone).date() >= today:
        return ()
    running = await uow.connection.scalar(_RUNNING, {"still": uow.now - GIVEN_UP_AFTER})
    return (today,) if not running and await repo.any_order(uow.connection) else ()


@requires(Permission.insights_run)
async def begin(uow: Uow, actor: Actor, day: dt.date) -> None:
    """Begin a run, unless another clock has begun it since it was found due; a worker carries it out."""
    await insight_repo.hold_beginning(uow.connection, Feature.vendor_score)
    if day not in await due(uow):
        return
    run = await runs.begin_run(uow, actor, Feature.vendor_score, version=VERSION, parameters=PARAMETERS)
    await uow.record(VendorScoringBegun(subject_id=run.id, subject_version=1))


@requires(Permission.insights_run)
async def known(uow: Uow, actor: Actor, run: InsightRun) -> FactColumns:
    """What the run has collected by ``STEPS`` of its own moment; a replay of the run collects the same."""
    return await vendor_facts.kept_facts(uow.connection, run, dt.timedelta(0))


@requires(Permission.insights_run)
async def known_before(uow: Uow, actor: Actor, run: InsightRun) -> FactColumns:
    """The same of ``TREND_DAYS`` before."""
    return await vendor_facts.kept_facts(uow.connection, run, BEFORE)
