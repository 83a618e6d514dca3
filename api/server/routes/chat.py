"""What bots need: one-time links, drafts of open forms, remembered messages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as wire
from api.present import people as present
from api.server.deps.call import Call, CallDep
from api.server.routes.auth import SettingsDep
from api.server.routes.serve import serve
from api.text import supported
from core.access.permissions import Permission
from core.accounts import links
from core.accounts.commands import MakeLink, RevokeLink, SetChatReachable, ShowChats, UseLink
from core.accounts.reach import set_chat_reachable
from core.kernel.ids import LinkId, PersonId
from core.messages import service as messages
from core.messages.commands import DraftKey, RegisterMessage, SaveDraft

router = APIRouter()
DraftQuery = Annotated[wire.DraftQuery, Query()]


@serve(router, e.make_link, tag="chat")
async def make_link(call: CallDep, body: wire.LinkIn, settings: SettingsDep) -> Response:
    """A one-time code that links a chat account to a person; valid for ten minutes.

    Whoever has it can act as that person from then on, so it is dangerous for oneself as for others.
    """
    command = MakeLink(PersonId(body.person_id) if body.person_id else None)
    for_another = command.person_id not in (None, call.actor.person_id)
    call = call.without_key().proved(*((Permission.people_manage,) if for_another else ()))
    return await call.run(links.make_link, command, present.link(settings.link_url), 201)


@serve(router, e.list_links, tag="chat")
async def list_links(call: CallDep, query: Annotated[wire.LinkedChatsQuery, Query()]) -> Response:
    """The chat accounts that are linked to oneself, or with the right to manage people to somebody."""
    wanted = ShowChats(PersonId(query.person_id) if query.person_id else None)
    return await call.read(links.linked_chats, wanted, present.linked_chats)


@serve(router, e.revoke_link, tag="chat")
async def revoke_link(call: CallDep, id: UUID) -> Response:
    """Revoke a link or an unused code."""
    return await call.run(links.revoke_link, RevokeLink(LinkId(id)), lambda _: None)


def _use(body: wire.LinkPreviewIn) -> UseLink:
    return UseLink(
        body.code.removeprefix("inv_"),
        body.platform,
        body.external_id,
        body.display_name,
        supported(body.locale),
    )


async def _count_attempt(call: Call, body: wire.LinkPreviewIn) -> None:
    """Committed by itself, so that a refusal does not undo the count."""
    await call.without_key().run(links.count_attempt, _use(body), lambda _: None)


@serve(router, e.preview_link, tag="chat")
async def preview_link(call: CallDep, body: wire.LinkPreviewIn) -> Response:
    """Both identities by name, before anything is linked."""
    await _count_attempt(call, body)
    return await call.read(links.preview_link, _use(body), present.preview)


@serve(router, e.confirm_link, tag="chat")
async def confirm_link(call: CallDep, body: wire.LinkPreviewIn) -> Response:
    """Link the chat account to the person and use the code up."""
    await _count_attempt(call, body)
    return await call.run(links.confirm_link, _use(body), present.me)


def _key(key: wire.DraftQuery | wire.DraftIn) -> DraftKey:
    return DraftKey(key.platform, key.chat_id, key.thread_id, key.external_id)


@serve(router, e.set_chat_reachable, tag="chat")
async def set_reachable(call: CallDep, body: wire.ReachIn) -> Response:
    """A chat account blocked the bot, or came back."""
    command = SetChatReachable(body.platform, body.external_id, body.reachable)
    return await call.run(set_chat_reachable, command, lambda _: None)


@serve(router, e.draft, tag="chat")
async def show_draft(call: CallDep, key: DraftQuery) -> Response:
    """The open form of a chat and person."""
    return await call.read(messages.show_draft, _key(key), present.draft)


@serve(router, e.save_draft, tag="chat")
async def save_draft(call: CallDep, body: wire.DraftIn) -> Response:
    """Write an open form over the version that was read."""
    command = SaveDraft(_key(body), body.form, body.step, body.values, body.version)
    return await call.run(messages.save_draft, command, present.draft)


@serve(router, e.delete_draft, tag="chat")
async def delete_draft(call: CallDep, key: DraftQuery) -> Response:
    """Delete the draft of a form that is finished or cancelled."""
    return await call.run(messages.delete_draft, _key(key), lambda _: None)


@serve(router, e.register_message, tag="chat")
async def register_message(call: CallDep, body: wire.MessageIn) -> Response:
    """Register a card that a bot posted itself, to be kept up to date like all others."""
    command = RegisterMessage(
        body.platform,
        body.chat_id,
        body.message_id,
        body.external_id,
        body.subject.kind,
        body.subject.id,
        body.card,
        body.version,
        bytes.fromhex(body.digest) if body.digest else None,
    )
    return await call.run(messages.register_message, command, lambda _: None)
