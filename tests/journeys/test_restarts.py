"""Processes that end between any two steps: asked to, killed, and with an empty Redis."""

import os
import signal
from collections import Counter
from itertools import cycle

import pytest
from redis import Redis

from sandbox.scenario import Cast
from tests.journeys.running_installation import NORMALISED_NOTICE, RunningInstallation, wait_for

pytestmark = [
    pytest.mark.journey,
    pytest.mark.usefixtures("patient"),
    pytest.mark.n8n,
    pytest.mark.timeout(1800),
]

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


async def finished(installation: RunningInstallation, number: str) -> list[str]:
    """What happened to the purchase, once its last card was drawn and its deliveries are done."""

    async def done() -> bool:
        due, running = [
            await installation.get("admin", "/deliveries", state=each, limit=1) for each in ("due", "running")
        ]
        return not due["items"] and not running["items"]

    await wait_for(done, "every event was delivered", 120)
    return [event["action"] for event in await installation.timeline(number)]


MessageCounts = Counter[tuple[int | str, str]]


def missing_messages(
    undisturbed_messages: MessageCounts, messages: MessageCounts
) -> list[tuple[int | str, str]]:
    """What somebody was not told. A notice that one of their chats took is not told again for the other's sake."""
    return [
        (chat, what)
        for chat, what in undisturbed_messages - messages
        if what != NORMALISED_NOTICE or messages[_other_chat(chat), what] < undisturbed_messages[chat, what]
    ]


def _other_chat(chat: int | str) -> int | str:
    """The person's chat on the other platform; a group is its own."""
    if isinstance(chat, int):
        return f"U{chat}" if chat > 0 else chat
    return int(chat[1:]) if chat.startswith("U") else chat


async def test_restarts_between_any_two_steps_change_nothing(installation: RunningInstallation) -> None:
    undisturbed = await installation.run_cycle("laptop", cast=CAST)
    undisturbed_events, undisturbed_messages = (
        await finished(installation, undisturbed.values["request"]),
        await installation.bot_messages(undisturbed),
    )
    next_names = cycle(EVERY if THOROUGH else IN_TURN)

    async def all_of_them(_: dict[str, str]) -> None:
        installation.restart(*next(next_names))

    transcript = await installation.run_cycle("laptop", all_of_them, cast=CAST)

    assert await finished(installation, transcript.values["request"]) == undisturbed_events
    messages = await installation.bot_messages(transcript)
    assert not messages - undisturbed_messages
    assert not missing_messages(undisturbed_messages, messages)
    assert (await installation.get("auditor", "/audit/verify"))["ok"] is True


@pytest.mark.skipif(
    not THOROUGH, reason="PARLEY_JOURNEY_THOROUGH=1 kills before every act; see CONTRIBUTING.md"
)
async def test_kills_and_an_empty_redis_lose_nothing(installation: RunningInstallation) -> None:
    undisturbed = await installation.run_cycle("laptop", cast=CAST)
    undisturbed_events, undisturbed_messages = (
        await finished(installation, undisturbed.values["request"]),
        await installation.bot_messages(undisturbed),
    )
    next_names = cycle(KILLED)

    async def kill_one(_: dict[str, str]) -> None:
        Redis.from_url(installation.redis_url()).flushall()
        installation.restart(next(next_names), signal_number=signal.SIGKILL)

    transcript = await installation.run_cycle("laptop", kill_one, cast=CAST)

    assert await finished(installation, transcript.values["request"]) == undisturbed_events
    messages = await installation.bot_messages(transcript)
    assert not missing_messages(undisturbed_messages, messages)
    doubled = sum((messages - undisturbed_messages).values())
    print(f"killed before every act: {sum(messages.values())} messages, {doubled} said twice")
    assert doubled <= len(messages) // 4
    assert (await installation.get("auditor", "/audit/verify"))["ok"] is True
