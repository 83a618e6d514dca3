"""What an officer enters for a vendor: a quote, or the acknowledgement of an order, that came by mail or phone.

One rule: the log and every reader see who entered it; of a sealed quote, that person alone knows the price.
"""

from core.access.actor import Actor
from core.access.guard import Changed, person_of, requires
from core.access.permissions import Permission
from core.documents import service as documents
from core.documents.policy import RELEASED
from core.entries.commands import CheckEntry, EnterAcknowledgement, EnterQuote
from core.entries.errors import AnsweredItself
from core.entries.events import AcknowledgementEntered
from core.entries.model import Enterable
from core.kernel.errors import invalid
from core.kernel.ids import RfqId, VendorId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.orders.events import order_envelope
from core.orders.model import OrderDetails
from core.orders.tables import purchase_orders
from core.quotes import repo as quotes
from core.quotes.model import Quote, QuoteDetails
from core.quotes.service import place_quote
from core.rfqs import repo as rfqs
from core.rfqs.model import Invitation, Rfq
from core.rfqs.policy import check_open
from core.rfqs.states import InvitationVerb, after_invitation
from core.rfqs.tables import rfqs as rfq_table
from core.uow import Uow


@requires(Permission.rfqs_enter)
async def enter_quote(uow: Uow, actor: Actor, command: EnterQuote) -> QuoteDetails:
    """An invited vendor's quote, or its next revision, unless the vendor has quoted itself."""
    await uow.lock_purchase_of(rfq_table, command.quote.rfq_id)
    rfq, invitation, live = await _checked(uow, actor, command.quote.rfq_id, command.vendor_id)
    return await place_quote(uow, actor, command.quote, rfq, invitation, live, entered_by=person_of(actor))


@requires(Permission.rfqs_enter)
async def check_entry(uow: Uow, actor: Actor, query: CheckEntry) -> Enterable:
    """Whether a quote may be entered for this vendor, or the refusal that entering it would meet."""
    _, invitation, live = await _checked(uow, actor, query.rfq_id, query.vendor_id)
    return Enterable(invitation.vendor_name, again=live is not None)


async def _checked(
    uow: Uow, actor: Actor, rfq_id: RfqId, vendor_id: VendorId
) -> tuple[Rfq, Invitation, Quote | None]:
    """The open RFQ, the vendor's invitation, and what was entered for it before."""
    rfq = await rfqs.visible_to(uow, actor, rfq_id)
    check_open(rfq, uow.now)
    invitation = rfq.invitation_of(vendor_id)
    if invitation is None:
        raise invalid("/vendor_id", "vendor.not_asked", f"is not asked by {rfq.number}", None)
    after_invitation(invitation.state, InvitationVerb.quote)
    live = await quotes.live_of(uow, rfq.id, invitation.vendor_id)
    if live is not None and live.entered_by is None:
        raise AnsweredItself(vendor=invitation.vendor_name, number=live.number)
    return rfq, invitation, live


@requires(Permission.orders_enter, Changed(purchase_orders, "order_id"))
async def enter_acknowledgement(uow: Uow, actor: Actor, command: EnterAcknowledgement) -> OrderDetails:
    """The vendor confirmed the order by mail or phone; the vendor is told that this was entered."""
    acknowledgement = AcknowledgeOrder(command.order_id, command.note, command.expected_version)
    person = person_of(actor)
    shown = await orders.acknowledged(uow, actor, acknowledgement, person)
    if command.document_ids:
        await documents.attach(uow, actor, command.document_ids, command.order_id, RELEASED)
    await uow.record(
        AcknowledgementEntered(
            **order_envelope(shown.order), entered_by=person, documents=len(command.document_ids)
        )
    )
    return shown
