"""What a slice's methods call through."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from pydantic import BaseModel

from api.contract.endpoints import Endpoint
from bots.cards.attachment import Attachment

Takes = TypeVar("Takes", bound=BaseModel | None)
Gives = TypeVar("Gives", bound=BaseModel | None)


class Caller(Protocol):
    """Somebody's rights at the API."""

    async def call(
        self,
        endpoint: Endpoint[Takes, Gives],
        body: Takes,
        *,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Gives: ...


class Carrier(Protocol):
    """Somebody who may send and fetch files."""

    async def upload(self, path: str, file: Attachment, *, key: str) -> bytes: ...

    async def download(self, path: str) -> Attachment: ...


def asked(**wanted: str | bool | int | None) -> dict[str, str]:
    """Query parameters as text; what is not wanted is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in wanted.items()
        if value is not None
    }
