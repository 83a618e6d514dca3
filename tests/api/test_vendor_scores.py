"""Vendors' scores over HTTP: with n and window everywhere, for those who may, and nowhere once switched off."""

import asyncio
import datetime as dt
import re
from uuid import UUID

from api.contract import endpoints as e
from api.contract.awards import ComparisonOut
from api.contract.insights import Feature, HintPlace
from api.contract.rfqs import RfqOut
from api.contract.vendor_scores import ScorePart
from api.text.locales import SUPPORTED
from api.text.vendor_scores import in_full, in_short
from bots.cards import comparison as comparison_card
from bots.cards.viewer import Viewer
from core.access.actor import Actor
from core.access.roles import Role
from core.insights.repo import run_of
from core.kernel.ids import QuoteId
from core.log.stored import read_event
from core.vendor_facts import repo as facts
from core.vendor_facts.model import FactColumns
from core.vendor_scores import service
from core.vendor_scores.policy import TREND_DAYS
from core.vendor_scores.scoring import score_vendors
from core.vendors.model import Vendor
from tests.api.sourcing import Sourcing, sourcing
from tests.core.vendor_scores.vendor_history import VendorHistory
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.schedule_ticks import runtime_at, schedule_ticks
from tests.support.world import World
from workers.cards.card_hints import hints_of
from workers.subscribers import score_vendors as subscriber

__all__ = ["sourcing"]
SCORER = Actor.system(Role.system_insights)


async def score_all(world: World, *, days: int = 0) -> None:
    """A day's run, as the clock begins it and a worker carries it out; so many days from today."""
    async with runtime_at(world, days=days) as runtime:
        async with runtime.engine.begin() as connection:
            uow = runtime.uow(connection, SCORER)
            await service.begin(uow, SCORER, world.today + dt.timedelta(days))
            event = uow.recorded_events[-1]
            await uow.finish()
        async with runtime.engine.begin() as connection:
            stored = await read_event(connection, event.id)
        await subscriber.run(runtime, event.event, stored)


async def delivered(world: World, database: Database, vendor: Vendor, *, lines: int, late: int = 0) -> None:
    """So many delivered lines of this vendor before today, the first of them late."""
    history = await VendorHistory(database).begin()
    for number in range(lines):
        issued = world.now - dt.timedelta(days=60 + number)
        ordered = await history.order(vendor.id, issued, days=10)
        await history.receive(ordered, issued + dt.timedelta(days=25 if number < late else 8), accepted=10)
    await database.hand.execute("SET session_replication_role = DEFAULT")


