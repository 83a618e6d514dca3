"""Where the Slack app is installed: kept by the bot after its OAuth dance, read by it, forgotten when it is gone.

One rule: the token arrives in plain words, is sealed before a use case sees it, and is given to bots only.
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
from core.installations.commands import KeepInstallation, Workspace
from core.kernel.errors import Unavailable
from core.kernel.sealing import Seal

router = APIRouter()


def workspace(team: Annotated[wire.TeamId, Path()]) -> Workspace:
    return Workspace("slack", team)


def seal_of(settings: SettingsDep) -> Seal:
    """The key of this process; an api that was not given one keeps no installations."""
    if settings.chat_key is None:
        raise Unavailable()
    return Seal.of(settings.chat_key.get_secret_value())


WorkspaceDep = Annotated[Workspace, Depends(workspace)]
SealDep = Annotated[Seal, Depends(seal_of)]


@serve(router, e.keep_installation, tag="chat")
async def keep(call: CallDep, of: WorkspaceDep, body: wire.InstallationIn, seal: SealDep) -> Response:
    """The app was installed in a workspace, or again."""
    command = KeepInstallation(
        workspace=of,
        team_name=body.team_name,
        bot_user_id=body.bot_user_id,
        sealed_token=seal.close(body.bot_token, f"{of.platform}:{of.team_id}"),
        scopes=body.scopes,
        installed_by=body.installed_by,
    )
    return await call.run(installations.keep_installation, command, lambda _: None)


@serve(router, e.installation, tag="chat")
async def show(call: CallDep, of: WorkspaceDep, seal: SealDep) -> Response:
    """The installation of a workspace with its token, for the bot."""
    return await call.read(installations.show_installation, of, present.installation(seal))


@serve(router, e.revoke_installation, tag="chat")
async def revoke(call: CallDep, of: WorkspaceDep) -> Response:
    """The app was taken out of a workspace."""
    return await call.run(installations.revoke_installation, of, lambda _: None)
