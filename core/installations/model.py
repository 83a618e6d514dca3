"""Installations as the slice's functions hand them around."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Installation:
    """Our app in one workspace; the token is sealed."""

    platform: str
    team_id: str
    team_name: str
    bot_user_id: str
    sealed_token: bytes
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: dt.datetime

    @property
    def owner(self) -> str:
        """What the token's seal is bound to."""
        return f"{self.platform}:{self.team_id}"
