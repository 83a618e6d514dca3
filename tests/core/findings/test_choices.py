"""The rules about how a quote was come by, and who took part; each with its near miss."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import update

from api.text.findings import finding_sentence
from core.access.roles import Role
from core.amendments import service as amendments
from core.amendments.commands import MoveDeadline
from core.approvals.model import Approval
from core.awards import service as awards
from core.awards.commands import ProposeQuote
from core.checks.model import CheckRule, RuleSetting
from core.findings import repo
from core.kernel.clock import FixedClock
from core.people.model import Person
from core.requests.tables import procurement_requests
from core.vendors import service as vendors
from core.vendors.commands import CreateVendor, NewContact
from core.vendors.tables import vendors as vendor_table
from tests.core.findings.cases import SYSTEM, Case, laptops
from tests.support.uow import begin
from tests.support.world import World


async def aged(case: Case, days: int = 30) -> None:
    """The vendor is in the file for longer."""
    async with case.world.engine.begin() as connection:
        when = case.world.now - dt.timedelta(days=days)
        await connection.execute(
            update(vendor_table).where(vendor_table.c.id == case.vendor.id).values(created_at=when)
        )


async def chosen_among(
    world: World, *prices: str, propose: int | None = None, reason: str = "", currency: str = "USD"
) -> Approval:
    """An approval of the cheapest of these quotes, or of the one that an officer proposed."""
    await world.a_finance()
    asked = [await world.a_vendor() for _ in prices]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in asked])
    quotes = [
        await world.a_quote(rfq, contact, price, currency)
        for (_, contact), price in zip(asked, prices, strict=True)
    ]
    if propose is not None:
        command = ProposeQuote(rfq.rfq.id, quotes[propose].quote.id, reason, None)
        await world.act(await world.an_officer(), awards.propose, command)
    chosen = (
        quotes[propose]
        if propose is not None
        else min(quotes, key=lambda quote: (quote.quote.total, quote.quote.submitted_at))
    )
    return (await world.open_approval_of(chosen.quote.id)).approval


async def test_one_quote_where_three_are_required(world: World) -> None:
    case = await Case.begin(world)
    [finding] = [
        each for each in await case.found(await case.proposed("1700")) if each.rule is CheckRule.single_quote
    ]
    assert (finding.facts["asked"], finding.facts["wanted"]) == (1, 3)


async def test_one_quote_is_enough_below_the_amount(world: World) -> None:
    """Three are required from 5,000 dollars on; this comes to 4,999.98."""
    case = await Case.begin(world)
    assert CheckRule.single_quote not in await case.rules_of(await case.proposed("1666.66"))


async def test_two_quotes_are_not_one(world: World) -> None:
    case = await Case.begin(world)
    assert CheckRule.single_quote not in await case.rules_of(await chosen_among(world, "1700", "1701"))


async def test_two_vendors_with_the_same_total(world: World) -> None:
    case = await Case.begin(world)
    approval = await chosen_among(world, "1180", "1180", "1250")
    [finding] = [each for each in await case.found(approval) if each.rule is CheckRule.same_price]
    assert (finding.facts["n"], finding.facts["asked"]) == (2, 3)


async def test_a_cent_is_another_total(world: World) -> None:
    case = await Case.begin(world)
    assert CheckRule.same_price not in await case.rules_of(await chosen_among(world, "1180", "1180.01"))


async def test_a_cheaper_quote_was_passed_over_for_a_word(world: World) -> None:
    case = await Case.begin(world)
    approval = await chosen_among(world, "1180", "1250", propose=1, reason="better")
    [finding] = [each for each in await case.found(approval) if each.rule is CheckRule.passed_over]
    assert (finding.facts["cheapest"], finding.facts["extra"]) == ("3540", "210")


async def test_a_reason_that_says_why_is_a_reason(world: World) -> None:
    case = await Case.begin(world)
    approval = await chosen_among(world, "1180", "1250", propose=1, reason="they deliver next week")
    assert CheckRule.passed_over not in await case.rules_of(approval)


async def test_a_proposal_of_the_cheapest_passes_nothing_over(world: World) -> None:
    case = await Case.begin(world)
    approval = await chosen_among(world, "1180", "1250", propose=0, reason="better")
    assert CheckRule.passed_over not in await case.rules_of(approval)


async def late(world: World, *, after: bool) -> Approval:
    """A quote that came a minute after the deadline that was set first, or a minute before."""
    await world.a_finance()
    vendor, contact = await world.a_vendor()
    world.clock = FixedClock(world.now)
    rfq = await world.an_rfq(to=[vendor], quote_by=dt.timedelta(hours=2))
    later = MoveDeadline(rfq.rfq.id, world.now + dt.timedelta(days=2), None)
    await world.act(await world.an_officer(), amendments.move_deadline, later)
    world.clock = FixedClock(world.now + dt.timedelta(hours=2, minutes=1 if after else -1))
    quote = await world.a_quote(rfq, contact)
    return (await world.open_approval_of(quote.quote.id)).approval


async def test_a_quote_after_the_first_deadline(world: World) -> None:
    case = await Case.begin(world)
    assert CheckRule.late_quote in await case.rules_of(await late(world, after=True))


async def test_a_quote_a_minute_before_it(world: World) -> None:
    case = await Case.begin(world)
    assert CheckRule.late_quote not in await case.rules_of(await late(world, after=False))


async def test_a_vendor_of_this_week(world: World) -> None:
    case = await Case.begin(world)
    await aged(case, 6)
    assert CheckRule.new_vendor in await case.rules_of(await case.proposed("1180"))


async def test_a_vendor_of_last_week(world: World) -> None:
    case = await Case.begin(world)
    await aged(case, 7)
    assert CheckRule.new_vendor not in await case.rules_of(await case.proposed("1180"))


async def their_own(world: World, by: Person) -> Case:
    """A vendor that this person added."""
    contact = NewContact("Nia", f"nia-{by.id}@example.com", "en")
    command = CreateVendor(f"Own {by.id}", "IT hardware", "USD", "DE", contact)
    vendor = await world.act(by, vendors.create_vendor, command)
    return Case(world, vendor, await world.person(vendor.contacts[0].person_id))


async def test_whoever_asks_added_the_vendor(world: World) -> None:
    await world.a_finance()
    officer = await world.a_person(Role.officer)
    case = await their_own(world, officer)
    [finding] = [
        each
        for each in await case.found(await case.proposed("1180", by=officer))
        if each.rule is CheckRule.own_vendor
    ]
    assert finding.facts["person"] == officer.name
    assert officer.id in finding.involved


async def test_whoever_entered_it_added_the_vendor_and_is_not_said_to_have_asked(world: World) -> None:
    await world.a_finance()
    officer = await world.a_person(Role.officer)
    case = await their_own(world, officer)
    approval = await case.proposed("1180")
    async with world.engine.begin() as connection:
        request = procurement_requests
        await connection.execute(
            update(request).where(request.c.id == approval.request_id).values(entered_by=officer.id)
        )
    [finding] = [each for each in await case.found(approval) if each.rule is CheckRule.own_vendor]
    facts = {name: value for name, value in finding.facts.items() if isinstance(value, str | int)}
    said = finding_sentence("own_vendor", facts, "en", "UTC")
    assert said.startswith(f"{officer.name} entered this request, and added")


async def test_a_day_is_the_readers_own(world: World) -> None:
    """Half past eleven at night in London is the next morning in Tokyo."""
    facts = {"vendor": "Alder", "amount": "5", "currency": "USD", "added": "2026-11-30T23:30:00+00:00"}
    there = [finding_sentence("new_vendor", facts, "en", zone) for zone in ("Europe/London", "Asia/Tokyo")]
    assert ["30 Nov 2026" in there[0], "1 Dec 2026" in there[1]] == [True, True]


async def test_a_colleague_added_the_vendor(world: World) -> None:
    await world.a_finance()
    case = await their_own(world, await world.a_person(Role.officer))
    assert CheckRule.own_vendor not in await case.rules_of(await case.proposed("1180"))


async def test_two_halves_under_the_limit(world: World) -> None:
    """Each of 3,540 dollars needs a manager alone; together they need finance too."""
    case = await Case.begin(world)
    await case.proposed("1180")
    [finding] = [
        each for each in await case.found(await case.proposed("1180")) if each.rule is CheckRule.splits
    ]
    assert Decimal(str(finding.facts["together"])) == Decimal(7080)
    assert Decimal(str(finding.facts["limit"])) == Decimal(5000)


async def test_halves_that_stay_under_it_together(world: World) -> None:
    case = await Case.begin(world)
    await case.proposed("833.33")
    assert CheckRule.splits not in await case.rules_of(await case.proposed("833.32"))


async def test_halves_eight_days_apart(world: World) -> None:
    case = await Case.begin(world)
    world.clock = FixedClock(world.now)
    await case.proposed("1180")
    world.clock = FixedClock(world.now + dt.timedelta(days=7, minutes=1))
    assert CheckRule.splits not in await case.rules_of(await case.proposed("1180"))


async def test_two_things_are_not_one_that_was_split(world: World) -> None:
    case = await Case.begin(world)
    await case.proposed("1180")
    other = await case.proposed("1180", line=laptops(what="Standing desk"))
    assert CheckRule.splits not in await case.rules_of(other)


async def test_one_request_of_two_people_is_not_split(world: World) -> None:
    case = await Case.begin(world)
    await case.proposed("1180")
    other = await world.a_person(Role.requester)
    assert CheckRule.splits not in await case.rules_of(await case.proposed("1180", by=other))


@pytest.mark.parametrize(("limit", "is_found"), [("1.39", False), ("1.38", True)])
async def test_what_was_passed_over_is_weighed_in_the_organisations_currency(
    world: World, limit: str, is_found: bool
) -> None:
    """The dearer one costs 210 yen more, which are 1.386 dollars."""
    case = await Case.begin(world)
    setting = RuleSetting(CheckRule.passed_over, limit_amount=Decimal(limit), version=1)
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        await repo.write_setting(uow, setting)
    approval = await chosen_among(world, "1180", "1250", propose=1, reason="better", currency="JPY")
    assert (CheckRule.passed_over in await case.rules_of(approval)) == is_found
