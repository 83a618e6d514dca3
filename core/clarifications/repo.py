"""Every SELECT, INSERT and UPDATE of vendors' questions about RFQs.

One rule: callers have checked that the RFQ is visible; ``actions.as_read_by`` decides what of it is read.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import any_, bindparam, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from core.clarifications import rows
from core.clarifications.model import Clarification, Discussion, RfqQuestion
from core.clarifications.tables import rfq_clarifications, rfq_questions
from core.db.base import Id
from core.db.batches import nested
from core.db.compiled import Prebuilt
from core.kernel.errors import first_or_not_found
from core.kernel.ids import PersonId, VendorId
from core.rfqs.tables import rfqs
from core.uow import Uow
from core.vendors.tables import vendors

_Q, _C = rfq_questions.c, rfq_clarifications.c
_NAME = select(vendors.c.name).where(vendors.c.id == _Q.vendor_id).scalar_subquery()
_DISCUSSIONS = Prebuilt(
    select(
        rfqs.c.id,
        nested(*rows.QUESTION_COLUMNS, _NAME, where=_Q.rfq_id == rfqs.c.id, order_by=_Q.id).label(
            "questions"
        ),
        nested(*rows.CLARIFICATION_COLUMNS, where=_C.rfq_id == rfqs.c.id, order_by=_C.id).label(
            "clarifications"
        ),
    ).where(rfqs.c.id == any_(bindparam("rfqs", type_=ARRAY(Id))))
)


async def discussions(uow: Uow, rfq_ids: Sequence[UUID]) -> Mapping[UUID, Discussion]:
    """What was asked and answered about each of these RFQs, in one statement, for Parley itself."""
    found = await uow.connection.execute(_DISCUSSIONS, {"rfqs": list(rfq_ids)})
    return {row.id: rows.discussion_of(row) for row in found}


async def question_of(uow: Uow, rfq_id: UUID, question_id: UUID) -> RfqQuestion:
    """One question about this RFQ, or NotFound."""
    read = (await discussions(uow, [rfq_id]))[rfq_id]
    return first_or_not_found([each for each in read.questions if each.id == question_id], what="question")


async def asked_by(uow: Uow, rfq_id: UUID, vendor_id: VendorId) -> int:
    """How many questions this vendor has asked about the RFQ."""
    count: int | None = await uow.connection.scalar(
        select(func.count()).where(_Q.rfq_id == rfq_id, _Q.vendor_id == vendor_id)
    )
    return count or 0


async def add_question(uow: Uow, question: RfqQuestion, asked_by: PersonId) -> None:
    await uow.connection.execute(
        insert(rfq_questions).values(
            id=question.id,
            rfq_id=question.rfq_id,
            vendor_id=question.vendor_id,
            asked_by=asked_by,
            text=question.text,
            asked_at=question.asked_at,
        )
    )


async def answer(uow: Uow, question: RfqQuestion, clarification: Clarification, by: PersonId) -> None:
    """The question is answered, and what all vendors read is a row of its own."""
    await uow.connection.execute(
        update(rfq_questions)
        .where(_Q.id == question.id)
        .values(answered_by=by, answered_at=clarification.made_at)
    )
    await uow.connection.execute(
        insert(rfq_clarifications).values(
            id=clarification.id,
            rfq_id=clarification.rfq_id,
            question=clarification.question,
            answer=clarification.answer,
            made_at=clarification.made_at,
        )
    )
