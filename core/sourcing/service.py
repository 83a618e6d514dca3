"""Asking vendors: a new RFQ, and the invitations of those who may be asked.

One rule: while one RFQ of a request is undecided, there is no other; one of which nothing was chosen is replaced.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.documents import service as documents
from core.kernel.errors import invalid
from core.kernel.ids import InvitationId, RequestLineId, RfqId, RfqLineId, VendorId, new_id
from core.requests.model import Progress
from core.requests.policy import check_may_ask_vendors
from core.requests.tables import procurement_requests
from core.rfqs import policy
from core.rfqs import repo as rfqs
from core.rfqs.actions import actions_of
from core.rfqs.events import RfqReplaced, RfqSent, envelope
from core.rfqs.model import Invitation, Rfq, RfqDetails, RfqLine
from core.rfqs.states import InvitationState, RfqState, RfqVerb, after_rfq
from core.sourcing import repo
from core.sourcing.commands import SendRfq
from core.sourcing.model import AskedVendors
from core.uow import Uow
from core.vendors.policy import check_may_be_asked


@requires(Permission.rfqs_send, Changed(procurement_requests, "request_id"))
async def send_rfq(uow: Uow, actor: Actor, command: SendRfq) -> RfqDetails:
    """Ask one or more vendors for prices until a deadline."""
    policy.check_deadline(command.quote_by, uow.now)
    policy.check_vendors_once(command.vendor_ids)
    await uow.lock_purchase_of(procurement_requests, command.request_id)
    request, asked = await repo.prepare(uow, actor, command.request_id, command.vendor_ids)
    policy.check_before_needed(command.quote_by, request.due, uow.now)
    check_may_ask_vendors(request, Progress(asked.earlier))
    if asked.passed_over is not None:
        await _replace(uow, asked.passed_over, asked.number)
    rfq = Rfq(
        id=RfqId(new_id()),
        number=asked.number,
        request_id=request.id,
        state=RfqState.open,
        version=1,
        currency=request.currency,
        quote_by=command.quote_by,
        needed_by=request.due,
        note=command.note,
        revision=1,
        sent_by=person_of(actor),
        selected_quote_id=None,
        proposed_by=None,
        reason=None,
        created_at=uow.now,
        closed_at=None,
        remind_at=policy.next_reminder(command.quote_by, uow.now),
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
        invitations=invitations_of(asked, command.vendor_ids, uow.now.date()),
    )
    await rfqs.add(uow, rfq)
    if command.document_ids:
        await documents.share(uow, actor, command.document_ids, rfq.id, command.vendor_ids)
    await uow.record(
        RfqSent(**envelope(rfq), vendor_ids=command.vendor_ids, quote_by=rfq.quote_by, lines=len(rfq.lines))
    )
    actions = actions_of(actor, rfq, uow.now)
    return policy.details_for(actor, rfq, request.number, request.cost_centre, asked.buyer, actions)


def invitations_of(
    asked: AskedVendors, vendor_ids: Sequence[VendorId], today: dt.date
) -> tuple[Invitation, ...]:
    """A new invitation for each of these vendors; refuses unknown ones and those that may not be asked."""
    invitations: list[Invitation] = []
    for index, vendor_id in enumerate(vendor_ids):
        vendor = asked.vendors.get(vendor_id)
        if vendor is None:
            raise invalid(f"/vendor_ids/{index}", "vendor.unknown", "there is no such vendor", "GET /vendors")
        check_may_be_asked(vendor.standing, today, approval_needed=asked.approval_needed)
        invitation_id, name = InvitationId(new_id()), vendor.standing.name
        invitations.append(
            Invitation(invitation_id, vendor_id, name, InvitationState.sent, None, vendor.has_chat)
        )
    return tuple(invitations)


async def _replace(uow: Uow, rfq_id: UUID, number: str) -> None:
    """Vendors are asked again, so nothing of the earlier RFQ will be chosen any more."""
    before = await rfqs.load(uow, rfq_id)
    replaced = await rfqs.swap(uow, before, replace(before, state=after_rfq(before.state, RfqVerb.fail)))
    await uow.record(RfqReplaced(**envelope(replaced), by=number))
