"""The read models of figures: the answer to a question, what is behind one figure, and how long a purchase will take.

One rule: whoever may read the dashboard sees the figures of all purchases, because each opens purchases that they may
read anyway; a vendor sees none.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.analytics import policy, repo
from core.analytics.model import (
    FactRows,
    FigureRow,
    FigureSection,
    FigureUnit,
    Forecast,
    Kind,
    Matter,
    MonthsSpent,
    Report,
    Wanted,
    WantedForecast,
    WantedRows,
    Window,
)
from core.analytics.sections import SECTIONS, SectionSpec
from core.kernel.errors import NotFound
from core.people import directory
from core.stage_visits.model import SEQUENCE
from core.uow import Uow

FORECAST_WEEKS = 26
_WITH_MONEY = frozenset({Matter.spend, Matter.competition, Matter.exceptions})


@requires(Permission.dashboard_read)
async def report(uow: Uow, actor: Actor, wanted: Wanted) -> Report:
    """The answer to one question for a window of whole weeks."""
    organisation = await directory.read_organisation(uow.connection)
    window = policy.window(wanted.weeks, wanted.until, uow.now, organisation.zone)
    values = policy.bounds(window, uow.now)
    measured = (await uow.connection.execute(repo.MEASURED)).one_or_none()
    currency = organisation.base_currency
    specs = SECTIONS[wanted.question]
    found = await repo.figures(uow.connection, specs, values, working=wanted.working)
    sections = tuple([await _section(uow, spec, found[spec.name], window, currency) for spec in specs])
    days, unconverted = await _rates(uow, values) if wanted.question in _WITH_MONEY else (None, 0)
    return Report(
        question=wanted.question,
        window=window,
        weeks=wanted.weeks,
        working=wanted.working,
        working_known=bool(measured and measured.working_known),
        currency=currency,
        rate_days=days,
        unconverted=unconverted,
        position=measured.position if measured else 0,
        sections=sections,
        finding=policy.finding(wanted.question, sections, currency),
        made_at=uow.now,
    )


@requires(Permission.dashboard_read)
async def rows(uow: Uow, actor: Actor, asked: WantedRows) -> FactRows:
    """The purchases that one figure was counted from, the latest first."""
    wanted = asked.wanted
    spec = next((each for each in SECTIONS[wanted.question] if each.name == asked.section), None)
    if spec is None:
        raise NotFound(what="figure")
    organisation = await directory.read_organisation(uow.connection)
    window = policy.window(wanted.weeks, wanted.until, uow.now, organisation.zone)
    values = {**policy.bounds(window, uow.now), "key": asked.key}
    found = await repo.rows(uow.connection, spec, values, working=wanted.working)
    if spec.name == "months":
        found = [replace(row, label=policy.days_of_month(asked.key, window)) for row in found]
    unit = FigureUnit.seconds if spec.now else spec.unit
    currency = (
        (asked.key if spec.own_currency else organisation.base_currency) if unit is FigureUnit.money else None
    )
    return FactRows(unit, currency, tuple(found[: repo.MOST_ROWS]), len(found) > repo.MOST_ROWS)


@requires(Permission.dashboard_read)
async def forecast(uow: Uow, actor: Actor, asked: WantedForecast) -> tuple[Forecast, ...]:
    """Until when a purchase leaves its stages, from those that had waited as long in the last half year."""
    since = uow.now - dt.timedelta(weeks=FORECAST_WEEKS)
    values = {"since": since, "now": uow.now, "key": asked.number}
    found = await uow.connection.execute(repo.FORECAST, values)

    def by(row: Any, seconds: int | None, least: int) -> dt.datetime | None:
        enough = row.n >= least and seconds is not None
        return row.entered_at + dt.timedelta(seconds=int(seconds or 0)) if enough else None

    return tuple(
        Forecast(
            row.number,
            row.id,
            row.stage,
            row.entered_at,
            row.n,
            by(row, row.half, policy.FEW),
            by(row, row.most, policy.SOME),
        )
        for row in found
    )


@requires(Permission.dashboard_read)
async def months(uow: Uow, actor: Actor) -> MonthsSpent:
    """What the orders of this month and of the one before come to, where the organisation is."""
    organisation = await directory.read_organisation(uow.connection)
    this = uow.now.astimezone(ZoneInfo(organisation.zone)).date().replace(day=1)
    last = (this - dt.timedelta(days=1)).replace(day=1)
    values = {"key": f"{this:%Y-%m}", "last_key": f"{last:%Y-%m}", "before_week": policy.monday(last)}
    row = (await uow.connection.execute(repo.MONTHS_SPENT, values)).one()
    none = Decimal(0)
    return MonthsSpent(row.this_month or none, row.last_month or none, row.orders, organisation.base_currency)


async def _section(
    uow: Uow, spec: SectionSpec, found: Sequence[FigureRow], window: Window, currency: str
) -> FigureSection:
    found = [policy.honest(row, spec.kind) for row in found]
    if spec.name == "stages":
        found = await _with_open(uow, found)
    if spec.name == "months":
        found = [replace(row, label=policy.days_of_month(row.key, window)) for row in found]
    if spec.name == "exceptions":
        found = policy.with_shares(found, "orders")
    shown, rest = found[: spec.most], found[spec.most :]
    if rest and spec.kind is Kind.sum:
        shown = [*shown, _together(rest)]
    money = currency if spec.unit is FigureUnit.money and not spec.own_currency else None
    return FigureSection(spec.name, spec.unit, money, tuple(shown), spec.now)


async def _with_open(uow: Uow, found: Sequence[FigureRow]) -> list[FigureRow]:
    """The stages in their order, with how many are there now; also those that nobody has left."""
    still = {row.stage: row for row in await uow.connection.execute(repo.STILL_OPEN, {"now": uow.now})}
    by_key = {row.key: row for row in found}
    result = []
    for stage in SEQUENCE:
        row = by_key.get(stage.value, FigureRow(stage.value, "", 0, None, 0, None))
        here = still.get(stage.value)
        result.append(
            replace(row, still_open=here.n if here else 0, oldest_s=here.oldest_s if here else None)
        )
    return result


def _together(rest: Sequence[FigureRow]) -> FigureRow:
    """The rows beyond those that are shown, as one."""
    value = sum((row.value or Decimal(0) for row in rest), Decimal(0))
    previous = sum((row.previous or Decimal(0) for row in rest), Decimal(0))
    return FigureRow(
        policy.OTHERS, "", sum(row.n for row in rest), value, sum(row.previous_n for row in rest), previous
    )


async def _rates(uow: Uow, values: Mapping[str, Any]) -> tuple[tuple[dt.date, dt.date] | None, int]:
    """From which day to which day the rates are, and how many orders have none."""
    row = (await uow.connection.execute(repo.RATES_USED, values)).one()
    if row.first is None:
        return None, row.unconverted
    return (dt.date.fromisoformat(row.first), dt.date.fromisoformat(row.last)), row.unconverted
