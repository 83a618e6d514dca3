"""Slack's addresses: ``/slack/api/<method>``, response_urls, uploads, downloads, sockets and the install page."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from sandbox.answering import Told, answer
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
        method = request.match_info["method"]
        reader = {"oauth.v2.access": self._installing, "apps.connections.open": self._connecting}.get(method)
        read = partial(reader or self._read, request, method)
        return await answer(self._store, request, method, read, words=trouble)

    async def _read(self, request: web.Request, method: str) -> Told:
        """A call with a bot's token."""
        token, args = await calls.read(request)
        made = Call(self._store.app(token), method, args, self._store.origin)
        known = self._known(made)

        async def run() -> Json:
            return {"ok": True, **await known(self._store, made)}

        return Told(made.shown(), self._about(made), run)

    async def _installing(self, request: web.Request, _: str) -> Told:
        """An app asks for a bot's token, with its own id and secret."""
        args = dict(request.query) | dict(await request.post())

        async def run() -> Json:
            return {"ok": True, **await apps.access(self._store, request, args)}

        return Told({}, set(), run)

    async def _connecting(self, request: web.Request, _: str) -> Told:
        """An app asks for a socket, with a token of its own."""
        token, _args = await calls.read(request)

        async def run() -> Json:
            url = self._store.sockets.ticket(token, self._store.world.apps, self._store.origin)
            return {"ok": True, "url": url}

        return Told({}, set(), run)

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

    def _about(self, made: Call) -> set[str]:
        """Whom a call concerns: its channel or person, and who is behind that channel, a trigger or a view."""
        world = self._store.world
        behind = (
            world.channels.get(made.text("channel")),
            world.triggers.get(made.text("trigger_id")),
            world.views.get(made.text("view_id")),
        )
        named = {made.text(name) for name in ("channel", "user", "users", "user_id")}
        return named | {each.person for each in behind if each is not None}

    async def response(self, request: web.Request) -> web.StreamResponse:
        """An answer to a command or a press, at the address that came with it."""
        taken = False

        async def read() -> Told:
            body, token = await calls.read_json(request), request.match_info["token"]
            known = self._store.world.answers.get(token)

            async def run() -> Json:
                nonlocal taken
                await respond.to_url(self._store, token, body)
                taken = True
                return {}

            return Told(body, {known.person} if known else set(), run)

        done = await answer(self._store, request, "response_url", read, words=trouble)
        return web.Response(text="ok") if taken else done

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


def trouble(fault: Fault) -> Refusal:
    """What the Web API says when something is wrong with it."""
    match fault.kind:
        case Kind.too_many:
            return Refusal("ratelimited", status=429, headers={"Retry-After": str(fault.retry_after)})
        case Kind.refuse:
            return Refusal(fault.error)
        case _:
            return Refusal("internal_error", status=500)
