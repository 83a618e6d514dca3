"""What counts as late, bad, answered and dear; nothing later than the moment that is asked about."""

import datetime as dt
import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from core.vendor_facts.model import DeliveryFact, FactColumns, VendorFacts
from core.vendor_facts.repo import facts_of
from core.vendor_scores.scoring import Scored, score_vendors
from tests.core.vendor_scores.vendor_history import VendorHistory, day
from tests.support.uow import SmallCompany

ACME, BOLT = uuid4(), uuid4()


@pytest.fixture
async def history(company: SmallCompany) -> VendorHistory:
    return await VendorHistory(company.database).begin()


async def facts(company: SmallCompany, at: dt.datetime) -> VendorFacts:
    async with company.app.begin() as connection:
        return await facts_of(connection, at)


def scored(known: VendorFacts, before: VendorFacts) -> Scored:
    return score_vendors(FactColumns.of(known), FactColumns.of(before))


async def delivery(company: SmallCompany, at: dt.datetime = day(100)) -> DeliveryFact:
    (found,) = (await facts(company, at)).deliveries
    return found


async def test_a_punctual_delivery_in_parts_is_on_time(company: SmallCompany, history: VendorHistory) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.receive(ordered, day(3), accepted=4)
    await history.receive(ordered, day(10), accepted=6)
    found = await delivery(company)
    assert (found.late, found.known, found.complete) == (0.0, day(10).date(), True)


