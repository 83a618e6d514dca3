"""What bots learn of the workspaces that the app is installed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workspace:
    """Where our app can be installed, by the platform's own id."""

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
    """The token that the platform calls dead, as it is kept."""

    workspace: Workspace
    sealed_token: bytes
