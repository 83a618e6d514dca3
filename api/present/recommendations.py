"""Converts suggestions and what was bought before from read model to wire."""

from api.contract import recommendations as wire
from api.contract.values import Listing
from api.present.listing import listing
from api.present.vendors import vendor
from core.kernel.pagination import Page
from core.recommendations.model import BoughtBefore, SuggestedVendor, Why
from core.standings.model import BelowBound


def suggested(page: Page[SuggestedVendor]) -> Listing[wire.SuggestedVendorOut]:
    return listing(page, _vendor, lambda row: row.vendor)


def _vendor(source: SuggestedVendor) -> wire.SuggestedVendorOut:
    return wire.SuggestedVendorOut(
        **dict(vendor(source.vendor)),
        why=_why(source.why) if source.why is not None else None,
        warned=_warned(source.warned) if source.warned is not None else None,
    )


def _warned(source: BelowBound) -> wire.WarnedOut:
    return wire.WarnedOut(
        value=source.value,
        bound=source.bound,
        n=source.n,
        window_from=source.window_from,
        window_to=source.window_to,
    )


def _why(source: Why) -> wire.WhyOut:
    return wire.WhyOut(
        n=source.lines,
        here=source.here,
        cost_centre=source.cost_centre,
        window_from=source.window_from,
        window_to=source.window_to,
        last_on=source.last_on,
        new_here=source.new_here,
        tie=wire.TieOut(**vars(source.tie)) if source.tie is not None else None,
    )


def bought_before(page: Page[BoughtBefore]) -> Listing[wire.BoughtBeforeOut]:
    return Listing(items=tuple(_bought(each) for each in page.items), next_cursor=None)


def _bought(source: BoughtBefore) -> wire.BoughtBeforeOut:
    return wire.BoughtBeforeOut(
        item=source.item,
        n=source.lines,
        window_from=source.window_from,
        window_to=source.window_to,
        last_item=source.last_item,
        last_price=source.last_price,
        last_currency=source.last_currency,
        last_unit=source.last_unit,
        last_vendor=source.last_vendor,
        last_order=source.last_order,
        last_on=source.last_on,
    )
