"""Nothing is a dead end: after a rejection, a cancelled order or lost quotes somebody asks again, or ends it."""

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.quotes import QuoteOut
from api.contract.rfqs import RfqOut
from core.approvals.states import ApprovalState
from core.kernel.ids import QuoteId
from core.people.model import Person
from core.policies.commands import SetPolicy
from core.policies.service import set_policy
from core.quotes.states import QuoteState
from core.requests.states import RequestState
from core.rfqs.states import RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import ProblemError
from tests.support.world import ADMINISTRATOR, POLICY

__all__ = ["sourcing"]


async def decided(case: Sourcing, quote: QuoteOut, verb: str, comment: str = "") -> Person:
    """The approval of this quote, decided by its first candidate."""
    approval = (await case.world.open_approval_of(QuoteId(quote.id))).approval
    approver = await case.world.person(approval.steps[0].candidates[0])
    body = {
        "approval_id": str(approval.id),
        "verb": verb,
        "expected_version": approval.version,
        "comment": comment,
    }
    ended = await case.api.as_(approver).call(e.decide, body)
    assert ended.state is not ApprovalState.pending
    return approver


async def own_quote(case: Sourcing, contact: Person, rfq: RfqOut) -> QuoteOut:
    shown = await case.api.as_(contact).call(e.show_rfq, path={"id": rfq.id})
    assert shown.my_quote is not None
    return shown.my_quote


async def ordered(case: Sourcing, prices: tuple[str, ...]) -> tuple[RfqOut, list[QuoteOut]]:
    """An RFQ whose cheapest quote was approved and ordered."""
    await case.world.act(ADMINISTRATOR, set_policy, SetPolicy("USD", POLICY, None, undo_seconds=0))
    rfq = await case.rfq(vendors=len(prices))
    quotes = [
        await case.quote(rfq, contact, price) for contact, price in zip(case.contacts, prices, strict=True)
    ]
    await decided(case, quotes[prices.index(min(prices))], "approve")
    return rfq, quotes


