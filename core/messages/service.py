"""The use cases of messages: store form drafts, and remember which message shows what."""

import datetime as dt
import json
from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.accounts import repo as accounts
from core.kernel.errors import NotFound, invalid
from core.messages import repo
from core.messages.commands import DraftKey, RegisterMessage, SaveDraft
from core.messages.model import Draft
from core.uow import Uow

DRAFT_LIFE = dt.timedelta(days=7)
MAX_VALUES_LENGTH = 65_536


def check_values(values: dict[str, object]) -> None:
    """Refuse values that the database cannot or should not store: no form needs more than 64 kB."""
    text = json.dumps(values, ensure_ascii=True)
    if len(text) > MAX_VALUES_LENGTH or "\\u0000" in text:
        raise invalid("/values", "values.unstorable", "64 kB at most, without NUL characters", "{}")


@requires(Permission.chat_drafts)
async def show_draft(uow: Uow, actor: Actor, key: DraftKey) -> Draft:
    """The open form of this chat and person, or NotFound; one older than seven days counts as absent."""
    draft = await repo.draft(uow.connection, key)
    if draft is None or draft.updated_at < uow.now - DRAFT_LIFE:
        raise NotFound(what="draft")
    return draft


@requires(Permission.chat_drafts)
async def save_draft(uow: Uow, actor: Actor, command: SaveDraft) -> Draft:
    """Write the form over the version that was read, so that of two quick messages none is lost."""
    check_values(command.values)
    return await repo.save_draft(uow.connection, command, uow.now, uow.now - DRAFT_LIFE)


@requires(Permission.chat_drafts)
async def delete_draft(uow: Uow, actor: Actor, key: DraftKey) -> None:
    """Delete the draft when the form is finished or cancelled."""
    await repo.delete_draft(uow.connection, key)


@requires(Permission.chat_messages)
async def register_message(uow: Uow, actor: Actor, command: RegisterMessage) -> None:
    """A bot shows a card itself; from now on it is updated like all others and is not sent twice."""
    person = await accounts.person_of_chat(uow.connection, command.platform, command.external_id)
    if person is None:
        raise NotFound(what="chat")
    ref = repo.new_ref(
        command.platform, command.chat_id, person.id, command.subject_kind, command.subject_id, command.card
    )
    shown = replace(
        ref,
        message_id=command.message_id,
        rendered_version=command.version,
        content_hash=command.content_hash,
        state="live",
    )
    await repo.add_refs(uow.connection, [shown], uow.now)
