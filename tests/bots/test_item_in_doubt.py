"""Vendors read the item: where its words may be more than its name, one button or the name alone answers."""

import datetime as dt

import pytest

from api.contract import endpoints as e
from api.text import SUPPORTED
from bots.forms.form import FormContext, Rejected
from bots.forms.request import RequestForm, initial_values
from bots.forms.request_values import RequestValues
from tests.bots.bot_env import BOTH, BotEnv, ChatUser
from tests.support.world import World

FORM = RequestForm()
DOUBTFUL = "24 AA batteries (Amazon is fine) needed 1 Dec 2027 for IT"


def context(locale: str) -> FormContext:
    now = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
    return FormContext(locale, "UTC", now, "USD", (("IT", "Information technology"),))


@pytest.mark.parametrize("locale", SUPPORTED)
def test_the_question_names_what_was_read_in_every_language(locale: str) -> None:
    values = initial_values(DOUBTFUL, context(locale))
    assert FORM.step(values) == "which"
    question = FORM.question("which", values, context(locale))
    assert "AA batteries (Amazon is fine)" in question.title
    assert [[button.label for button in row] for row in question.buttons] == [["AA batteries (Amazon is…"]]


@pytest.mark.parametrize(
    ("typed", "item"), [("AA batteries", "AA batteries"), ("aa batteries (amazon is fine)", None)]
)
def test_the_name_alone_or_what_was_read_may_be_typed(typed: str, item: str | None) -> None:
    found = FORM.answer("which", initial_values(DOUBTFUL, context("en")), typed, context("en"))
    assert isinstance(found, RequestValues)
    assert [line.description for line in found.lines] == [item or "AA batteries (Amazon is fine)"]
    assert found.doubts == []


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("en", "yes"),
        ("en", "ok, thanks"),
        ("de", "ja"),
        ("es", "sí"),
        ("ru", "да"),
        ("ar", "نعم"),
        ("de", "ok"),
    ],
)
def test_a_yes_is_what_was_read_and_never_the_item(locale: str, typed: str) -> None:
    found = FORM.answer("which", initial_values(DOUBTFUL, context(locale)), typed, context(locale))
    assert isinstance(found, RequestValues)
    assert [line.description for line in found.lines] == ["AA batteries (Amazon is fine)"]
    assert found.doubts == []


def test_a_button_that_is_not_there_answers_nothing() -> None:
    values = initial_values(DOUBTFUL, context("en"))
    assert isinstance(FORM.choose("which", values, "go", context("en")), Rejected)


async def asked(bot_env: BotEnv, world: World) -> ChatUser:
    user: ChatUser = await bot_env.a_user(await world.a_requester())
    await user.say(f"/request {DOUBTFUL}")
    await user.sees("Should vendors read “AA batteries (Amazon is fine)” as the item?")
    return user


async def items(bot_env: BotEnv, user: ChatUser) -> list[str]:
    page = await bot_env.api.as_(user.person).call(e.list_requests, query={"mine": "true"})
    return [line.description for request in page.items for line in request.lines]


@BOTH
async def test_what_was_read_is_pressed(bot_env: BotEnv, world: World) -> None:
    user = await asked(bot_env, world)
    await user.press("AA batteries (Amazon is…")
    await user.press("Submit")
    await user.with_button("Withdraw…")
    assert await items(bot_env, user) == ["AA batteries (Amazon is fine)"]


@BOTH
async def test_the_items_name_alone_is_typed(bot_env: BotEnv, world: World) -> None:
    user = await asked(bot_env, world)
    await user.say("AA batteries")
    await user.press("Submit")
    await user.with_button("Withdraw…")
    assert await items(bot_env, user) == ["AA batteries"]