async def test_after_the_only_bidder_is_rejected_vendors_are_asked_again(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    quote = await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    await decided(sourcing, quote, "reject", "too dear this month")
    request = await sourcing.request(rfq)
    assert request.state is RequestState.sourcing
    assert {ActionVerb.ask_vendors, ActionVerb.reject, ActionVerb.cancel} <= {
        each.verb for each in request.actions
    }
    shown = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert shown.state is RfqState.unsuccessful
    again = await sourcing.ask_again(rfq)
    assert again.state is RfqState.open
    await sourcing.quote(again, sourcing.contacts[0], "900")
    assert (await sourcing.request(rfq)).state is RequestState.quoted


async def test_a_rejected_vendor_learns_that_it_lost_and_nothing_else(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    cheap, dear = sourcing.contacts
    quote = await sourcing.quote(rfq, cheap, "1000")
    await sourcing.quote(rfq, dear, "1300")
    await decided(sourcing, quote, "reject", "unreliable")
    assert (await own_quote(sourcing, cheap, rfq)).state is QuoteState.lost
    assert (await own_quote(sourcing, dear, rfq)).state is QuoteState.submitted
    states = {each.state for each in await sourcing.quotes_of(sourcing.officer, rfq)}
    assert states == {QuoteState.rejected, QuoteState.submitted}, "staff see what happened"
    vendor = sourcing.api.as_(cheap)
    for state, found in ((QuoteState.rejected, 0), (QuoteState.lost, 1)):
        query = {"rfq_id": str(rfq.id), "state": state.value}
        assert len((await vendor.call(e.list_quotes, query=query)).items) == found


async def test_while_quotes_are_left_the_officer_may_also_ask_anew(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    cheap, dear = sourcing.contacts
    quote = await sourcing.quote(rfq, cheap, "1000")
    await sourcing.quote(rfq, dear, "1300")
    await decided(sourcing, quote, "reject", "unreliable")
    request = await sourcing.request(rfq)
    assert (request.state, request.offers(ActionVerb.ask_vendors)) == (RequestState.quoted, True)
    again = await sourcing.ask_again(rfq)
    assert again.id != rfq.id
    assert (await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})).state is RfqState.unsuccessful
    assert (await own_quote(sourcing, dear, rfq)).state is QuoteState.lost


async def test_when_the_last_quote_that_could_be_chosen_is_withdrawn_vendors_are_asked_again(
    sourcing: Sourcing,
) -> None:
    rfq = await sourcing.rfq(vendors=2)
    cheap, dear = sourcing.contacts
    quote = await sourcing.quote(rfq, cheap, "1000")
    left = await sourcing.quote(rfq, dear, "1300")
    await decided(sourcing, quote, "reject", "unreliable")
    await sourcing.api.as_(dear).call(e.withdraw_quote, {}, path={"id": left.id})
    shown = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert shown.state is RfqState.unsuccessful
    assert (await sourcing.request(rfq)).state is RequestState.sourcing


async def test_the_losers_of_an_award_learn_it_from_their_quote(sourcing: Sourcing) -> None:
    rfq, _ = await ordered(sourcing, ("1000", "1200", "1100"))
    states = [(await own_quote(sourcing, contact, rfq)).state for contact in sourcing.contacts]
    assert states == [QuoteState.approved, QuoteState.lost, QuoteState.lost]
    shown = await sourcing.api.as_(sourcing.contacts[1]).send("GET", f"/rfqs/{rfq.id}")
    for secret in (sourcing.vendors[0].name, "1000", "3000"):
        assert secret not in shown.text


async def test_after_a_cancelled_order_a_quote_that_lost_is_chosen_after_all(sourcing: Sourcing) -> None:
    rfq, quotes = await ordered(sourcing, ("1000", "1200"))
    request = await sourcing.request(rfq)
    await sourcing.officer.call(e.cancel_order, {"reason": "out of stock"}, path={"id": request.order_id})
    assert (await sourcing.request(rfq)).state is RequestState.quoted
    body = {"quote_id": str(quotes[1].id), "reason": "the next best"}
    await sourcing.officer.call(e.propose_quote, body, path={"id": rfq.id})
    await decided(sourcing, quotes[1], "approve")
    assert (await sourcing.request(rfq)).state is RequestState.ordered


async def test_after_the_order_of_the_only_bidder_is_cancelled_vendors_are_asked_again(
    sourcing: Sourcing,
) -> None:
    rfq, _ = await ordered(sourcing, ("1000",))
    request = await sourcing.request(rfq)
    await sourcing.officer.call(e.cancel_order, {"reason": "out of stock"}, path={"id": request.order_id})
    request = await sourcing.request(rfq)
    assert (request.state, request.offers(ActionVerb.ask_vendors)) == (RequestState.sourcing, True)
    assert (await sourcing.ask_again(rfq)).state is RfqState.open


async def test_an_officer_rejects_a_request_for_good(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    request = await sourcing.request(rfq)
    path, body = {"id": request.id}, {"expected_version": request.version, "reason": "we have enough"}
    for who in (await sourcing.world.a_manager(), await sourcing.world.a_requester()):
        with pytest.raises(ProblemError) as refused:
            await sourcing.api.as_(who).call(e.reject_request, body, path=path)
        assert refused.value.status == 403
    with pytest.raises(ProblemError, match=r"409 requests\.stale"):
        await sourcing.officer.call(e.reject_request, body | {"expected_version": 1}, path=path)
    rejected = await sourcing.officer.call(e.reject_request, body, path=path)
    assert (rejected.state, rejected.reason) == (RequestState.rejected, "we have enough")
    assert rejected.actions == ()
    assert (await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})).state is RfqState.cancelled
    with pytest.raises(ProblemError, match=r"409 rfqs\.closed"):
        await sourcing.quote(rfq, sourcing.contacts[0], "1000")


async def test_an_approver_rejects_the_request_instead_of_the_quote(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    for contact, price in zip(sourcing.contacts, ("1000", "1100"), strict=True):
        quote = await sourcing.quote(rfq, contact, price)
    best = (await sourcing.quotes_of(sourcing.api.as_(sourcing.contacts[0]), rfq))[0]
    approver = await decided(sourcing, best, "reject_request", "nobody needs this")
    request = await sourcing.request(rfq)
    assert (request.state, request.reason) == (RequestState.rejected, "nobody needs this")
    assert (await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})).state is RfqState.cancelled
    types = [
        each.action
        for each in (await sourcing.officer.call(e.timeline, path={"id": request.id})).items
        if each.actor == str(approver.id)
    ]
    assert "request.rejected" in types
    assert (await own_quote(sourcing, sourcing.contacts[1], rfq)).state is QuoteState.lost
    assert quote.rfq_id == rfq.id


async def test_rejecting_a_request_needs_a_reason(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    quote = await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    with pytest.raises(ProblemError) as refused:
        await decided(sourcing, quote, "reject_request")
    assert refused.value.fields == ["/comment"]
    body = {"expected_version": 1, "reason": "no"}
    with pytest.raises(ProblemError) as short:
        await sourcing.officer.call(e.reject_request, body, path={"id": rfq.request_id})
    assert short.value.fields == ["/reason"]
