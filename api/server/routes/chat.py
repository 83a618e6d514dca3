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
from core.accounts import links
from core.accounts.commands import MakeLink, Reach, RevokeLink, UseLink
from core.accounts.reach import reach
from core.kernel.ids import LinkId, PersonId
from core.messages import service as messages
from core.messages.commands import DraftKey, KeepDraft, RememberMessage

router = APIRouter()
DraftQuery = Annotated[wire.DraftQuery, Query()]


@serve(router, e.make_link, tag="chat")
async def make_link(call: CallDep, body: wire.LinkIn, settings: SettingsDep) -> Response:
    """A one-time code that joins a chat account to a person; ten minutes."""
    command = MakeLink(PersonId(body.person_id) if body.person_id else None)
    return await call.without_key().run(links.make_link, command, present.link(settings.link_url), 201)


@serve(router, e.revoke_link, tag="chat")
async def revoke_link(call: CallDep, id: UUID) -> Response:
    """Take back a code that nobody used."""
    return await call.run(links.revoke_link, RevokeLink(LinkId(id)), lambda _: None)


def _use(body: wire.LinkPreviewIn) -> UseLink:
    return UseLink(
        body.code.removeprefix("inv_"),
        body.platform,
        body.external_id,
        body.display_name,
        supported(body.locale),
    )


async def _count_try(call: Call, body: wire.LinkPreviewIn) -> None:
    """Committed by itself, so that a refusal does not take the try back."""
    await call.without_key().run(links.count_try, _use(body), lambda _: None)


@serve(router, e.preview_link, tag="chat")
async def preview_link(call: CallDep, body: wire.LinkPreviewIn) -> Response:
    """Both identities by name, before anything is joined."""
    await _count_try(call, body)
    return await call.read(links.preview_link, _use(body), present.preview)


@serve(router, e.confirm_link, tag="chat")
async def confirm_link(call: CallDep, body: wire.LinkPreviewIn) -> Response:
    """Join the chat account to the person, using the code up."""
    await _count_try(call, body)
    return await call.run(links.confirm_link, _use(body), present.me)


def _key(of: wire.DraftQuery | wire.DraftIn) -> DraftKey:
    return DraftKey(of.platform, of.chat_id, of.thread_id, of.external_id)


@serve(router, e.note_reach, tag="chat")
async def note_reach(call: CallDep, body: wire.ReachIn) -> Response:
    """A chat account blocked the bot, or came back."""
    command = Reach(body.platform, body.external_id, body.reachable)
    return await call.run(reach, command, lambda _: None)


@serve(router, e.draft, tag="chat")
async def show_draft(call: CallDep, of: DraftQuery) -> Response:
    """The open form of a chat and person."""
    return await call.read(messages.show_draft, _key(of), present.draft)


@serve(router, e.keep_draft, tag="chat")
async def keep_draft(call: CallDep, body: wire.DraftIn) -> Response:
    """Write an open form over the version that was read."""
    command = KeepDraft(_key(body), body.form, body.step, body.values, body.version)
    return await call.run(messages.keep_draft, command, present.draft)


@serve(router, e.drop_draft, tag="chat")
async def drop_draft(call: CallDep, of: DraftQuery) -> Response:
    """A form is finished or left."""
    return await call.run(messages.drop_draft, _key(of), lambda _: None)


@serve(router, e.remember_message, tag="chat")
async def remember_message(call: CallDep, body: wire.MessageIn) -> Response:
    """A card that a bot posted itself, to be kept current like all others."""
    command = RememberMessage(
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
    return await call.run(messages.remember_message, command, lambda _: None)
