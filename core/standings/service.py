"""What follows from bounds on vendors' scores: set, begun, ended, overridden.

One rule: asking and ordering read holds and never a score; only the clock compares scores with bounds, and every change
that it makes is an event with the figures behind it.
"""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.insights import queries as insights
from core.insights.states import Feature
from core.standings import policy, repo
from core.standings.commands import OverrideStanding, SetBounds
from core.standings.errors import NotBelowBound
from core.standings.events import StandingBegun, StandingBoundsSet, StandingEnded, StandingOverridden
from core.standings.model import BelowBound, StandingChange, Standings
from core.uow import Uow
from core.vendors import repo as vendors
from core.vendors import service as vendor_file
from core.vendors.model import Vendor

STANDINGS_SUBJECT = UUID("00000000-0000-7000-8000-000000000005")
"""What bounds are about in the log."""


@requires(Permission.insights_read)
async def show(uow: Uow, actor: Actor) -> Standings:
    """The bounds, and the vendors below one; no vendor with the feature off."""
    bounds = await repo.bounds(uow.connection)
    if not await insights.enabled(uow, Feature.vendor_score):
        return Standings(bounds, ())
    return Standings(bounds, await repo.listed(uow.connection))


@requires(Permission.insights_switch)
async def set_bounds(uow: Uow, actor: Actor, command: SetBounds) -> Standings:
    """Set below which score a vendor is warned of, not asked, or gets no orders; the clock does the rest."""
    policy.check_bounds(command.bounds)
    await uow.lock_purchase(STANDINGS_SUBJECT)
    if await repo.bounds(uow.connection) != command.bounds:
        await repo.set_bounds(uow.connection, command.bounds, person_of(actor), uow.now)
        bounds = command.bounds
        await uow.record(
            StandingBoundsSet(
                subject_id=STANDINGS_SUBJECT,
                subject_version=1,
                warn=bounds.warn,
                rfq=bounds.rfq,
                order=bounds.order,
            )
        )
    return await show(uow, actor)


@requires(Permission.vendors_hold)
async def override(uow: Uow, actor: Actor, command: OverrideStanding) -> Standings:
    """End what the score led to, with a reason, until the score was above the bound or the bound is changed."""
    policy.check_reason(command.reason)
    vendor = await vendors.lock(uow, command.vendor_id)
    if not await repo.override(uow.connection, command, person_of(actor), uow.now):
        raise NotBelowBound(vendor=vendor.name)
    vendor = await _released(uow, vendor, command)
    await uow.record(
        StandingOverridden(
            subject_id=vendor.id,
            subject_version=vendor.version,
            kind=command.kind.value,
            reason=command.reason,
        )
    )
    return await show(uow, actor)


async def due(uow: Uow) -> tuple[StandingChange, ...]:
    """What the clock has to begin and to end."""
    return await repo.due(uow.connection, uow.now)


@requires(Permission.insights_run)
async def apply(uow: Uow, actor: Actor, change: StandingChange) -> None:
    """Begin or end what is due, if it still is."""
    vendor = await vendors.lock(uow, change.vendor_id)
    if change not in await repo.due(uow.connection, uow.now, vendor.id):
        return
    if change.below is not None:
        await _begin(uow, vendor, change.below)
        return
    await repo.end(uow.connection, vendor.id, change.kind)
    vendor = await _released(uow, vendor, change)
    await uow.record(
        StandingEnded(subject_id=vendor.id, subject_version=vendor.version, kind=change.kind.value)
    )


async def _begin(uow: Uow, vendor: Vendor, below: BelowBound) -> None:
    await repo.begin(uow.connection, below, uow.now)
    if below.kind in policy.HOLDS:
        await vendor_file.hold_by_score(uow, vendor, policy.HOLDS[below.kind], policy.why_held(below))
        vendor = await vendors.lock(uow, vendor.id)
    await uow.record(
        StandingBegun(
            subject_id=vendor.id,
            subject_version=vendor.version,
            kind=below.kind.value,
            bound=below.bound,
            value=int(below.value),
            n=below.n,
            window_from=below.window_from,
            window_to=below.window_to,
            run_id=below.run_id,
        )
    )


async def _released(uow: Uow, vendor: Vendor, ended: StandingChange | OverrideStanding) -> Vendor:
    """The vendor without the hold that followed from its score."""
    if ended.kind not in policy.HOLDS:
        return vendor
    await vendor_file.release_by_score(uow, vendor, policy.HOLDS[ended.kind])
    return await vendors.lock(uow, vendor.id)
