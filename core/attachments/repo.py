"""The SELECT of a request's files.

One rule: callers have checked that the request is visible; each file is then read by the rules of documents.
"""

from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.attachments.model import RequestFile
from core.documents import repo as documents
from core.documents.model import Document
from core.documents.policy import INSIDE
from core.documents.tables import documents as table
from core.uow import Uow

_D = table.c


async def files_of(uow: Uow, actor: Actor, request_id: UUID) -> tuple[RequestFile, ...]:
    """In the order in which they arrived."""
    rows = await uow.connection.execute(
        select(_D.attached_kind, *documents.COLUMNS)
        .where(_D.attached_id == request_id, documents.readable(actor))
        .order_by(_D.id)
    )
    return tuple(RequestFile(Document(*columns), kind == INSIDE) for kind, *columns in rows)
