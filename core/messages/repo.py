"""Every SELECT and UPDATE of drafts and message references."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    and_,
    any_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from core.db.base import Id
from core.db.batches import many_rows, unnested
from core.db.compiled import Prebuilt
from core.db.connection import Connection, Row
from core.kernel.errors import Stale
from core.kernel.ids import new_id
from core.messages.commands import DraftKey, SaveDraft
from core.messages.model import Draft, MessageRef
from core.messages.tables import chat_drafts, chat_messages

_D = chat_drafts.c
_M = chat_messages.c


async def draft(connection: Connection, key: DraftKey) -> Draft | None:
    row = (await connection.execute(select(chat_drafts).where(_is_draft(key)))).one_or_none()
    return Draft(row.form, row.step, row["values"], row.version, row.updated_at) if row else None


async def save_draft(
    connection: Connection, command: SaveDraft, now: dt.datetime, expired_before: dt.datetime
) -> Draft:
    """Write over the version that was read; Stale when another message was faster.

    The same once more, because its answer was lost on the way, is not another one.
    A draft last touched before ``expired_before`` counts as absent and is replaced by a new one.
    """
    key = command.key
    values = {
        "form": command.form,
        "step": command.step,
        "values": command.values,
        "version": command.version + 1,
        "updated_at": now,
    }
    if command.version == 0:
        result = await connection.execute(
            insert(chat_drafts)
            .values(
                platform=key.platform,
                chat_id=key.chat_id,
                thread_id=key.thread_id,
                external_id=key.external_id,
                **values,
            )
            .on_conflict_do_update(
                index_elements=["platform", "chat_id", "thread_id", "external_id"],
                set_=values,
                where=_D.updated_at < expired_before,
            )
        )
    else:
        result = await connection.execute(
            update(chat_drafts)
            .where(_is_draft(key), _D.version == command.version, _D.updated_at >= expired_before)
            .values(**values)
        )
    saved = Draft(command.form, command.step, command.values, command.version + 1, now)
    if result.rowcount != 1:
        current = await draft(connection, key)
        if current is None or replace(current, updated_at=now) != saved:
            raise Stale(what="draft", expected=command.version, current=current.version if current else 0)
    return saved


async def delete_draft(connection: Connection, key: DraftKey) -> None:
    await connection.execute(delete(chat_drafts).where(_is_draft(key)))


async def delete_old_drafts(connection: Connection, before: dt.datetime) -> int:
    return (await connection.execute(delete(chat_drafts).where(_D.updated_at < before))).rowcount


def _is_draft(key: DraftKey) -> ColumnElement[bool]:
    return and_(
        _D.platform == key.platform,
        _D.chat_id == key.chat_id,
        _D.thread_id == key.thread_id,
        _D.external_id == key.external_id,
    )


_ADD_REF = Prebuilt(
    insert(chat_messages).on_conflict_do_nothing(), columns=[column.name for column in chat_messages.c]
)
_OF_SUBJECTS = Prebuilt(
    select(chat_messages)
    .where(_M.subject_id == any_(bindparam("subjects", type_=ARRAY(Id))), _M.state != "gone")
    .order_by(_M.id)
)


async def add_refs(connection: Connection, refs: Sequence[MessageRef], now: dt.datetime) -> None:
    """Insert the references; a message that is known already stays as it is."""
    await connection.execute(_ADD_REF, [_columns(ref, now) for ref in refs])


def _columns(ref: MessageRef, now: dt.datetime) -> dict[str, Any]:
    """Its row; when it was created counts only for a new one."""
    return {**vars(ref), "created_at": now, "updated_at": now}


async def cards_of(connection: Connection, subject_id: UUID) -> Sequence[MessageRef]:
    """Every existing copy of this subject's cards, oldest first."""
    return await cards_of_all(connection, [subject_id])


async def cards_of_all(connection: Connection, subject_ids: Collection[UUID]) -> list[MessageRef]:
    """Every existing copy of these subjects' cards, oldest first."""
    return [ref_of(row) for row in await connection.execute(_OF_SUBJECTS, {"subjects": list(subject_ids)})]


async def cards_of_person(connection: Connection, person_id: UUID, most: int) -> Sequence[MessageRef]:
    """The newest existing copies in this person's chats, newest first."""
    rows = await connection.execute(
        select(chat_messages)
        .where(_M.person_id == person_id, _M.state != "gone")
        .order_by(_M.id.desc())
        .limit(most)
    )
    return [ref_of(row) for row in rows]


_LOCK = Prebuilt(
    select(chat_messages)
    .where(_M.id == any_(bindparam("ids", type_=ARRAY(Id))))
    .order_by(_M.id)
    .with_for_update(skip_locked=True)
)
_COLUMNS = tuple(column.name for column in chat_messages.c)
_STORED = insert(chat_messages).from_select(*unnested(chat_messages, *_COLUMNS))
_STORE = Prebuilt(
    _STORED.on_conflict_do_update(
        index_elements=[_M.id],
        set_={
            name: _STORED.excluded[name]
            for name in ("message_id", "rendered_version", "content_hash", "state", "updated_at")
        },
    )
)


async def lock_refs(connection: Connection, ref_ids: Sequence[UUID]) -> list[MessageRef]:
    """These references, locked until the transaction ends, without those that another worker holds."""
    return [ref_of(row) for row in await connection.execute(_LOCK, {"ids": list(ref_ids)})]


async def store_refs(connection: Connection, refs: Sequence[MessageRef], now: dt.datetime) -> None:
    """Insert the new ones of these references, and write what the others show now."""
    if refs:
        await connection.execute(_STORE, many_rows(chat_messages, [_columns(ref, now) for ref in refs]))


def new_ref(
    platform: str, chat_id: str, person_id: UUID, subject_kind: str, subject_id: UUID, card: str
) -> MessageRef:
    """A copy that will be sent now, and is stored when the platform has answered."""
    return MessageRef(
        new_id(), platform, chat_id, None, person_id, subject_kind, subject_id, card, 0, None, "sending"
    )


def ref_of(row: Row) -> MessageRef:
    return MessageRef(
        row.id,
        row.platform,
        row.chat_id,
        row.message_id,
        row.person_id,
        row.subject_kind,
        row.subject_id,
        row.card,
        row.rendered_version,
        row.content_hash,
        row.state,
    )
