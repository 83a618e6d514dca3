"""Where the Slack app is installed: the bot stores it after OAuth, reads it, and revokes it.

One rule: the token arrives in plain text, is encrypted before a use case sees it, and is given to bots only.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as wire
from api.present import people as present
from api.server.deps.call import CallDep
from api.server.routes.auth import SettingsDep
from api.server.routes.serve import serve
from core.installations import service as installations
from core.installations.commands import SaveInstallation, Workspace
from core.kernel.encryption import SecretBox
from core.kernel.errors import Unavailable

router = APIRouter()


def workspace(team: Annotated[wire.TeamId, Path()]) -> Workspace:
    return Workspace("slack", team)


def secret_box_of(settings: SettingsDep) -> SecretBox:
    """The key of this process; an API without one stores no installations."""
    if settings.chat_key is None:
        raise Unavailable()
    return SecretBox.from_hex(settings.chat_key.get_secret_value())


WorkspaceKeyDep = Annotated[Workspace, Depends(workspace)]
SecretBoxDep = Annotated[SecretBox, Depends(secret_box_of)]


@serve(router, e.save_installation, tag="chat")
async def keep(
    call: CallDep, key: WorkspaceKeyDep, body: wire.InstallationIn, secret_box: SecretBoxDep
) -> Response:
    """The app was installed in a workspace, or again."""
    command = SaveInstallation(
        workspace=key,
        team_name=body.team_name,
        bot_user_id=body.bot_user_id,
        sealed_token=secret_box.encrypt(body.bot_token, f"{key.platform}:{key.team_id}"),
        scopes=body.scopes,
        installed_by=body.installed_by,
    )
    return await call.run(installations.save_installation, command, lambda _: None)


@serve(router, e.installation, tag="chat")
async def show(call: CallDep, key: WorkspaceKeyDep, secret_box: SecretBoxDep) -> Response:
    """The installation of a workspace with its token, for the bot."""
    return await call.read(installations.show_installation, key, present.installation(secret_box))


@serve(router, e.revoke_installation, tag="chat")
async def revoke(call: CallDep, key: WorkspaceKeyDep) -> Response:
    """The app was removed from a workspace."""
    return await call.run(installations.revoke_installation, key, lambda _: None)
