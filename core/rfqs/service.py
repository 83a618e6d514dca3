"""The use cases of RFQs: ask vendors, and notify them when no answer is needed any more."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.kernel.ids import InvitationId, RequestLineId, RfqId, RfqLineId, new_id
from core.log.events import Event
from core.requests.model import Progress
from core.requests.policy import check_may_ask_vendors
from core.requests.tables import procurement_requests
from core.rfqs import policy, repo
from core.rfqs.actions import actions_of
from core.rfqs.commands import SendRfq
from core.rfqs.errors import VendorOnHold
from core.rfqs.events import RfqCancelled, RfqSent, envelope
from core.rfqs.model import Invitation, Rfq, RfqDetails, RfqLine
from core.rfqs.reminders import next_reminder
from core.rfqs.repo import AskedVendors
from core.rfqs.states import InvitationState, RfqState, RfqVerb, after_rfq
from core.uow import Uow


@requires(Permission.rfqs_send, Changed(procurement_requests, "request_id"))
async def send_rfq(uow: Uow, actor: Actor, command: SendRfq) -> RfqDetails:
    """Ask one or more vendors for prices until a deadline."""
    policy.check_deadline(command, uow.now)
    policy.check_vendors_once(command)
    await uow.lock_purchase_of(procurement_requests, command.request_id)
    request, asked = await repo.prepare(uow, actor, command.request_id, command.vendor_ids)
    check_may_ask_vendors(request, Progress(asked.earlier))
    rfq = Rfq(
        id=RfqId(new_id()),
        number=asked.number,
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
        invitations=_invitations(asked, command),
    )
    await repo.add(uow, rfq)
    await uow.record(
        RfqSent(**envelope(rfq), vendor_ids=command.vendor_ids, quote_by=rfq.quote_by, lines=len(rfq.lines))
    )
    actions = actions_of(actor, rfq, uow.now)
    return policy.details_for(actor, rfq, request.number, request.cost_centre, asked.buyer, actions)


def _invitations(asked: AskedVendors, command: SendRfq) -> tuple[Invitation, ...]:
    for index, vendor_id in enumerate(command.vendor_ids):
        if vendor_id not in asked.vendors:
            raise invalid(f"/vendor_ids/{index}", "vendor.unknown", "there is no such vendor", "GET /vendors")
        name, state = asked.vendors[vendor_id]
        if state != "active":
            raise VendorOnHold(vendor=name)
    return tuple(
        Invitation(InvitationId(new_id()), vendor_id, asked.vendors[vendor_id][0], InvitationState.sent, None)
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
