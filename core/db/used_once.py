"""Uses up what counts once: a code, a ticket, a link.

One rule: one guarded UPDATE decides, so that of two calls at the same moment one wins.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import ColumnElement, Table, update

from core.db.connection import Connection


async def use_up(
    connection: Connection, table: Table, row_id: UUID, now: dt.datetime, *also: ColumnElement[bool]
) -> bool:
    """Mark the row as used; False when it was used before, is too old, or does not fit ``also``."""
    c = table.c
    unused = (c.id == row_id, c.used_at.is_(None), c.expires_at > now, *also)
    result = await connection.execute(update(table).where(*unused).values(used_at=now))
    return result.rowcount == 1
