"""Processes that end between any two steps: asked to, killed, and with an empty Redis."""

import os
import signal
from collections import Counter
from itertools import cycle

import pytest
from redis import Redis

from sandbox.scenario import Cast
from tests.journeys.stand import NOTICE, Stand, eventually

pytestmark = [pytest.mark.journey, pytest.mark.n8n, pytest.mark.timeout(1800)]

THOROUGH = bool(os.environ.get("PARLEY_JOURNEY_THOROUGH"))
CAST: Cast = "mixed"
"""Requester and officer on Slack, the others on Telegram: both bots have something to lose."""
OURS = ("api", "relay", "worker", "telegram", "slack", "sandbox")
IN_TURN = (
    ("api", "relay"), ("worker",), ("telegram", "slack"), ("sandbox",), ("api", "worker"), ("relay", "n8n"),
)  # fmt: skip
EVERY = ((*OURS, "n8n"), OURS, OURS, OURS)
"""All of them before every act takes eight minutes: PARLEY_JOURNEY_THOROUGH=1."""
KILLED = ("api", "relay", "worker", "telegram", "slack")
"""Not the sandbox: it stands in for the chat platform's servers, which forget nothing that they took."""


async def finished(stand: Stand, number: str) -> list[str]:
    """What happened to the purchase, once its last card was drawn and its deliveries are done."""

    async def done() -> bool:
        due, running = [
            await stand.get("admin", "/deliveries", state=each, limit=1) for each in ("due", "running")
        ]
        return not due["items"] and not running["items"]

    await eventually(done, "every event was delivered", 120)
    return [event["action"] for event in await stand.timeline(number)]


Said = Counter[tuple[int | str, str]]


def unheard(usual: Said, heard: Said) -> list[tuple[int | str, str]]:
    """What somebody was not told. A notice that one of their chats took is not told again for the other's sake."""
    return [
        (chat, what)
        for chat, what in usual - heard
        if what != NOTICE or heard[_other_chat(chat), what] < usual[chat, what]
    ]


def _other_chat(chat: int | str) -> int | str:
    return f"U{chat}" if isinstance(chat, int) else int(chat.removeprefix("U"))


async def test_restarts_between_any_two_steps_change_nothing(stand: Stand) -> None:
    plain = await stand.play("laptop", cast=CAST)
    calm, usual = await finished(stand, plain.values["request"]), await stand.said(plain)
    turns = cycle(EVERY if THOROUGH else IN_TURN)

    async def all_of_them(_: dict[str, str]) -> None:
        stand.restart(*next(turns))

    told = await stand.play("laptop", all_of_them, cast=CAST)

    assert await finished(stand, told.values["request"]) == calm
    heard = await stand.said(told)
    assert not heard - usual
    assert not unheard(usual, heard)
    assert (await stand.get("auditor", "/audit/verify"))["ok"] is True


@pytest.mark.skipif(
    not THOROUGH, reason="PARLEY_JOURNEY_THOROUGH=1 kills before every act; see CONTRIBUTING.md"
)
async def test_kills_and_an_empty_redis_lose_nothing(stand: Stand) -> None:
    plain = await stand.play("laptop", cast=CAST)
    calm, usual = await finished(stand, plain.values["request"]), await stand.said(plain)
    turns = cycle(KILLED)

    async def kill_one(_: dict[str, str]) -> None:
        Redis.from_url(stand.redis_url()).flushall()
        stand.restart(next(turns), sent=signal.SIGKILL)

    told = await stand.play("laptop", kill_one, cast=CAST)

    assert await finished(stand, told.values["request"]) == calm
    heard = await stand.said(told)
    assert not unheard(usual, heard)
    doubled = sum((heard - usual).values())
    print(f"killed before every act: {sum(heard.values())} messages, {doubled} said twice")
    assert doubled <= len(heard) // 4
    assert (await stand.get("auditor", "/audit/verify"))["ok"] is True
