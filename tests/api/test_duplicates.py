"""A request that resembles an earlier one is submitted only by who has read which."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from core.access.roles import Role
from core.kernel.words import normalised
from core.people.model import Person
from tests.support.api import Api, ProblemError
from tests.support.world import World


@pytest.fixture(autouse=True)
async def warned(world: World) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 14"))


def body(world: World, item: str = "Laptop, 14 inch", quantity: str = "3", **more: Any) -> dict[str, Any]:
    line = {"description": item, "quantity": quantity, "estimated_unit_price": "1200"}
    needed_by = str(world.today + dt.timedelta(days=20))
    named = {"currency": "USD", "needed_by": needed_by, "cost_centre": "IT", "submit": True}
    return {"lines": [line], **named, **more}


async def asked(api: Api, world: World, by: Person | None = None, **more: Any) -> RequestOut:
    return await api.as_(by or await world.a_requester()).call(e.create_request, body(world, **more))


async def refused(api: Api, world: World, by: Person | None = None, **more: Any) -> list[dict[str, Any]]:
    with pytest.raises(ProblemError) as conflict:
        await asked(api, world, by, **more)
    assert (conflict.value.status, conflict.value.code) == (409, "requests.resembles")
    earlier: Any = conflict.value.problem.facts["earlier"]
    return list(earlier)


async def test_the_refusal_names_the_earlier_one_and_accepting_it_is_kept(api: Api, world: World) -> None:
    requester, colleague = await world.a_requester(), await world.a_person(Role.requester)
    first = await asked(api, world)
    [earlier] = await refused(api, world, colleague, item="laptop 14  INCH")
    assert (earlier["number"], earlier["requested_by_name"]) == (first.number, requester.name)
    assert earlier["state"] == "submitted"
    again = await asked(api, world, colleague, item="laptop 14  INCH", accept_duplicate=True)
    assert again.resembles == (first.number,)
    timeline = (await api.as_(colleague).call(e.timeline, path={"id": again.id})).items
    assert [each.data["resembles"] for each in timeline if each.action == "request.submitted"] == [
        [first.number]
    ]
    assert (await asked(api, world, item="Desk", accept_duplicate=True)).resembles == ()


async def test_a_draft_is_checked_when_it_is_submitted(api: Api, world: World) -> None:
    first = await asked(api, world)
    draft = await asked(api, world, submit=False)
    caller, path = api.as_(await world.a_requester()), {"id": draft.id}
    with pytest.raises(ProblemError, match=r"409 requests\.resembles") as conflict:
        await caller.call(e.submit_request, {"expected_version": draft.version}, path=path)
    assert first.number in conflict.value.problem.detail
    accepted = {"expected_version": draft.version, "accept_duplicate": True}
    assert (await caller.call(e.submit_request, accepted, path=path)).resembles == (first.number,)


async def test_a_draft_that_is_corrected_and_submitted_in_one_call_is_checked_as_corrected(
    api: Api, world: World
) -> None:
    first = await asked(api, world)
    draft = await asked(api, world, submit=False, quantity="9")
    caller, path = api.as_(await world.a_requester()), {"id": draft.id}
    correction = {"lines": body(world)["lines"], "submit": True, "expected_version": draft.version}
    with pytest.raises(ProblemError, match=r"409 requests\.resembles"):
        await caller.call(e.edit_request, correction, path=path)
    kept = await caller.call(e.show_request, path=path)
    assert (kept.version, kept.lines[0].quantity) == (draft.version, draft.lines[0].quantity)
    submitted = await caller.call(e.edit_request, correction | {"accept_duplicate": True}, path=path)
    assert (submitted.state, submitted.resembles) == ("submitted", (first.number,))


async def test_a_line_that_was_dropped_does_not_warn(api: Api, world: World) -> None:
    await asked(api, world)
    lines = [*body(world)["lines"], *body(world, item="Desk")["lines"]]
    mine, caller = (
        await asked(api, world, lines=lines, accept_duplicate=True),
        api.as_(await world.a_requester()),
    )
    path = {"id": mine.id}
    dropped = {
        "line_ids": [str(mine.lines[0].id)],
        "reason": "there is one",
        "expected_version": mine.version,
    }
    await caller.call(e.drop_lines, dropped, path=path)
    left = await caller.call(e.show_request, path=path)
    draft = await caller.call(e.take_back_request, {"expected_version": left.version}, path=path)
    again = await caller.call(e.submit_request, {"expected_version": draft.version}, path=path)
    assert again.resembles == ()


async def test_a_draft_that_lay_for_long_is_found_once_it_is_submitted(api: Api, world: World) -> None:
    old = await asked(api, world, submit=False)
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE request_lines SET asked_at = now() - interval '30 days'"))
    caller, path = api.as_(await world.a_requester()), {"id": old.id}
    await caller.call(e.submit_request, {"expected_version": old.version}, path=path)
    assert [each["number"] for each in await refused(api, world)] == [old.number]


async def test_other_quantities_items_units_or_people_elsewhere_do_not_resemble(
    api: Api, world: World
) -> None:
    await asked(api, world)
    await asked(api, world, quantity="4")
    await asked(api, world, item="Laptop 15 inch")
    boxes = body(world)["lines"][0] | {"unit": "box"}
    await asked(api, world, lines=[boxes])
    async with world.engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO cost_centres (code, name, department) VALUES ('OPS', 'OPS', 'IT')")
        )
    colleague = await world.a_person(Role.requester)
    await asked(api, world, colleague, cost_centre="OPS")
    await refused(api, world, cost_centre="OPS")


async def test_withdrawn_cancelled_rejected_drafts_and_old_ones_do_not_warn(api: Api, world: World) -> None:
    await asked(api, world, submit=False)
    first, officer = await asked(api, world), api.as_(await world.an_officer())
    ended = {"expected_version": first.version, "reason": "not needed"}
    await officer.call(e.cancel_request, ended, path={"id": first.id})
    second = await asked(api, world)
    ended["expected_version"] = second.version
    await officer.call(e.reject_request, ended, path={"id": second.id})
    third = await asked(api, world)
    requester = api.as_(await world.a_requester())
    await requester.call(e.withdraw_request, {"expected_version": third.version}, path={"id": third.id})
    fourth = await asked(api, world)
    async with world.engine.begin() as connection:
        for table in ("request_lines SET asked_at", "procurement_requests SET created_at"):
            await connection.execute(text(f"UPDATE {table} = now() - interval '15 days'"))
    assert fourth.resembles == (await asked(api, world)).resembles == ()


async def test_turned_off_it_warns_of_nothing_that_is_submitted_at_the_same_moment(
    api: Api, world: World
) -> None:
    """Two people submit at once: the other's moment can be later than the one at which this call began."""
    await asked(api, world)
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 0"))
        await connection.execute(text("UPDATE request_lines SET asked_at = now() + interval '5 seconds'"))
    assert (await asked(api, world)).resembles == ()


async def test_an_administrator_sets_the_days_and_0_turns_it_off(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    named = {"name": "Northwind", "base_currency": "USD", "locale": "en", "zone": "UTC"}
    assert (await admin.call(e.set_organisation, named)).duplicate_days == 14
    await asked(api, world)
    await refused(api, world)
    assert (await admin.call(e.set_organisation, {**named, "duplicate_days": 0})).duplicate_days == 0
    await asked(api, world)
    with pytest.raises(ProblemError) as wrong:
        await admin.call(e.set_organisation, {**named, "duplicate_days": 400})
    assert wrong.value.fields == ["/duplicate_days"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Laptop, Dell", "dell  LAPTOP"), ("Стол письменный", "СТОЛ ПИСЬМЕННЫЙ"), ("Tür-Schild", "Schild tür")],
)
def test_the_same_words_are_the_same_however_they_are_written(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_words_always_fit_into_the_index() -> None:
    assert len(normalised("\ufdfa" * 300).encode()) <= 600
    assert normalised("стол") != normalised("стул")
    assert normalised("!!!") == "!!!"
