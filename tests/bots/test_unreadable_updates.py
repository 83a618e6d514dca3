"""An update that cannot be read is logged by its id, counted and passed over, and nobody behind it waits.

By webhook and by polling; and Slack's requests of shapes that nobody knows.
"""

import asyncio
import copy
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiogram import Bot
from aiogram.types import Update
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bots.telegram.outbound import TelegramOutbound
from bots.telegram.update_reading import read_updates
from core.access.roles import Role
from sandbox.telegram.updates import queue_update
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TOKEN, TelegramEnv
from tests.support.properties import examples
from tests.support.world import World

WRITTEN = "what somebody wrote and nobody else reads"
UNREADABLE: dict[str, dict[str, Any]] = {
    "a forward of an unknown origin": {
        "text": WRITTEN,
        "forward_origin": {"type": "hologram", "date": 1, "name": WRITTEN},
    },
    "a reply to something in an unknown place": {
        "text": WRITTEN,
        "external_reply": {"origin": {"type": "hologram", "date": 1}},
    },
    "a date that is none": {"text": WRITTEN, "date": "tomorrow"},
    "a date beyond all calendars": {"text": WRITTEN, "date": 10**18},
    "a text that is none": {"text": {"rich": WRITTEN}},
    "an entity without a place": {"text": WRITTEN, "entities": [{"type": "bold"}]},
    "half a sign": {"text": "\ud800 " + WRITTEN},
}


@pytest.fixture(params=["webhook", "polling"])
async def listening(telegram: TelegramEnv, request: pytest.FixtureRequest) -> AsyncIterator[TelegramEnv]:
    """The bot in either mode."""
    if request.param == "webhook":
        yield telegram
        return
    await telegram.stop_bot()
    stop = asyncio.Event()
    polling = telegram.running(stop, mode="polling")
    yield telegram
    stop.set()
    await polling
    await telegram.start_bot()


async def all_passed(telegram: TelegramEnv) -> None:
    """Until Telegram has nothing left for this bot."""
    for _ in range(1200):
        if not telegram.pending_updates:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{telegram.pending_updates} updates still wait")


async def test_what_cannot_be_read_stops_nobody_behind_it(listening: TelegramEnv, world: World) -> None:
    user = await listening.a_user(await world.a_person(Role.requester))
    (bot,) = listening.store.world.bots.values()
    whole = {"message_id": 9000, "date": 1_800_000_000, "chat": {"id": user.id, "type": "private"}}
    whole["from"] = {"id": user.id, "is_bot": False, "first_name": "Ada"}
    with capture_logs() as logs:
        numbers = [
            await queue_update(listening.store, bot, "message", user.id, {**whole, **body})
            for body in UNREADABLE.values()
        ]
        await user.say("/nonsense")
        await user.sees("I don’t know")
        await all_passed(listening)
    told = [entry for entry in logs if entry["event"] == "update.unreadable"]
    assert [entry["update_id"] for entry in told] == numbers
    assert [entry["in_all"] - told[0]["in_all"] for entry in told] == list(range(len(numbers)))
    assert all(entry["places"] for entry in told)
    assert WRITTEN not in str(logs)


async def test_a_kind_that_nobody_asked_for_is_passed_over_and_not_printed(
    listening: TelegramEnv, world: World, recwarn: pytest.WarningsRecorder
) -> None:
    user = await listening.a_user(await world.a_person(Role.requester))
    (bot,) = listening.store.world.bots.values()
    bot.allowed = []
    with capture_logs() as logs:
        number = await queue_update(listening.store, bot, "telepathy", user.id, {"thought": WRITTEN})
        await user.say("/nonsense")
        await user.sees("I don’t know")
        await all_passed(listening)
    [told] = [entry for entry in logs if entry["event"] == "update.unreadable"]
    assert (told["update_id"], told["places"]) == (number, ["telepathy"])
    assert WRITTEN not in str(logs) + "".join(str(warning.message) for warning in recwarn)


GOOD = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1_800_000_000,
        "chat": {"id": 5, "type": "private"},
        "from": {"id": 5, "is_bot": False, "first_name": "Ada"},
        "text": "hello",
        "entities": [{"type": "bold", "offset": 0, "length": 5}],
        "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"},
        "reply_to_message": {"message_id": 2, "date": 1, "chat": {"id": 5, "type": "private"}},
    },
}
PATHS = (
    ("message",),
    *(("message", name) for name in GOOD["message"]),  # type: ignore[attr-defined]
    ("message", "chat", "type"),
    ("message", "forward_origin", "type"),
    ("message", "entities", 0),
)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def bot() -> Bot:
    Update.model_rebuild()
    return TelegramOutbound(TOKEN, "http://127.0.0.1:9").bot


