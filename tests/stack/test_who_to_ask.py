"""The evaluation of who to ask sees nothing of the future, and finds what the database finds."""

import random
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.kernel.ids import RequestId
from core.recommendations import method, repo
from core.requests.commands import RequestLineDraft
from stack.evaluate import who_to_ask
from stack.evaluate.synthetic import synthetic_lines
from stack.evaluate.who_to_ask import (
    COLD,
    MODES,
    SYNTHETIC_MARKS,
    SYNTHETIC_TEST_FROM,
    BoughtLine,
    bought,
    known,
    messy,
    suggestions,
    trigram_similarity,
)
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

LINES = bought(synthetic_lines(1_500))
ASKED = [each for each in LINES if each.day >= SYNTHETIC_TEST_FROM][::40]


def test_a_replay_equals_one_on_a_history_that_ends_there() -> None:
    assert len(ASKED) >= 5
    for line in ASKED:
        until = known(LINES, line.day)
        cut = [each for each in LINES if each.day <= until[-1].day]
        for mode in MODES:
            assert suggestions(line, known(LINES, line.day), mode) == suggestions(line, cut, mode)


def test_nothing_of_the_last_three_months_is_known() -> None:
    for line in ASKED:
        assert (line.day - known(LINES, line.day)[-1].day).days >= 89


def test_the_order_in_which_one_days_lines_were_written_changes_nothing() -> None:
    chance = random.Random(7)
    mixed = sorted(chance.sample(LINES, len(LINES)), key=lambda each: each.day)
    few = [each for each in LINES if each.words == ASKED[0].words]
    assert 0 < len(few) <= method.MOST_LINES
    for line in ASKED:
        assert suggestions(line, known(mixed, line.day)) == suggestions(line, known(LINES, line.day))


def test_a_cold_item_is_judged_without_any_line_of_its_words() -> None:
    line = ASKED[0]
    others = [each for each in known(LINES, line.day) if each.words != line.words]
    assert suggestions(line, known(LINES, line.day), COLD) == suggestions(line, others)


def test_the_vendor_of_the_line_is_not_looked_at() -> None:
    line = ASKED[0]
    other = BoughtLine(line.day, line.words, "somebody else", line.place, line.order)
    assert suggestions(line, known(LINES, line.day)) == suggestions(other, known(LINES, line.day))


def test_messy_words_are_always_the_same_and_not_those_of_the_line() -> None:
    words = "Nitrile gloves, powder-free, size L, box of 100"
    assert messy(words) == messy(words)
    assert messy(words) != words.lower()


def test_every_figure_of_the_small_history_reaches_its_floor() -> None:
    found = who_to_ask.measure(None)
    assert [figure.name for figure in found if figure.missed] == []
    assert len(found) == len(SYNTHETIC_MARKS)
    assert all(figure.n and figure.window for figure in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Laptop ThinkPad T14", "laptop thinkpad t16"),
        ("Nevirapine 10mg/ml, oral suspension", "nevirapine 200mg, tablets"),
        ("Büro-Stuhl schwarz", "stuhl, schwarz"),
        ("Toner 26A", "Zqwxv 9000"),
    ],
)
async def test_similarity_is_what_the_database_says(world: World, one: str, other: str) -> None:
    async with world.engine.connect() as connection:
        told = await connection.scalar(text("SELECT similarity(:one, :other)"), {"one": one, "other": other})
    assert told == pytest.approx(trigram_similarity(one, other), abs=1e-6)


async def test_the_database_adds_up_what_the_evaluation_does(world: World) -> None:
    """The same orders, read by SQL and counted from a list: the same scores."""
    vendor, contact = await world.a_vendor()
    other, others_contact = await world.a_vendor()
    for seller, person, days in ((vendor, contact, 400), (vendor, contact, 20), (other, others_contact, 5)):
        order = await world.an_order(vendor=seller, contact=person, acknowledged=True)
        async with world.engine.begin() as connection:
            moved = {"id": order.order.id, "days": days}
            await connection.execute(
                text(
                    "UPDATE purchase_orders SET state = 'acknowledged', cost_centre = 'IT',"
                    " created_at = (:now)::timestamptz - make_interval(days => (:days)::int) WHERE id = :id"
                ),
                {**moved, "now": world.now},
            )
    line = RequestLineDraft("Laptop 15 inch", Decimal(1), "pcs", None)
    request = (await world.a_request(lines=[line])).request
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        past = await repo.past_orders(
            uow, ["Laptop 15 inch"], cost_centre="IT", request_id=RequestId(request.id)
        )
    expected = {
        vendor.id: method.faded(400, method.HALF_LIFE_DAYS) + method.faded(20, method.HALF_LIFE_DAYS),
        other.id: method.faded(5, method.HALF_LIFE_DAYS),
    }
    told = {each.vendor: each.weight for each in past.found["Laptop 15 inch"]}
    assert told == pytest.approx(expected, rel=1e-3)
    at_place = {
        vendor.id: method.faded(400, method.PLACE_HALF_LIFE_DAYS)
        + method.faded(20, method.PLACE_HALF_LIFE_DAYS),
        other.id: method.faded(5, method.PLACE_HALF_LIFE_DAYS),
    }
    assert past.place == pytest.approx(at_place, rel=1e-3)


async def test_an_installations_own_orders_are_measured_and_hold_nobody_to_anything(world: World) -> None:
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        assert await who_to_ask.measure_history(uow) == []
    vendor, contact = await world.a_vendor()
    for days in (45, 0):
        order = await world.an_order(vendor=vendor, contact=contact, acknowledged=True)
        async with world.engine.begin() as connection:
            moved = text(
                "UPDATE purchase_orders SET created_at = created_at - make_interval(days => (:days)::int)"
                " WHERE id = :id"
            )
            await connection.execute(moved, {"id": order.order.id, "days": days})
    async with begin(world.engine, ADMINISTRATOR, world.clock) as uow:
        found = {each.name: each for each in await who_to_ask.measure_history(uow)}
    assert (found["hit@1 warm"].value, found["hit@1 warm"].n) == (0.5, 2)
    assert found["hit@5 cold"].value == 0
    assert not any(figure.missed for figure in found.values())
