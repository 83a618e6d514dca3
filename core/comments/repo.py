"""Every SELECT and INSERT of comments.

One rule: callers have already checked that the request is visible (``core.requests.repo.visible_to``).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, true

from core.comments.model import Comment
from core.comments.tables import request_comments
from core.kernel.ids import CommentId, PersonId, RequestId
from core.kernel.pagination import Page, decode_id_cursor, page_of
from core.people.tables import people
from core.uow import Uow

_C = request_comments.c


async def add(uow: Uow, comment: Comment) -> None:
    await uow.connection.execute(
        insert(request_comments).values(
            id=comment.id,
            request_id=comment.request_id,
            author=comment.author,
            text=comment.text,
            made_at=comment.made_at,
        )
    )


async def page(uow: Uow, request_id: RequestId, cursor: str | None, limit: int) -> Page[Comment]:
    """One page, oldest first, because a discussion is read from its beginning."""
    after = decode_id_cursor(cursor)
    rows = await uow.connection.execute(
        select(request_comments, people.c.name)
        .join(people, people.c.id == _C.author)
        .where(_C.request_id == request_id, _C.id > after if after else true())
        .order_by(_C.id)
        .limit(limit + 1)
    )
    found = [
        Comment(CommentId(row.id), request_id, PersonId(row.author), row.name, row.text, row.made_at)
        for row in rows
    ]
    return page_of(found, limit, lambda comment: comment.id)


async def authors(uow: Uow, request_id: UUID, *, before: UUID) -> Sequence[PersonId]:
    """Who had commented on this request before a comment."""
    found = await uow.connection.scalars(
        select(_C.author).where(_C.request_id == request_id, _C.id < before).distinct()
    )
    return [PersonId(person_id) for person_id in found]
