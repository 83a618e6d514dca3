"""The commands of installations: what bots report about the workspaces that installed the app."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workspace:
    """A workspace where the app can be installed, by the platform's id."""

    platform: str
    team_id: str


@dataclass(frozen=True)
class SaveInstallation:
    workspace: Workspace
    team_name: str
    bot_user_id: str
    sealed_token: bytes
    scopes: tuple[str, ...]
    installed_by: str


@dataclass(frozen=True)
class RevokeDeadInstallation:
    """The token that the platform rejects, in its stored form."""

    workspace: Workspace
    sealed_token: bytes
