"""One call by a bot: its arguments parsed strictly, from JSON, a form or multipart."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.responses import for_log
from sandbox.telegram.errors import TelegramRefusal, bad_request
from sandbox.telegram.model import TelegramBot

MAX_UPLOAD_SIZE = 50 * 1024 * 1024


@dataclass(frozen=True)
class TelegramUpload:
    """A file part of a call."""

    name: str
    media_type: str
    content: bytes


@dataclass
class TelegramCall:
    """A method call with its arguments."""

    bot: TelegramBot
    method: str
    args: dict[str, Any]
    uploads: dict[str, TelegramUpload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.args.get(name, default)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """An integer, which may be written as a string."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f"invalid {name} specified", f"/{name}") from None

    def chat_id(self, name: str = "chat_id") -> int:
        """The number of a chat; no chat in the sandbox has a public @name."""
        text = self.text(name).strip()
        if not text:
            raise bad_request(f"{name} is empty", f"/{name}")
        if not re.fullmatch(r"-?\d+", text):
            raise bad_request("chat not found", f"/{name}")
        return int(text)

    def flag(self, name: str) -> bool:
        """True or false, as the real server reads them."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str = "") -> Any:
        """A JSON argument, given as JSON or as a string that contains it; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what or name} JSON object", f"/{name}") from None

    def upload(self, name: str) -> TelegramUpload | None:
        """The file given directly under this name or through attach://."""
        value = self.args.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)

    def logged_arguments(self) -> dict[str, Any]:
        """The arguments for the log: long values cut, files by name and size."""
        args = {name: for_log(value) for name, value in self.args.items()}
        files = {
            name: f"file {upload.name} ({len(upload.content)} bytes)" for name, upload in self.uploads.items()
        }
        return args | files


async def read(request: web.Request) -> tuple[dict[str, Any], dict[str, TelegramUpload]]:
    """The arguments and uploads of a request."""
    args: dict[str, Any] = dict(request.query)
    uploads: dict[str, TelegramUpload] = {}
    if request.content_type == "application/json":
        body = await request.read()
        if body.strip():
            args |= _object(body)
        return args, uploads
    if request.method == "POST":
        try:
            form = await request.post()
        except ValueError:
            raise bad_request("can't parse multipart body") from None
        for name, value in form.items():
            if isinstance(value, FileField):
                uploads[name] = TelegramUpload(value.filename, value.content_type, value.file.read())
            else:
                args[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    if any(len(upload.content) > MAX_UPLOAD_SIZE for upload in uploads.values()):
        raise TelegramRefusal(413, "Request Entity Too Large")
    return args, uploads


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object: object expected")
    return value
