"""Every SELECT and UPDATE of installations."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from core.db.connection import Connection, Row
from core.installations.commands import SaveInstallation, Workspace
from core.installations.model import Installation
from core.installations.tables import chat_installations

_I = chat_installations.c


async def save_installation(
    connection: Connection, command: SaveInstallation, now: dt.datetime
) -> Installation:
    """Write it, over an earlier one of the same workspace."""
    values = {
        "team_name": command.team_name,
        "bot_user_id": command.bot_user_id,
        "sealed_token": command.sealed_token,
        "scopes": list(command.scopes),
        "installed_by": command.installed_by,
        "installed_at": now,
        "revoked_at": None,
    }
    workspace = command.workspace
    row = await connection.execute(
        insert(chat_installations)
        .values(platform=workspace.platform, team_id=workspace.team_id, **values)
        .on_conflict_do_update(index_elements=["platform", "team_id"], set_=values)
        .returning(chat_installations)
    )
    return _installation(row.one())


async def live_installation(connection: Connection, workspace: Workspace) -> Installation | None:
    row = await connection.execute(
        select(chat_installations).where(_is_workspace(workspace), _I.revoked_at.is_(None))
    )
    found = row.one_or_none()
    return _installation(found) if found else None


async def is_revoked(connection: Connection, workspace: Workspace) -> bool:
    """Whether the app was installed once and is no longer; locked until the transaction ends."""
    query = select(_I.revoked_at).where(_is_workspace(workspace)).with_for_update()
    return await connection.scalar(query) is not None


async def revoke(
    connection: Connection, workspace: Workspace, now: dt.datetime, *, only: bytes | None = None
) -> str | None:
    """Revoke the token and return the workspace's name, if there was one; ``only`` while this is its token."""
    wanted = _I.sealed_token == only if only is not None else true()
    name: str | None = await connection.scalar(
        update(chat_installations)
        .where(_is_workspace(workspace), _I.revoked_at.is_(None), wanted)
        .values(revoked_at=now, sealed_token=b"")
        .returning(_I.team_name)
    )
    return name


def _is_workspace(workspace: Workspace) -> ColumnElement[bool]:
    return and_(_I.platform == workspace.platform, _I.team_id == workspace.team_id)


def _installation(row: Row) -> Installation:
    return Installation(
        platform=row.platform,
        team_id=row.team_id,
        team_name=row.team_name,
        bot_user_id=row.bot_user_id,
        sealed_token=row.sealed_token,
        scopes=tuple(row.scopes),
        installed_by=row.installed_by,
        installed_at=row.installed_at,
    )
