"""Converts demand from read model to wire."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from api.contract import demand as wire
from api.text.demand import sentence
from core.demand.model import (
    ITEMS,
    LAST_YEAR,
    LEAD,
    PROOF,
    REORDER,
    SILENT,
    Ahead,
    DemandDetails,
    DemandPage,
    KnownDemand,
    NeedRows,
)
from core.insights.model import Figures, Score

ROUNDED = Decimal("0.01")


def page(locale: str) -> Callable[[DemandPage], wire.DemandOut]:
    """With what is said in this language."""

    def convert(source: DemandPage) -> wire.DemandOut:
        return wire.DemandOut(
            items=tuple(_item(each, locale) for each in source.items),
            categories=tuple(_category(each, locale) for each in source.categories),
            more=source.more,
            forecast_at=source.forecast_at,
            stale=source.stale,
        )

    return convert


def details(locale: str) -> Callable[[DemandDetails], wire.DemandDetailsOut]:
    """One item with its months, with what is said in this language."""

    def convert(source: DemandDetails) -> wire.DemandDetailsOut:
        draft = source.draft
        return wire.DemandDetailsOut(
            item=_item(source.known, locale),
            texts=source.texts,
            months=tuple(
                wire.DemandMonthOut(month=month, quantity=quantity) for month, quantity in source.months
            ),
            draft=wire.DemandDraftOut(
                quantity=draft.quantity, needed_by=draft.needed_by, price=draft.price, currency=draft.currency
            )
            if draft is not None
            else None,
            forecast_at=source.forecast_at,
            stale=source.stale,
        )

    return convert


def needs(source: NeedRows) -> wire.NeedsOut:
    return wire.NeedsOut(
        item_id=source.item.id,
        name=source.item.name,
        unit=source.item.unit,
        more=source.more,
        rows=tuple(
            wire.NeedOut(
                request_id=row.request_id,
                number=row.number,
                description=row.description,
                quantity=row.quantity,
                needed_by=row.needed_by,
            )
            for row in source.rows
        ),
    )


def _item(known: KnownDemand, locale: str) -> wire.DemandItemOut:
    item = known.item
    if item is None:
        raise ValueError(f"{known.name} is no item")
    found = wire.DemandItemOut(
        **_outlook(known), id=item.id, unit=item.unit, category=item.category, reorder=_reorder(known)
    )
    return found.model_copy(update={"sentence": sentence(found, locale)})


def _category(known: KnownDemand, locale: str) -> wire.DemandCategoryOut:
    facts = _facts(known.score(Ahead.quarter), ITEMS)
    found = wire.DemandCategoryOut(
        **_outlook(known),
        currency=str(facts["currency"]),
        items=_count(facts["items"]),
        left_out=_count(facts["left_out"]),
    )
    return found.model_copy(update={"sentence": sentence(found, locale)})


def _outlook(known: KnownDemand) -> dict[str, Any]:
    quarter, month = known.score(Ahead.quarter), known.score(Ahead.month)
    so_far, silent = _facts(quarter, LAST_YEAR), _facts(quarter, SILENT)
    return {
        "name": known.name,
        "n": quarter.n,
        "window_from": quarter.window_from,
        "window_to": quarter.window_to,
        "last_year": _decimal(so_far["quantity"]),
        "active_months": _count(so_far["months"]),
        "month": _range(month),
        "quarter": _range(quarter),
        "silent": wire.SilenceOut(str(silent["why"])) if silent else None,
        "run_id": quarter.run_id,
        "sentence": "",
    }


def _range(score: Score) -> wire.QuantityRangeOut | None:
    if score.value is None or score.low is None or score.high is None:
        return None
    proof = _facts(score, PROOF)
    return wire.QuantityRangeOut(
        low=_decimal(score.low),
        middle=_decimal(score.value),
        high=_decimal(score.high),
        within=_count(proof["within"]),
        origins=_count(proof["origins"]),
    )


def _reorder(known: KnownDemand) -> wire.ReorderOut | None:
    score = known.scores.get(REORDER)
    if score is None or score.value is None:
        return None
    lead = _facts(score, LEAD)
    return wire.ReorderOut(
        left=_decimal(score.value), vendor=str(lead["vendor"]), days=_decimal(lead["days"]), n=score.n
    )


def _facts(score: Score, code: str) -> Figures:
    return next((each.facts for each in score.reasons if each.code == code), {})


def _decimal(value: object) -> Decimal:
    """A worked-out amount, to the hundredth."""
    return Decimal(str(value)).quantize(ROUNDED).normalize()


def _count(value: object) -> int:
    return int(str(value))