@examples(100)
@given(st.sampled_from(PATHS), ANYTHING)
def test_whatever_stands_in_a_field_the_updates_around_it_are_read(
    bot: Bot, path: tuple[Any, ...], value: object
) -> None:
    odd = copy.deepcopy(GOOD)
    place: Any = odd
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    content = json.dumps({"ok": True, "result": [GOOD, {**odd, "update_id": 8}, {**GOOD, "update_id": 9}]})
    found = read_updates(bot, content)
    assert found is not None
    assert [update.update_id for update in found] == [7, 8, 9]
    assert found[0].message is not None
    assert found[2].message is not None


@pytest.mark.parametrize(
    "content", ['{"ok": false, "description": "no"}', "[]", '{"ok": true, "result": [{}]}']
)
def test_what_is_no_list_of_updates_is_left_to_aiogram(bot: Bot, content: str) -> None:
    assert read_updates(bot, content) is None


IDS: dict[str, Any] = {"team_id": "T0NORTHWIND", "api_app_id": "A0", "event_id": "Ev1", "event_time": 1}
EVENT = {"type": "event_callback", **IDS}
PERSON = {"team": {"id": "T0NORTHWIND"}, "user": {"id": "U1"}}
ODD_REQUESTS: dict[str, tuple[str, Any]] = {
    "an event of an unknown kind": ("json", {**EVENT, "event": {"type": "telepathy", "thought": WRITTEN}}),
    "an event without a kind": ("json", {**EVENT, "event": {"text": WRITTEN}}),
    "an event that is a word": ("json", {**EVENT, "event": WRITTEN}),
    "a message whose text is a list": (
        "json",
        {**EVENT, "event": {"type": "message", "channel_type": "im", "user": "U1", "text": [WRITTEN]}},
    ),
    "a message from nobody": ("json", {**EVENT, "event": {"type": "message", "channel_type": "im"}}),
    "a message whose files are a word": (
        "json",
        {**EVENT, "event": {"type": "message", "channel_type": "im", "user": "U1", "files": WRITTEN}},
    ),
    "a home without a person": ("json", {**EVENT, "event": {"type": "app_home_opened", "tab": "home"}}),
    "a request that is a list": ("json", [WRITTEN]),
    "a request that is a word": ("json", WRITTEN),
    "a request that is nothing": ("json", None),
    "a request of an unknown kind": ("json", {"type": "telepathy", **IDS}),
    "a payload that is no JSON": ("form", {"payload": "{" + WRITTEN}),
    "a payload that is a list": ("form", {"payload": "[1]"}),
    "an empty form": ("form", {}),
    "an interaction of an unknown kind": ("payload", {"type": "telepathy", **PERSON}),
    "a press of an unknown element": (
        "payload",
        {
            "type": "block_actions",
            **PERSON,
            "trigger_id": "t",
            "actions": [{"type": "hologram", "action_id": "press:1", "block_id": "b", "value": {"a": 1}}],
        },
    ),
    "a press without a person": ("payload", {"type": "block_actions", "actions": [{"action_id": "x"}]}),
    "a press of nothing": ("payload", {"type": "block_actions", **PERSON, "actions": []}),
    "a submission whose state is a word": (
        "payload",
        {"type": "view_submission", **PERSON, "view": {"callback_id": "form", "state": WRITTEN}},
    ),
    "a submission of a field of an unknown kind": (
        "payload",
        {
            "type": "view_submission",
            **PERSON,
            "view": {"callback_id": "form", "state": {"values": {"a": {"b": {"value": {"rich": WRITTEN}}}}}},
        },
    ),
    "a shortcut that nobody made": ("payload", {"type": "shortcut", "callback_id": "x", **PERSON}),
    "a command without a person": (
        "form",
        {"command": "/parley", "text": WRITTEN, "team_id": "T0NORTHWIND", "trigger_id": "t"},
    ),
}


async def test_slacks_requests_of_unknown_shapes_are_answered_and_stop_nobody(
    slack: SlackEnv, world: World
) -> None:
    """Slack sends again what is answered with an error, and stops sending to an app with many errors."""
    user = await slack.a_user(await world.a_person(Role.requester))
    answers = {}
    with capture_logs() as logs:
        for name, (kind, told) in ODD_REQUESTS.items():
            fields = {"payload": json.dumps(told)} if kind == "payload" else told
            body = (json.dumps(told) if kind == "json" else urlencode(fields)).encode()
            answers[name] = await slack.post_signed(body, is_json=kind == "json")
    assert {name: status for name, status in answers.items() if status not in (200, 404)} == {}
    assert WRITTEN not in str(logs)
    passed = [entry for entry in logs if entry["event"] == "update.unreadable"]
    assert len(passed) >= 10
    assert passed[-1]["in_all"] > passed[0]["in_all"]
    await user.say("/nonsense")
    await user.sees("I don’t know")
