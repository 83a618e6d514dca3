"""Slack's addresses: ``/slack/api/<method>``, response_urls, uploads, downloads, sockets and the install page."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import Fault, Kind
from sandbox.slack import call as calls
from sandbox.slack import respond
from sandbox.slack.call import Call
from sandbox.slack.methods import apps, chat, files, people, views
from sandbox.slack.model import Json
from sandbox.slack.store import Store
from sandbox.slack.words import Refusal

Method = Callable[[Store, Call], Awaitable[Json]]

METHODS: dict[str, Method] = {
    "auth.test": people.auth_test,
    "team.info": people.team_info,
    "users.info": people.user_info,
    "users.list": people.user_list,
    "users.lookupByEmail": people.user_by_email,
    "conversations.open": people.open_im,
    "conversations.info": people.info,
    "conversations.members": people.members,
    "conversations.list": people.listing,
    "conversations.history": people.history,
    "conversations.replies": people.replies,
    "chat.postMessage": chat.post,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.permalink,
    "chat.scheduleMessage": chat.schedule,
    "reactions.add": chat.react,
    "reactions.remove": chat.unreact,
    "views.open": views.open_modal,
    "views.push": views.push_modal,
    "views.update": views.update,
    "views.publish": views.publish,
    "blocks.validate": views.validate,
    "files.getUploadURLExternal": files.upload_url,
    "files.completeUploadExternal": files.complete,
    "files.info": files.info,
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


class Server:
    """Answers calls of apps, strictly."""

    def __init__(self, store: Store) -> None:
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
        """One call: its fault, its answer, or its refusal."""
        method, shown = request.match_info["method"], {}
        try:
            if method == "oauth.v2.access":
                args = dict(request.query) | dict(await request.post())
                return web.json_response({"ok": True, **await apps.access(self._store, request, args)})
            if method == "apps.connections.open":
                token, _ = await calls.read(request)
                url = self._store.sockets.ticket(token, self._store.world.apps, self._store.origin)
                return web.json_response({"ok": True, "url": url})
            made = await self._read(request, method)
            shown = made.shown()
            known = self._known(made)
            fault = self._store.faults.hit("slack", method, made.text("channel"))
            if fault is not None:
                self._store.note({"method": method, "args": shown, "fault": fault.kind.value})
                struck = await self._strike(request, fault, known, made)
                if struck is not None:
                    return struck
            result = await known(self._store, made)
        except Refusal as error:
            self._store.refuse(method, error, shown)
            self._store.note({"method": method, "args": shown, "refused": error.description})
            await self._store.touch()
            return web.json_response(error.body(), status=error.status)
        self._store.note({"method": method, "args": shown})
        return web.json_response({"ok": True, **result})

    async def _read(self, request: web.Request, method: str) -> Call:
        token, args = await calls.read(request)
        return Call(self._store.app(token), method, args, self._store.origin)

    @staticmethod
    def _known(made: Call) -> Method:
        """The method, if it is one and the app may call it."""
        known = METHODS.get(made.method)
        if known is None:
            raise Refusal("unknown_method", more={"req_method": made.method})
        needed = SCOPES.get(made.method, "")
        if needed and made.app.scopes and needed not in made.app.scopes:
            provided = ",".join(made.app.scopes)
            raise Refusal("missing_scope", more={"needed": needed, "provided": provided})
        return known

    async def _strike(
        self, request: web.Request, fault: Fault, method: Method, made: Call
    ) -> web.StreamResponse | None:
        """The answer that a fault gives; none when the call goes on. A fault on purpose is no refusal."""
        match fault.kind:
            case Kind.delay:
                await asyncio.sleep(fault.seconds)
                return None
            case Kind.too_many:
                wait = {"Retry-After": str(fault.retry_after)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
            case Kind.refuse:
                return web.json_response({"ok": False, "error": fault.error})
            case Kind.drop:
                if fault.after:  # the call took effect, its answer never arrives
                    await method(self._store, made)
                if request.transport is not None:
                    request.transport.close()
        return web.json_response({"ok": False, "error": "internal_error"}, status=500)

    async def response(self, request: web.Request) -> web.Response:
        """An answer to a command or a press, at the address that came with it."""
        body = await calls.read_json(request)
        try:
            await respond.to_url(self._store, request.match_info["token"], body)
        except Refusal as error:
            self._store.refuse("response_url", error, body)
            self._store.note({"method": "response_url", "args": body, "refused": error.description})
            await self._store.touch()
            return web.json_response(error.body(), status=error.status)
        self._store.note({"method": "response_url", "args": body})
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.Response:
        content = await calls.read_upload(request)
        if not files.receive(self._store, request.match_info["id"], content):
            return web.Response(status=400, text="upload refused")
        return web.Response(text=f"OK - {len(content)}")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes for whoever shows a token in the header; everybody else is sent a page to sign in, with 200."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        app, stored = self._store.world.apps.get(token), None
        team, _, name = request.match_info["id"].rpartition("-")
        if app is not None and not app.revoked and app.team_id == team:
            stored = self._store.world.files.get(name)
        if stored is None:
            return web.Response(text=SIGN_IN, content_type="text/html")
        return web.Response(body=self._store.memory.get_bytes(name), content_type=stored.media_type)

    async def authorize(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(apps.authorized(self._store, request))
