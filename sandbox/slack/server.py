"""Slack's addresses: ``/slack/api/<method>``, response_urls, uploads, downloads, sockets, the install page."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from sandbox.faults import Fault, FaultKind
from sandbox.responses import PreparedCall, respond
from sandbox.slack import method_call, response_urls
from sandbox.slack.errors import SlackRefusal
from sandbox.slack.method_call import SlackCall
from sandbox.slack.methods import chat_methods, file_methods, oauth_methods, view_methods, workspace_methods
from sandbox.slack.model import Json
from sandbox.slack.world_store import SlackStore

Method = Callable[[SlackStore, SlackCall], Awaitable[Json]]

METHODS: dict[str, Method] = {
    "auth.test": workspace_methods.auth_test,
    "team.info": workspace_methods.team_info,
    "users.info": workspace_methods.user_info,
    "users.list": workspace_methods.user_list,
    "users.lookupByEmail": workspace_methods.user_by_email,
    "conversations.open": workspace_methods.open_im,
    "conversations.info": workspace_methods.info,
    "conversations.members": workspace_methods.members,
    "conversations.list": workspace_methods.listing,
    "conversations.history": workspace_methods.history,
    "conversations.replies": workspace_methods.replies,
    "chat.postMessage": chat_methods.post,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.update": chat_methods.update,
    "chat.delete": chat_methods.delete,
    "chat.getPermalink": chat_methods.permalink,
    "chat.scheduleMessage": chat_methods.schedule,
    "reactions.add": chat_methods.react,
    "reactions.remove": chat_methods.unreact,
    "views.open": view_methods.open_modal,
    "views.push": view_methods.push_modal,
    "views.update": view_methods.update,
    "views.publish": view_methods.publish,
    "blocks.validate": view_methods.validate,
    "files.getUploadURLExternal": file_methods.upload_url,
    "files.completeUploadExternal": file_methods.complete,
    "files.info": file_methods.info,
}
SCOPES = {
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
    "team.info": "team:read",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "conversations.replies": "im:history",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}
SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"
)


class SlackServer:
    """Answers the calls of the Web API strictly."""

    def __init__(self, store: SlackStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/slack/api/{method}", self.call),
            web.post("/slack/response/{token:.+}", self.response),
            web.post("/slack/upload/{id}", self.upload),
            web.get("/slack/files/{id}/{rest:.+}", self.file),
            web.get("/slack/oauth/v2/authorize", self.authorize),
            web.get("/slack/socket/{ticket}", self._store.sockets.connect),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        reader = {
            "oauth.v2.access": self._read_oauth_access,
            "apps.connections.open": self._read_connection_open,
        }.get(method)
        read = partial(reader or self._read, request, method)
        return await respond(self._store, request, method, read, refusal_for=fault_refusal)

    async def _read(self, request: web.Request, method: str) -> PreparedCall:
        """Parse a call with a bot's token."""
        token, args = await method_call.read(request)
        call = SlackCall(self._store.app(token), method, args, self._store.origin)
        known = self._find_method(call)

        async def run() -> Json:
            return {"ok": True, **await known(self._store, call)}

        return PreparedCall(call.logged_arguments(), self._subjects(call), run)

    async def _read_oauth_access(self, request: web.Request, _: str) -> PreparedCall:
        """Parse an app's request for a bot's token, with its client id and secret."""
        args = dict(request.query) | dict(await request.post())

        async def run() -> Json:
            return {"ok": True, **await oauth_methods.oauth_access(self._store, request, args)}

        return PreparedCall({}, set(), run)

    async def _read_connection_open(self, request: web.Request, _: str) -> PreparedCall:
        """Parse an app's request for a socket, with an app-level token."""
        token, _args = await method_call.read(request)

        async def run() -> Json:
            url = self._store.sockets.new_ticket_url(token, self._store.world.apps, self._store.origin)
            return {"ok": True, "url": url}

        return PreparedCall({}, set(), run)

    @staticmethod
    def _find_method(call: SlackCall) -> Method:
        """The method, if it exists and the app may call it."""
        known = METHODS.get(call.method)
        if known is None:
            raise SlackRefusal("unknown_method", more={"req_method": call.method})
        needed = SCOPES.get(call.method, "")
        if needed and call.app.scopes and needed not in call.app.scopes:
            provided = ",".join(call.app.scopes)
            raise SlackRefusal("missing_scope", more={"needed": needed, "provided": provided})
        return known

    def _subjects(self, call: SlackCall) -> set[str]:
        """Whom a call concerns: its channel or person, and the person of that channel, a trigger or a view."""
        world = self._store.world
        related = (
            world.channels.get(call.text("channel")),
            world.triggers.get(call.text("trigger_id")),
            world.views.get(call.text("view_id")),
        )
        named = {call.text(name) for name in ("channel", "user", "users", "user_id")}
        return named | {each.person for each in related if each is not None}

    async def response(self, request: web.Request) -> web.StreamResponse:
        """The response to a command or a press, at the response_url that it contained."""
        accepted = False

        async def read() -> PreparedCall:
            body, token = await method_call.read_json(request), request.match_info["token"]
            known = self._store.world.answers.get(token)

            async def run() -> Json:
                nonlocal accepted
                await response_urls.respond_to_url(self._store, token, body)
                accepted = True
                return {}

            return PreparedCall(body, {known.person} if known else set(), run)

        outcome = await respond(self._store, request, "response_url", read, refusal_for=fault_refusal)
        return web.Response(text="ok") if accepted else outcome

    async def upload(self, request: web.Request) -> web.Response:
        content = await method_call.read_upload(request)
        if not file_methods.receive_upload(self._store, request.match_info["id"], content):
            return web.Response(status=400, text="upload refused")
        return web.Response(text=f"OK - {len(content)}")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes, for a request with a token in the header; any other gets a sign-in page with status 200."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        app, stored = self._store.world.apps.get(token), None
        team, _, name = request.match_info["id"].rpartition("-")
        if app is not None and not app.revoked and app.team_id == team:
            stored = self._store.world.files.get(name)
        if stored is None:
            return web.Response(text=SIGN_IN, content_type="text/html")
        return web.Response(body=self._store.memory.get_bytes(name), content_type=stored.media_type)

    async def authorize(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(oauth_methods.authorize_redirect(self._store, request))


def fault_refusal(fault: Fault) -> SlackRefusal:
    """What the Web API answers under a fault."""
    match fault.kind:
        case FaultKind.too_many:
            return SlackRefusal("ratelimited", status=429, headers={"Retry-After": str(fault.retry_after)})
        case FaultKind.refuse:
            return SlackRefusal(fault.error)
        case _:
            return SlackRefusal("internal_error", status=500)
