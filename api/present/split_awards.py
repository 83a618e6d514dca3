"""Converts the comparison with split awards from read model to wire."""

from collections.abc import Sequence

from api.contract import awards as wire
from api.present import awards
from api.present.actions import actions
from api.present.decimals import amount
from core.quotes.states import QuoteState
from core.split_awards.model import CheapestSplit, ComparedWithSplits, Share, ShownSplit


def with_splits(source: ComparedWithSplits) -> wire.ComparisonOut:
    """The comparison, the split award that is proposed or ordered, and the cheapest one."""
    currency = source.comparison.currency
    compared = awards.comparison(source.comparison)
    able = source.suppliers
    quotes = tuple(
        each.model_copy(update={"may_supply": each.quote_id in able}) if able else each
        for each in compared.quotes
    )
    return compared.model_copy(
        update={
            "actions": actions(source.actions),
            "quotes": quotes,
            "split": _split(source.split, currency) if source.split else None,
            "cheapest_split": _cheapest(source.cheapest, currency) if source.cheapest else None,
        }
    )


def _split(source: ShownSplit, currency: str) -> wire.SplitAwardOut:
    return wire.SplitAwardOut(
        id=source.award.id,
        reason=source.award.reason,
        proposed_by_name=source.proposed_by_name,
        currency=source.award.currency,
        total=amount(source.award.total, source.award.currency),
        shares=tuple(_ordered(share, source, currency) for share in source.shares),
        left_out=source.left_out,
    )


def _ordered(share: Share, source: ShownSplit, currency: str) -> wire.ShareOut:
    """A share with its order, or that it is not ordered any more."""
    order = source.orders.get(share.quote.id)
    return _share(share, currency).model_copy(
        update={
            "order_number": order.number if order else None,
            "order_state": order.state if order else None,
            "stopped": share.quote.state is QuoteState.rejected,
        }
    )


def _cheapest(source: CheapestSplit, currency: str) -> wire.CheapestSplitOut:
    return wire.CheapestSplitOut(
        shares=_shares(source.shares, currency),
        total=amount(source.total, currency),
        best_single=amount(source.best_single, currency) if source.best_single is not None else None,
    )


def _shares(found: Sequence[Share], currency: str) -> tuple[wire.ShareOut, ...]:
    return tuple(_share(share, currency) for share in found)


def _share(source: Share, currency: str) -> wire.ShareOut:
    quote = source.quote
    return wire.ShareOut(
        quote_id=quote.id,
        vendor_id=quote.vendor_id,
        vendor_name=quote.vendor_name,
        lines=tuple(line.id for line in source.lines),
        alternatives=tuple(source.alternatives),
        currency=quote.currency,
        shipping=amount(quote.shipping, quote.currency),
        total=amount(source.total, quote.currency),
        total_converted=amount(source.converted, currency),
    )
