"""Playing a person: what they write, press, fill and see. Which half it is, their id tells."""

import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic import ValidationError

from sandbox.control.playing import Corrected, Playing, Pressed, Reacted, Said, Submitted, Used, Wrong
from sandbox.control.slack import SlackPeople
from sandbox.control.telegram import TelegramPeople
from sandbox.parts import Parts

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def told(
    handler: Callable[[Any, web.Request], Awaitable[Any]],
) -> Callable[[Any, web.Request], Awaitable[Any]]:
    """JSON out, or a file; a mistake of the caller as its words."""

    async def answered(self: Any, request: web.Request) -> web.StreamResponse:
        try:
            answer = await handler(self, request)
            return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)
        except Wrong as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except (ValidationError, binascii.Error) as error:
            return web.json_response({"error": str(error)}, status=422)

    return answered


class People:
    """The people half of the control interface."""

    def __init__(self, parts: Parts) -> None:
        self._memory = parts.memory
        self._telegram = TelegramPeople(parts.telegram)
        self._slack = SlackPeople(parts.slack, parts.delivery)

    def routes(self) -> list[web.RouteDef]:
        one = "/control/people/{id}"
        return [
            web.post("/control/people", self.add),
            web.get("/control/people", self.listing),
            web.post(f"{one}/send", self.send),
            web.post(f"{one}/press", self.press),
            web.post(f"{one}/submit", self.submit),
            web.post(f"{one}/close", self.close),
            web.post(f"{one}/shortcut", self.shortcut),
            web.post(f"{one}/home", self.home),
            web.post(f"{one}/react", self.react),
            web.post(f"{one}/edit", self.edit),
            web.get(f"{one}/chat", self.chat),
            web.get(f"{one}/files/{{message}}", self.file),
        ]

    def _half(self, request: web.Request) -> tuple[Playing, str]:
        who = request.match_info["id"]
        return (self._telegram if who.lstrip("-").isdigit() else self._slack), who

    @told
    async def add(self, request: web.Request) -> Any:
        """Make a person, or change one; numbers are people of Telegram unless ``platform`` says otherwise."""
        body = await request.read()
        try:
            given = json.loads(body)
            platform = given.get("platform") or ("slack" if isinstance(given["id"], str) else "telegram")
        except (ValueError, KeyError, AttributeError):
            raise Wrong("a person is JSON with an id") from None
        return await (self._slack if platform == "slack" else self._telegram).add(body)

    @told
    async def listing(self, request: web.Request) -> Any:
        return [*self._telegram.listing(), *self._slack.listing()]

    @told
    async def send(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.send(who, Said.model_validate_json(await request.read()))

    @told
    async def press(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.press(who, Pressed.model_validate_json(await request.read()))

    @told
    async def submit(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.submit(who, Submitted.model_validate_json(await request.read()))

    @told
    async def close(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.close(who)

    @told
    async def shortcut(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.shortcut(who, Used.model_validate_json(await request.read()))

    @told
    async def home(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.home(who)

    @told
    async def react(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.react(who, Reacted.model_validate_json(await request.read()))

    @told
    async def edit(self, request: web.Request) -> Any:
        half, who = self._half(request)
        return await half.correct(who, Corrected.model_validate_json(await request.read()))

    @told
    async def chat(self, request: web.Request) -> Any:
        """What the person sees now; with ``version`` and ``wait`` it waits for something new."""
        half, who = self._half(request)
        version = int(request.query.get("version", -1))
        if version == self._memory.version:
            await self._memory.until(float(request.query.get("wait", 0)), version)
        found = half.chat(who)
        after = request.query.get("after")
        if after:
            found["messages"] = [each for each in found["messages"] if float(each["id"]) > float(after)]
        return found | {"version": self._memory.version}

    @told
    async def file(self, request: web.Request) -> web.StreamResponse:
        """The file of a message that the person sees, to be kept and never to be run by a browser."""
        half, who = self._half(request)
        opened = half.file(who, request.match_info["message"])
        kept = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}"}
        return web.Response(body=opened.content, content_type=opened.media_type, headers=kept)
