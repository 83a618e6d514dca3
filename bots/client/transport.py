"""One HTTP call to the API, with its headers, its retries and its refusals.

One rule: a command that may have been carried out is sent again only under the same idempotency key, or where its
endpoint says that twice is as good as once.

Behind the address are several processes. Whoever was answered by one that ended asks again at once and reaches
another; with a single one it is back within the pauses. Nobody in a chat hears of either.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

import aiohttp
from pydantic import BaseModel, ValidationError

from api.contract.endpoints import Endpoint
from api.contract.problems import Problem as WireProblem
from bots.cards.attachment import Attachment
from bots.client.api_clock import ApiClock
from bots.client.errors import ApiError, ApiInFlight, ApiTimeout, ApiUnavailable, api_problem

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)
R = TypeVar("R")

TIMEOUT_SECONDS = 25.0
FILE_SECONDS = 60.0
"""Longer than for others, for an answer that waits for a file: as long as the API gives it on a busy machine."""
CONNECT_SECONDS = 2.0
"""A machine that is gone refuses nothing; another is there."""
PAUSES = (0.05, 0.2, 0.5, 1.0, 2.0, 3.0, 3.0)
"""In seconds, before each further try, and shorter or longer by up to half so that not all bots ask at one moment."""
IN_FLIGHT_PAUSES = (0.3, 0.7, 1.5, 3.0)
_PER_TRY = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)


@dataclass(frozen=True)
class CallMetadata:
    """Who asks, from where, in which language: the headers that every call of one update shares."""

    token: str = ""
    correlation_id: str = ""
    locale: str = ""
    chat: str = ""
    channel: str = "telegram"

    def headers(self, key: str | None) -> dict[str, str]:
        fields = {
            "Authorization": f"Bearer {self.token}" if self.token else "",
            "X-Correlation-Id": self.correlation_id,
            "Accept-Language": self.locale.replace("_", "-"),
            "X-Parley-Channel": self.channel,
            "X-Parley-Chat": self.chat,
            "Idempotency-Key": key or "",
        }
        return {name: value for name, value in fields.items() if value}

    def with_token(self, token: str) -> "CallMetadata":
        return replace(self, token=token)


class ApiTransport:
    """The connection to the API that one process holds."""

    def __init__(
        self, base_url: str, session: aiohttp.ClientSession, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._base = base_url.rstrip("/")
        self._session = session
        self._timeout = timeout
        self.clock = ApiClock()

    async def call(
        self,
        endpoint: Endpoint[BodyT, ResponseT],
        body: BodyT,
        *,
        metadata: CallMetadata,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> ResponseT:
        """Ask one endpoint; the answer as its model, or an ApiError."""
        url = endpoint.path.format(**{name: str(value) for name, value in (path or {}).items()})
        payload = _payload(endpoint.method, body) if body is not None else None
        headers = metadata.headers(key) | ({"Content-Type": "application/json"} if payload else {})

        async def once() -> bytes:
            return await self._once(endpoint.method, url, headers, data=payload, query=query)

        seconds = self._timeout + FILE_SECONDS * endpoint.opens_file
        again = key is not None or endpoint.may_be_repeated
        answer = await self._with_retries(once, again=again, seconds=seconds)
        model = cast("type[BaseModel] | type[None]", endpoint.response)
        return cast("ResponseT", read_response(model, answer, metadata.correlation_id))

    async def upload(self, path: str, file: Attachment, *, metadata: CallMetadata, key: str) -> bytes:
        """Send one file as a form; the answer's body."""

        async def once() -> bytes:
            form = aiohttp.FormData(quote_fields=False)  # a name with spaces is kept as it was read
            form.add_field("file", file.content, filename=file.name, content_type=file.media_type)
            return await self._once("POST", path, metadata.headers(key), data=form)

        return await self._with_retries(once, again=True, seconds=self._timeout + FILE_SECONDS)

    async def download(self, path: str, *, metadata: CallMetadata) -> Attachment:
        """Fetch one file, with the name and kind that the API keeps of it."""

        async def once() -> Attachment:
            response, content = await self._ask("GET", path, metadata.headers(None))
            disposition = response.content_disposition
            return Attachment(
                (disposition and disposition.filename) or "file", content, response.content_type
            )

        return await self._with_retries(once, again=True, seconds=self._timeout)

    async def _with_retries(self, once: Callable[[], Awaitable[R]], *, again: bool, seconds: float) -> R:
        """Try again after a lost connection, 502-504, or while the same key is in flight."""
        pauses = list(PAUSES) if again else []
        in_flight_pauses = list(IN_FLIGHT_PAUSES)
        try:
            async with asyncio.timeout(seconds):
                while True:
                    try:
                        return await once()
                    except ApiUnavailable:
                        if not pauses:
                            raise
                        await _pause(pauses.pop(0))
                    except ApiInFlight:
                        if not in_flight_pauses:
                            raise
                        await _pause(in_flight_pauses.pop(0))
        except TimeoutError as error:
            raise ApiTimeout from error

    async def _once(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        data: str | aiohttp.FormData | None,
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        return (await self._ask(method, path, headers, data=data, query=query))[1]

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        data: str | aiohttp.FormData | None = None,
        query: Mapping[str, str] | None = None,
    ) -> tuple[aiohttp.ClientResponse, bytes]:
        """One request; the answer's head and its body, or why there is none."""
        reference = headers.get("X-Correlation-Id", "")
        try:
            async with self._session.request(
                method,
                f"{self._base}{path}",
                data=data,
                headers=headers,
                params=query,
                allow_redirects=False,
                timeout=_PER_TRY,
            ) as response:
                self.clock.heard(response.headers.get("Date"))
                content = await response.read()
        except aiohttp.ClientError as error:
            raise ApiUnavailable(reference) from error
        if 200 <= response.status < 300:
            return response, content
        raise _error_of(response.status, content, reference, response.headers.get("Retry-After"))


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds * random.uniform(0.5, 1.5))


def _payload(method: str, body: BaseModel) -> str:
    """A change says null where something is taken away; anywhere else null is nothing."""
    if method == "PATCH":
        return body.model_dump_json(exclude_unset=True)
    return body.model_dump_json(exclude_none=True)


def _error_of(status: int, content: bytes, reference: str, retry_after: str | None) -> ApiError:
    if status in (502, 503, 504):
        return ApiUnavailable(reference)
    try:
        problem = WireProblem.model_validate_json(content)
    except ValidationError:
        return ApiUnavailable(reference)
    seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
    return api_problem(problem, reference, seconds)


def read_response(model: type[BaseModel] | type[None], content: bytes, reference: str) -> BaseModel | None:
    """The answer's model; an answer that does not fit the contract counts as none."""
    if not issubclass(model, BaseModel):
        return None
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise ApiUnavailable(reference) from error
