"""Procurement requests, for a person."""

from uuid import UUID

from api.contract import endpoints as e
from api.contract.attachments import AttachIn, RequestFileOut, RequestFilesOut
from api.contract.awards import ComparisonOut
from api.contract.comments import CommentIn, CommentOut
from api.contract.recommendations import BoughtBeforeIn, BoughtBeforeOut, SuggestedVendorOut
from api.contract.requests import (
    CancelIn,
    ColleagueOut,
    CopyOut,
    DropLinesIn,
    RejectIn,
    RequestIn,
    RequestOut,
    RequestPatch,
    TakeBackIn,
    WithdrawIn,
)
from api.contract.rfqs import RfqIn, RfqOut
from api.contract.values import Listing
from bots.client.caller import ListableSlice, query_params


class RequestsApi(ListableSlice[RequestOut]):
    list_endpoint = e.list_requests

    async def create(self, body: RequestIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.create_request, body, key=key)

    async def edit(self, request_id: UUID, body: RequestPatch, *, key: str) -> RequestOut:
        return await self._caller.call(e.edit_request, body, key=key, path={"id": request_id})

    async def take_back(self, request_id: UUID, body: TakeBackIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.take_back_request, body, key=key, path={"id": request_id})

    async def show(self, request_id: UUID) -> RequestOut:
        return await self._caller.call(e.show_request, None, path={"id": request_id})

    async def withdraw(self, request_id: UUID, body: WithdrawIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.withdraw_request, body, key=key, path={"id": request_id})

    async def reject(self, request_id: UUID, body: RejectIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.reject_request, body, key=key, path={"id": request_id})

    async def cancel(self, request_id: UUID, body: CancelIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.cancel_request, body, key=key, path={"id": request_id})

    async def drop_lines(self, request_id: UUID, body: DropLinesIn, *, key: str) -> RequestOut:
        return await self._caller.call(e.drop_lines, body, key=key, path={"id": request_id})

    async def copied(self, request_id: UUID) -> CopyOut:
        """What a copy would say; nothing is stored."""
        return await self._caller.call(e.preview_copy, None, path={"id": request_id})

    async def colleagues(self, text: str) -> Listing[ColleagueOut]:
        """For whom the person may ask, of those whose name has these words."""
        return await self._caller.call(e.find_colleagues, None, query=query_params(q=text))

    async def comment(self, request_id: UUID, text: str, *, key: str) -> CommentOut:
        return await self._caller.call(e.comment, CommentIn(text=text), key=key, path={"id": request_id})

    async def comments(self, request_id: UUID) -> list[CommentOut]:
        """All of them, the newest last."""
        found: list[CommentOut] = []
        cursor: str | None = None
        while True:
            query = query_params(limit=200, cursor=cursor)
            page = await self._caller.call(e.list_comments, None, path={"id": request_id}, query=query)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found

    async def attach(self, request_id: UUID, body: AttachIn, *, key: str) -> RequestFilesOut:
        return await self._caller.call(e.attach_files, body, key=key, path={"id": request_id})

    async def files(self, request_id: UUID) -> tuple[RequestFileOut, ...]:
        return (await self._caller.call(e.list_files, None, path={"id": request_id})).items

    async def compare(self, request_id: UUID) -> ComparisonOut:
        return await self._caller.call(e.comparison, None, path={"id": request_id})

    async def bought_before(self, body: BoughtBeforeIn) -> Listing[BoughtBeforeOut]:
        """What was ordered like these lines before, of all that the person may see."""
        return await self._caller.call(e.bought_before, body)

    async def suggested_vendors(
        self, request_id: UUID, text: str | None = None
    ) -> Listing[SuggestedVendorOut]:
        """The best 50 of all, or of all whose name or category has this text."""
        return await self._caller.call(
            e.suggest_vendors, None, path={"id": request_id}, query=query_params(q=text)
        )

    async def ask_vendors(self, request_id: UUID, body: RfqIn, *, key: str) -> RfqOut:
        return await self._caller.call(e.send_rfq, body, key=key, path={"id": request_id})
