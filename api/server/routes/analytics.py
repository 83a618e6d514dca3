"""Figures: one question each, the purchases behind one, how long a purchase will take, and a chart as a picture."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import analytics as wire
from api.contract import endpoints as e
from api.contract.endpoints import Endpoint
from api.present import analytics as present
from api.present.charts import Chart
from api.server.deps.call import CallDep
from api.server.errors import locale_from
from api.server.routes.serve import refusals, serve
from api.text import translate
from core.analytics import queries
from core.analytics.model import Matter, Report, Wanted, WantedForecast, WantedRows
from core.kernel.errors import NotFound

router = APIRouter()
Asked = Annotated[wire.AnalyticsQuery, Query()]


def wanted(question: str, query: wire.AnalyticsQuery) -> Wanted:
    return Wanted(Matter(question), query.weeks, query.until, query.working)


ANSWERS: Mapping[Matter, tuple[Endpoint[Any, Any], str]] = {
    Matter.waits: (
        e.analytics_waits,
        "Where do purchases wait? Time in each stage and step, and how long what is open has waited.",
    ),
    Matter.time: (
        e.analytics_time,
        "How long does it take? From the request to the order that was sent, all and by week.",
    ),
    Matter.spend: (
        e.analytics_spend,
        "What did we spend, with whom, for which cost centre? By month, vendor, category, cost centre and currency.",
    ),
    Matter.vendors: (
        e.analytics_vendors,
        "How do vendors answer and deliver? Answers, their speed, and what arrived by the promise.",
    ),
    Matter.competition: (
        e.analytics_competition,
        "Do we compete enough, and what did we save? Quotes per RFQ, the gap to the second, savings in three ways.",
    ),
    Matter.exceptions: (
        e.analytics_exceptions,
        "What went around the rules? What looks like a split, was bought after the fact, with one quote or too late.",
    ),
}
"""The questions: where each is asked, and what it is."""


def _answers(question: Matter, said: str) -> Callable[[CallDep, Asked], Awaitable[Response]]:
    async def answer(call: CallDep, query: Asked) -> Response:
        shown = present.report(locale_from(call.request))
        return await call.read(queries.report, wanted(question, query), shown)

    answer.__doc__ = said
    return answer


for _question, (_endpoint, _said) in ANSWERS.items():
    serve(router, _endpoint, tag="analytics")(_answers(_question, _said))


@serve(router, e.analytics_rows, tag="analytics")
async def rows(call: CallDep, query: Annotated[wire.BehindQuery, Query()]) -> Response:
    """The purchases that one figure was counted from."""
    asked = WantedRows(wanted(query.question, query), query.section, query.key)
    return await call.read(queries.rows, asked, present.facts)


@serve(router, e.analytics_forecast, tag="analytics")
async def forecast(call: CallDep, query: Annotated[wire.ForecastQuery, Query()]) -> Response:
    """Until when a purchase leaves the stages that it is in."""
    asked = WantedForecast(query.number.upper())
    return await call.read(queries.forecast, asked, present.forecasts(locale_from(call.request)))


_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The chart.",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/analytics/picture",
    response_class=Response,
    responses={**refusals(403), **_PICTURE},
    operation_id="get_analytics_picture",
    summary="A section of an answer as a chart.",
    tags=["analytics"],
)
async def picture(call: CallDep, query: Annotated[wire.FigureQuery, Query()]) -> Response:
    """A section of an answer as a chart, PNG."""
    locale = locale_from(call.request)
    charts: list[Chart] = []

    def draw(report: Report) -> Response:
        answer = present.report(locale)(report)
        section = next((each for each in answer.sections if each.name == query.section), None)
        if section is None:
            raise NotFound(what="figure")
        title = translate(f"analytics.section.{section.name}", locale)
        charts.append(Chart(section, title, answer.sentence, locale, plain=True))
        return Response()

    answered = await call.read(queries.report, wanted(query.question, query), draw)
    if not charts:
        return answered
    content = await asyncio.to_thread(_png, charts[-1])
    headers = {"Content-Disposition": f'inline; filename="{query.question.value}.png"'}
    return Response(content, media_type="image/png", headers=headers)


def _png(chart: Chart) -> bytes:
    """The picture; in a thread, because it takes long to draw, and longer the first time."""
    from api.present.pictures import png  # a renderer and its fonts, only where a picture is asked for

    return png(chart)
