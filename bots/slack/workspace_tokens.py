"""The tokens of the workspaces that the app is installed in, as long as they may be used without asking again.

One rule: a token is read through whoever may read it (the bot through the API, a worker from the database),
kept for a minute, and still used while fetching it again fails: a slow API must not silence the chat. That there
is none is not kept: the app may be installed at any moment.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bots.background import BackgroundTasks

log = structlog.get_logger()

FRESH_SECONDS = 60.0


class TokensUnavailable(Exception):
    """Whoever knows the installations does not answer."""


@dataclass(frozen=True)
class InstalledWorkspace:
    """Our app in one workspace."""

    team_id: str
    bot_user_id: str
    bot_token: str


FetchWorkspace = Callable[[str], Awaitable[InstalledWorkspace | None]]
"""The installation of a team now; None where there is none; TokensUnavailable when nobody answers."""
ReportDeadToken = Callable[[str, str], Awaitable[None]]
"""Told that this token of a team is dead; TokensUnavailable when nobody listens."""


async def ignore_dead_token(team_id: str, token: str) -> None:
    """Nobody needs to know that a token is dead."""


class WorkspaceTokens:
    """A cache of installations; a stale one is used at once and fetched again in the background."""

    def __init__(
        self,
        fetch: FetchWorkspace,
        report_dead_token: ReportDeadToken = ignore_dead_token,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._report_dead_token = report_dead_token
        self._clock = clock
        self._cache: dict[str, tuple[InstalledWorkspace, float]] = {}
        self._tasks = BackgroundTasks()
        self._pending: dict[str, asyncio.Task[InstalledWorkspace | None]] = {}

    def remember(self, workspace: InstalledWorkspace) -> None:
        """Keep an installation that was not fetched but handed in."""
        self._cache[workspace.team_id] = (workspace, self._clock() + FRESH_SECONDS)

    def forget(self, team_id: str) -> None:
        self._cache.pop(team_id, None)

    async def report_dead(self, team_id: str, token: str) -> bool:
        """Report a dead token to whoever stores installations; whether another one is in use by now."""
        try:
            if self._is_cached(team_id, token):
                log.warning("slack.token_is_dead", team=team_id)
                await self._report_dead_token(team_id, token)
                self.forget(team_id)
            now = await self.get(team_id)
        except TokensUnavailable:
            return False
        return now is not None and now.bot_token != token

    def _is_cached(self, team_id: str, token: str) -> bool:
        cached = self._cache.get(team_id)
        return cached is not None and cached[0].bot_token == token

    async def get(self, team_id: str) -> InstalledWorkspace | None:
        """The installation of this team; nobody waits for an answer while an older one is there."""
        cached = self._cache.get(team_id)
        if cached is not None:
            if cached[1] <= self._clock():
                self._start_fetch(team_id)
            return cached[0]
        return await asyncio.shield(self._start_fetch(team_id))

    def _start_fetch(self, team_id: str) -> "asyncio.Task[InstalledWorkspace | None]":
        """One question at a time."""
        task = self._pending.get(team_id)
        if task is None:
            task = self._tasks.start(self._fetch_and_cache(team_id))
            self._pending[team_id] = task
            task.add_done_callback(lambda _: self._pending.pop(team_id, None))
        return task

    async def _fetch_and_cache(self, team_id: str) -> InstalledWorkspace | None:
        before = self._cache.get(team_id)
        try:
            found = await self._fetch(team_id)
        except TokensUnavailable:
            if before is None:
                raise
            found = before[0]
        if self._cache.get(team_id) == before:
            if found is None:
                self.forget(team_id)
            else:
                self.remember(found)
        return found
