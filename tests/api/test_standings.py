"""Bounds on vendors' scores over HTTP: set, applied by the clock, overridden, lifted, and without a trace when off."""

import pytest

from api.contract import endpoints as e
from api.contract.insights import Feature
from api.contract.standings import StandingsOut
from api.contract.vendors import HoldOut
from api.text.locales import SUPPORTED
from api.text.vendor_scores import in_short, warned_line
from core.vendors.model import Vendor
from tests.api.sourcing import Sourcing, sourcing
from tests.api.test_vendor_scores import delivered, score_all
from tests.support.api import Api, ProblemError
from tests.support.postgres import Database
from tests.support.schedule_ticks import runtime_at, schedule_ticks
from tests.support.world import World
from workers import schedule

__all__ = ["sourcing"]
ALL = {"warn": 99, "rfq": 98, "order": 97}


async def bounded(api: Api, world: World, bounds: dict[str, int]) -> StandingsOut:
    """An administrator sets these bounds, and the clock ticks."""
    found = await api.as_(await world.an_admin()).call(e.set_standings, bounds)
    await ticked(world)
    return found


async def ticked(world: World, **ahead: float) -> None:
    async with schedule_ticks(world) as tick:
        await tick(**ahead)


async def holds_of(api: Api, world: World, vendor: Vendor) -> tuple[HoldOut, ...]:
    officer = api.as_(await world.an_officer())
    return (await officer.call(e.show_vendor, path={"id": vendor.id})).holds


async def scored(world: World, database: Database, *, lines: int, late: int) -> Vendor:
    vendor = (await world.a_vendor())[0]
    await delivered(world, database, vendor, lines=lines, late=late)
    await score_all(world)
    return vendor


