"""Every SELECT and INSERT of receipts.

One rule: whoever reads receipts has read their order by its own rule first.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from core.access.actor import Actor
from core.db.base import Id
from core.db.batches import add_one, added_one
from core.db.compiled import Prebuilt
from core.documents import repo as documents
from core.kernel.ids import OrderId
from core.orders.model import Order
from core.orders.repo import update_lines
from core.people.tables import people
from core.policies import repo as policies
from core.receipts import rows
from core.receipts.model import Receipt, ReceiptDetails
from core.receipts.policy import Percent
from core.receipts.tables import receipts
from core.uow import Uow
from core.vendors.tables import vendors

_R = receipts.c
_ADD = add_one(receipts, *(column.name for column in receipts.columns))
_OF_ORDER = Prebuilt(
    select(receipts, people.c.name.label("received_by_name"))
    .join(people, people.c.id == _R.received_by)
    .where(_R.order_id == bindparam("order", type_=Id))
    .order_by(_R.received_at, _R.id)
)
_WITH_CORRECTIONS = Prebuilt(
    select(receipts)
    .where(
        _R.order_id == bindparam("order", type_=Id),
        or_(_R.id == bindparam("receipt", type_=Id), _R.corrects == bindparam("receipt", type_=Id)),
    )
    .order_by(_R.received_at, _R.id)
)


async def add(uow: Uow, receipt: Receipt, order: Order) -> None:
    """Write an entry and the counts of the order's lines that follow from it."""
    await uow.connection.later(added_one(_ADD, receipts, rows.receipt_columns(receipt)))
    await update_lines(uow, order)


async def with_corrections(uow: Uow, order_id: OrderId, receipt_id: UUID) -> Sequence[Receipt]:
    """A receipt of this order and its corrections, oldest first; nothing when it has no such receipt."""
    found = await uow.connection.execute(_WITH_CORRECTIONS, {"order": order_id, "receipt": receipt_id})
    return [rows.receipt_of(row) for row in found]


async def of_order(uow: Uow, actor: Actor, order_id: OrderId) -> tuple[ReceiptDetails, ...]:
    """All entries of an order, oldest first, with their files."""
    found = (await uow.connection.execute(_OF_ORDER, {"order": order_id})).all()
    attached = await documents.attached_to(uow, actor, [row.id for row in found]) if found else {}
    return tuple(
        ReceiptDetails(rows.receipt_of(row), row.received_by_name, tuple(attached[row.id])) for row in found
    )


async def tolerance(uow: Uow, order: Order) -> Percent:
    """How much more of each line may arrive, by the policy in force and the vendor's category."""
    policy = await policies.receiving_policy(uow)
    category = await uow.connection.scalar(select(vendors.c.category).where(vendors.c.id == order.vendor_id))
    return lambda line: policy.percent_for(line.description, category or "")
