"""The Bot API's addresses: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, FaultKind
from sandbox.responses import PreparedCall, respond
from sandbox.telegram import method_call
from sandbox.telegram.errors import TelegramRefusal, forbidden
from sandbox.telegram.method_call import TelegramCall
from sandbox.telegram.methods import bot_methods, message_methods, topic_methods
from sandbox.telegram.world_store import TelegramStore

Method = Callable[[TelegramStore, TelegramCall], Awaitable[Any]]

METHODS: dict[str, Method] = {
    "getme": bot_methods.get_me,
    "setwebhook": bot_methods.set_webhook,
    "deletewebhook": bot_methods.delete_webhook,
    "getwebhookinfo": bot_methods.webhook_info,
    "getupdates": bot_methods.get_updates,
    "sendmessage": message_methods.send_message,
    "senddocument": message_methods.send_document,
    "editmessagetext": message_methods.edit_text,
    "editmessagecaption": message_methods.edit_caption,
    "editmessagereplymarkup": message_methods.edit_markup,
    "deletemessage": message_methods.delete,
    "deletemessages": message_methods.delete_many,
    "copymessage": message_methods.copy,
    "setmessagereaction": message_methods.react,
    "pinchatmessage": message_methods.pin,
    "unpinchatmessage": message_methods.pin,
    "answercallbackquery": bot_methods.answer_callback,
    "sendchataction": bot_methods.chat_action,
    "setmycommands": bot_methods.set_commands,
    "getmycommands": bot_methods.get_commands,
    "deletemycommands": bot_methods.delete_commands,
    "setmydescription": bot_methods.set_text,
    "setmyshortdescription": bot_methods.set_text,
    "setchatmenubutton": bot_methods.set_menu,
    "getchat": bot_methods.get_chat,
    "getchatmember": bot_methods.get_member,
    "getfile": bot_methods.get_file,
    "createforumtopic": topic_methods.create_topic,
    "editforumtopic": topic_methods.rename_topic,
    "closeforumtopic": topic_methods.close_topic,
    "reopenforumtopic": topic_methods.reopen_topic,
    "deleteforumtopic": topic_methods.delete_topic,
}


class TelegramServer:
    """Answers the calls of the Bot API strictly."""

    def __init__(self, store: TelegramStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.file),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        return await respond(
            self._store, request, method, partial(self._read, request, method), refusal_for=fault_refusal
        )

    async def _read(self, request: web.Request, method: str) -> PreparedCall:
        """Parse a call of a known bot and a known method."""
        bot = self._store.bot_by_token(request.match_info["token"])
        known = METHODS.get(method.lower())
        if known is None:
            raise TelegramRefusal(404, "method not found")
        args, uploads = await method_call.read(request)
        call = TelegramCall(bot, method, args, uploads)

        async def run() -> dict[str, Any]:
            return {"ok": True, "result": await known(self._store, call)}

        return PreparedCall(
            call.logged_arguments(), {call.text("chat_id")}, run, unlogged=method.lower() == "getupdates"
        )

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of an uploaded file."""
        try:
            self._store.bot_by_token(request.match_info["token"])
            content = message_methods.file_bytes(
                self._store, request.match_info["path"].removeprefix("documents/")
            )
        except TelegramRefusal as error:
            return web.json_response(error.body(), status=404 if error.status == 400 else error.status)
        return web.Response(body=content, content_type="application/octet-stream")


def fault_refusal(fault: Fault) -> TelegramRefusal:
    """What the Bot API answers under a fault."""
    match fault.kind:
        case FaultKind.too_many:
            wait = {"retry_after": fault.retry_after}
            return TelegramRefusal(429, f"retry after {fault.retry_after}", parameters=wait)
        case FaultKind.blocked:
            return forbidden("bot was blocked by the user")
        case _:
            return TelegramRefusal(500)
