"""The Slack workspaces that the app is installed in, read from the database and opened with the worker's key."""

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bots.slack.workspaces import Look, NotNow, Workspace
from core.conversations import workspaces
from core.conversations.commands import Workspace as Place
from core.kernel.sealing import Seal, Unopenable

log = structlog.get_logger()


def installed(engine: AsyncEngine, seal: Seal) -> Look:
    """Looking an installation up; one that was sealed with another key counts as none, loudly."""

    async def look(team_id: str) -> Workspace | None:
        try:
            async with engine.connect() as connection:
                found = await workspaces.live(connection, Place("slack", team_id))
        except (SQLAlchemyError, OSError) as error:
            raise NotNow from error
        if found is None:
            return None
        try:
            token = seal.open(found.sealed_token, found.owner)
        except Unopenable:
            log.error("slack.sealed_with_another_key", team=team_id)
            raise NotNow from None
        return Workspace(team_id, found.bot_user_id, token)

    return look
