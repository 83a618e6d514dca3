"""oauth.v2.access: the call of an app itself, without a bot's token."""

import base64
import binascii
import secrets

from aiohttp import web

from sandbox.slack.errors import SlackRefusal
from sandbox.slack.model import Json, SlackApp
from sandbox.slack.world_store import SlackStore


def _client_credentials(request: web.Request, args: Json) -> tuple[str, str]:
    """Client id and secret: by HTTP Basic, or as arguments."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(sent).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise SlackRefusal("invalid_client_id", "/client_id") from None
        return name, secret
    return str(args.get("client_id", "")), str(args.get("client_secret", ""))


async def oauth_access(store: SlackStore, request: web.Request, args: Json) -> Json:
    """Exchange a code for a token; each code works once."""
    name, secret = _client_credentials(request, args)
    known = next((app for app in store.world.apps.values() if app.client_id and app.client_id == name), None)
    if known is None:
        raise SlackRefusal("invalid_client_id", "/client_id")
    if known.client_secret != secret:
        raise SlackRefusal("bad_client_secret", "/client_secret")
    grant = store.world.codes.pop(str(args.get("code", "")), None)
    if grant is None:
        raise SlackRefusal("invalid_code", "/code")
    team, redirect, user, scopes = grant.split("\n")
    if redirect != str(args.get("redirect_uri", redirect)):
        raise SlackRefusal("bad_redirect_uri", "/redirect_uri")
    app = _install_app(store, known, team, scopes)
    await store.touch()
    return {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": scopes,
        "bot_user_id": app.bot_user,
        "app_id": app.app_id,
        "team": {"name": store.team(team).name, "id": team},
        "enterprise": None,
        "authed_user": {"id": user},
        "is_enterprise_install": False,
    }


def _install_app(store: SlackStore, known: SlackApp, team: str, scopes: str) -> SlackApp:
    """The app in this workspace: the existing installation, or a new one with a new token."""
    for app in store.apps_of(team):
        if app.app_id == known.app_id:
            return app
    number = store.new_id("")[1:]
    changes = {
        "team_id": team,
        "bot_token": f"xoxb-{number}-{secrets.token_urlsafe(18)}",
        "bot_user": store.new_id("U"),
        "bot_id": store.new_id("B"),
        "scopes": [each for each in scopes.split(",") if each],
        "revoked": False,
    }
    app = known.model_copy(update=changes)
    store.world.apps[app.bot_token] = app
    return app


def authorize_redirect(store: SlackStore, request: web.Request) -> str:
    """Where the browser goes after "Allow": back to the app with a code; nobody has to press anything here."""
    query = request.query
    team, redirect = query.get("team", "") or "T0NORTHWIND", query.get("redirect_uri", "")
    admin = next((each.id for each in store.world.people.values() if each.team_id == team), "U0ADMIN")
    code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(24)}"
    store.team(team)
    store.world.codes[code] = "\n".join((team, redirect, admin, query.get("scope", "")))
    separator = "&" if "?" in redirect else "?"
    return f"{redirect}{separator}code={code}&state={query.get('state', '')}"
