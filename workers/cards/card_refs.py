"""Which copies of a purchase's cards there are, and which are missing.

One rule: one worker at a time works on the cards of a purchase, so that no card is sent twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, false, func, literal_column, select, true, union_all

from core.approvals.tables import approvals
from core.db.base import Id
from core.db.compiled import Prebuilt
from core.db.connection import Connection
from core.findings.tables import findings
from core.messages import repo as messages
from core.messages.model import MessageRef
from core.messages.tables import chat_messages
from core.orders.tables import purchase_orders
from core.purchases.model import Purchase
from core.rfqs.tables import rfqs
from core.worklist.model import WorkItem
from workers import purchases
from workers.readers import Reader

LOCK = 0x63617264  # "card"
_TRY_LOCK = Prebuilt(
    select(func.pg_try_advisory_xact_lock(literal_column(str(LOCK)), func.hashtext(bindparam("purchase"))))
)
_PURCHASE = bindparam("request_id", type_=Id)
_SUBJECTS = union_all(
    select(_PURCHASE),
    *(
        select(table.c.id).where(table.c.request_id == _PURCHASE)
        for table in (rfqs, approvals, purchase_orders, findings)
    ),
)
_COPIES = select(chat_messages).where(
    chat_messages.c.subject_id.in_(_SUBJECTS), chat_messages.c.state != literal_column("'gone'")
)
_LOCKED = _COPIES.with_for_update(skip_locked=True).cte("locked")
_LOCK_COPIES = Prebuilt(
    union_all(
        select(_LOCKED, true().label("is_locked")),
        _COPIES.add_columns(false()).where(chat_messages.c.id.not_in(select(_LOCKED.c.id))),
    ).order_by("id")
)


@dataclass(frozen=True)
class CardCopies:
    """The copies of a purchase's cards: those locked until the transaction ends, and those that others hold."""

    locked: Sequence[MessageRef]
    held_by_others: Sequence[MessageRef]


async def lock_copies(connection: Connection, request_id: UUID) -> CardCopies | None:
    """Every existing copy, oldest first; None while another worker works on the cards of this purchase."""
    if not await connection.scalar(_TRY_LOCK, {"purchase": str(request_id)}):
        return None
    rows = (await connection.execute(_LOCK_COPIES, {"request_id": request_id})).all()
    return CardCopies(
        [messages.ref_of(row) for row in rows if row.is_locked],
        [messages.ref_of(row) for row in rows if not row.is_locked],
    )


def assignments_of(purchase: Purchase, waiting: Sequence[WorkItem]) -> list[purchases.CardAssignment]:
    """Who should see which card now."""
    return [*purchases.card_assignments(purchase, waiting), *purchases.requesters_card(purchase)]


def missing_copies(
    assignments: Sequence[purchases.CardAssignment], readers: Mapping[UUID, Reader], copies: CardCopies
) -> list[MessageRef]:
    """New references for the chats of those who have something to do and do not see the card for it."""
    held = {
        (ref.platform, ref.chat_id, ref.card, ref.subject_id)
        for ref in (*copies.locked, *copies.held_by_others)
    }
    return [
        messages.new_ref(
            chat.platform,
            chat.external_id,
            chat.person_id,
            assignment.subject_kind.value,
            assignment.subject_id,
            assignment.card.value,
        )
        for assignment in dict.fromkeys(assignments)
        if assignment.person_id in readers
        for chat in readers[assignment.person_id].chats
        if (chat.platform, chat.external_id, assignment.card.value, assignment.subject_id) not in held
    ]
