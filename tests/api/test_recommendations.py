"""Who to ask is sorted by what was bought before and says why; what was bought is told to who may see it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from api.contract import endpoints as e
from api.contract.recommendations import BoughtBeforeOut, SuggestedVendorOut
from core.access.actor import Actor
from core.access.roles import Role
from core.insights.commands import SwitchInsight
from core.insights.model import NewScore, ScoreReason, ScoreSubject
from core.insights.service import RunOutcome, begin_run, finish_run, switch_insight
from core.insights.states import Feature
from core.insights.tables import ml_shown
from core.people.model import Person
from core.recommendations.method import MOST_LINES
from core.requests.model import RequestDetails
from core.uow import Uow
from tests.support.api import Api, ProblemError
from tests.support.bought import asked, bought
from tests.support.world import World

_MANY_LINES = text(
    "INSERT INTO purchase_order_lines (id, order_id, request_line_id, position, description, unit, unit_price,"
    " quantity, lead_time_days) SELECT overlay(gen_random_uuid()::text placing 'f' from 1)::uuid, l.order_id,"
    " l.request_line_id, n, l.description, l.unit, l.unit_price, l.quantity, l.lead_time_days"
    " FROM purchase_order_lines l JOIN purchase_orders o ON o.id = l.order_id"
    " CROSS JOIN generate_series(2, (:many)::int) n WHERE o.requested_by = :person"
)
"""Of every line of a person's orders so many, newer than any other."""


async def suggested(
    api: Api, world: World, request: RequestDetails, q: str | None = None
) -> Sequence[SuggestedVendorOut]:
    query = {"q": q} if q else {}
    officer = api.as_(await world.an_officer())
    return (await officer.call(e.suggest_vendors, path={"id": request.request.id}, query=query)).items


def with_reasons(found: Sequence[SuggestedVendorOut]) -> list[str]:
    return [each.name for each in found if each.why is not None]


async def switched_off(world: World) -> None:
    command = SwitchInsight(Feature.who_to_ask, enabled=False)
    await world.act(await world.an_admin(), switch_insight, command)


async def looked_up(api: Api, person: Person, *items: str) -> Sequence[BoughtBeforeOut]:
    return (await api.as_(person).call(e.bought_before, {"items": list(items)})).items


async def test_who_sold_the_like_is_suggested_first_with_n_window_and_place(api: Api, world: World) -> None:
    chairs, laptops = await world.a_vendor(), await world.a_vendor()
    await bought(world, "Office chair, black", chairs)
    for days in (40, 3):
        await bought(world, "Laptop ThinkPad T14", laptops, days_ago=days)
    first, *_ = await suggested(api, world, await asked(world, "Laptop ThinkPad T16"))
    assert first.name == laptops[0].name
    why = first.why
    assert why is not None
    assert (why.n, why.here, why.cost_centre, why.new_here) == (2, 2, "IT", False)
    assert why.window_from is not None
    assert why.last_on is not None
    assert ((why.last_on - why.window_from).days, why.window_to) == (37, world.today)


async def test_a_purchase_long_ago_counts_less_than_one_of_today(api: Api, world: World) -> None:
    before, lately = await world.a_vendor(), await world.a_vendor()
    for days in (800, 790):
        await bought(world, "Toner cartridge 26A", before, days_ago=days)
    await bought(world, "Toner cartridge 26A", lately)
    found = await suggested(api, world, await asked(world, "Toner cartridge 26A"))
    assert [each.name for each in found[:2]] == [lately[0].name, before[0].name]


async def test_a_typing_error_finds_the_same_vendor(api: Api, world: World) -> None:
    seller, other = await world.a_vendor(), await world.a_vendor()
    await bought(world, "Nitrile gloves L, box of 100", seller)
    await bought(world, "Office chair, black", other)
    found = await suggested(api, world, await asked(world, "nitrle glovs L box 100"))
    assert found[0].name == seller[0].name
    assert found[0].why is not None


