"""The Bot API's address: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

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
        """One call: its fault, its answer, or its refusal."""
        method = request.match_info["method"]
        shown: dict[str, Any] = {}
        try:
            bot = self._store.bot_by_token(request.match_info["token"])
            known = METHODS.get(method.lower())
            if known is None:
                raise Refusal(404, "method not found")
            args, uploads = await calls.read(request)
            made = Call(bot, method, args, uploads)
            shown = made.shown()
            fault = self._store.faults.hit("telegram", method, made.text("chat_id"))
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
            return web.json_response(error.body(), status=error.code)
        if method.lower() != "getupdates":
            self._store.note({"method": method, "args": shown})
        return web.json_response({"ok": True, "result": result})

    async def _strike(
        self, request: web.Request, fault: Fault, method: Method, made: Call
    ) -> web.StreamResponse | None:
        """The answer that a fault gives; none when the call goes on. A fault on purpose is no refusal."""
        match fault.kind:
            case Kind.delay:
                await asyncio.sleep(fault.seconds)
                return None
            case Kind.too_many:
                words = f"retry after {fault.retry_after}"
                error = Refusal(429, words, parameters={"retry_after": fault.retry_after})
            case Kind.blocked:
                error = forbidden("bot was blocked by the user")
            case Kind.drop:
                if fault.after:  # the call took effect, its answer never arrives
                    await method(self._store, made)
                if request.transport is not None:
                    request.transport.close()
                error = Refusal(500)
            case _:
                error = Refusal(500)
        return web.json_response(error.body(), status=error.code)

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of an uploaded file."""
        try:
            self._store.bot_by_token(request.match_info["token"])
            content = messages.file_bytes(self._store, request.match_info["path"].removeprefix("documents/"))
        except Refusal as error:
            return web.json_response(error.body(), status=404 if error.code == 400 else error.code)
        return web.Response(body=content, content_type="application/octet-stream")
