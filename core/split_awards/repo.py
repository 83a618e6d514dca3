"""Every SELECT and INSERT of split awards.

One rule: read for Parley itself; who may see a split award is who may compare quotes, and no vendor may.
"""

from uuid import UUID

from sqlalchemy import bindparam, select

from core.db.base import Id
from core.db.batches import add_many, add_one, added_many, added_one
from core.db.compiled import Prebuilt
from core.kernel.errors import first_or_not_found
from core.rfqs.tables import rfq_lines
from core.split_awards import rows
from core.split_awards.model import SplitAward
from core.split_awards.tables import split_award_lines, split_awards
from core.uow import Uow
from core.vendors.tables import vendors

_S, _L = split_awards.c, split_award_lines.c
JOINED = split_awards.join(split_award_lines, _L.split_award_id == _S.id).join(
    rfq_lines, rfq_lines.c.id == _L.rfq_line_id
)
"""One row per line, with its award; ordered by the RFQ's line."""
COLUMNS = (*split_awards.c, _L.rfq_line_id, _L.quote_id, _L.alternative)
_LOAD = Prebuilt(
    select(*COLUMNS)
    .select_from(JOINED)
    .where(_S.id == bindparam("id", type_=Id))
    .order_by(rfq_lines.c.position)
)
_ADD = add_one(split_awards, *(column.name for column in split_awards.columns))
_ADD_LINES = add_many(split_award_lines, *(column.name for column in split_award_lines.columns))


async def load(uow: Uow, split_award_id: UUID) -> SplitAward:
    """The split award with its lines."""
    found = (await uow.connection.execute(_LOAD, {"id": split_award_id})).all()
    first_or_not_found(found, what="split_award")
    return rows.awards_of(found)[0]


async def add(uow: Uow, award: SplitAward) -> None:
    """Insert the award with its lines."""
    await uow.connection.later(
        added_one(_ADD, split_awards, rows.award_columns(award)),
        added_many(_ADD_LINES, split_award_lines, rows.line_columns(award)),
    )


async def creators_of(uow: Uow, vendor_ids: list[UUID]) -> dict[UUID, tuple[str, str, UUID | None]]:
    """Name, category and creator of each of these vendors."""
    vendor = vendors.c
    found = await uow.connection.execute(
        select(vendor.id, vendor.name, vendor.category, vendor.created_by).where(vendor.id.in_(vendor_ids))
    )
    return {row.id: (row.name, row.category, row.created_by) for row in found}
