"""What a slice's methods call through."""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel

from api.contract.endpoints import Endpoint
from api.contract.values import Listing
from bots.cards.attachment import Attachment

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)
Item = TypeVar("Item", bound=BaseModel)


class Caller(Protocol):
    """Somebody's rights at the API."""

    async def call(
        self,
        endpoint: Endpoint[BodyT, ResponseT],
        body: BodyT,
        *,
        key: str | None = None,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> ResponseT: ...


class Carrier(Protocol):
    """Somebody who may send and fetch files."""

    async def upload(self, path: str, file: Attachment, *, key: str) -> bytes: ...

    async def download(self, path: str) -> Attachment: ...


class Slice:
    """One slice of the API, as somebody may use it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller


class Listed(Slice, Generic[Item]):
    """A slice whose things can be listed, newest first."""

    lists: ClassVar[Endpoint[None, Listing[Any]]]

    async def listing(
        self,
        *,
        state: str | None = None,
        mine: bool = False,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Listing[Item]:
        query = asked(state=state, mine=mine, cursor=cursor, limit=limit)
        return await self._caller.call(self.lists, None, query=query)


def asked(**wanted: str | bool | int | None) -> dict[str, str]:
    """Query parameters as text; what is not wanted is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in wanted.items()
        if value is not None
    }
