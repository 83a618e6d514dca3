"""Converts bounds and standings from read model to wire."""

from api.contract import standings as wire
from core.standings.model import Standings, VendorStanding


def standings(source: Standings) -> wire.StandingsOut:
    bounds = source.bounds
    return wire.StandingsOut(
        bounds=wire.StandingBoundsOut(warn=bounds.warn, rfq=bounds.rfq, order=bounds.order),
        vendors=tuple(_vendor(each) for each in source.vendors),
    )


def _vendor(source: VendorStanding) -> wire.VendorStandingOut:
    below = source.below
    return wire.VendorStandingOut(
        vendor_id=below.vendor_id,
        vendor_name=source.vendor_name,
        kind=below.kind,
        bound=below.bound,
        value=below.value,
        n=below.n,
        window_from=below.window_from,
        window_to=below.window_to,
        run_id=below.run_id,
        since=source.since,
        overridden_at=source.overridden_at,
        reason=source.reason,
    )
