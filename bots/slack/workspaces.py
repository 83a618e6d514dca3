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

FRESH = 60.0


class NotNow(Exception):
    """Whoever knows the installations does not answer."""


@dataclass(frozen=True)
class Workspace:
    """Our app in one workspace."""

    team_id: str
    bot_user_id: str
    bot_token: str


Look = Callable[[str], Awaitable[Workspace | None]]
"""The installation of a team now; None when the app is not (or no longer) there; NotNow when nobody answers."""
Lose = Callable[[str, str], Awaitable[None]]
"""Told that this token of a team is dead; NotNow when nobody listens."""


async def unheard(team_id: str, token: str) -> None:
    """Nobody has to be told that a token is dead."""


class Workspaces:
    """A memory of installations; what is remembered is used at once and asked for again beside it."""

    def __init__(self, look: Look, lose: Lose = unheard, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._lose = lose
        self._clock = clock
        self._known: dict[str, tuple[Workspace, float]] = {}
        self._asked: dict[str, asyncio.Task[Workspace | None]] = {}

    def learn(self, workspace: Workspace) -> None:
        """Told, not asked."""
        self._known[workspace.team_id] = (workspace, self._clock() + FRESH)

    def forget(self, team_id: str) -> None:
        self._known.pop(team_id, None)

    async def lost(self, team_id: str, token: str) -> bool:
        """The platform says that this token is dead: whoever keeps installations is told, and asked for the
        one that is in use now; whether there is one.
        """
        try:
            if self._is_used(team_id, token):
                log.warning("slack.token_is_dead", team=team_id)
                await self._lose(team_id, token)
                self.forget(team_id)
            now = await self.of(team_id)
        except NotNow:
            return False
        return now is not None and now.bot_token != token

    def _is_used(self, team_id: str, token: str) -> bool:
        known = self._known.get(team_id)
        return known is not None and known[0].bot_token == token

    async def of(self, team_id: str) -> Workspace | None:
        """The installation of this team; nobody waits for an answer while an older one is there."""
        known = self._known.get(team_id)
        if known is not None:
            if known[1] <= self._clock():
                self._ask(team_id)
            return known[0]
        return await asyncio.shield(self._ask(team_id))

    def _ask(self, team_id: str) -> "asyncio.Task[Workspace | None]":
        """One question at a time."""
        task = self._asked.get(team_id)
        if task is None:
            task = asyncio.ensure_future(self._looked(team_id))
            self._asked[team_id] = task
            task.add_done_callback(lambda done: self._answered(team_id, done))
        return task

    def _answered(self, team_id: str, task: "asyncio.Task[Workspace | None]") -> None:
        self._asked.pop(team_id, None)
        if not task.cancelled():
            task.exception()  # whoever waited has it; nobody else needs it

    async def _looked(self, team_id: str) -> Workspace | None:
        before = self._known.get(team_id)
        try:
            found = await self._look(team_id)
        except NotNow:
            if before is None:
                raise
            found = before[0]
        if self._known.get(team_id) == before:
            if found is None:
                self.forget(team_id)
            else:
                self.learn(found)
        return found
