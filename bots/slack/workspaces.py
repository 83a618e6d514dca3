"""The tokens of the workspaces that the app is installed in, as long as they may be used without asking again.

One rule: a token is read through whoever may read it (the bot through the API, a worker from the database),
kept for a minute, and used on while asking anew fails: a slow API must not silence the chat.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

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


class Workspaces:
    """A memory of installations."""

    def __init__(self, look: Look, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._known: dict[str, tuple[Workspace | None, float]] = {}

    def learn(self, workspace: Workspace) -> None:
        """Told, not asked."""
        self._known[workspace.team_id] = (workspace, self._clock() + FRESH)

    def forget(self, team_id: str) -> None:
        self._known.pop(team_id, None)

    def remembered(self, team_id: str) -> Workspace | None:
        """What is known without asking anybody."""
        known = self._known.get(team_id)
        return known[0] if known else None

    async def of(self, team_id: str) -> Workspace | None:
        """The installation of this team, asked for at most once a minute."""
        known = self._known.get(team_id)
        if known is not None and known[1] > self._clock():
            return known[0]
        try:
            found = await self._look(team_id)
        except NotNow:
            if known is None:
                raise
            found = known[0]
        self._known[team_id] = (found, self._clock() + FRESH)
        return found
