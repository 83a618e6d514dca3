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


class FileTransfer(Protocol):
    """Somebody who may send and fetch files."""

    async def upload(self, path: str, file: Attachment, *, key: str) -> bytes: ...

    async def download(self, path: str) -> Attachment: ...


class ApiSlice:
    """One slice of the API, as somebody may use it."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller


class ListableSlice(ApiSlice, Generic[Item]):
    """A slice whose things can be listed, newest first."""

    list_endpoint: ClassVar[Endpoint[None, Listing[Any]]]

    async def list(
        self,
        *,
        state: str | None = None,
        mine: bool = False,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Listing[Item]:
        query = query_params(state=state, mine=mine, cursor=cursor, limit=limit)
        return await self._caller.call(self.list_endpoint, None, query=query)

    async def by_number(self, number: str) -> Item | None:
        """The one with this number, if the person may see it."""
        query = query_params(number=number, limit=1)
        found: Listing[Item] = await self._caller.call(self.list_endpoint, None, query=query)
        return next(iter(found.items), None)


def query_params(**params: str | bool | int | None) -> dict[str, str]:
    """Query parameters as text; what is not wanted is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in params.items()
        if value is not None
    }