async def test_an_item_like_nothing_before_has_no_reason_but_a_newcomer(api: Api, world: World) -> None:
    await bought(world, "Office chair, black", await world.a_vendor())
    found = await suggested(api, world, await asked(world, "Zqwxv 9000"))
    assert [each.why.new_here for each in found if each.why is not None] == [True]
    assert len(found) >= 1


async def test_who_is_held_or_not_approved_any_more_is_never_suggested(api: Api, world: World) -> None:
    seller = await world.a_vendor()
    await bought(world, "Label printer", seller)
    request = await asked(world, "Label printer")
    assert seller[0].name in with_reasons(await suggested(api, world, request))
    admin = api.as_(await world.an_admin())
    hold = {"kind": "rfq", "reason": "late deliveries"}
    await admin.call(e.hold_vendor, hold, path={"id": seller[0].id})
    assert seller[0].name not in {each.name for each in await suggested(api, world, request)}


async def test_exactly_one_of_five_suggested_is_new_here_and_its_turn_goes_round(
    api: Api, world: World
) -> None:
    sellers = [await world.a_vendor() for _ in range(6)]
    for seller in sellers:
        for _ in range(3):
            await bought(world, "Docking station USB-C", seller)
    fresh = {(await world.a_vendor())[0].name for _ in range(4)}
    turns = set[str]()
    for number in range(60):
        if number >= 8 and len(turns) > 1:  # whose turn it is comes from the request's random number
            break
        found = await suggested(api, world, await asked(world, "Docking station USB-C"))
        told = [each for each in found if each.why is not None]
        new = [each.name for each in told if each.why and each.why.new_here]
        assert (len(told), len(new)) == (5, 1)
        assert told == list(found[:5])
        assert set(new) <= fresh
        turns |= set(new)
    assert len(turns) > 1


async def test_who_is_known_for_long_and_sold_little_is_not_new_here(api: Api, world: World) -> None:
    seller, known = await world.a_vendor(), await world.a_vendor()
    for each in (seller, seller, seller, known):
        await bought(world, "Docking station USB-C" if each is seller else "Flip chart", each)
    request = await asked(world, "Docking station USB-C")
    found = await suggested(api, world, request)
    assert [each.name for each in found if each.why and each.why.new_here] == [known[0].name]
    async with world.engine.begin() as connection:
        aged = text("UPDATE vendors SET created_at = created_at - interval '200 days' WHERE id = :id")
        await connection.execute(aged, {"id": known[0].id})
    assert not any(each.why.new_here for each in await suggested(api, world, request) if each.why)


async def test_the_same_request_has_the_same_suggestions_whenever_it_is_read(api: Api, world: World) -> None:
    for _ in range(4):
        await bought(world, "Whiteboard 120 cm", await world.a_vendor())
    request = await asked(world, "Whiteboard 120 cm")
    first = await suggested(api, world, request)
    assert await suggested(api, world, request) == first
    alike = [each.name for each in first if each.why and not each.why.new_here]
    assert alike == sorted(alike, key=str.casefold)


async def test_switched_off_the_order_is_as_before_and_nothing_is_told_or_noted(
    api: Api, world: World
) -> None:
    seller = await world.a_vendor()
    await bought(world, "Standing desk", seller)
    request = await asked(world, "Standing desk")
    await switched_off(world)
    found = await suggested(api, world, request)
    assert found[0].name == seller[0].name  # it quoted for the like
    assert with_reasons(found) == []
    assert await looked_up(api, await world.an_officer(), "Standing desk") == ()
    async with world.engine.connect() as connection:
        assert (await connection.execute(select(ml_shown.c.id))).all() == []


async def test_what_was_shown_is_noted_once_with_its_figures(api: Api, world: World) -> None:
    seller = await world.a_vendor()
    await bought(world, "Barcode scanner", seller)
    request = await asked(world, "Barcode scanner")
    for _ in range(2):
        await suggested(api, world, request)
    shown = ml_shown.c
    wanted = select(shown.feature, shown.person_id, shown.figures).where(
        shown.request_id == request.request.id, shown.subject_id == str(seller[0].id)
    )
    async with world.engine.connect() as connection:
        [row] = (await connection.execute(wanted)).all()
    assert (row.feature, row.person_id) == ("who_to_ask", (await world.an_officer()).id)
    assert (row.figures["rank"], row.figures["n"], row.figures["new_here"]) == (1, 1, 0)


