"""Figures as pages: one question each, every chart beside its table and as a file, every number with its purchases.

One rule: a page, its file and the API read the same answer; a number that is shown is a number of that answer.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import Response

from api.contract.analytics import (
    AnalyticsOut,
    AnalyticsQuery,
    BehindQuery,
    FigureOut,
    ForecastOut,
    SectionOut,
)
from api.present import analytics as present
from api.present.charts import IN_COLUMNS, OTHERS, Chart, svg
from api.server.errors import field_error
from api.server.routes.analytics import wanted
from api.text import MissingTranslation
from api.text.analytics import duration, figure_label, figure_value
from api.web.phrasing import Phrasing
from api.web.room import get, problem_of
from api.web.table_files import safe_cell
from api.web.templating import draw
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.guard import check_permission
from core.access.permissions import Permission
from core.analytics import queries
from core.analytics.model import FactRows, Forecast, Matter, Report, Wanted, WantedForecast, WantedRows
from core.insights import queries as insights
from core.insights.states import Feature
from core.kernel.errors import Invalid, NotFound
from core.uow import Uow

FIELDS = ("weeks", "until", "working")
PLAIN = AnalyticsQuery()


@dataclass(frozen=True)
class ShownRow:
    """A row of the table beside a chart; ``opens`` is the page of the purchases behind it."""

    label: str
    opens: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ShownSection:
    """A section as the page shows it."""

    name: str
    title: str
    now: bool
    chart: Markup
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    file_url: str


async def figures(visitor: Visitor) -> Response:
    return await _page(visitor, Matter.waits)


async def question(visitor: Visitor) -> Response:
    return await _page(visitor, _asked(visitor))


def _asked(visitor: Visitor) -> Matter:
    try:
        return Matter(str(visitor.request.path_params["question"]))
    except ValueError as error:
        raise NotFound(what="path") from error


def _chosen(visitor: Visitor, names: Sequence[str] = FIELDS) -> dict[str, str]:
    sent = visitor.request.query_params
    return {name: sent[name].strip() for name in names if sent.get(name, "").strip()}


def _query(chosen: Mapping[str, str], kind: type[Any] = AnalyticsQuery) -> Any:
    """The query as the contract reads it; Invalid names the field."""
    try:
        return kind.model_validate(chosen)
    except ValidationError as error:
        raise Invalid(tuple(field_error(each, "query") for each in error.errors())) from error


async def _page(visitor: Visitor, asked: Matter) -> Response:
    chosen, number = _chosen(visitor), visitor.request.query_params.get("number", "").strip()[:40].upper()
    problem, found, forecasts = None, None, None
    try:
        found, forecasts = await _read(visitor, wanted(asked, _query(chosen)), number)
    except Invalid as error:
        problem = problem_of(visitor, error)
        await visitor.read("analytics", _may_read)
    answer = present.report(visitor.phrases.locale)(found) if found is not None else None
    return draw(
        visitor,
        "analytics.html",
        problem.status if problem is not None else 200,
        asked=asked.value,
        questions=[(each.value, _url(f"/figures/{each.value}", chosen)) for each in Matter],
        it=answer,
        days=_days(visitor.phrases, answer),
        sections=[_shown(visitor.phrases, answer, each, chosen) for each in answer.sections]
        if answer
        else [],
        chosen=chosen,
        weeks=chosen.get("weeks", str(PLAIN.weeks)),
        number=number,
        forecasts=_told(visitor.phrases, answer, forecasts),
        wrong={each.field.strip("/"): each.message for each in problem.errors} if problem else {},
        problem=problem,
        demand=await visitor.read("demand", _has_demand),
    )


async def _may_read(uow: Uow, actor: Actor) -> None:
    check_permission(actor, Permission.dashboard_read)


async def _has_demand(uow: Uow, actor: Actor) -> bool:
    """Whether the page of demand is there for this reader."""
    return actor.may(Permission.insights_read) and await insights.enabled(uow, Feature.demand)


async def _read(visitor: Visitor, wanted: Wanted, number: str) -> tuple[Report, tuple[Forecast, ...] | None]:
    async def work(uow: Uow, actor: Actor) -> tuple[Report, tuple[Forecast, ...] | None]:
        report = await queries.report(uow, actor, wanted)
        asked = number and wanted.question is Matter.time
        return report, await queries.forecast(uow, actor, WantedForecast(number)) if asked else None

    return await visitor.read("analytics", work)


def _told(
    p: Phrasing, answer: AnalyticsOut | None, found: tuple[Forecast, ...] | None
) -> tuple[ForecastOut, ...] | None:
    if answer is None or found is None:
        return None
    return present.forecasts(p.locale, answer.zone)(found).items


def _days(p: Phrasing, answer: AnalyticsOut | None) -> dict[str, str]:
    """The days of the window, and of the rates."""
    if answer is None:
        return {}
    there = Phrasing(p.locale, answer.zone, p.now)
    days = {"since": p.day(there.local_day(answer.since)), "until": p.day(there.last_day(answer.until))}
    if answer.rates_from is not None and answer.rates_until is not None:
        days |= {"first": p.day(answer.rates_from), "last": p.day(answer.rates_until)}
    return days


def _columns(section: SectionOut) -> tuple[str, ...]:
    """The columns beside the name: which a section of this unit and kind has."""
    has = {
        "p85": any(row.p85 is not None for row in section.rows),
        "p90": any(row.p90 is not None for row in section.rows),
        "between": any(row.low is not None for row in section.rows),
        "part": any(row.share is not None for row in section.rows),
        "open": any(row.still_open is not None for row in section.rows),
        "oldest": any(row.still_open is not None for row in section.rows),
        "before": not section.now and section.name not in IN_COLUMNS,
    }
    value = ("value",) if section.unit.value != "number" else ()
    early = (name for name in ("p85", "p90", "between", "part") if has[name])
    before = ("before", "before_n") if value else ("before",)
    late = (name for name in (*before, "open", "oldest") if has[name.removesuffix("_n")])
    return (*value, *early, "n", *late)


def _cell(p: Phrasing, section: SectionOut, row: FigureOut, name: str) -> str:
    currency = section.currency or row.key
    unit = section.unit.value

    def told(value: Any) -> str:
        return figure_value(value, unit, currency, p.locale)

    match name:
        case "value":
            return told(row.value) if row.n else "–"
        case "before":
            return told(row.previous) if row.previous_n else "–"
        case "p85" | "p90":
            return told(getattr(row, name)) if row.n else "–"
        case "between" if row.low is not None and row.high is not None:
            return f"{told(row.low)} – {told(row.high)}"
        case "part" if row.share is not None:
            return figure_value(row.share, "percent", None, p.locale)
        case "n":
            return p.number(row.n)
        case "before_n":
            return p.number(row.previous_n)
        case "open":
            return p.number(row.still_open or 0)
        case "oldest" if row.oldest_s is not None:
            return duration(row.oldest_s, p.locale)
    return "–"


def _heading(p: Phrasing, section: SectionOut, name: str) -> str:
    match name:
        case "value":
            return p.say(f"analytics.column.{section.unit.value}")
        case "before":
            return p.say("analytics.before")
        case "before_n":
            return f"{p.say('analytics.before')}: {p.say('analytics.column.n')}"
    return p.say(f"analytics.column.{name}")


def _shown(p: Phrasing, answer: AnalyticsOut, section: SectionOut, chosen: Mapping[str, str]) -> ShownSection:
    path = f"/figures/{answer.question.value}"
    title, columns = p.say(f"analytics.section.{section.name}"), _columns(section)
    rows = tuple(
        ShownRow(
            figure_label(section.name, row.key, row.label, p.locale),
            _url(f"{path}/rows", {**chosen, "section": section.name, "key": row.key})
            if row.n and row.key != OTHERS
            else "",
            tuple(_cell(p, section, row, name) for name in columns),
        )
        for row in section.rows
    )
    return ShownSection(
        section.name,
        title,
        section.now,
        Markup(svg(Chart(section, title, _said(section, p), p.locale))),
        tuple(_heading(p, section, name) for name in columns),
        rows,
        _url(f"{path}/{section.name}.csv", chosen),
    )


def _said(section: SectionOut, p: Phrasing) -> str:
    """What a chart says, in words: its greatest value."""
    rows = [row for row in section.rows if row.value is not None and row.key != OTHERS]
    if not rows:
        return p.say("analytics.empty")
    most = max(rows, key=lambda row: row.value or 0)
    label = figure_label(section.name, most.key, most.label, p.locale)
    return f"{label}: {figure_value(most.value, section.unit.value, section.currency or most.key, p.locale)}"


async def section_file(visitor: Visitor) -> Response:
    """Exactly the numbers of one chart: exact, in no language; empty where there are too few."""
    asked, name = _asked(visitor), str(visitor.request.path_params["section"])
    report, _ = await _read(visitor, wanted(asked, _query(_chosen(visitor))), "")
    answer = present.report(visitor.phrases.locale)(report)
    section = next((each for each in answer.sections if each.name == name), None)
    if section is None:
        raise NotFound(what="path")
    out = io.StringIO()
    writer = csv.writer(out)
    columns = [each for each in FigureOut.model_fields if each != "label"]
    writer.writerow(["key", "label", "unit", "currency", *columns[1:], "since", "until"])
    for row in section.rows:
        label = figure_label(section.name, row.key, row.label, visitor.phrases.locale)
        values = row.model_dump(mode="json")
        writer.writerow(
            [safe_cell(row.key), safe_cell(label), section.unit.value, section.currency or ""]
            + ["" if values[each] is None else values[each] for each in columns[1:]]
            + [answer.since.isoformat(), answer.until.isoformat()]
        )
    headers = {"Content-Disposition": f'attachment; filename="{asked.value}-{name}.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


async def behind(visitor: Visitor) -> Response:
    """The purchases that one figure was counted from."""
    asked = _asked(visitor)
    chosen = _chosen(visitor, (*FIELDS, "section", "key"))
    query: BehindQuery = _query({"question": asked.value, **chosen}, BehindQuery)
    command = WantedRows(wanted(asked.value, query), query.section, query.key)

    async def work(uow: Uow, actor: Actor) -> FactRows:
        return await queries.rows(uow, actor, command)

    found = present.facts(await visitor.read("analytics", work))
    p = visitor.phrases
    label = found.rows[0].label if found.rows else ""
    return draw(
        visitor,
        "analytics_rows.html",
        asked=asked.value,
        back=_url(f"/figures/{asked.value}", {name: chosen[name] for name in FIELDS if name in chosen}),
        title=p.say(f"analytics.section.{query.section}"),
        label=_label(query, label, p),
        heading=p.say(f"analytics.column.{found.unit.value}"),
        rows=[
            (row, figure_value(row.value, found.unit.value, found.currency, p.locale)) for row in found.rows
        ],
        more=found.more,
    )


def _label(query: BehindQuery, label: str, p: Phrasing) -> str:
    """What the row is called; NotFound for a key that is none of its section's."""
    try:
        return figure_label(query.section, query.key, label, p.locale)
    except (MissingTranslation, ValueError) as error:
        raise NotFound(what="figure") from error


def _url(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


ROUTES = (
    get("/figures", figures),
    get("/figures/{question}", question),
    get("/figures/{question}/rows", behind),
    get("/figures/{question}/{section}.csv", section_file),
)
