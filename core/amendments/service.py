"""The use cases that change an RFQ while vendors may answer: deadline, vendors, words, and calling it off.

One rule: whoever is asked learns of each change, and a quote counts only for the version that it was made for.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import Changed, requires
from core.access.permissions import Permission
from core.amendments import policy, repo
from core.amendments.commands import AddVendors, CancelRfq, ConfirmQuote, CorrectRfq, MoveDeadline
from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.documents import service as documents
from core.kernel.errors import Stale
from core.kernel.ids import RfqId
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.quotes import repo as quotes
from core.quotes.model import Quote, QuoteDetails
from core.quotes.policy import check_may_confirm, check_version
from core.quotes.service import place_quote
from core.quotes.tables import vendor_quotes
from core.requests import repo as requests
from core.rfqs import repo as rfqs
from core.rfqs import service as rfq_service
from core.rfqs.events import envelope
from core.rfqs.model import Rfq, RfqDetails
from core.rfqs.policy import (
    check_before_needed,
    check_may_call_off,
    check_open,
    next_reminder,
    own_invitation,
)
from core.rfqs.queries import rfq_details
from core.rfqs.states import InvitationState
from core.rfqs.tables import rfqs as rfq_table
from core.sourcing import repo as sourcing_repo
from core.sourcing import service as sourcing
from core.uow import Uow


@requires(Permission.rfqs_amend, Changed(rfq_table, "rfq_id"))
async def move_deadline(uow: Uow, actor: Actor, command: MoveDeadline) -> RfqDetails:
    """Give vendors more time, or less; never a moment that has passed."""
    rfq = await _open_rfq(uow, actor, command.rfq_id, command.expected_version)
    policy.check_moved(rfq, command.quote_by, uow.now)
    check_before_needed(command.quote_by, (await requests.of_purchase(uow, rfq.request_id)).due, uow.now)
    remind_at = next_reminder(command.quote_by, uow.now)
    moved = await rfqs.swap(uow, rfq, replace(rfq, quote_by=command.quote_by, remind_at=remind_at))
    await uow.record(DeadlineMoved(**envelope(moved), was=rfq.quote_by, quote_by=moved.quote_by))
    return await rfq_details(uow, actor, moved)


@requires(Permission.rfqs_amend, Changed(rfq_table, "rfq_id"))
async def add_vendors(uow: Uow, actor: Actor, command: AddVendors) -> RfqDetails:
    """Ask more vendors, with the same deadline."""
    rfq = await _open_rfq(uow, actor, command.rfq_id, command.expected_version)
    policy.check_added(rfq, command.vendor_ids)
    _, asked = await sourcing_repo.prepare(uow, actor, rfq.request_id, command.vendor_ids)
    added = sourcing.invitations_of(asked, command.vendor_ids, uow.now.date())
    await repo.add_invitations(uow, rfq, added)
    await documents.share(uow, actor, (), rfq.id, command.vendor_ids)
    larger = await rfqs.swap(uow, rfq, replace(rfq, invitations=(*rfq.invitations, *added)))
    await uow.record(
        VendorsAdded(**envelope(larger), vendor_ids=command.vendor_ids, quote_by=larger.quote_by)
    )
    return await rfq_details(uow, actor, larger)


@requires(Permission.rfqs_amend, Changed(rfq_table, "rfq_id"))
async def correct(uow: Uow, actor: Actor, command: CorrectRfq) -> RfqDetails:
    """A new version of what is asked; who has quoted confirms or revises the quote, or it does not count."""
    rfq = await _open_rfq(uow, actor, command.rfq_id, command.expected_version)
    after = policy.corrected(rfq, command)
    added = command.brings_files and await _add_files(uow, actor, rfq, command)
    changed = policy.changes(rfq, after, command, added=added)
    await repo.keep_revision(uow, rfq)
    await repo.write_lines(uow, rfq, after)
    return await rfq_details(uow, actor, await _put_in_force(uow, rfq, after, changed))


async def _add_files(uow: Uow, actor: Actor, rfq: Rfq, command: CorrectRfq) -> bool:
    """Whether the RFQ has files now, by name and content, that it had not."""
    before = await documents.contents_of(uow, rfq.id)
    await documents.carry(uow, actor, command.files, rfq.request_id, rfq.id)
    asked = [each.vendor_id for each in rfq.invitations]
    await documents.share(uow, actor, command.document_ids, rfq.id, asked)
    return await documents.contents_of(uow, rfq.id) != before


async def drop_lines(uow: Uow, rfq: Rfq, request_line_ids: Collection[UUID]) -> Rfq:
    """The same for lines that the request has no more; the purchase is locked, and the RFQ is open."""
    after = policy.without(rfq, request_line_ids)
    await repo.keep_revision(uow, rfq)
    await repo.drop_lines(uow, rfq, request_line_ids)
    return await _put_in_force(uow, rfq, after, ("lines",))


async def _put_in_force(uow: Uow, rfq: Rfq, after: Rfq, changed: tuple[str, ...]) -> Rfq:
    """Write the new version; who has quoted is asked once more."""
    quoted = tuple(each for each in rfq.invitations if each.state is InvitationState.quoted)
    if quoted:
        await repo.outdate(uow, rfq)
        after = replace(after, invitations=await repo.ask_again(uow, rfq))
    corrected = await rfqs.swap(uow, rfq, after)
    to_confirm = tuple(each.vendor_id for each in quoted)
    await uow.record(
        RfqCorrected(
            **envelope(corrected), revision=corrected.revision, changed=changed, to_confirm=to_confirm
        )
    )
    return corrected


@requires(Permission.rfqs_amend, Changed(rfq_table, "rfq_id"))
async def cancel(uow: Uow, actor: Actor, command: CancelRfq) -> RfqDetails:
    """Call an RFQ off by itself: the request stays, and vendors can be asked again."""
    rfq = await _locked_rfq(uow, actor, command.rfq_id, command.expected_version)
    check_may_call_off(rfq)
    return await rfq_details(uow, actor, await rfq_service.cancel(uow, rfq, command.reason))


@requires(Permission.rfqs_answer, Changed(vendor_quotes, "quote_id"))
async def confirm(uow: Uow, actor: Actor, command: ConfirmQuote) -> QuoteDetails:
    """The vendor's prices hold for the corrected RFQ too: the next revision, with the sums of its quantities."""
    await uow.lock_purchase_of(vendor_quotes, command.quote_id)
    quote = await quotes.visible_to(uow, actor, command.quote_id)
    check_version(actor, quote, command.expected_version)
    rfq = await rfqs.visible_to(uow, actor, quote.rfq_id)
    check_may_confirm(actor, quote, rfq, uow.now)
    return await place_quote(uow, actor, _same_prices(quote, rfq), rfq, own_invitation(actor, rfq), quote)


