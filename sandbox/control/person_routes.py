"""Routes to play a person: what they write, press, fill in and see.

One rule: the person's id decides which platform they are on.
"""

import binascii
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic import ValidationError

from sandbox.backend import SandboxBackend
from sandbox.control.person_contract import (
    ControlError,
    EditAction,
    PlatformPeople,
    PressAction,
    ReactAction,
    SendAction,
    ShortcutAction,
    SubmitAction,
)
from sandbox.control.slack_people import SlackPeople
from sandbox.control.telegram_people import TelegramPeople

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_handler(
    handler: Callable[[Any, web.Request], Awaitable[Any]],
) -> Callable[[Any, web.Request], Awaitable[Any]]:
    """Answer with JSON or a file; a mistake by the caller becomes an error text."""

    async def wrapper(self: Any, request: web.Request) -> web.StreamResponse:
        try:
            answer = await handler(self, request)
            return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)
        except ControlError as error:
            return web.json_response({"error": str(error)}, status=error.status)
        except (ValidationError, binascii.Error) as error:
            return web.json_response({"error": str(error)}, status=422)

    return wrapper


class PersonRoutes:
    """The routes of the control interface that play people."""

    def __init__(self, backend: SandboxBackend) -> None:
        self._memory = backend.memory
        self._telegram = TelegramPeople(backend.telegram)
        self._slack = SlackPeople(backend.slack, backend.delivery)

    def routes(self) -> list[web.RouteDef]:
        person = "/control/people/{id}"
        return [
            web.post("/control/people", self.add),
            web.get("/control/people", self.listing),
            web.post(f"{person}/send", self.send),
            web.post(f"{person}/press", self.press),
            web.post(f"{person}/submit", self.submit),
            web.post(f"{person}/close", self.close),
            web.post(f"{person}/shortcut", self.shortcut),
            web.post(f"{person}/home", self.home),
            web.post(f"{person}/react", self.react),
            web.post(f"{person}/edit", self.edit),
            web.get(f"{person}/chat", self.chat),
            web.get(f"{person}/files/{{message}}", self.file),
        ]

    def _people_of(self, request: web.Request) -> tuple[PlatformPeople, str]:
        person_id = request.match_info["id"]
        return (self._telegram if person_id.lstrip("-").isdigit() else self._slack), person_id

    @json_handler
    async def add(self, request: web.Request) -> Any:
        """Create a person, or change one; numbers are people of Telegram unless ``platform`` says otherwise."""
        body = await request.read()
        try:
            fields = json.loads(body)
            platform = fields.get("platform") or ("slack" if isinstance(fields["id"], str) else "telegram")
        except (ValueError, KeyError, AttributeError):
            raise ControlError("a person is JSON with an id") from None
        return await (self._slack if platform == "slack" else self._telegram).add(body)

    @json_handler
    async def listing(self, request: web.Request) -> Any:
        return [*self._telegram.listing(), *self._slack.listing()]

    @json_handler
    async def send(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.send(person_id, SendAction.model_validate_json(await request.read()))

    @json_handler
    async def press(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.press(person_id, PressAction.model_validate_json(await request.read()))

    @json_handler
    async def submit(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.submit(person_id, SubmitAction.model_validate_json(await request.read()))

    @json_handler
    async def close(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.close(person_id)

    @json_handler
    async def shortcut(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.shortcut(person_id, ShortcutAction.model_validate_json(await request.read()))

    @json_handler
    async def home(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.home(person_id)

    @json_handler
    async def react(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.react(person_id, ReactAction.model_validate_json(await request.read()))

    @json_handler
    async def edit(self, request: web.Request) -> Any:
        people, person_id = self._people_of(request)
        return await people.edit(person_id, EditAction.model_validate_json(await request.read()))

    @json_handler
    async def chat(self, request: web.Request) -> Any:
        """What the person sees now; with ``version`` and ``wait``, wait for something new."""
        people, person_id = self._people_of(request)
        version = int(request.query.get("version", -1))
        if version == self._memory.version:
            await self._memory.wait_for_change(float(request.query.get("wait", 0)), version)
        found = people.chat(person_id)
        after = request.query.get("after")
        if after:
            found["messages"] = [each for each in found["messages"] if float(each["id"]) > float(after)]
        return found | {"version": self._memory.version}

    @json_handler
    async def file(self, request: web.Request) -> web.StreamResponse:
        """The file of a message that the person sees; a browser saves it and never runs it."""
        people, person_id = self._people_of(request)
        file = people.file(person_id, request.match_info["message"])
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return web.Response(body=file.content, content_type=file.media_type, headers=headers)