async def test_the_price_that_a_requester_read_is_noted_with_its_request(api: Api, world: World) -> None:
    mine = await world.a_requester()
    await bought(world, "Barcode scanner", await world.a_vendor(), by=mine, price="95")
    request = await asked(world, "Barcode scanner", submit=False)
    body = {"items": ["Barcode scanner"], "request_id": str(request.request.id)}
    await api.as_(mine).call(e.bought_before, body)
    shown = ml_shown.c
    wanted = select(shown.person_id, shown.figures).where(shown.request_id == request.request.id)
    async with world.engine.connect() as connection:
        [row] = (await connection.execute(wanted)).all()
    assert (row.person_id, row.figures["n"]) == (mine.id, 1)
    assert Decimal(row.figures["price"]) == Decimal(95)


async def test_a_search_keeps_to_who_has_the_text(api: Api, world: World) -> None:
    seller, other = await world.a_vendor(), await world.a_vendor()
    for each in (seller, other):
        await bought(world, "Paper A4 80 g", each)
    found = await suggested(api, world, await asked(world, "Paper A4 80 g"), other[0].name)
    assert other[0].name in {each.name for each in found}
    assert all(other[0].name in each.name for each in found)


async def test_what_was_bought_before_has_its_number_price_day_and_window(api: Api, world: World) -> None:
    seller = await world.a_vendor()
    await bought(world, "Laptop ThinkPad T14", seller, price="1250", days_ago=90)
    await bought(world, "Laptop ThinkPad T14", seller, price="1180", days_ago=10)
    [found] = await looked_up(api, await world.an_officer(), "laptop thinkpad t14", "Zqwxv 9000")
    assert (found.item, found.n, found.last_item) == ("laptop thinkpad t14", 2, "Laptop ThinkPad T14")
    assert (found.last_price, found.last_currency, found.last_unit) == (Decimal(1180), "USD", "pcs")
    assert found.last_vendor == seller[0].name
    assert (found.window_to - found.last_on).days == 10
    assert (found.window_to - found.window_from).days == 90


async def test_the_last_price_is_that_of_the_same_words_where_there_is_one(api: Api, world: World) -> None:
    seller = await world.a_vendor()
    await bought(world, "Toner cartridge 26A", seller, price="88")
    await bought(world, "Toner cartridge 26X", seller, price="140")
    same, like = await looked_up(api, await world.an_officer(), "TONER cartridge 26a", "Toner cartridge 26C")
    assert (same.n, same.last_item, same.last_price) == (2, "Toner cartridge 26A", Decimal(88))
    assert (like.n, like.last_item, like.last_price) == (2, "Toner cartridge 26X", Decimal(140))


async def test_a_requester_is_told_of_own_orders_and_of_nobody_elses(api: Api, world: World) -> None:
    mine, theirs = await world.a_requester(), await world.a_person(Role.requester)
    seller = await world.a_vendor()
    await bought(world, "Monitor 27 inch", seller, by=mine, price="300")
    await bought(world, "Monitor 27 inch", seller, by=theirs, price="250")
    [own] = await looked_up(api, mine, "Monitor 27 inch")
    [others] = await looked_up(api, theirs, "Monitor 27 inch")
    [all_of_them] = await looked_up(api, await world.an_officer(), "Monitor 27 inch")
    assert (own.n, own.last_price) == (1, Decimal(300))
    assert (others.n, others.last_price) == (1, Decimal(250))
    assert all_of_them.n == 2
    assert await looked_up(api, await world.a_person(Role.requester), "Monitor 27 inch") == ()


