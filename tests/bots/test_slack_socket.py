"""Socket Mode: the same conversation without a public address, and a watchdog that connects anew."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from bots.cards.drawing import CardKind
from bots.slack import socket_mode
from sandbox.slack.model import SlackApp
from tests.bots.slack_env import APP, TOKEN, SlackEnv, SlowApi
from tests.support.world import World

APP_TOKEN = "xapp-1-of-the-stage"
MODE: dict[str, Any] = {"mode": "socket", "app_token": SecretStr(APP_TOKEN)}


@pytest.fixture
async def deaf(slack: SlackEnv) -> SlackEnv:
    """The app has no address: it hears by its socket or not at all."""
    await slack.stop_bot()
    await slack.register(urls={}, app_token=APP_TOKEN)
    await slack.start_bot(**MODE)
    return slack


def connections(slack: SlackEnv) -> list[Any]:
    return list(slack.parts.slack.sockets._open.get(APP, []))


def known(slack: SlackEnv) -> SlackApp:
    return slack.parts.slack.world.apps[TOKEN]


async def until(holds: Callable[[], object], what: str) -> None:
    for _ in range(600):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(what)


async def test_commands_words_presses_and_modals_come_by_the_socket(deaf: SlackEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await deaf.a_user(await world.a_manager())
    await manager.say("/request 3 desks for IT")
    await manager.sees("When do you need")
    await manager.say("2027-11-30")
    await manager.press("Submit")
    card = await deaf.card(manager, CardKind.approval, approval.id)
    await manager.press("Reject…", card)
    await manager.modal("reason")
    await manager.fill(reason="other", text="Too dear this quarter")
    await manager.sees("Rejected:")


async def test_a_connection_that_slack_closes_is_opened_again(deaf: SlackEnv, world: World) -> None:
    user = await deaf.a_user(await world.a_requester())
    [first] = connections(deaf)
    await first.close()
    await until(lambda: connections(deaf) and first not in connections(deaf), "no new connection")
    await user.say("/whoami")
    await user.sees("acts as")


async def test_a_silent_connection_is_thrown_away_by_the_watchdog(
    deaf: SlackEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await deaf.a_user(await world.a_requester())
    await deaf.stop_bot()
    monkeypatch.setattr(socket_mode, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(socket_mode, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(socket_mode, "SILENT_SECONDS", -1.0)
    seen: set[int] = set()
    starting = asyncio.ensure_future(deaf.start_bot(**MODE))

    def reconnected() -> bool:
        seen.update(map(id, connections(deaf)))
        return len(seen) >= 3

    await until(reconnected, "it stays connected and deaf")
    monkeypatch.setattr(socket_mode, "SILENT_SECONDS", 60.0)
    await starting
    await until(lambda: deaf.parts.slack.sockets.connected(known(deaf)), "it did not come back")
    await user.say("/whoami")
    await user.sees("acts as")


async def test_what_is_being_done_when_it_is_told_to_stop_is_finished_and_answered(
    deaf: SlackEnv, world: World, slow_api: SlowApi
) -> None:
    user = await deaf.a_user(await world.a_requester())
    slow_api.seconds, before = 0.4, slow_api.asked
    acting = asyncio.ensure_future(user.say("/request 3 desks needed 2027-11-30 for IT"))
    await until(lambda: slow_api.asked > before, "the app did not begin")
    await deaf.stop_bot()
    assert (await acting)["answered"]
    slow_api.seconds = 0.0
    await user.with_button("Submit")
    await deaf.start_bot(**MODE)


async def test_it_stops_when_told_to_though_it_never_got_a_connection(slack: SlackEnv, world: World) -> None:
    await slack.stop_bot()
    stop = asyncio.Event()
    task = slack.running(stop, mode="socket", app_token=SecretStr("xapp-1-somebody-elses"))
    for _ in range(600):
        if any(each["description"] == "invalid_auth" for each in await slack.sandbox.refusals()):
            break
        await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(task, 10)
    await slack.expect_refusals("invalid_auth")
    await slack.start_bot()
