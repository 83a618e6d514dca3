"""The Slack workspaces in which the app is installed: their tokens, decrypted with the worker's key.

One rule: a dead token revokes only its own installation, never one that was made since.
"""

import structlog

from bots.slack.workspace_tokens import FetchWorkspace, InstalledWorkspace, ReportDeadToken, TokensUnavailable
from core.access.actor import Actor
from core.access.roles import Role
from core.db.connection import DATABASE_ERRORS
from core.db.engine import Engine
from core.installations import repo
from core.installations import service as installations
from core.installations.commands import RevokeDeadInstallation
from core.installations.commands import Workspace as Place
from core.kernel.encryption import DecryptionFailed, SecretBox
from core.uow import Uow
from core.wiring import REACTIONS

log = structlog.get_logger()


def look_up_installation(engine: Engine, secret_box: SecretBox) -> FetchWorkspace:
    """A function that looks up an installation; a token encrypted with another key is logged as an error."""

    async def look(team_id: str) -> InstalledWorkspace | None:
        try:
            async with engine.connect() as connection:
                found = await repo.live_installation(connection, Place("slack", team_id))
        except DATABASE_ERRORS as error:
            raise TokensUnavailable from error
        if found is None:
            return None
        try:
            token = secret_box.decrypt(found.sealed_token, found.owner)
        except DecryptionFailed:
            log.error("slack.sealed_with_another_key", team=team_id)
            raise TokensUnavailable from None
        return InstalledWorkspace(team_id, found.bot_user_id, token)

    return look


def revoke_installation(engine: Engine, secret_box: SecretBox) -> ReportDeadToken:
    """A function that revokes the installation of a token that Slack rejects."""

    async def lose(team_id: str, token: str) -> None:
        place = Place("slack", team_id)
        actor = Actor.system(Role.system_cards)
        try:
            async with engine.begin() as connection:
                found = await repo.live_installation(connection, place)
                if found is None or secret_box.decrypt(found.sealed_token, found.owner) != token:
                    return
                uow = Uow(connection, actor=actor, clock=engine.clock, reactions=REACTIONS)
                await installations.revoke_dead_installation(
                    uow, actor, RevokeDeadInstallation(place, found.sealed_token)
                )
                await uow.finish()
        except DecryptionFailed:
            log.error("slack.sealed_with_another_key", team=team_id)
        except DATABASE_ERRORS as error:
            raise TokensUnavailable from error

    return lose
