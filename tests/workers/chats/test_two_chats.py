"""A person with two chats is told in both, also when the second one is busy for a moment."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from bots.cards.sending import RetryLater
from core.accounts.model import ChatAccount
from core.kernel.ids import PersonId
from workers.notices.send_text import MOST_WAIT_SECONDS, TextToSend, send_text
from workers.readers import Reader
from workers.runtime import Runtime

ID = PersonId(UUID(int=7))


@dataclass
class BusyChat:
    """Takes a text once it has asked for a pause so many times."""

    pauses: list[float] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    async def text(self, chat_id: str, text: str, *, silent: bool, reply_to: str = "") -> None:
        if self.pauses:
            raise RetryLater(self.pauses.pop(0))
        self.taken.append(text)


async def told(
    chats: Mapping[str, BusyChat], monkeypatch: pytest.MonkeyPatch
) -> tuple[bool, float, list[float]]:
    """Whether one chat took it, the pause that is asked for, and how long was waited."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    runtime = SimpleNamespace(chats=chats, turn_in=lambda platform, chat_id, pause: pause)
    accounts = tuple(ChatAccount(ID, each, "1", ID, "en", "UTC") for each in chats)
    reader = SimpleNamespace(chats=accounts)
    outcome = await send_text(
        cast("Runtime", runtime), cast("Reader", reader), TextToSend("Hello", silent=False)
    )
    return outcome.delivered, outcome.pause, waited


async def test_a_second_chat_that_is_busy_for_a_moment_gets_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    chats: Any = {"telegram": BusyChat(), "slack": BusyChat([1.0, 0.4])}
    assert await told(chats, monkeypatch) == (True, 0.0, [1.0, 0.4])
    assert [each.taken for each in chats.values()] == [["Hello"], ["Hello"]]


async def test_a_second_chat_that_is_busy_for_long_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    chats: Any = {"telegram": BusyChat(), "slack": BusyChat([MOST_WAIT_SECONDS + 1])}
    assert await told(chats, monkeypatch) == (True, 0.0, [])
    assert [each.taken for each in chats.values()] == [["Hello"], []]


async def test_while_nobody_took_it_the_whole_text_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    chats: Any = {"telegram": BusyChat([1.0]), "slack": BusyChat()}
    assert await told(chats, monkeypatch) == (False, 1.0, [])
    assert [each.taken for each in chats.values()] == [[], []]
