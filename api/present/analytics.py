"""Converts figures from read model to wire."""

from collections.abc import Callable
from dataclasses import asdict

from api.contract import analytics as wire
from api.text import analytics as words
from core.analytics.model import FactRows, FigureSection, Forecast, Report


def report(locale: str) -> Callable[[Report], wire.AnalyticsOut]:
    """With the finding in this language."""

    def convert(source: Report) -> wire.AnalyticsOut:
        days = source.rate_days or (None, None)
        return wire.AnalyticsOut(
            question=wire.MatterOut(source.question.value),
            sentence=words.finding(source.finding.key, source.finding.facts, locale),
            weeks=source.weeks,
            since=source.window.since,
            until=source.window.until,
            previous_since=source.window.before,
            zone=source.window.zone,
            working=source.working,
            working_known=source.working_known,
            currency=source.currency,
            rates_from=days[0],
            rates_until=days[1],
            unconverted=source.unconverted,
            position=source.position,
            made_at=source.made_at,
            sections=tuple(section(each) for each in source.sections),
        )

    return convert


def section(source: FigureSection) -> wire.SectionOut:
    return wire.SectionOut(
        name=source.name,
        unit=wire.FigureUnitOut(source.unit.value),
        currency=source.currency,
        now=source.now,
        rows=tuple(wire.FigureOut(**vars(row)) for row in source.rows),
    )


def facts(source: FactRows) -> wire.FactsOut:
    return wire.FactsOut(
        unit=wire.FigureUnitOut(source.unit.value),
        currency=source.currency,
        more=source.more,
        rows=tuple(wire.FactOut(**vars(row)) for row in source.rows),
    )


def forecasts(locale: str, zone: str = "UTC") -> Callable[[tuple[Forecast, ...]], wire.ForecastsOut]:
    """With what they say in this language, in this zone."""

    def convert(source: tuple[Forecast, ...]) -> wire.ForecastsOut:
        return wire.ForecastsOut(
            items=tuple(
                wire.ForecastOut(
                    **asdict(each),
                    sentence=words.forecast(
                        each.number, each.stage, each.by_85, each.n, locale=locale, zone=zone
                    ),
                )
                for each in source
            )
        )

    return convert
