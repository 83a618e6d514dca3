"""Reminds vendors who have not answered, two days and four hours before an RFQ closes.

One rule: only the newest reminder is sent, once; the RFQ itself stores which one comes next.
"""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import RfqId
from core.rfqs import repo
from core.rfqs.events import RfqReminded, envelope
from core.rfqs.policy import next_reminder
from core.rfqs.repo import lock_rfq
from core.rfqs.states import RfqState
from core.uow import Uow


@requires(Permission.rfqs_remind)
async def remind(uow: Uow, actor: Actor, rfq_id: RfqId) -> None:
    """Remind the vendors who have not answered yet of the deadline."""
    rfq = await lock_rfq(uow, await repo.load(uow, rfq_id))
    if rfq.state is not RfqState.open or rfq.remind_at is None or rfq.remind_at > uow.now:
        return
    silent = tuple(item.vendor_id for item in rfq.invitations if not item.answered)
    later = await repo.swap(uow, rfq, replace(rfq, remind_at=next_reminder(rfq.quote_by, uow.now)))
    if silent and uow.now < rfq.quote_by:
        await uow.record(RfqReminded(**envelope(later), vendor_ids=silent, quote_by=rfq.quote_by))
