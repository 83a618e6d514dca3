"""Every SELECT and INSERT of an order's earlier versions, and the facts that its approval is routed by."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import array

from core.approvals.states import ApprovalState
from core.approvals.tables import approval_steps, approvals
from core.db.base import Id
from core.db.batches import add_one, added_one
from core.db.compiled import Prebuilt
from core.kernel.ids import OrderId
from core.kernel.money import Money
from core.kernel.subjects import SubjectKind
from core.order_changes import rows
from core.order_changes.model import Revision
from core.order_changes.tables import order_revisions
from core.orders.model import Order
from core.uow import Uow
from core.vendors.tables import vendors

_ADD = add_one(order_revisions, *(column.name for column in order_revisions.columns))
_EARLIER = Prebuilt(
    select(order_revisions)
    .where(order_revisions.c.order_id == bindparam("order", type_=Id))
    .order_by(order_revisions.c.revision)
)


async def keep_revision(uow: Uow, order: Order) -> None:
    """Keep the terms that the next ones replace."""
    row = rows.revision_columns(order, uow.now)
    await uow.connection.later(added_one(_ADD, order_revisions, row))


async def earlier(uow: Uow, order_id: OrderId) -> Sequence[Revision]:
    """The versions that have been replaced, the first one first."""
    return [rows.revision_of(row) for row in await uow.connection.execute(_EARLIER, {"order": order_id})]


async def vendor_facts(uow: Uow, vendor_id: UUID) -> tuple[str, str, UUID | None]:
    """The vendor's name, its category, and who created it."""
    vendor = vendors.c
    row = (
        await uow.connection.execute(
            select(vendor.name, vendor.category, vendor.created_by).where(vendor.id == vendor_id)
        )
    ).one()
    return row.name, row.category, row.created_by


def _of_order(order: Order) -> ColumnElement[bool]:
    """The approval of the order itself, and those of its increases."""
    approval = approvals.c
    increase = and_(approval.subject_kind == SubjectKind.order.value, approval.subject_id == order.id)
    return and_(
        or_(approval.id == order.approval_id, increase), approval.state == ApprovalState.approved.value
    )


async def routed_for(uow: Uow, order: Order) -> Money | None:
    """By what the tier of the newest approval of this order was chosen, with what was summed then."""
    approval = approvals.c
    found = (
        await uow.connection.execute(
            select(approval.routed_base, approval.base_currency)
            .where(_of_order(order))
            .order_by(approval.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return Money(found.routed_base, found.base_currency) if found else None


async def deciders(uow: Uow, order: Order) -> Sequence[UUID]:
    """Everyone who has approved the order or an earlier increase of it, and for whom they did."""
    step, approval = approval_steps.c, approvals.c
    people = func.unnest(step.approved_by + step.approved_for + array([step.decided_by, step.decided_for]))
    found = await uow.connection.scalars(
        select(people)
        .select_from(approvals.join(approval_steps, step.approval_id == approval.id))
        .where(_of_order(order))
    )
    return [person for person in found if person is not None]
