"""One call of the Web API: token and arguments parsed as Slack does, from a form, a query or JSON."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.responses import for_log
from sandbox.slack.errors import SlackRefusal, invalid_arguments, missing_argument
from sandbox.slack.model import Json, SlackApp


@dataclass
class SlackCall:
    """A method call with its arguments."""

    app: SlackApp
    method: str
    args: Json
    origin: str = ""
    uploads: dict[str, bytes] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.args.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def require(self, name: str) -> str:
        """A required string."""
        value = self.text(name)
        if not value:
            raise missing_argument(name)
        return value

    def integer(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise invalid_arguments("must provide an integer", f"/{name}") from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).strip().lower()
        return value in ("true", "1") if value else default

    def json(self, name: str, error: str) -> Any:
        """A JSON argument, given as JSON or as a string that holds it; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackRefusal(error, f"/{name}") from None

    def logged_arguments(self) -> Json:
        """The arguments for the log: blocks and views parsed, long texts cut."""
        return {name: for_log(value) for name, value in self.args.items() if name != "token"}


async def read(request: web.Request) -> tuple[str, Json]:
    """The token and the arguments. With JSON the token must be in the header."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        if body.strip():
            args |= _object(body)
        args.pop("token", None)
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if not isinstance(value, FileField):
                args[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else str(args.get("token", ""))
    if not token:
        raise SlackRefusal("not_authed")
    return token, args


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        raise SlackRefusal("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackRefusal("json_not_object")
    return value


async def read_json(request: web.Request) -> Json:
    """The body of a request to a response_url; anything but JSON counts as empty."""
    try:
        return _object(await request.read())
    except SlackRefusal:
        return {}


async def read_upload(request: web.Request) -> bytes:
    """The bytes of a file: the raw body, or the file of a multipart body."""
    if request.content_type.startswith("multipart/"):
        for value in (await request.post()).values():
            if isinstance(value, FileField):
                return value.file.read()
    return await request.read()
