"""What a bot remembers of the updates that it handled."""

import pytest

from bots.dialog import handled_updates as module
from bots.dialog.handled_updates import HandledUpdates, handled_updates
from tests.bots.bot_env import free_port


async def test_while_redis_is_away_a_process_knows_what_it_handled_itself() -> None:
    handled = handled_updates("tg:1", f"redis://127.0.0.1:{free_port()}/0")
    await handled.add("7")
    assert await handled.contains("7")
    assert not await handled.contains("8")
    await handled.close()


async def test_another_process_knows_it_by_redis(redis_url: str) -> None:
    first, second, other_bot = [handled_updates(bot, redis_url) for bot in ("tg:1", "tg:1", "tg:2")]
    await first.add("7")
    assert await second.contains("7")
    assert not await other_bot.contains("7")
    for each in (first, second, other_bot):
        await each.close()


async def test_a_process_remembers_only_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 2)
    handled = HandledUpdates("tg:1", None)
    for update in ("7", "8", "9"):
        await handled.add(update)
    assert [update for update in ("7", "8", "9") if await handled.contains(update)] == ["8", "9"]
