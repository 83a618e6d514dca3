"""The requester takes a submitted request back, corrects it in its form and submits it again, on both platforms."""

import datetime as dt
from decimal import Decimal

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from bots.cards.drawing import CardKind
from bots.forms.form import FormContext
from bots.forms.request import RequestForm
from bots.forms.request_values import LineValues, RequestValues
from core.requests.commands import RequestLineDraft
from core.requests.model import RequestDetails
from tests.bots.bot_env import BOTH, BotEnv, labels, newest
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.support.sandbox_client import Json
from tests.support.world import World

CTX = FormContext("en", "UTC", dt.datetime(2026, 11, 26, tzinfo=dt.UTC), "USD", (("IT", "IT"),))


async def now(env: BotEnv, world: World, request: RequestDetails) -> RequestOut:
    caller = env.api.as_(await world.a_requester())
    return await caller.call(e.show_request, path={"id": request.request.id})


async def test_a_quantity_is_corrected_line_by_line_on_telegram(telegram: TelegramEnv, world: World) -> None:
    request = await world.a_request()
    user = await telegram.a_user(await world.a_requester())
    card = await telegram.card(user, CardKind.request, request.request.id)
    assert labels(await user.with_button("Correct…")) == ["Correct…", "Withdraw…"]
    await user.press("Correct…", card)
    await user.sees(f"Please check your correction of {request.request.number}")
    assert (await now(telegram, world, request)).state.value == "draft"
    await user.press("Edit")
    await user.press("1  Laptop 14 inch")
    await user.sees("Type line 1 as it should be")
    await user.say("5x Laptop 14 inch @1100")
    await user.sees("5 × Laptop 14 inch")
    await user.press("Submit")
    await user.sees("submitted")
    after = await now(telegram, world, request)
    assert (after.state.value, after.total_estimate) == ("submitted", Decimal(5500))
    assert await world.events_of(request.request.id) == [
        "request.created",
        "request.submitted",
        "request.taken_back",
        "request.edited",
        "request.submitted",
    ]


async def test_it_is_corrected_in_its_modal_on_slack(slack: SlackEnv, world: World) -> None:
    request = await world.a_request()
    user = await slack.a_user(await world.a_requester())
    await slack.card(user, CardKind.request, request.request.id)
    await user.press("Correct…")
    await user.modal("Currency")
    await user.fill(quantity__1="5")
    await user.modal("5 × Laptop 14 inch")
    await user.fill()
    await user.sees("submitted")
    after = await now(slack, world, request)
    assert (after.state.value, after.total_estimate) == ("submitted", Decimal(6000))


@BOTH
async def test_it_is_typed_too_and_a_form_that_is_left_says_where_the_draft_is(
    bot_env: BotEnv, world: World
) -> None:
    request = await world.a_request()
    number = request.request.number
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/edit {number}")
    first = await user.sees(f"Please check your correction of {number}")
    await user.say("/cancel")
    await user.sees(f"{number} is a draft that only you see")
    assert (await now(bot_env, world, request)).state.value == "draft"
    posted = await bot_env.card(user, CardKind.request, request.request.id)
    assert labels(await user.with_button("Continue…")) == ["Continue…", "Withdraw…"]
    assert posted
    await user.say(f"/edit {number}")

    def asked_anew(seen: Json) -> Json | None:
        return newest(seen, lambda each: "Please check" in each["text"] and each["id"] != first["id"])

    again = await user.waits(asked_anew, "the form, once more")
    await user.press("Submit", again["id"])
    await user.sees("submitted")
    assert (await now(bot_env, world, request)).state.value == "submitted"


@BOTH
async def test_once_vendors_are_asked_it_is_not_offered_and_says_what_is(
    bot_env: BotEnv, world: World
) -> None:
    request = await world.a_request()
    user = await bot_env.a_user(await world.a_requester())
    await bot_env.card(user, CardKind.request, request.request.id)
    await world.an_rfq(request)
    await user.press("Correct…")
    await user.say(f"/edit {request.request.number}")
    told = await user.sees("can’t be corrected")
    assert "copy" in told["text"]
    assert (await now(bot_env, world, request)).state.value == "sourcing"


