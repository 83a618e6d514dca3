"""The workspaces that installed the chat app, each with the token it issued.

One rule: this slice handles the token encrypted; only a bot asks for it, and only the edge with the key
decrypts it.
"""

from uuid import NAMESPACE_URL, UUID, uuid5

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts.reach import mark_workspace_reachable
from core.groups import repo as groups
from core.groups.events import GroupFound
from core.installations import repo
from core.installations.commands import RevokeDeadInstallation, SaveInstallation, Workspace
from core.installations.events import AppInstalled, AppRemoved
from core.installations.model import Installation
from core.kernel.errors import NotFound
from core.uow import Uow


@requires(Permission.chat_installations)
async def save_installation(uow: Uow, actor: Actor, command: SaveInstallation) -> Installation:
    """The app was installed in a workspace, or again with another token or other scopes."""
    back = await repo.is_revoked(uow.connection, command.workspace)
    kept = await repo.save_installation(uow.connection, command, uow.now)
    await uow.record(
        AppInstalled(
            subject_id=_id_of(command.workspace),
            subject_version=1,
            platform=command.workspace.platform,
            team_id=command.workspace.team_id,
            scopes=command.scopes,
        )
    )
    if back:
        await _record_reachable_again(uow, command.workspace)
    return kept


async def _record_reachable_again(uow: Uow, workspace: Workspace) -> None:
    """Whoever can be reached again sees their open work, and groups get what they missed."""
    await mark_workspace_reachable(uow, workspace.platform, workspace.team_id)
    for group in await groups.groups_of_workspace(uow.connection, workspace.platform, workspace.team_id):
        await uow.record(GroupFound(subject_id=group.id, subject_version=1, platform=group.platform))


@requires(Permission.chat_installations)
async def show_installation(uow: Uow, actor: Actor, workspace: Workspace) -> Installation:
    """The installation of a workspace, or NotFound when there is none or it was revoked."""
    found = await repo.live_installation(uow.connection, workspace)
    if found is None:
        raise NotFound(what="installation")
    return found


@requires(Permission.chat_installations)
async def revoke_installation(uow: Uow, actor: Actor, workspace: Workspace) -> None:
    """The app was removed from a workspace: its token is deleted. A second call changes nothing."""
    await _record_removed(uow, workspace, await repo.revoke(uow.connection, workspace, uow.now))


@requires(Permission.chat_installations_lose)
async def revoke_dead_installation(uow: Uow, actor: Actor, command: RevokeDeadInstallation) -> None:
    """The platform rejects the token: it is deleted, unless the workspace issued another one meanwhile."""
    name = await repo.revoke(uow.connection, command.workspace, uow.now, only=command.sealed_token)
    await _record_removed(uow, command.workspace, name)


async def _record_removed(uow: Uow, workspace: Workspace, name: str | None) -> None:
    if name is not None:
        await uow.record(
            AppRemoved(
                subject_id=_id_of(workspace),
                subject_version=1,
                platform=workspace.platform,
                team_id=workspace.team_id,
                team_name=name,
            )
        )


def _id_of(workspace: Workspace) -> UUID:
    """The id in the log of something known only by the platform's id."""
    return uuid5(NAMESPACE_URL, f"urn:parley:workspace:{workspace.platform}:{workspace.team_id}")
