"""Calls to the API as a client on a bad line makes them: one key for each act, and again until there is an answer.

One rule: whoever repeats a call repeats its key, so that nothing is done twice by the client's own fault.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from stack.errors import StackError

AGAIN_SECONDS = 0.2
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError)
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
Json = dict[str, Any]


@dataclass(frozen=True)
class ProofAnswer:
    """One answer; ``body`` is empty when it is no JSON."""

    status: int
    body: Any
    text: str
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        """The code of a refusal."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True)
class ProofCalls:
    """Calls one API, as whoever's token is given."""

    web: aiohttp.ClientSession
    api: str

    async def send(
        self, token: str, method: str, path: str, body: Any = None, *, key: str = "", **more: Any
    ) -> ProofAnswer:
        """One try. aiohttp's errors are raised when there is no answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key or uuid.uuid4().hex} if method != "GET" else {}
        headers |= more.pop("headers", {})
        async with self.web.request(
            method, f"{self.api}{path}", json=body, headers=headers, allow_redirects=False, **more
        ) as answer:
            text = (await answer.read()).decode(errors="replace")
            return ProofAnswer(answer.status, _json(text), text, answer.headers)

    async def send_file(self, token: str, path: str, name: str, content: bytes) -> ProofAnswer:
        """Upload one file, as a form does; any name is sent as it is, also one that no client would send."""
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        headers = {"Idempotency-Key": uuid.uuid4().hex, "Content-Type": "multipart/form-data; boundary=x"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        body = head + content + b"\r\n--x--\r\n"
        async with self.web.post(f"{self.api}{path}", data=body, headers=headers) as answer:
            text = (await answer.read()).decode(errors="replace")
            return ProofAnswer(answer.status, _json(text), text, answer.headers)

    async def insist(
        self, token: str, method: str, path: str, body: Any = None, *, most_seconds: float = 180
    ) -> ProofAnswer:
        """Until it is answered, whatever happens to the servers meanwhile; StackError when it never is."""
        key, deadline = uuid.uuid4().hex, time.monotonic() + most_seconds
        why = ""
        while time.monotonic() < deadline:
            try:
                answer = await self.send(token, method, path, body, key=key)
            except _NO_ANSWER as error:
                why = f"{type(error).__name__} {error}"
            else:
                if answer.status not in _TRY_AGAIN and answer.code != "idempotency.in_flight":
                    return answer
                why = f"{answer.status} {answer.code}"
            await asyncio.sleep(AGAIN_SECONDS)
        raise StackError(f"{method} {path} was not answered in {most_seconds:.0f} s: {why}")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {}
