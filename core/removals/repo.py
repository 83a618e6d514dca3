"""The UPDATE that marks lines as dropped; they stay in the database, where quotes and orders refer to them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update

from core.db.keyset import in_ids
from core.requests.tables import request_lines
from core.uow import Uow


async def drop(uow: Uow, line_ids: Sequence[UUID]) -> None:
    """From now on nobody reads these lines of a request."""
    await uow.connection.execute(
        update(request_lines).where(in_ids(request_lines.c.id, line_ids)).values(dropped_at=uow.now)
    )
