"""The use cases of RFQs: ask vendors, and notify them when no answer is needed any more."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.db.locks import lock_purchase
from core.kernel.errors import invalid
from core.kernel.ids import InvitationId, RequestLineId, RfqId, RfqLineId, VendorId, new_id
from core.log.events import Event
from core.requests import repo as requests
from core.requests.model import Progress
from core.requests.policy import check_may_ask_vendors
from core.rfqs import policy, repo
from core.rfqs.commands import SendRfq
from core.rfqs.errors import VendorOnHold
from core.rfqs.events import RfqCancelled, RfqSent, envelope
from core.rfqs.model import Invitation, Rfq, RfqDetails, RfqLine
from core.rfqs.queries import rfq_details
from core.rfqs.reminders import next_reminder
from core.rfqs.states import UNDECIDED, InvitationState, RfqState, RfqVerb, after_rfq
from core.uow import Uow
from core.vendors.tables import vendors


@requires(Permission.rfqs_send)
async def send_rfq(uow: Uow, actor: Actor, command: SendRfq) -> RfqDetails:
    """Ask one or more vendors for prices until a deadline."""
    policy.check_deadline(command, uow.now)
    policy.check_vendors_once(command)
    await lock_purchase(uow.connection, command.request_id)
    request = await requests.visible_to(uow, actor, command.request_id)
    earlier = await repo.of_request(uow, request.id)
    undecided = earlier.number if earlier is not None and earlier.state in UNDECIDED else None
    check_may_ask_vendors(request, Progress(undecided))
    rfq = Rfq(
        id=RfqId(new_id()),
        number=await repo.next_number(uow),
        request_id=request.id,
        state=RfqState.open,
        version=1,
        currency=request.currency,
        quote_by=command.quote_by,
        needed_by=request.needed_by,
        note=command.note,
        sent_by=person_of(actor),
        selected_quote_id=None,
        proposed_by=None,
        reason=None,
        created_at=uow.now,
        closed_at=None,
        remind_at=next_reminder(command.quote_by, uow.now),
        lines=tuple(
            RfqLine(
                RfqLineId(new_id()),
                RequestLineId(line.id),
                line.position,
                line.description,
                line.quantity,
                line.unit,
            )
            for line in request.lines
        ),
        invitations=await _invitations(uow, command),
    )
    await repo.add(uow, rfq)
    await uow.record(
        RfqSent(**envelope(rfq), vendor_ids=command.vendor_ids, quote_by=rfq.quote_by, lines=len(rfq.lines))
    )
    return await rfq_details(uow, actor, rfq)


async def _invitations(uow: Uow, command: SendRfq) -> tuple[Invitation, ...]:
    rows = await uow.connection.execute(
        vendors.select()
        .with_only_columns(vendors.c.id, vendors.c.name, vendors.c.state)
        .where(vendors.c.id.in_(command.vendor_ids))
    )
    known = {row.id: row for row in rows}
    for index, vendor_id in enumerate(command.vendor_ids):
        if vendor_id not in known:
            raise invalid(f"/vendor_ids/{index}", "vendor.unknown", "there is no such vendor", "GET /vendors")
        if known[vendor_id].state != "active":
            raise VendorOnHold(vendor=known[vendor_id].name)
    return tuple(
        Invitation(
            InvitationId(new_id()), VendorId(vendor_id), known[vendor_id].name, InvitationState.sent, None
        )
        for vendor_id in command.vendor_ids
    )


async def on_request_ended(uow: Uow, event: Event) -> None:
    """Notify the vendors with an open invitation that no answer is needed any more."""
    rfq = await repo.of_request(uow, event.request_id) if event.request_id else None
    if rfq is None or rfq.state not in (RfqState.open, RfqState.closed, RfqState.awarded):
        return
    cancelled = await repo.swap(uow, rfq, replace(rfq, state=after_rfq(rfq.state, RfqVerb.cancel)))
    await uow.record(
        RfqCancelled(**envelope(cancelled), vendor_ids=tuple(item.vendor_id for item in rfq.invitations))
    )