async def test_nothing_follows_from_a_score_as_long_as_nobody_sets_a_bound(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    await ticked(world)
    assert await holds_of(api, world, vendor) == ()
    officer = api.as_(await world.an_officer())
    found = await officer.call(e.show_standings)
    assert (found.vendors, found.bounds.model_dump()) == ((), {"warn": None, "rfq": None, "order": None})


async def test_a_vendor_below_a_bound_is_held_with_its_score_n_and_window(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    await bounded(api, world, ALL)
    held = await holds_of(api, world, vendor)
    assert [(each.kind, each.by_score, each.until) for each in held] == [
        ("order", True, None),
        ("rfq", True, None),
    ]
    found = await api.as_(await world.an_officer()).call(e.show_standings)
    rfq = next(each for each in found.vendors if each.kind == "rfq")
    assert (rfq.vendor_id, rfq.bound, rfq.n, rfq.window_to) == (vendor.id, 98, 24, world.today)
    assert held[1].reason.startswith(
        f"{int(rfq.value)}/100 < 98; n = 24; {rfq.window_from} – {rfq.window_to}"
    )
    events = await database.hand.fetch(
        "SELECT type FROM audit_events WHERE subject_id = $1 AND type ~ '^(standing|vendor.held)' ORDER BY type",
        vendor.id,
    )
    assert [row["type"] for row in events] == ["standing.begun"] * 3 + ["vendor.held"] * 2


async def test_a_vendor_below_the_bound_is_not_asked(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    rfq = await sourcing.rfq(vendors=1)
    await delivered(world, database, sourcing.vendors[0], lines=24, late=24)
    await score_all(world)
    await bounded(api, world, {"rfq": 98})
    another = await world.a_request()
    with pytest.raises(ProblemError, match=r"vendors\.on_hold"):
        await sourcing.send(another.request.id)
    await bounded(api, world, {})
    assert (await sourcing.send(another.request.id)).id != rfq.id


@pytest.mark.parametrize(("lines", "ahead"), [(19, 0), (24, 49)])
async def test_a_thin_or_stale_score_never_holds(
    api: Api, world: World, database: Database, lines: int, ahead: int
) -> None:
    vendor = await scored(world, database, lines=lines, late=lines)
    if ahead:
        await database.hand.execute("UPDATE ml_scores SET computed_at = computed_at - interval '49 hours'")
    await bounded(api, world, ALL)
    assert await holds_of(api, world, vendor) == ()


async def test_an_override_has_a_reason_and_lasts_while_the_score_stays_below(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    await bounded(api, world, {"rfq": 98})
    officer = api.as_(await world.an_officer())
    where = {"id": vendor.id}
    with pytest.raises(ProblemError, match=r"vendors\.held_by_score"):
        await officer.call(e.release_vendor, path=where | {"kind": "rfq"})
    override = {"kind": "rfq", "reason": "The only one who has it."}
    found = await officer.call(e.override_standing, override, path=where)
    assert [each.reason for each in found.vendors] == ["The only one who has it."]
    await score_all(world, days=1)
    await ticked(world)
    assert await holds_of(api, world, vendor) == ()
    with pytest.raises(ProblemError, match=r"standings\.not_below"):
        await officer.call(e.override_standing, override, path=where)
    overridden = "SELECT count(*) FROM audit_events WHERE type = 'standing.overridden'"
    assert await database.hand.fetchval(overridden) == 1
    await bounded(api, world, {"rfq": 97})
    assert [each.kind for each in await holds_of(api, world, vendor)] == ["rfq"]


async def test_a_hold_ends_by_itself_when_the_score_is_above_the_bound_again(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    await bounded(api, world, {"order": 50})
    assert [each.kind for each in await holds_of(api, world, vendor)] == ["order"]
    await database.hand.execute("UPDATE ml_scores SET value = 50, low = 50, high = 50 WHERE part = 'total'")
    await ticked(world)
    assert await holds_of(api, world, vendor) == ()
    assert (
        await database.hand.fetchval("SELECT count(*) FROM audit_events WHERE type = 'standing.ended'") == 1
    )


@pytest.mark.parametrize("how", ["feature", "bounds", "stale"])
async def test_a_hold_ends_with_what_it_follows_from(
    api: Api, world: World, database: Database, how: str
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    await bounded(api, world, ALL)
    assert len(await holds_of(api, world, vendor)) == 2
    admin = api.as_(await world.an_admin())
    match how:
        case "feature":
            off = {"feature": Feature.vendor_score.value}
            await admin.call(e.switch_insight, {"enabled": False}, path=off)
            assert (await admin.call(e.show_standings)).vendors == ()
        case "bounds":
            await admin.call(e.set_standings, {})
        case _:
            await database.hand.execute(
                "UPDATE ml_scores SET computed_at = computed_at - interval '49 hours'"
            )
    await ticked(world)
    assert await holds_of(api, world, vendor) == ()
    assert (await admin.call(e.show_standings)).vendors == ()


async def test_a_persons_hold_stays_when_the_score_is_better(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    officer = api.as_(await world.an_officer())
    insolvent = {"kind": "order", "reason": "Insolvency proceedings"}
    await officer.call(e.hold_vendor, insolvent, path={"id": vendor.id})
    await bounded(api, world, {"order": 98})
    held = await holds_of(api, world, vendor)
    assert [(each.reason, each.by_score) for each in held] == [("Insolvency proceedings", False)]
    await bounded(api, world, {})
    assert await holds_of(api, world, vendor) == held


async def test_a_vendor_is_held_again_after_a_persons_hold_in_its_place_has_ended(
    api: Api, world: World, database: Database
) -> None:
    vendor, other = (await world.a_vendor())[0], (await world.a_vendor())[0]
    for each in (vendor, other):
        await delivered(world, database, each, lines=24, late=24)
    await score_all(world)
    await bounded(api, world, {"order": 98})
    officer, where = api.as_(await world.an_officer()), {"id": vendor.id}
    await officer.call(e.hold_vendor, {"kind": "order", "reason": "Insolvency proceedings"}, path=where)
    await officer.call(e.release_vendor, path=where | {"kind": "order"})
    assert await holds_of(api, world, vendor) == ()
    await ticked(world)
    assert [each.by_score for each in await holds_of(api, world, vendor)] == [True]


async def test_a_warning_is_a_line_on_the_comparison_and_holds_from_nothing(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    rfq = await sourcing.rfq(vendors=2)
    await delivered(world, database, sourcing.vendors[0], lines=24, late=24)
    await score_all(world)
    await bounded(api, world, {"warn": 98})
    for contact, price in zip(sourcing.contacts, ("10", "11"), strict=True):
        await sourcing.quote(rfq, contact, price)
    found = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    score = next(each.score for each in found.quotes if each.score is not None)
    assert score.warned_below == 98
    assert "below 98" in in_short(score, "en")
    assert await holds_of(api, world, sourcing.vendors[0]) == ()


async def test_whoever_asks_vendors_reads_the_warning_with_its_n_and_window(
    api: Api, world: World, database: Database
) -> None:
    vendor = await scored(world, database, lines=24, late=24)
    request = await world.a_request()
    officer, where = api.as_(await world.an_officer()), {"id": request.request.id}
    before = await officer.call(e.suggest_vendors, path=where)
    assert [each.warned for each in before.items if each.id == vendor.id] == [None]
    await bounded(api, world, {"warn": 98})
    found = await officer.call(e.suggest_vendors, path=where)
    warned = next(each.warned for each in found.items if each.id == vendor.id)
    assert warned is not None
    assert (warned.bound, warned.n, warned.window_to) == (98, 24, world.today)
    for locale in SUPPORTED:
        line = warned_line(vendor.name, warned, locale)
        assert vendor.name in line
        assert "24" in line or locale == "ar"


@pytest.mark.parametrize("bound", [0, 101])
async def test_a_bound_is_from_1_to_100(api: Api, world: World, bound: int) -> None:
    admin = api.as_(await world.an_admin())
    with pytest.raises(ProblemError, match="422"):
        await admin.call(e.set_standings, {"rfq": bound})


async def test_an_old_score_is_forgotten_unless_somebody_was_shown_it(
    api: Api, world: World, database: Database
) -> None:
    shown = await scored(world, database, lines=24, late=2)
    other = (await world.a_vendor())[0]
    await delivered(world, database, other, lines=24)
    await score_all(world, days=1)
    await api.as_(await world.an_officer()).call(e.show_score, path={"id": shown.id})
    await score_all(world, days=2)
    old = "UPDATE ml_scores SET superseded_at = now() - interval '91 days' WHERE superseded_at IS NOT NULL"
    await database.hand.execute(old)
    async with runtime_at(world) as runtime:
        await schedule.delete_expired(runtime)
    closed = "SELECT DISTINCT subject_id FROM ml_scores WHERE superseded_at IS NOT NULL"
    kept = {row["subject_id"] for row in await database.hand.fetch(closed)}
    assert str(shown.id) in kept
    assert str(other.id) not in kept
    current = "SELECT count(*) FROM ml_scores WHERE superseded_at IS NULL AND subject_id = $1"
    assert await database.hand.fetchval(current, str(other.id)) > 0
