"""One call of a bot: its arguments read strictly, from JSON, a form or multipart."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.answering import legible
from sandbox.telegram.model import Bot
from sandbox.telegram.words import Refusal, bad

UPLOAD_LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file part of a call."""

    name: str
    media_type: str
    content: bytes


@dataclass
class Call:
    """A method call with its arguments."""

    bot: Bot
    method: str
    args: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.args.get(name, default)
        if value is None:
            return default
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number, also written as a string."""
        value = self.args.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad(f"invalid {name} specified", f"/{name}") from None

    def chat(self, name: str = "chat_id") -> int:
        """The number of a chat; nobody in here has a public @name."""
        written = self.text(name).strip()
        if not written:
            raise bad(f"{name} is empty", f"/{name}")
        if not re.fullmatch(r"-?\d+", written):
            raise bad("chat not found", f"/{name}")
        return int(written)

    def flag(self, name: str) -> bool:
        """True or false, as the real server reads them."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def json(self, name: str, what: str = "") -> Any:
        """A JSON argument, given as JSON or as a string holding it; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {what or name} JSON object", f"/{name}") from None

    def upload(self, name: str) -> Upload | None:
        """The file given directly under this name or by attach://."""
        value = self.args.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)

    def shown(self) -> dict[str, Any]:
        """The arguments for the log, long values cut, files by name and size."""
        args = {name: legible(value) for name, value in self.args.items()}
        files = {name: f"file {part.name} ({len(part.content)} bytes)" for name, part in self.uploads.items()}
        return args | files


async def read(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The arguments and uploads of a request."""
    args: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.read()
        if body.strip():
            args |= _object(body)
        return args, uploads
    if request.method == "POST":
        try:
            form = await request.post()
        except ValueError:
            raise bad("can't parse multipart body") from None
        for name, value in form.items():
            if isinstance(value, FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                args[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    if any(len(upload.content) > UPLOAD_LIMIT for upload in uploads.values()):
        raise Refusal(413, "Request Entity Too Large")
    return args, uploads


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad("can't parse JSON object: object expected")
    return value