async def compared(sourcing: Sourcing, database: Database, *, lines: int) -> tuple[RfqOut, ComparisonOut]:
    """An RFQ that closed with its second answer; the first one has delivered so many lines."""
    rfq = await sourcing.rfq(vendors=2)
    await delivered(sourcing.world, database, sourcing.vendors[0], lines=lines, late=lines // 4)
    await score_all(sourcing.world)
    for contact, price in zip(sourcing.contacts, ("10", "11"), strict=True):
        await sourcing.quote(rfq, contact, price)
    found = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    return rfq, found


async def test_a_score_stands_beside_the_quote_with_its_n_and_window(
    sourcing: Sourcing, database: Database
) -> None:
    _, found = await compared(sourcing, database, lines=24)
    scores = {quote.vendor_id: quote.score for quote in found.quotes}
    known = scores[sourcing.vendors[0].id]
    assert scores[sourcing.vendors[1].id] is None
    assert known is not None
    assert (known.total.n, known.ranked, known.stale) == (24, True, False)
    total = known.total
    assert total.value is not None and total.low is not None and total.high is not None  # noqa: PT018
    assert total.low < total.value < total.high
    assert known.total.window_from < known.total.window_to == sourcing.world.today
    text = "\n".join(comparison_card.for_officer(found, Viewer(known.vendor_id, "en", "UTC", None)).facts)
    assert f"score {round(total.value)} of 100" in text
    assert ": 24." in text


async def test_where_it_is_clearly_different_at_the_cost_centre_that_is_said_beside_the_quote_and_to_approvers(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    await world.a_finance()
    rfq = await sourcing.rfq(vendors=1)
    history = await VendorHistory(database).begin()
    for number in range(24):
        centre, took = ("IT", 25) if number % 3 == 0 else ("WH", 8)
        issued = world.now - dt.timedelta(days=60 + number)
        ordered = await history.order(sourcing.vendors[0].id, issued, days=10, centre=centre)
        await history.receive(ordered, issued + dt.timedelta(days=took), accepted=10)
    await database.hand.execute("SET session_replication_role = DEFAULT")
    await score_all(world)
    await api.as_(await world.an_admin()).call(e.set_standings, {"warn": 99})
    async with schedule_ticks(world) as tick:
        await tick()
    quote = await sourcing.quote(rfq, sourcing.contacts[0], "10")
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    opened = (await world.open_approval_of(QuoteId(quote.id))).approval
    waiting = await api.as_(await world.a_manager()).call(e.show_approval, path={"id": opened.id})
    assert waiting.facts is not None
    for score in (compared.quotes[0].score, *waiting.facts.scores):
        assert score is not None
        assert score.here is not None
        on_time = next(each for each in score.parts if each.part is ScorePart.on_time)
        assert (score.here.cost_centre, score.here.n, on_time.n) == ("IT", 8, 24)
        assert score.here.high < on_time.value  # type: ignore[operator]
        assert score.warned_below == 99
        told = in_short(score, "en")
        assert "Different at IT: On time: " in told
        assert "n = 8 since " in told
        assert "That is below 99" in told
    [hint] = [each for each in hints_of(compared) if each.feature is Feature.vendor_score]
    assert (hint.figures["on_time_here_n"], hint.figures["on_time_n"]) == (8, 24)


async def worked_out_again(world: World, run_id: UUID) -> float | None:
    """The total of the one vendor, from what was known at the run's moment."""
    async with world.engine.begin() as connection:
        run = await run_of(connection, run_id)
        assert run is not None
        before = run.trained_to - dt.timedelta(TREND_DAYS)
        known, known_before = [
            FactColumns.of(await facts.facts_of(connection, at)) for at in (run.trained_to, before)
        ]
        again = score_vendors(known, known_before)
    return next(each.value for each in again.scores if each.part == ScorePart.total)


async def test_what_a_decider_had_before_them_is_known_and_can_be_replayed(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    rfq, found = await compared(sourcing, database, lines=24)
    auditor = api.as_(await world.an_auditor())
    hints = (await auditor.call(e.hints_shown, path={"id": rfq.request_id})).hints
    officer = await world.an_officer()
    seen = next(each for each in hints if each.place is HintPlace.comparison)
    assert (seen.person_name, seen.feature) == (officer.name, Feature.vendor_score)
    score = next(quote.score for quote in found.quotes if quote.score is not None)
    assert (seen.figures["total"], seen.figures["total_n"]) == (score.total.value, 24)
    assert dict(hints_of(found)[0].figures) == seen.figures
    assert await worked_out_again(world, score.run_id) == score.total.value
    await delivered(world, database, sourcing.vendors[0], lines=12, late=12)
    await score_all(world, days=1)
    replayed = await auditor.call(e.replay_hint, path={"id": seen.id})
    assert replayed.run is not None
    assert {each.part: each.value for each in replayed.parts}["total"] == score.total.value


async def test_a_vendor_with_four_lines_has_no_score_and_one_with_six_no_rank(
    api: Api, world: World, database: Database
) -> None:
    few, some = (await world.a_vendor())[0], (await world.a_vendor())[0]
    await delivered(world, database, few, lines=4)
    await delivered(world, database, some, lines=6)
    await score_all(world)
    officer = api.as_(await world.an_officer())
    without = await officer.call(e.show_score, path={"id": few.id})
    unranked = await officer.call(e.show_score, path={"id": some.id})
    assert (without.total.value, without.total.n, without.ranked) == (None, 4, False)
    assert (unranked.total.n, unranked.ranked) == (6, False)
    assert unranked.total.value is not None
    for locale in SUPPORTED:
        assert str(without.total.n) in in_short(without, locale) or locale == "ar"
        assert len(in_full(unranked, locale)) >= 4


async def test_a_vendor_reads_its_own_score_and_no_other(api: Api, world: World, database: Database) -> None:
    mine, contact = await world.a_vendor()
    other = (await world.a_vendor())[0]
    await delivered(world, database, mine, lines=8, late=2)
    await delivered(world, database, other, lines=8)
    await score_all(world)
    own = await api.as_(contact).call(e.my_score)
    assert own.vendor_id == mine.id
    late = next(each for each in own.parts if each.part is ScorePart.on_time)
    assert next(each.facts for each in late.reasons if each.code == "late") == {"late": 2, "of": 8}
    refused = await api.as_(contact).send("GET", f"/vendors/{other.id}/score")
    assert refused.status_code == 403
    requester = api.as_(await world.a_requester())
    assert (await requester.send("GET", f"/vendors/{mine.id}/score")).status_code == 403


async def test_a_vendor_is_told_of_its_price_a_word_and_cannot_work_out_what_another_quoted(
    api: Api, world: World, database: Database
) -> None:
    (many, contact), (few, thin), (rival, _) = [await world.a_vendor() for _ in range(3)]
    await delivered(world, database, many, lines=8, late=2)
    history = await VendorHistory(database).begin()
    for number in range(6):
        sent = world.now - dt.timedelta(days=40 - number)
        quotes: dict[UUID, int | None] = {many.id: 1_135, rival.id: 1_000}
        if number == 0:
            quotes[few.id] = 1_270
        await history.rfq(sent, sent + dt.timedelta(3), quotes)
    await database.hand.execute("SET session_replication_role = DEFAULT")
    await score_all(world)
    buyers = await api.as_(await world.an_officer()).call(e.show_score, path={"id": many.id})
    exact = next(each for each in buyers.parts if each.part is ScorePart.price)
    assert next(each.facts["percent"] for each in exact.reasons if each.code == "ratio") == 13.5
    told = await api.as_(contact).call(e.my_score)
    price = next(each for each in told.parts if each.part is ScorePart.price)
    assert (price.value, price.low, price.high, price.n) == (None, None, None, 6)
    assert [(each.code, each.facts) for each in price.reasons] == [("level", {"level": "above", "n": 6})]
    assert buyers.total.value is not None
    assert buyers.total.value % 5
    assert [each % 5 for each in (told.total.value, told.total.low, told.total.high) if each is not None] == [
        0
    ] * 3
    for locale in SUPPORTED:
        measured = "".join(line for line in in_full(told, locale) if "n = 6" in line)
        assert not re.search(r"13[.,]5|13 ?%", measured)
    thinly = await api.as_(thin).call(e.my_score)
    assert [each.reasons for each in thinly.parts if each.part is ScorePart.price] == [()]


async def test_of_two_clocks_at_once_one_begins_the_scoring(world: World, database: Database) -> None:
    vendor = (await world.a_vendor())[0]
    await delivered(world, database, vendor, lines=1)
    await asyncio.gather(*(world.act(SCORER, service.begin, world.today) for _ in range(2)))
    assert await database.hand.fetchval("SELECT count(*) FROM ml_runs") == 1


async def test_a_requester_sees_no_score_in_the_comparison(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    rfq, _ = await compared(sourcing, database, lines=24)
    requester = api.as_(await world.a_requester())
    found = await requester.call(e.comparison, path={"id": rfq.request_id})
    assert found.quotes
    assert [quote.score for quote in found.quotes] == [None, None]


async def test_switched_off_it_leaves_no_trace(
    api: Api, world: World, sourcing: Sourcing, database: Database
) -> None:
    rfq, before = await compared(sourcing, database, lines=24)
    assert any(quote.score for quote in before.quotes)
    admin = api.as_(await world.an_admin())
    switched = await admin.call(
        e.switch_insight, {"enabled": False}, path={"feature": Feature.vendor_score.value}
    )
    assert [each.feature for each in switched.switches if not each.enabled] == [Feature.vendor_score]
    after = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    assert [quote.score for quote in after.quotes] == [None, None]
    assert (await sourcing.officer.call(e.list_scores)).items == ()
    shown = await sourcing.officer.send("GET", f"/vendors/{sourcing.vendors[0].id}/score")
    assert shown.status_code == 404
    async with runtime_at(world) as runtime, runtime.engine.begin() as connection:
        assert await service.due(runtime.uow(connection, SCORER)) == ()


async def test_an_old_score_is_said_to_be_old(api: Api, world: World, database: Database) -> None:
    vendor = (await world.a_vendor())[0]
    await delivered(world, database, vendor, lines=8)
    await score_all(world)
    officer = api.as_(await world.an_officer())
    assert not (await officer.call(e.show_score, path={"id": vendor.id})).stale
    await database.hand.execute("UPDATE ml_scores SET computed_at = computed_at - interval '49 hours'")
    old = await officer.call(e.show_score, path={"id": vendor.id})
    assert old.stale
    assert "out of date" in in_short(old, "en")