async def test_what_others_bought_often_does_not_hide_what_one_bought_oneself(api: Api, world: World) -> None:
    mine, theirs = await world.a_requester(), await world.a_person(Role.requester)
    seller = await world.a_vendor()
    await bought(world, "Monitor 27 inch", seller, by=mine, price="300")
    await bought(world, "Monitor 27 inch", seller, by=theirs, price="250")
    async with world.engine.begin() as connection:
        await connection.execute(_MANY_LINES, {"person": theirs.id, "many": MOST_LINES})
    [own] = await looked_up(api, mine, "Monitor 27 inch")
    assert (own.n, own.last_price) == (1, Decimal(300))
    [others] = await looked_up(api, theirs, "Monitor 27 inch")
    assert others.n == MOST_LINES


async def test_a_request_that_one_may_not_see_is_not_found_and_no_hint_is_noted_on_it(
    api: Api, world: World
) -> None:
    mine = await world.a_requester()
    await bought(world, "Barcode scanner", await world.a_vendor(), by=mine)
    request = await asked(world, "Barcode scanner", by=await world.a_person(Role.requester), submit=False)
    for unseen in (request.request.id, uuid4()):
        body = {"items": ["Barcode scanner"], "request_id": str(unseen)}
        with pytest.raises(ProblemError, match="404"):
            await api.as_(mine).call(e.bought_before, body)
    async with world.engine.connect() as connection:
        wanted = select(ml_shown.c.id).where(ml_shown.c.request_id == request.request.id)
        assert (await connection.execute(wanted)).all() == []


async def test_neither_requesters_nor_vendors_read_who_to_ask(api: Api, world: World) -> None:
    _, contact = await world.a_vendor()
    request = await asked(world, "Monitor 27 inch")
    for person in (await world.a_requester(), contact):
        with pytest.raises(ProblemError, match="403"):
            await api.as_(person).call(e.suggest_vendors, path={"id": request.request.id})
    with pytest.raises(ProblemError, match="403"):
        await api.as_(contact).call(e.bought_before, {"items": ["Monitor 27 inch"]})


async def test_the_purchase_itself_is_not_what_was_bought_before(api: Api, world: World) -> None:
    seller = await world.a_vendor()
    await bought(world, "Projector 4K", seller)
    async with world.engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT request_id FROM purchase_orders WHERE vendor_id = :id"), {"id": seller[0].id}
            )
        ).one()
    body: dict[str, Any] = {"items": ["Projector 4K"], "request_id": str(row.request_id)}
    officer = api.as_(await world.an_officer())
    assert (await officer.call(e.bought_before, body)).items == ()


async def test_of_two_alike_the_better_vendor_score_comes_first_and_says_so(api: Api, world: World) -> None:
    one, other = await world.a_vendor(), await world.a_vendor()
    for seller in (one, other):
        await bought(world, "Cable tie 300 mm", seller)
    request = await asked(world, "Cable tie 300 mm")
    first = (await suggested(api, world, request))[0]
    assert (first.name, first.why and first.why.tie) == (one[0].name, None)
    for n, decides in ((19, False), (20, True)):
        await scored(world, {one[0].id: 61.0, other[0].id: 78.0}, n=n)
        first, second, *_ = await suggested(api, world, request)
        assert first.name == (other if decides else one)[0].name
        ties = [each.why.tie for each in (first, second) if each.why]
        assert [(tie.score, tie.n) for tie in ties if tie] == ([(78.0, 20), (61.0, 20)] if decides else [])


async def scored(world: World, values: Mapping[UUID, float], *, n: int) -> None:
    """The vendor scores in force from now on."""
    system = Actor.system(Role.system_insights)
    scores = [
        NewScore(
            ScoreSubject("vendor", str(vendor)),
            "total",
            value,
            value,
            value,
            n,
            world.today,
            world.today,
            (ScoreReason("weight"),),
        )
        for vendor, value in values.items()
    ]

    async def run(uow: Uow, actor: Actor, found: Sequence[NewScore]) -> None:
        begun = await begin_run(uow, actor, Feature.vendor_score, version="1", parameters={})
        await finish_run(uow, actor, begun, RunOutcome(found, {}, n))

    await world.act(system, run, scores)
