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
from bots.client.caller import Carrier, Slice
from bots.client.errors import NotFound, Unavailable


class Links(Slice):
    async def preview(self, body: LinkPreviewIn, *, key: str) -> LinkPreviewOut:
        return await self._caller.call(e.preview_link, body, key=key)

    async def confirm(self, body: LinkPreviewIn, *, key: str) -> MeOut:
        return await self._caller.call(e.confirm_link, body, key=key)

    async def reach(self, body: ReachIn, *, key: str) -> None:
        """This account blocked the bot, or came back."""
        await self._caller.call(e.set_chat_reachable, body, key=key)


class Drafts(Slice):
    async def show(self, of: DraftQuery) -> DraftOut | None:
        """The open form, or nothing."""
        try:
            return await self._caller.call(e.draft, None, query=of.model_dump())
        except NotFound:
            return None

    async def keep(self, body: DraftIn) -> DraftOut:
        return await self._caller.call(e.save_draft, body)

    async def drop(self, of: DraftQuery) -> None:
        await self._caller.call(e.delete_draft, None, query=of.model_dump())


class Messages(Slice):
    async def remember(self, body: MessageIn, *, key: str) -> None:
        await self._caller.call(e.register_message, body, key=key)


class Installations(Slice):
    async def keep(self, team_id: str, body: InstallationIn) -> None:
        await self._caller.call(e.save_installation, body, path={"team": team_id})

    async def show(self, team_id: str) -> InstallationOut | None:
        """The installation with its token, or nothing."""
        try:
            return await self._caller.call(e.installation, None, path={"team": team_id})
        except NotFound:
            return None

    async def revoke(self, team_id: str) -> None:
        await self._caller.call(e.revoke_installation, None, path={"team": team_id})


class Documents:
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def upload(self, file: Attachment, *, key: str) -> DocumentOut:
        answer = await self._carrier.upload("/documents", file, key=key)
        try:
            return DocumentOut.model_validate_json(answer)
        except ValidationError as error:
            raise Unavailable from error

    async def fetch(self, document_id: UUID) -> Attachment:
        """A file that this person may read."""
        return await self._carrier.download(f"/documents/{document_id}")
