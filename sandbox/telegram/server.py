"""The Bot API's address: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from sandbox.answering import Told, answer
from sandbox.faults import Fault, Kind
from sandbox.telegram import call as calls
from sandbox.telegram.call import Call
from sandbox.telegram.methods import bots, messages, topics
from sandbox.telegram.store import Store
from sandbox.telegram.words import Refusal, forbidden

Method = Callable[[Store, Call], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getme": bots.get_me,
    "setwebhook": bots.set_webhook,
    "deletewebhook": bots.delete_webhook,
    "getwebhookinfo": bots.webhook_info,
    "getupdates": bots.get_updates,
    "sendmessage": messages.send_message,
    "senddocument": messages.send_document,
    "editmessagetext": messages.edit_text,
    "editmessagecaption": messages.edit_caption,
    "editmessagereplymarkup": messages.edit_markup,
    "deletemessage": messages.delete,
    "deletemessages": messages.delete_many,
    "copymessage": messages.copy,
    "setmessagereaction": messages.react,
    "pinchatmessage": messages.pin,
    "unpinchatmessage": messages.pin,
    "answercallbackquery": bots.answer_callback,
    "sendchataction": bots.chat_action,
    "setmycommands": bots.set_commands,
    "getmycommands": bots.get_commands,
    "deletemycommands": bots.delete_commands,
    "setmydescription": bots.set_text,
    "setmyshortdescription": bots.set_text,
    "setchatmenubutton": bots.set_menu,
    "getchat": bots.get_chat,
    "getchatmember": bots.get_member,
    "getfile": bots.get_file,
    "createforumtopic": topics.make_topic,
    "editforumtopic": topics.rename_topic,
    "closeforumtopic": topics.close_topic,
    "reopenforumtopic": topics.reopen_topic,
    "deleteforumtopic": topics.delete_topic,
}


class Server:
    """Answers calls of bots, strictly."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.file),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        return await answer(self._store, request, method, partial(self._read, request, method), words=trouble)

    async def _read(self, request: web.Request, method: str) -> Told:
        """A call of a known bot by a known method."""
        bot = self._store.bot_by_token(request.match_info["token"])
        known = METHODS.get(method.lower())
        if known is None:
            raise Refusal(404, "method not found")
        args, uploads = await calls.read(request)
        made = Call(bot, method, args, uploads)

        async def run() -> dict[str, Any]:
            return {"ok": True, "result": await known(self._store, made)}

        return Told(made.shown(), {made.text("chat_id")}, run, quiet=method.lower() == "getupdates")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of an uploaded file."""
        try:
            self._store.bot_by_token(request.match_info["token"])
            content = messages.file_bytes(self._store, request.match_info["path"].removeprefix("documents/"))
        except Refusal as error:
            return web.json_response(error.body(), status=404 if error.status == 400 else error.status)
        return web.Response(body=content, content_type="application/octet-stream")


def trouble(fault: Fault) -> Refusal:
    """What the Bot API says when something is wrong with it."""
    match fault.kind:
        case Kind.too_many:
            wait = {"retry_after": fault.retry_after}
            return Refusal(429, f"retry after {fault.retry_after}", parameters=wait)
        case Kind.blocked:
            return forbidden("bot was blocked by the user")
        case _:
            return Refusal(500)