def _same_prices(quote: Quote, rfq: Rfq) -> SubmitQuote:
    """The quote for the lines that are still asked for."""
    asked = {line.id for line in rfq.lines}
    return SubmitQuote(
        rfq_id=quote.rfq_id,
        currency=quote.currency,
        valid_until=quote.valid_until,
        lead_time_days=quote.lead_time_days,
        shipping=quote.shipping,
        note=quote.note,
        lines=tuple(
            QuoteLineDraft(
                line.rfq_line_id, line.unit_price, line.lead_time_days, line.no_bid, line.alternative
            )
            for line in quote.lines
            if line.rfq_line_id in asked
        ),
        document_ids=(),
    )


async def _open_rfq(uow: Uow, actor: Actor, rfq_id: RfqId, expected_version: int | None) -> Rfq:
    rfq = await _locked_rfq(uow, actor, rfq_id, expected_version)
    check_open(rfq, uow.now)
    return rfq


async def _locked_rfq(uow: Uow, actor: Actor, rfq_id: RfqId, expected_version: int | None) -> Rfq:
    await uow.lock_purchase_of(rfq_table, rfq_id)
    rfq = await rfqs.visible_to(uow, actor, rfq_id)
    if expected_version is not None and expected_version != rfq.version:
        raise Stale(what="rfq", expected=expected_version, current=rfq.version)
    return rfq
