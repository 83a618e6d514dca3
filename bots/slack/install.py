"""The install page: an administrator of a workspace gives the app its token there.

One rule: what comes back counts only with the state that this browser was given, once, within ten minutes.
"""

import hmac
import secrets
import time
from urllib.parse import urlencode

import aiohttp
import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from api.contract.people import InstallationIn
from bots.client.api import ApiClient
from bots.client.errors import ApiError
from bots.client.transport import CallMetadata
from bots.slack.settings import SlackSettings
from bots.slack.workspace_tokens import InstalledWorkspace, WorkspaceTokens

log = structlog.get_logger()

STATE_LIFETIME_SECONDS = 600.0
COOKIE = "parley_install"
SCOPES = (
    "channels:read", "chat:write", "commands", "files:read", "files:write", "groups:read", "im:history", "im:read",
    "im:write", "users:read",
)  # fmt: skip


class OAuthEntity(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = ""
    name: str = ""


class OAuthAccess(BaseModel):
    """What Slack gives for a code; an installation in a whole organisation names no team, and is not for us."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    access_token: str = Field(min_length=1)
    bot_user_id: str = Field(min_length=1)
    scope: str = ""
    team: OAuthEntity
    authed_user: OAuthEntity = OAuthEntity()


class InstallPages:
    """``/slack/install`` and ``/slack/oauth_redirect``."""

    def __init__(self, settings: SlackSettings, client: ApiClient, workspaces: WorkspaceTokens) -> None:
        self._settings = settings
        self._client = client
        self._workspaces = workspaces
        self._states: dict[str, float] = {}

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/slack/install", self.start)
        app.router.add_get("/slack/oauth_redirect", self.callback)

    @property
    def _redirect(self) -> str:
        base = self._settings.public_url or f"http://{self._settings.host}:{self._settings.port}"
        return f"{base.rstrip('/')}/slack/oauth_redirect"

    async def start(self, _: web.Request) -> web.Response:
        """To Slack, with a state that stands in a cookie too."""
        now = time.monotonic()
        self._states = {state: until for state, until in self._states.items() if until > now}
        state = secrets.token_urlsafe(24)
        self._states[state] = now + STATE_LIFETIME_SECONDS
        params = {
            "client_id": self._settings.client_id,
            "scope": ",".join(SCOPES),
            "redirect_uri": self._redirect,
            "state": state,
        }
        response = web.Response(
            status=302, headers={"Location": f"{self._settings.authorize_url}?{urlencode(params)}"}
        )
        secure = self._redirect.startswith("https:")
        response.set_cookie(
            COOKIE, state, max_age=int(STATE_LIFETIME_SECONDS), httponly=True, samesite="Lax", secure=secure
        )
        return response

    async def callback(self, request: web.Request) -> web.Response:
        """From Slack: the code becomes a token, which the API stores."""
        state = request.query.get("state", "")
        until = self._states.pop(state, 0.0)
        same = hmac.compare_digest(state.encode(), request.cookies.get(COOKIE, "").encode())
        if not state or not same or until < time.monotonic():
            return _page("This page is too old. Start again at /slack/install.", 400)
        if "code" not in request.query:
            return _page("Nothing was installed.", 200)
        try:
            name = await self._save_installation(request.query["code"])
        except SlackApiError as error:
            log.warning("slack.not_installed", why=str(error.response.get("error", ""))[:100])
            return _page("Slack did not take the code. Start again at /slack/install.", 400)
        except ValidationError:
            log.warning("slack.not_installed", why="no workspace")
            return _page(
                "Parley is installed in one workspace at a time. Start again at /slack/install.", 400
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError, ApiError) as error:
            log.warning("slack.not_installed", why=type(error).__name__)
            return _page("Nothing was installed: a part of Parley does not answer. Try again later.", 503)
        return _page(f"Parley is installed in {name}. You can close this page.", 200)

    async def _save_installation(self, code: str) -> str:
        secret = self._settings.client_secret
        assert secret is not None
        client = AsyncWebClient(base_url=f"{self._settings.api_base.rstrip('/')}/", timeout=10)
        response = await client.oauth_v2_access(
            client_id=self._settings.client_id,
            client_secret=secret.get_secret_value(),
            code=code,
            redirect_uri=self._redirect,
        )
        access = OAuthAccess.model_validate(response.data)
        body = InstallationIn(
            team_name=(access.team.name or access.team.id)[:200],
            bot_user_id=access.bot_user_id,
            bot_token=access.access_token,
            scopes=tuple(each for each in access.scope.split(",") if each),
            installed_by=access.authed_user.id[:80],
        )
        await self._client.for_bot(CallMetadata(channel="slack")).installations.save(access.team.id, body)
        self._workspaces.remember(InstalledWorkspace(access.team.id, access.bot_user_id, access.access_token))
        return body.team_name


def _page(text: str, status: int) -> web.Response:
    """Plain text: a workspace's name is nobody's mark-up."""
    return web.Response(status=status, text=text, content_type="text/plain", charset="utf-8")
