"""Converts exchange rates from read model to wire."""

from collections.abc import Callable

from api.contract import rates as wire
from api.contract.problems import FieldProblem
from api.contract.values import Listing
from api.present.decimals import plain
from api.text import value_problem
from core.kernel.pagination import Page
from core.rates.model import StoredRate
from core.rates.service import LoadedRates


def loaded(locale: str) -> Callable[[LoadedRates], wire.RatesLoadedOut]:
    """How many were stored, and in the reader's language what was wrong with the others."""

    def present(source: LoadedRates) -> wire.RatesLoadedOut:
        refused = tuple(
            FieldProblem(
                field=each.field,
                code=each.code,
                message=value_problem(each.code, each.limits, each.message, locale),
                example=each.example,
            )
            for each in source.refused
        )
        return wire.RatesLoadedOut(loaded=source.loaded, refused=refused)

    return present


def rates(page: Page[StoredRate]) -> Listing[wire.RateOut]:
    return Listing(items=tuple(_rate(each) for each in page.items))


def _rate(source: StoredRate) -> wire.RateOut:
    return wire.RateOut(
        currency=source.currency, day=source.day, rate=plain(source.rate), source=source.source
    )
