"""Installations as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Installation:
    """The app in one workspace; the token is encrypted."""

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
        """What the token's encryption is bound to."""
        return f"{self.platform}:{self.team_id}"
