"""Connections that a test's engines leave open for the next test's, because opening one costs 15 ms of CPU.

    keep = KeptConnections(); keep.install(patch)     engines of this event loop hand over what they dispose of
    keep.pids(name)                                   the server's processes behind those of a database
    keep.forget(name)                                 the database is gone

One rule: what is handed over is as new, but for its prepared statements: settings, locks and channels are reset.
"""

import asyncio
from collections import defaultdict
from typing import Any
from weakref import WeakSet

import asyncpg
import pytest

from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine

Key = tuple[str, str, str, str]
MOST_KEPT = 48
"""Of the 120 that the server takes; a test opens more than twenty at most."""


def _key(engine: Engine) -> Key:
    """Only an engine of the same login, database and settings may take a connection over."""
    return engine._url, engine._name, engine._plans, engine._read_only


def _database(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


class KeptConnections:
    """What no engine uses now. A test that puts something in the place of ``asyncpg.connect`` gets new connections."""

    def __init__(self) -> None:
        self._kept: dict[Key, list[Any]] = defaultdict(list)
        self._may_be_kept: WeakSet[Any] = WeakSet()
        self._loop = asyncio.get_running_loop()

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put this between all engines and the server; the patch takes it away again."""
        open_new, connect = Engine._open, asyncpg.connect

        async def open_or_take(engine: Engine) -> Any:
            if asyncpg.connect is not connect or asyncio.get_running_loop() is not self._loop:
                return await open_new(engine)
            kept = self._kept[_key(engine)]
            while kept:
                driver = kept.pop()
                if not driver.is_closed():
                    return driver
            driver = await open_new(engine)
            self._may_be_kept.add(driver)
            return driver

        async def keep(engine: Engine) -> None:
            while engine._idle:
                driver = engine._idle.pop()
                if driver in self._may_be_kept and self._has_room():
                    await self._keep(_key(engine), driver)
                else:
                    await driver.close()

        patch.setattr(Engine, "_open", open_or_take)
        patch.setattr(Engine, "dispose", keep)

    def _has_room(self) -> bool:
        return asyncio.get_running_loop() is self._loop and sum(map(len, self._kept.values())) < MOST_KEPT

    async def _keep(self, key: Key, driver: Any) -> None:
        try:
            await driver.reset()
        except DATABASE_ERRORS:
            driver.terminate()
        else:
            self._kept[key].append(driver)

    def pids(self, database: str) -> list[int]:
        return [
            driver.get_server_pid()
            for (url, *_), kept in self._kept.items()
            if _database(url) == database
            for driver in kept
            if not driver.is_closed()
        ]

    def forget(self, database: str) -> None:
        for key in [key for key in self._kept if _database(key[0]) == database]:
            for driver in self._kept.pop(key):
                driver.terminate()
