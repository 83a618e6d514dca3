"""The read models of demand: what is said of items and categories, one item with its months, and the lines behind.

One rule: what is shown is what a run has stored; of a feature that is switched off nothing is found.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.demand import policy, repo
from core.demand.model import (
    CATEGORY,
    ITEM,
    REORDER,
    Ahead,
    DemandDetails,
    DemandFilter,
    DemandItem,
    DemandPage,
    KnownDemand,
    NeedRows,
    WantedNeeds,
)
from core.insights import queries as insights
from core.insights import repo as insight_repo
from core.insights.model import STALE_AFTER, Hint, InsightRun, Score, ScoreSubject
from core.insights.service import note_shown
from core.insights.states import Feature, HintPlace
from core.kernel.errors import NotFound
from core.people import directory
from core.uow import Uow

MOST_ITEMS, MOST_ROWS, MOST_TEXTS = 100, 200, 20
MONTHS_SHOWN = 24
NOTHING = DemandPage((), (), more=False, forecast_at=None, stale=False)


@requires(Permission.insights_read)
async def listing(uow: Uow, actor: Actor, wanted: DemandFilter) -> DemandPage:
    """Items by how regularly they are needed, and the categories; nothing while demand is switched off."""
    if not await insights.enabled(uow, Feature.demand):
        return NOTHING
    run = await insight_repo.last_run(uow.connection, Feature.demand)
    if run is None:
        return NOTHING
    found = await repo.found_items(uow.connection, wanted, MOST_ITEMS + 1)
    shown = found[:MOST_ITEMS]
    scores = await insights.current_scores(
        uow, Feature.demand, [ScoreSubject(ITEM, str(each.id)) for each in shown]
    )
    categories = await insight_repo.all_current(uow.connection, Feature.demand, CATEGORY, now=uow.now)
    return DemandPage(
        tuple(_known(scores, str(each.id), each) for each in shown),
        tuple(_known(categories, name) for name in dict.fromkeys(each.subject.id for each in categories)),
        len(found) > MOST_ITEMS,
        run.finished_at,
        _stale(run, uow.now),
    )


@requires(Permission.insights_read)
async def show(uow: Uow, actor: Actor, item_id: UUID) -> DemandDetails:
    """One item; whoever looks at it is noted, as for every hint."""
    item, run = await _item(uow, item_id), await insight_repo.last_run(uow.connection, Feature.demand)
    scores = await insights.current_scores(uow, Feature.demand, [ScoreSubject(ITEM, str(item_id))])
    if run is None or run.finished_at is None or not scores:
        raise NotFound(what="item")
    known = _known(scores, str(item_id), item)
    organisation = await directory.read_organisation(uow.connection)
    today = await _today(uow)
    note_shown(uow, _hints(known), actor.person_id)
    return DemandDetails(
        known,
        await repo.texts(uow.connection, item_id, MOST_TEXTS),
        await _months(uow, item_id, known),
        policy.drafted(known, today, organisation.base_currency)
        if actor.may(Permission.requests_create)
        else None,
        run.finished_at,
        _stale(run, uow.now),
    )


@requires(Permission.insights_read)
async def rows(uow: Uow, actor: Actor, wanted: WantedNeeds) -> NeedRows:
    """The lines behind an item's months, the latest first."""
    item = await _item(uow, wanted.item_id)
    until = min(policy.month_before(wanted.last, -1), (await _today(uow)).replace(day=1))
    found = await repo.needs(uow.connection, wanted, until, MOST_ROWS + 1)
    return NeedRows(item, tuple(found[:MOST_ROWS]), len(found) > MOST_ROWS)


async def _today(uow: Uow) -> dt.date:
    organisation = await directory.read_organisation(uow.connection)
    return uow.now.astimezone(ZoneInfo(organisation.zone)).date()


async def _item(uow: Uow, item_id: UUID) -> DemandItem:
    item = await repo.item(uow.connection, item_id)
    if item is None or not await insights.enabled(uow, Feature.demand):
        raise NotFound(what="item")
    return item


async def _months(uow: Uow, item_id: UUID, known: KnownDemand) -> tuple[tuple[dt.date, Decimal], ...]:
    """The months of the window, also those without demand."""
    score = known.score(Ahead.quarter)
    last = score.window_to.replace(day=1)
    first = policy.month_before(last, MONTHS_SHOWN - 1)
    found = await repo.months_of(uow.connection, item_id, first, policy.month_before(last, -1))
    months = [policy.month_before(last, back) for back in reversed(range(MONTHS_SHOWN))]
    return tuple((month, found.get(month, Decimal(0))) for month in months if month >= score.window_from)


def _known(scores: Sequence[Score], subject: str, item: DemandItem | None = None) -> KnownDemand:
    name = item.name if item is not None else subject
    return KnownDemand(name, {each.part: each for each in scores if each.subject.id == subject}, item)


def _stale(run: InsightRun, now: dt.datetime) -> bool:
    """A run leaves what has not changed, so it is the run that grows old."""
    return run.finished_at is None or now - run.finished_at > STALE_AFTER


def _hints(known: KnownDemand) -> list[Hint]:
    if known.item is None:
        return []
    return [
        Hint(
            Feature.demand,
            HintPlace.demand,
            ScoreSubject(ITEM, str(known.item.id)),
            {"part": part, "value": score.value, "high": score.high, "n": score.n},
            score.run_id,
        )
        for part, score in sorted(known.scores.items())
        if part == REORDER or score.value is not None
    ]
