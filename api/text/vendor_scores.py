"""What is said of a vendor's score, in one sentence or with all its parts and reasons.

One rule: no figure is told without its n and the day from which it counts.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from api.contract.recommendations import WarnedOut
from api.contract.vendor_scores import (
    FactOut,
    HereOut,
    ScoredPartOut,
    ScorePart,
    ScoreReasonOut,
    VendorScoreOut,
)
from api.text.formats import day, number
from api.text.translation import translate
from api.text.units import quantity
from core.vendor_scores.states import LEAST_FACTS, LEVEL

Facts = Mapping[str, FactOut]


def in_short(score: VendorScoreOut, locale: str) -> str:
    """The total with its interval, or that there are too few deliveries; and when it is out of date."""
    return " ".join(_short(score, locale))


def in_full(score: VendorScoreOut, locale: str) -> tuple[str, ...]:
    """The total, each part with its reasons, the days of delivery, and what it is made of."""
    return tuple(_full(score, locale))


def none_yet(locale: str) -> str:
    """That there is no score, and what it needs."""
    return translate("scores.own_none", locale, least=number(LEAST_FACTS, locale))


def warned_line(vendor_name: str, warned: WarnedOut, locale: str) -> str:
    """That a vendor's score is below the bound of a warning."""
    figures = translate(
        "scores.below",
        locale,
        value=number(int(warned.value), locale),
        bound=number(warned.bound, locale),
        n=number(warned.n, locale),
        since=day(warned.window_from, locale),
        until=day(warned.window_to, locale),
    )
    return translate("scores.warned_of", locale, vendor=vendor_name, figures=figures)


def _short(score: VendorScoreOut, locale: str) -> Iterator[str]:
    total = score.total
    if total.value is None:
        facts = _counted(total, locale) | {"vendor": score.vendor_name, "least": str(LEAST_FACTS)}
        yield translate("scores.few", locale, **facts)
    else:
        yield translate("scores.line", locale, vendor=score.vendor_name, **_figures(total, locale))
    if score.warned_below is not None:
        yield translate("scores.warned", locale, bound=number(score.warned_below, locale))
    usual = next((each for each in score.parts if each.part is ScorePart.on_time), None)
    if score.here is not None and usual is not None:
        yield _at_cost_centre(score.here, usual, locale)
    if score.stale:
        yield translate("scores.stale", locale, day=day(score.computed_at.date(), locale))


def _at_cost_centre(here: HereOut, everywhere: ScoredPartOut, locale: str) -> str:
    """The vendor's punctuality there beside that everywhere, each with its n and the day from which it counts."""
    return translate(
        "scores.here",
        locale,
        cost_centre=here.cost_centre,
        here=_part(here, locale),
        everywhere=_part(everywhere, locale),
    )


def _full(score: VendorScoreOut, locale: str) -> Iterator[str]:
    yield " ".join((in_short(score, locale), *_reasons(score.total, locale)))
    if score.total.value is not None and not score.ranked:
        yield translate("scores.unranked", locale)
    for part in score.parts:
        yield " ".join((_part(part, locale), *_reasons(part, locale)))
    yield translate("scores.note", locale)


def _part(part: ScoredPartOut, locale: str) -> str:
    if part.part is ScorePart.delivery_days and part.value is not None and part.high is not None:
        days, most = (_in_days(each, locale) for each in (part.value, part.high))
        return translate("scores.delivery", locale, days=days, most=most, **_counted(part, locale))
    name = translate(f"scores.part.{part.part.value}", locale)
    level = next((each for each in part.reasons if each.code == LEVEL), None)
    if level is not None:
        return translate(f"scores.price_{level.facts['level']}", locale, **_counted(part, locale))
    if part.value is None:
        return translate("scores.part_few", locale, part=name, **_counted(part, locale))
    return translate("scores.part", locale, part=name, **_figures(part, locale))


def _figures(part: ScoredPartOut, locale: str) -> dict[str, str]:
    told = {"value": part.value, "low": part.low, "high": part.high}
    return {name: _whole(value, locale) for name, value in told.items()} | _counted(part, locale)


def _counted(part: ScoredPartOut, locale: str) -> dict[str, str]:
    return {"n": number(part.n, locale), "since": day(part.window_from, locale)}


def _whole(value: FactOut, locale: str) -> str:
    return number(round(value), locale) if isinstance(value, int | float) else "–"


def _in_days(value: FactOut, locale: str) -> str:
    return quantity(Decimal(round(value)) if isinstance(value, int | float) else Decimal(0), "day", locale)


def _reasons(part: ScoredPartOut, locale: str) -> Iterator[str]:
    for reason in part.reasons:
        say = SENTENCES.get(reason.code)
        if say is not None:
            yield say(reason, locale)


def _plain(key: str) -> Callable[[ScoreReasonOut, str], str]:
    def say(reason: ScoreReasonOut, locale: str) -> str:
        facts = {name: _whole(value, locale) for name, value in reason.facts.items()}
        return translate(key, locale, **facts)

    return say


def _days(reason: ScoreReasonOut, locale: str) -> str:
    return translate("scores.days_late", locale, days=_in_days(reason.facts["days"], locale))


def _ratio(reason: ScoreReasonOut, locale: str) -> str:
    percent = reason.facts["percent"]
    above = Decimal(str(percent)) if isinstance(percent, int | float) else Decimal(0)
    facts = {name: _whole(reason.facts[name], locale) for name in ("cheapest", "of")}
    key = "scores.ratio_above" if above >= 0 else "scores.ratio_below"
    return translate(key, locale, percent=number(abs(above), locale), **facts)


def _before(reason: ScoreReasonOut, locale: str) -> str:
    facts = {name: _whole(reason.facts[name], locale) for name in ("value", "n")}
    since = dt.date.fromisoformat(str(reason.facts["since"]))
    return translate("scores.before", locale, since=day(since, locale), **facts)


SENTENCES: Mapping[str, Callable[[ScoreReasonOut, str], str]] = {
    "late": _plain("scores.late"),
    "days": _days,
    "moved": _plain("scores.moved"),
    "bad": _plain("scores.bad"),
    "answered": _plain("scores.answers"),
    "hours": _plain("scores.hours"),
    "ratio": _ratio,
    "before": _before,
}
"""The weights of a total are in the note, once for all."""