async def test_what_came_after_the_promise_is_late_by_its_share(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.receive(ordered, day(9), accepted=7)
    await history.receive(ordered, day(11), accepted=3)
    found = await delivery(company)
    assert found.late == pytest.approx(0.3)
    assert found.known == day(11).date()
    assert found.last_day == day(11).date()


async def test_what_is_not_due_yet_is_not_late(company: SmallCompany, history: VendorHistory) -> None:
    await history.order(ACME, day(0), days=10)
    on_the_day, next_day = await facts(company, day(10)), await facts(company, day(11))
    found = [{s.part: s.n for s in scored(each, each).scores} for each in (on_the_day, next_day)]
    assert [each.get("on_time", 0) for each in found] == [0, 1]
    assert next_day.deliveries[0].late == 1.0


async def test_a_counter_entry_counts_on_the_day_of_the_entry_that_it_corrects(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    entry = await history.receive(ordered, day(5), accepted=10)
    await history.correct(ordered, day(30), accepted=-4, entry=entry)
    assert (await delivery(company)).late == pytest.approx(0.4)
    assert (await delivery(company, day(20))).late == 0.0


async def test_a_promise_that_was_moved_counts_as_moved_from_then_on(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.move(ordered, days=20, at=day(8))
    await history.receive(ordered, day(15), accepted=10)
    now, before = await delivery(company), await delivery(company, day(7))
    assert (now.promised, now.moved, now.late) == (day(20).date(), True, 0.0)
    assert (before.promised, before.moved) == (day(10).date(), False)


async def test_what_was_rejected_or_sent_back_is_bad(company: SmallCompany, history: VendorHistory) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.receive(ordered, day(5), accepted=9, rejected=1)
    await history.receive(ordered, day(6), accepted=-2, kind="return")
    found = await delivery(company)
    assert found.bad == pytest.approx(0.3)
    assert found.late == pytest.approx(0.1)


async def test_a_quote_is_compared_with_the_best_other_one(
    company: SmallCompany, history: VendorHistory
) -> None:
    await history.rfq(day(0), day(3), {ACME: 100, BOLT: 125})
    await history.rfq(day(0), day(4), {ACME: 100, BOLT: None})
    found = await facts(company, day(50))
    assert sorted((each.vendor_id, each.ratio) for each in found.prices) == sorted(
        [(ACME, 0.8), (BOLT, 1.25)]
    )
    assert sorted(each.in_time for each in found.answers if each.vendor_id == BOLT) == [False, True]
    assert {each.hours for each in found.answers if each.vendor_id == ACME} == {1.0}


async def test_an_order_that_was_cancelled_does_not_count(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await company.database.hand.execute(
        "UPDATE purchase_orders SET state = 'cancelled' WHERE id = $1", ordered.order
    )
    assert (await facts(company, day(50))).deliveries == []


async def test_what_was_late_stays_late_when_the_buyer_gives_the_order_up(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.cancel(ordered, day(30))
    before, after = await delivery(company, day(20)), await delivery(company, day(40))
    assert before == after
    assert (after.late, after.known, after.complete) == (1.0, day(11).date(), False)


async def test_an_order_that_was_given_up_before_its_day_was_never_late(
    company: SmallCompany, history: VendorHistory
) -> None:
    ordered = await history.order(ACME, day(0), days=10)
    await history.cancel(ordered, day(5))
    assert len((await facts(company, day(4))).deliveries) == 1
    assert (await facts(company, day(40))).deliveries == []


async def test_what_was_not_due_when_an_order_ended_short_is_not_late(
    company: SmallCompany, history: VendorHistory
) -> None:
    early = await history.order(ACME, day(0), days=10)
    late = await history.order(BOLT, day(0), days=10)
    for each, ended in ((early, 8), (late, 15)):
        await history.receive(each, day(5), accepted=6)
        await history.close_short(each, day(ended))
    found = {each.vendor_id: each for each in (await facts(company, day(40))).deliveries}
    assert (found[ACME].late, found[ACME].complete) == (0.0, False)
    assert found[BOLT].late == pytest.approx(0.4)
    before = {each.vendor_id: each.late for each in (await facts(company, day(7))).deliveries}
    assert before[ACME] == pytest.approx(0.4)


async def test_who_was_not_heard_when_an_rfq_closed_early_missed_nothing(
    company: SmallCompany, history: VendorHistory
) -> None:
    await history.rfq(day(0), day(3), {ACME: 100, BOLT: None}, quote_by=day(8))
    answers = (await facts(company, day(50))).answers
    assert [(each.vendor_id, each.in_time) for each in answers] == [(ACME, True)]


async def test_prices_count_once_the_rfq_was_decided(company: SmallCompany, history: VendorHistory) -> None:
    await history.rfq(day(0), day(3), {ACME: 100, BOLT: 125}, state="closed")
    await history.rfq(day(0), day(4), {ACME: 100, BOLT: 150}, state="cancelled")
    await history.rfq(day(0), day(5), {ACME: 100, BOLT: 200}, decided=day(20))
    assert (await facts(company, day(10))).prices == []
    assert [each.ratio for each in (await facts(company, day(50))).prices if each.vendor_id == BOLT] == [2]


async def test_the_days_of_delivery_count_the_orders_that_they_are_worked_out_from(
    company: SmallCompany, history: VendorHistory
) -> None:
    for number in (*range(4), *range(1_100, 1_130), *range(1_200, 1_230)):
        ordered = await history.order(BOLT if 4 < number < 1_200 else ACME, day(number), days=10)
        await history.receive(ordered, day(number + 5), accepted=10)
    at = day(1_300)
    scores = scored(await facts(company, at), await facts(company, at)).scores
    days = next(each for each in scores if each.part == "delivery_days" and each.subject.id == str(ACME))
    assert (days.n, days.window_from) == (30, day(1_205).date())


async def test_a_total_tells_the_window_of_the_deliveries_that_it_counts(
    company: SmallCompany, history: VendorHistory
) -> None:
    for number in range(6):
        await history.rfq(day(number), day(number + 1), {ACME: 100, BOLT: 125})
        ordered = await history.order(ACME, day(100 + number), days=10)
        await history.receive(ordered, day(105 + number), accepted=10)
    at = day(150)
    scores = scored(await facts(company, at), await facts(company, at)).scores
    found = {each.part: each for each in scores if each.subject.id == str(ACME)}
    assert (found["total"].n, found["total"].window_from) == (6, day(105).date())
    assert found["response"].window_from == day(0).date()


async def test_few_prices_have_no_reason(company: SmallCompany, history: VendorHistory) -> None:
    for number in range(5):
        at = day(number + 2)
        await history.rfq(day(number), day(number + 1), {ACME: 100, BOLT: 125})
        scores = scored(await facts(company, at), await facts(company, at)).scores
        told = [each for each in scores if each.part == "price"]
        assert [bool(each.reasons) for each in told] == [each.value is not None for each in told]
    assert [each.n for each in told if each.reasons] == [5, 5]


async def made(history: VendorHistory, chance: random.Random, vendors: list[UUID]) -> None:
    for _ in range(60):
        issued = day(chance.randrange(200))
        ordered = await history.order(
            chance.choice(vendors), issued, days=chance.randint(3, 20), centre=chance.choice("ABC")
        )
        left = ordered.quantity
        while left and chance.random() < 0.9:
            part = chance.randint(1, left)
            at = issued + dt.timedelta(chance.randint(1, 30))
            await history.receive(ordered, at, accepted=part, rejected=chance.randint(0, 1))
            left -= part
        if chance.random() < 0.2:
            await history.move(ordered, days=25, at=issued + dt.timedelta(chance.randint(1, 40)))
    for _ in range(25):
        sent = day(chance.randrange(200))
        prices = {vendor: chance.choice([None, chance.randint(80, 120)]) for vendor in vendors}
        await history.rfq(sent, sent + dt.timedelta(5), prices)


async def test_a_past_moment_gives_what_a_database_that_ends_there_gives(
    company: SmallCompany, history: VendorHistory
) -> None:
    await made(history, random.Random(3), [uuid4() for _ in range(4)])
    at, earlier = day(120), day(30)
    whole = scored(await facts(company, at), await facts(company, earlier))
    hand = company.database.hand
    await hand.execute(
        "UPDATE purchase_order_lines l SET lead_time_days = (v.content->'lines'->0->>'lead_time_days')::int"
        " FROM order_revisions v WHERE v.order_id = l.order_id AND v.replaced_at > $1",
        at,
    )
    for statement in (
        "DELETE FROM order_revisions WHERE replaced_at > $1",
        "DELETE FROM receipts WHERE received_at > $1",
        "DELETE FROM purchase_order_lines WHERE order_id IN (SELECT id FROM purchase_orders WHERE issued_at > $1)",
        "DELETE FROM purchase_orders WHERE issued_at > $1",
        "UPDATE rfq_invitations SET state = 'sent', answered_at = NULL WHERE answered_at > $1",
        "DELETE FROM rfq_invitations WHERE sent_at > $1",
        "DELETE FROM vendor_quotes WHERE submitted_at > $1",
        "UPDATE rfqs SET state = 'open', closed_at = NULL WHERE closed_at > $1",
    ):
        await hand.execute(statement, at)
    truncated = scored(await facts(company, at), await facts(company, earlier))
    assert len(whole.scores) >= 20
    assert truncated == whole


async def test_the_order_of_facts_changes_nothing(company: SmallCompany, history: VendorHistory) -> None:
    await made(history, random.Random(4), [uuid4() for _ in range(4)])
    found, before = await facts(company, day(250)), await facts(company, day(160))
    in_order = scored(found, before)
    for seed in range(5):
        chance = random.Random(seed)
        shuffled = replace(
            found,
            deliveries=chance.sample(found.deliveries, len(found.deliveries)),
            answers=chance.sample(found.answers, len(found.answers)),
            prices=chance.sample(found.prices, len(found.prices)),
        )
        assert scored(shuffled, before) == in_order
