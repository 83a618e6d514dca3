"""Links, drafts, remembered messages, installations and files."""

from uuid import UUID

from pydantic import ValidationError

from api.contract import endpoints as e
from api.contract.people import (
    DraftIn,
    DraftOut,
    DraftQuery,
    InstallationIn,
    InstallationOut,
    LinkPreviewIn,
    LinkPreviewOut,
    MeOut,
    MessageIn,
    ReachIn,
)
from api.contract.quotes import DocumentOut
from bots.cards.attachment import Attachment
from bots.client.caller import ApiSlice, FileTransfer
from bots.client.errors import ApiNotFound, ApiUnavailable


class LinksApi(ApiSlice):
    async def preview(self, body: LinkPreviewIn, *, key: str) -> LinkPreviewOut:
        return await self._caller.call(e.preview_link, body, key=key)

    async def confirm(self, body: LinkPreviewIn, *, key: str) -> MeOut:
        return await self._caller.call(e.confirm_link, body, key=key)

    async def report_reachable(self, body: ReachIn, *, key: str) -> None:
        """This account blocked the bot, or came back."""
        await self._caller.call(e.set_chat_reachable, body, key=key)


class DraftsApi(ApiSlice):
    async def show(self, query: DraftQuery) -> DraftOut | None:
        """The open form, or nothing."""
        try:
            return await self._caller.call(e.draft, None, query=query.model_dump())
        except ApiNotFound:
            return None

    async def save(self, body: DraftIn) -> DraftOut:
        return await self._caller.call(e.save_draft, body)

    async def delete(self, query: DraftQuery) -> None:
        await self._caller.call(e.delete_draft, None, query=query.model_dump())


class MessagesApi(ApiSlice):
    async def remember(self, body: MessageIn, *, key: str) -> None:
        await self._caller.call(e.register_message, body, key=key)


class InstallationsApi(ApiSlice):
    async def save(self, team_id: str, body: InstallationIn) -> None:
        await self._caller.call(e.save_installation, body, path={"team": team_id})

    async def show(self, team_id: str) -> InstallationOut | None:
        """The installation with its token, or nothing."""
        try:
            return await self._caller.call(e.installation, None, path={"team": team_id})
        except ApiNotFound:
            return None

    async def revoke(self, team_id: str) -> None:
        await self._caller.call(e.revoke_installation, None, path={"team": team_id})


class DocumentsApi:
    def __init__(self, transfer: FileTransfer) -> None:
        self._transfer = transfer

    async def upload(self, file: Attachment, *, key: str) -> DocumentOut:
        answer = await self._transfer.upload("/documents", file, key=key)
        try:
            return DocumentOut.model_validate_json(answer)
        except ValidationError as error:
            raise ApiUnavailable from error

    async def download(self, document_id: UUID) -> Attachment:
        """A file that this person may read."""
        return await self._transfer.download(f"/documents/{document_id}")
