"""Every SELECT and UPDATE of topics: which request is shown where in which group.

One rule: a row is committed as ``sending`` before anything is sent, and holds only what the platform
confirmed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.db.connection import Connection, Row
from core.groups.model import Topic
from core.groups.tables import chat_groups, group_topics
from core.kernel.ids import new_id

_T = group_topics.c


async def reserve_topic(connection: Connection, group_id: UUID, request_id: UUID, now: dt.datetime) -> None:
    """Reserve a topic for this request in this group; an existing one stays as it is."""
    await connection.execute(
        insert(group_topics)
        .values(
            id=new_id(),
            group_id=group_id,
            request_id=request_id,
            state="sending",
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing()
    )


async def topics_of_request(connection: Connection, request_id: UUID) -> Sequence[UUID]:
    """Where this request is shown, in groups that the bot is in."""
    return await connection.scalars(
        select(_T.id)
        .join(chat_groups, chat_groups.c.id == _T.group_id)
        .where(_T.request_id == request_id, _T.state != "gone", chat_groups.c.reachable)
        .order_by(_T.id)
    )


async def topics_of_group(connection: Connection, group_id: UUID) -> Sequence[UUID]:
    """The requests that are shown in this group and have not ended there."""
    return await connection.scalars(
        select(_T.id).where(_T.group_id == group_id, _T.state != "gone", _T.closed.is_(False)).order_by(_T.id)
    )


async def lock_topic(connection: Connection, topic_id: UUID) -> Topic | None:
    """The topic, locked until the transaction ends; None while another worker holds it."""
    row = (
        await connection.execute(
            select(group_topics).where(_T.id == topic_id).with_for_update(skip_locked=True)
        )
    ).one_or_none()
    return _topic(row) if row else None


async def save_topic(connection: Connection, topic: Topic, now: dt.datetime) -> None:
    """The platform has confirmed what is shown there now."""
    await connection.execute(
        update(group_topics)
        .where(_T.id == topic.id)
        .values(
            thread_id=topic.thread_id,
            message_id=topic.message_id,
            title=topic.title,
            content_hash=topic.content_hash,
            pinned=topic.pinned,
            closed=topic.closed,
            state=topic.state,
            updated_at=now,
        )
    )


async def mark_gone(connection: Connection, topic: Topic, now: dt.datetime) -> None:
    """Somebody deleted it; it is not created again."""
    await save_topic(connection, replace(topic, state="gone"), now)


def _topic(row: Row) -> Topic:
    return Topic(
        row.id,
        row.group_id,
        row.request_id,
        row.thread_id,
        row.message_id,
        row.title,
        row.content_hash,
        row.pinned,
        row.closed,
        row.state,
    )
