"""Every SELECT and UPDATE of installations."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.conversations.commands import KeepInstallation, Workspace
from core.conversations.model import Installation
from core.conversations.tables import chat_installations

_I = chat_installations.c


async def keep(connection: AsyncConnection, command: KeepInstallation, now: dt.datetime) -> Installation:
    """Write it, over an older one of the same workspace."""
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


async def live(connection: AsyncConnection, workspace: Workspace) -> Installation | None:
    row = await connection.execute(select(chat_installations).where(_is(workspace), _I.revoked_at.is_(None)))
    found = row.one_or_none()
    return _installation(found) if found else None


async def revoke(connection: AsyncConnection, workspace: Workspace, now: dt.datetime) -> bool:
    """Whether there was one to revoke."""
    done = await connection.execute(
        update(chat_installations)
        .where(_is(workspace), _I.revoked_at.is_(None))
        .values(revoked_at=now, sealed_token=b"")
    )
    return done.rowcount == 1


def _is(workspace: Workspace) -> ColumnElement[bool]:
    return and_(_I.platform == workspace.platform, _I.team_id == workspace.team_id)


def _installation(row: Row[Any]) -> Installation:
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
