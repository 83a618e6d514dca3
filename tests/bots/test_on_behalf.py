"""For somebody else, twice the same, and a line less: as people write and press it, on either platform."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import text

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.organisation import service as organisations
from core.organisation.commands import AssignCostCentre
from core.people import service as people
from core.people.commands import AddPerson, DisablePerson
from core.people.model import Person
from core.requests import service as requests
from core.requests.commands import CreateRequest, RequestLineDraft
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import ADMINISTRATOR, World

pytestmark = BOTH
DAY = "needed 2027-12-01"


async def named(world: World, name: str, *, centre: str | None = "IT") -> Person:
    command = AddPerson(
        name, f"{name.replace(' ', '.').lower()}@example.com", (Role.requester,), "en", "UTC", None, None
    )
    person = await world.act(ADMINISTRATOR, people.add_person, command)
    if centre:
        await world.act(ADMINISTRATOR, organisations.assign_cost_centre, AssignCostCentre(person.id, centre))
    return person


async def the_only(bot_env: BotEnv, person: Person) -> RequestOut:
    found = (await bot_env.api.as_(person).call(e.list_requests, query={"mine": "true"})).items
    assert len(found) == 1
    return found[0]


async def test_a_request_is_written_for_a_colleague(bot_env: BotEnv, world: World) -> None:
    ann, rosa = await named(world, "Ann Moss"), await named(world, "Rosa Keller")
    user = await bot_env.a_user(ann)
    await user.say(f"/request 3x laptop @1200 for IT on behalf of @rosa {DAY}")
    draft = await user.with_button("Submit")
    assert "For Rosa Keller" in draft["text"]
    await user.press("Submit")
    card = await user.sees("Entered by Ann Moss for Rosa Keller")
    assert "Withdraw…" not in labels(card)
    request = await the_only(bot_env, rosa)
    assert (request.entered_by, request.cost_centre) == (ann.id, "IT")
    theirs = await bot_env.a_user(rosa)
    await theirs.say(f"/status {request.number}")
    await theirs.press("Withdraw…")


async def test_for_and_a_name_is_a_person_and_a_cost_centre_stays_one(bot_env: BotEnv, world: World) -> None:
    ann, rosa = await named(world, "Ann Moss"), await named(world, "Rosa Keller")
    user = await bot_env.a_user(ann)
    await user.say(f"/request 2 chairs for Rosa Keller @80 for IT {DAY}")
    draft = await user.with_button("Submit")
    assert "For Rosa Keller" in draft["text"]
    assert "2 × chairs ·" in draft["text"].replace("\n", " ·")
    await user.press("Submit")
    await user.sees("Entered by Ann Moss")
    assert (await the_only(bot_env, rosa)).lines[0].description == "chairs"


async def test_of_several_one_is_pressed_and_nobody_is_said(bot_env: BotEnv, world: World) -> None:
    ann = await named(world, "Ann Moss")
    await named(world, "Rosa Keller")
    lindt = await named(world, "Rosa Lindt")
    await named(world, "Zoe Far", centre=None)
    user = await bot_env.a_user(ann)
    await user.say(f"/request 2 chairs @80 for IT on behalf of Rosa {DAY}")
    asked = await user.with_button("Rosa Lindt")
    assert {"Rosa Keller", "Rosa Lindt", "For me"} <= set(labels(asked))
    await user.press("Rosa Lindt")
    await user.press("Submit")
    await user.sees("Entered by Ann Moss for Rosa Lindt")
    assert (await the_only(bot_env, lindt)).entered_by == ann.id
    await user.say(f"/request 5 lamps @80 for IT on behalf of Zoe {DAY}")
    await user.sees("“Zoe”")
    await user.say("Rosa Keller")
    assert "For Rosa Keller" in (await user.with_button("Submit"))["text"]


async def test_two_names_are_asked_back_and_either_or_another_is_taken(bot_env: BotEnv, world: World) -> None:
    ann, rosa = await named(world, "Ann Moss"), await named(world, "Rosa Keller")
    await named(world, "Mark Stone")
    await named(world, "Zoe Far")
    user = await bot_env.a_user(ann)
    line = f"/request 3x laptop @1200 for Rosa; 2x dock @90 for Mark for IT {DAY}"
    await user.say(line)
    assert {"Rosa", "Mark", "For me"} <= set(labels(await user.with_button("Mark")))
    await user.press("Mark")
    assert "For Mark Stone" in (await user.with_button("Submit"))["text"]
    await user.press("Cancel")
    await user.say(line)
    await user.with_button("Mark")
    await user.say("Zoe Far")
    assert "For Zoe Far" in (await user.with_button("Submit"))["text"]
    await user.press("Cancel")
    await user.say(line)
    await user.with_button("Mark")
    await user.say("rosa")
    await user.press("Submit")
    await user.sees("Entered by Ann Moss for Rosa Keller")
    assert (await the_only(bot_env, rosa)).entered_by == ann.id


async def test_for_whom_a_request_is_does_not_change_when_it_is_corrected(
    bot_env: BotEnv, world: World
) -> None:
    """Nothing is promised that the API would not do; what is written about it anyway is quoted."""
    ann = await named(world, "Ann Moss")
    await named(world, "Rosa Keller")
    user = await bot_env.a_user(ann)
    await user.say(f"/request 2 chairs @80 for IT {DAY}")
    await user.press("Submit")
    request = await the_only(bot_env, ann)
    await user.say(f"/edit {request.number}")
    await user.press("Edit")
    choice = await user.with_button("Cost centre")
    assert "For whom" not in labels(choice)
    await user.press("Add line")
    await user.say("1 lamp @30 on behalf of @rosa")
    review = (await user.with_button("Submit"))["text"]
    assert "For Rosa" not in review
    assert "“@rosa”" in review
    await user.press("Submit")
    await user.sees("1 × lamp")
    corrected = await the_only(bot_env, ann)
    assert ([line.description for line in corrected.lines], corrected.entered_by) == (
        ["chairs", "lamp"],
        None,
    )


async def test_a_name_that_is_no_colleagues_belongs_to_the_item(bot_env: BotEnv, world: World) -> None:
    ann = await named(world, "Ann Moss")
    await named(world, "Max Brandt")
    user = await bot_env.a_user(ann)
    await user.say(f"/request 1x domain registration in the name of Northwind GmbH @20 for IT {DAY}")
    await user.sees("“Northwind GmbH”")
    await user.press("For me")
    draft = await user.with_button("Submit")
    assert "domain registration in the name of Northwind GmbH" in draft["text"]
    await user.say("/cancel")
    await user.say(f"/request 3x laptop for max. 1200 USD for IT {DAY}")
    draft = await user.sees("“for max. 1200 USD”")  # a limit is quoted back: vendors read the item
    assert "3 × laptop" in draft["text"]
    assert "For Max" not in draft["text"]


async def test_the_form_asks_for_whom_it_is(bot_env: BotEnv, world: World) -> None:
    ann, rosa = await named(world, "Ann Moss"), await named(world, "Rosa Keller")
    user = await bot_env.a_user(ann)
    await user.say(f"/request 2 chairs @80 for IT {DAY}")
    await user.press("Edit")
    await user.press("For whom")
    await user.sees("For whom is it?")
    await user.say("rosa")
    assert "For Rosa Keller" in (await user.with_button("Submit"))["text"]
    await user.press("Submit")
    await user.sees("Entered by Ann Moss")
    assert (await the_only(bot_env, rosa)).entered_by == ann.id


async def test_the_draft_warns_of_what_was_asked_before_and_goes_through_by_button(
    bot_env: BotEnv, world: World
) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 14"))
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    line = f"/request 2 chairs @80 for IT {DAY}"
    await user.say(line)
    await user.press("Submit")
    first = await the_only(bot_env, requester)
    await user.say(line)
    old = await user.with_button("Submit")
    await user.say("Submit")
    warned = await user.with_button("Submit anyway")
    assert warned["id"] != old["id"]
    for told in (first.number, requester.name, "submitted", "2 × chairs"):
        assert told in warned["text"]
    assert "Nothing was submitted yet" in warned["text"]
    assert labels(next(each for each in await user.chat() if each["id"] == old["id"])) == []
    await user.press("Submit anyway", warned["id"])
    await user.sees(f"although it resembles {first.number}")
    found = (await bot_env.api.as_(requester).call(e.list_requests, query={"mine": "true"})).items
    assert [each.resembles for each in found] == [(first.number,), ()]


async def test_a_line_is_dropped_by_button_and_by_command(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say(f"/request 2 chairs @80; 1 desk @540; 3 lamps @30 for IT {DAY}")
    await user.press("Submit")
    card = await user.with_button("Drop line…")
    await user.press("Drop line…", card["id"])
    choice = await user.with_button("2  1 × desk")
    await user.press("2  1 × desk", choice["id"])
    request = await the_only(bot_env, requester)
    assert [line.description for line in request.lines] == ["chairs", "lamps"]
    assert "changed" in str(await user.press("Drop line…", card["id"]))
    await user.say(f"/drop {request.number}")
    await user.press("1  2 × chairs")
    await user.say(f"/drop {request.number}")
    await user.sees("the only line")


async def test_a_copy_keeps_the_day_while_it_is_to_come(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    request = (await world.a_request(requester)).request
    await user.say(f"/copy {request.number}")
    draft = await user.with_button("Submit")
    assert "3 × Laptop 14 inch" in draft["text"]
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE procurement_requests SET needed_by = '2020-01-01'"))
    await user.say("/cancel")
    await user.say(f"/copy {request.number}")
    await user.sees("When do you need it?")


async def test_the_approver_reads_who_entered_it_and_what_it_resembles(bot_env: BotEnv, world: World) -> None:
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 14"))
    officer, requester, manager = (
        await world.an_officer(),
        await world.a_requester(),
        await world.a_manager(),
    )
    needed_by = world.today + dt.timedelta(days=30)
    lines = (RequestLineDraft("Lamp", Decimal(3), "pcs", Decimal(300)),)
    command = CreateRequest(
        lines, "USD", needed_by, "IT", "", submit=True, on_behalf_of=requester.id, accept_duplicate=True
    )
    first = (await world.act(officer, requests.create, command)).request
    second = await world.act(officer, requests.create, command)
    vendor, contact = await world.a_vendor()
    quote = await world.a_quote(await world.an_rfq(second, to=[vendor]), contact, "300")
    approval = await world.open_approval_of(quote.quote.id)
    user = await bot_env.a_user(manager)
    await bot_env.card(user, CardKind.approval, approval.approval.id)
    card = await user.with_button("Approve")
    assert f"Entered by {officer.name} for {requester.name}" in card["text"]
    assert f"although it resembles {first.number}" in card["text"]


async def test_what_changed_meanwhile_loses_nothing(bot_env: BotEnv, world: World) -> None:
    """The colleague was disabled, the earlier request withdrawn, the card is old, a button is pressed twice."""
    async with world.engine.begin() as connection:
        await connection.execute(text("UPDATE organisation SET duplicate_days = 14"))
    ann, rosa = await named(world, "Ann Moss"), await named(world, "Rosa Keller")
    user = await bot_env.a_user(ann)
    line = f"2 chairs @80; 1 desk @540 for IT {DAY}"
    await user.say(f"/request {line} on behalf of Rosa")
    draft = await user.with_button("Submit")
    await world.act(ADMINISTRATOR, people.disable_person, DisablePerson(rosa.id))
    told = await user.press("Submit", draft["id"])
    assert "for whom" in str(told) + str(await user.look())
    await user.say("/cancel")
    await user.sees("Nothing was sent")
    line = f"4 stools @80; 1 desk @540 for IT {DAY}"
    await user.say(f"/request {line}")
    await user.press("Submit", (await user.sees("4 × stools"))["id"])
    card = await user.with_button("Drop line…")
    first = await the_only(bot_env, ann)
    await user.say(f"/request {line} note: again")
    await user.press("Submit", (await user.sees("Note: again"))["id"])
    warned = await user.with_button("Submit anyway")
    withdrawal = {"expected_version": first.version}
    await bot_env.api.as_(ann).call(e.withdraw_request, withdrawal, path={"id": first.id})
    assert "not" in str(await user.press("Drop line…", card["id"]))
    await user.press("Submit anyway", warned["id"])
    assert await user.forge(warned["id"], warned["buttons"][0][0]["data"])
    found = (await bot_env.api.as_(ann).call(e.list_requests, query={"mine": "true"})).items
    assert [(each.state.value, each.resembles) for each in found] == [("submitted", ()), ("withdrawn", ())]


async def test_the_last_of_many_lines_is_dropped_by_its_number(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    lines = [RequestLineDraft(f"Part {n}", Decimal(2), "pcs", None) for n in range(1, 61)]
    request = (await world.a_request(requester, lines=lines)).request
    user = await bot_env.a_user(requester)
    await user.say(f"/drop {request.number}")
    asked = await user.sees("type its number from 1 to 60")
    assert "60  2 × Part 60" in asked["text"]
    assert {"20  2 × Part 20", "Cancel"} <= set(labels(asked))
    await user.say("61")
    await user.say("٦٠")
    await user.sees("price not known yet")
    left = await the_only(bot_env, requester)
    assert [each.description for each in left.lines] == [f"Part {n}" for n in range(1, 60)]