async def test_two_presses_open_one_form_for_one_draft(telegram: TelegramEnv, world: World) -> None:
    request = await world.a_request()
    user = await telegram.a_user(await world.a_requester())
    card = await telegram.card(user, CardKind.request, request.request.id)
    await user.press("Correct…", card)
    await user.press("Correct…", card)
    await user.press("Submit")
    await user.sees("submitted")
    assert (await world.events_of(request.request.id)).count("request.taken_back") == 1


async def test_what_somebody_else_withdrew_meanwhile_is_not_submitted(
    telegram: TelegramEnv, world: World
) -> None:
    requester = await world.a_requester()
    request = await world.a_request()
    user = await telegram.a_user(requester)
    await user.say(f"/edit {request.request.number}")
    await user.sees("Please check your correction")
    draft = await now(telegram, world, request)
    body = {"expected_version": draft.version, "reason": "needless"}
    await telegram.api.as_(requester).call(e.withdraw_request, body, path={"id": request.request.id})
    await user.press("Submit")
    assert (await now(telegram, world, request)).state.value == "withdrawn"
    await user.say("/my")
    await user.sees(request.request.number)


async def test_lines_beyond_the_modals_ten_stay(slack: SlackEnv, world: World) -> None:
    lines = [RequestLineDraft(f"Item {n}", Decimal(n), "pcs", Decimal(10)) for n in range(1, 15)]
    request = await world.a_request(lines=lines)
    user = await slack.a_user(await world.a_requester())
    await slack.card(user, CardKind.request, request.request.id)
    await user.press("Correct…")
    await user.modal("Currency")
    await user.fill(quantity__1="7")
    await user.modal("7 × Item 1")
    await user.fill()
    await user.sees("submitted")
    after = await now(slack, world, request)
    assert [line.quantity for line in after.lines] == [Decimal(7), *map(Decimal, range(2, 15))]


def drafted(*descriptions: str) -> RequestValues:
    lines = [LineValues(description=each, quantity=Decimal(1), price=Decimal(5)) for each in descriptions]
    return RequestValues(lines=lines, needed_by=dt.date(2026, 12, 20), cost_centre="IT")


def test_any_line_is_removed_or_typed_anew_and_the_last_one_stays() -> None:
    form, values = RequestForm(), drafted("one", "two", "three").model_copy(update={"asked": "edit"})
    second = form.choose("edit", values, "l:2", CTX)
    assert isinstance(second, RequestValues)
    assert form.step(second) == "line:2"
    left = form.choose("line:2", second, "drop", CTX)
    assert isinstance(left, RequestValues)
    assert [line.description for line in left.lines] == ["one", "three"]
    anew = form.answer("line:2", second, "4 boxes paper @3", CTX)
    assert isinstance(anew, RequestValues)
    assert [(line.description, line.quantity) for line in anew.lines] == [
        ("one", Decimal(1)),
        ("paper", Decimal(4)),
        ("three", Decimal(1)),
    ]
    by_number = form.answer("edit", values, "3", CTX)
    assert isinstance(by_number, RequestValues)
    assert form.step(by_number) == "line:3"
    alone = drafted("one").model_copy(update={"asked": "line:1"})
    assert not isinstance(form.choose("line:1", alone, "drop", CTX), RequestValues)


def test_the_doubt_of_a_line_that_is_typed_anew_is_about_that_line() -> None:
    form, values = RequestForm(), drafted("one", "two").model_copy(update={"asked": "line:2"})
    anew = form.answer("line:2", values, "3 paper @1,200", CTX)
    assert isinstance(anew, RequestValues)
    if anew.doubts:
        assert {each.line for each in anew.doubts} == {2}
    assert anew.lines[0].description == "one"
