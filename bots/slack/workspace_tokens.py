"""The tokens of the workspaces that the app is installed in, as long as they may be used without asking again.

One rule: a token is read through whoever may read it (the bot through the API, a worker from the database),
kept for a minute, and used on while asking anew fails: a slow API must not silence the chat. That there is
none is not kept: the app may be installed at any moment.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

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
"""The installation of a team now; None when the app is not (or no longer) there; NotNow when nobody answers."""
ReportDeadToken = Callable[[str, str], Awaitable[None]]
"""Told that this token of a team is dead; NotNow when nobody listens."""


async def ignore_dead_token(team_id: str, token: str) -> None:
    """Nobody has to be told that a token is dead."""


class WorkspaceTokens:
    """A memory of installations; what is remembered is used at once and asked for again beside it."""

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
        self._pending: dict[str, asyncio.Task[InstalledWorkspace | None]] = {}

    def remember(self, workspace: InstalledWorkspace) -> None:
        """Told, not asked."""
        self._cache[workspace.team_id] = (workspace, self._clock() + FRESH_SECONDS)

    def forget(self, team_id: str) -> None:
        self._cache.pop(team_id, None)

    async def report_dead(self, team_id: str, token: str) -> bool:
        """The platform says that this token is dead: whoever keeps installations is told, and asked for the
        one that is in use now; whether there is one.
        """
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
            task = asyncio.ensure_future(self._fetch_and_cache(team_id))
            self._pending[team_id] = task
            task.add_done_callback(lambda done: self._fetch_ended(team_id, done))
        return task

    def _fetch_ended(self, team_id: str, task: "asyncio.Task[InstalledWorkspace | None]") -> None:
        self._pending.pop(team_id, None)
        if not task.cancelled():
            task.exception()  # whoever waited has it; nobody else needs it

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
