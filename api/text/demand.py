"""What is said of demand: one sentence after the other, each with how much it was counted from.

One rule: a range is never told without its months, its window and how it did on months that it had not seen.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from api.contract.demand import DemandCategoryOut, DemandItemOut, OutlookOut, QuantityRangeOut
from api.text.formats import countdown, day, money, number
from api.text.locales import isolate
from api.text.translation import translate
from api.text.units import quantity


@dataclass(frozen=True)
class DemandWords:
    """Amounts of one item or category in a language: pieces of its unit, or money."""

    locale: str
    unit: str = ""
    currency: str = ""

    @classmethod
    def of(cls, it: OutlookOut, locale: str) -> "DemandWords":
        if isinstance(it, DemandCategoryOut):
            return cls(locale, currency=it.currency)
        return cls(locale, unit=it.unit if isinstance(it, DemandItemOut) else "")

    def amount(self, value: Decimal) -> str:
        return (
            money(value, self.currency, self.locale)
            if self.currency
            else quantity(value, self.unit, self.locale)
        )

    def span(self, found: QuantityRangeOut | None) -> str:
        """``4 – 6 pcs``: the middle and the high end; a dash without a range."""
        if found is None:
            return "–"
        if found.middle == found.high:
            return self.amount(found.high)
        low = (
            money(found.middle, self.currency, self.locale)
            if self.currency
            else number(found.middle, self.locale)
        )
        return f"{low} – {self.amount(found.high)}"


def sentence(it: OutlookOut, locale: str) -> str:
    """All that is said of an item or a category."""
    return " ".join(lines(it, locale))


def lines(it: OutlookOut, locale: str) -> tuple[str, ...]:
    """The same, one thing after the other."""
    return tuple(_said(it, DemandWords.of(it, locale)))


def _said(it: OutlookOut, words: DemandWords) -> Iterator[str]:
    locale = words.locale
    yield translate("demand.last_year", locale, amount=words.amount(it.last_year), months=it.active_months)
    for ahead, found in (("month", it.month), ("quarter", it.quarter)):
        if found is not None:
            amounts = {"middle": words.amount(found.middle), "high": words.amount(found.high)}
            proof = translate("demand.proof", locale, within=found.within, origins=found.origins)
            yield f"{translate(f'demand.{ahead}', locale, **amounts)} {proof}"
    if it.silent is not None:
        yield translate(f"demand.silent.{it.silent.value}", locale)
    if isinstance(it, DemandItemOut) and it.reorder is not None:
        told = {
            "vendor": isolate(it.reorder.vendor),
            "time": countdown(dt.timedelta(days=round(it.reorder.days)), locale),
            "n": number(it.reorder.n, locale),
            "left": words.amount(it.reorder.left),
        }
        yield translate("demand.reorder", locale, **told)
    if isinstance(it, DemandCategoryOut):
        yield translate("demand.category", locale, items=it.items, left_out=it.left_out)
    yield window(it, locale)


def window(it: OutlookOut, locale: str) -> str:
    """How many months it was counted from, and which."""
    days = {"first": day(it.window_from, locale), "last": day(it.window_to, locale)}
    return translate("demand.window", locale, n=it.n, **days)
