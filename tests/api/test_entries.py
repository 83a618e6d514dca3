"""An officer enters for a vendor what came by mail or phone: marked, with the document as evidence."""

import pytest

from api.contract import endpoints as e
from core.kernel.ids import QuoteId
from core.orders.states import OrderState
from core.policies.commands import SetPolicy
from core.policies.service import set_policy
from core.rfqs.states import RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import ProblemError
from tests.support.world import ADMINISTRATOR, POLICY

__all__ = ["sourcing"]


async def test_a_quote_that_came_by_mail_counts_and_says_who_entered_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    evidence = await sourcing.upload(sourcing.officer, "mail.pdf")
    body = sourcing.offer(rfq, "1000") | {
        "vendor_id": str(sourcing.vendors[0].id),
        "document_ids": [str(evidence)],
    }
    entered = await sourcing.officer.call(e.enter_quote, body)
    assert (entered.entered, entered.vendor_id) == (True, sourcing.vendors[0].id)
    closed = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert closed.state is RfqState.closed, "the last vendor has answered"
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    officer = await sourcing.world.an_officer()
    assert [each.entered_by_name for each in compared.quotes] == [officer.name]
    assert [each.name for quote in compared.quotes for each in quote.documents] == ["mail.pdf"]
    events = (await sourcing.officer.call(e.timeline, path={"id": rfq.request_id})).items
    submitted = next(each for each in events if each.action == "quote.submitted")
    assert (submitted.actor, submitted.data["entered_by"]) == (str(officer.id), str(officer.id))
    shown = await sourcing.api.as_(sourcing.contacts[0]).call(e.show_rfq, path={"id": rfq.id})
    assert shown.my_quote is not None
    assert shown.my_quote.entered


async def test_whoever_entered_the_quote_does_not_approve_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    body = sourcing.offer(rfq, "1000") | {"vendor_id": str(sourcing.vendors[0].id)}
    entered = await sourcing.officer.call(e.enter_quote, body)
    approval = (await sourcing.world.open_approval_of(QuoteId(entered.id))).approval
    assert (await sourcing.world.an_officer()).id in approval.excluded


async def test_nobody_changes_what_a_vendor_quoted_itself(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=3)
    entered_for, itself, _ = sourcing.vendors
    await sourcing.quote(rfq, sourcing.contacts[1], "1100")
    with pytest.raises(ProblemError, match=r"409 quotes\.answered_itself"):
        await sourcing.officer.call(e.enter_quote, sourcing.offer(rfq, "900") | {"vendor_id": str(itself.id)})
    with pytest.raises(ProblemError, match=r"409 quotes\.answered_itself"):
        await sourcing.officer.call(e.check_entry, path={"id": rfq.id, "vendor_id": itself.id})
    may = await sourcing.officer.call(e.check_entry, path={"id": rfq.id, "vendor_id": entered_for.id})
    assert (may.vendor_name, may.again) == (entered_for.name, False)
    body = {"vendor_id": str(entered_for.id)}
    first = await sourcing.officer.call(e.enter_quote, sourcing.offer(rfq, "1000") | body)
    assert first.entered
    may = await sourcing.officer.call(e.check_entry, path={"id": rfq.id, "vendor_id": entered_for.id})
    assert may.again


async def test_a_vendor_takes_over_what_was_entered_for_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    body = {"vendor_id": str(sourcing.vendors[0].id)}
    await sourcing.officer.call(e.enter_quote, sourcing.offer(rfq, "1000") | body)
    second = await sourcing.officer.call(e.enter_quote, sourcing.offer(rfq, "990") | body)
    assert second.revision == 2
    assert await sourcing.quotes_of(sourcing.officer, rfq) == [], "sealed for staff, whoever entered it"
    own = await sourcing.quote(rfq, sourcing.contacts[0], "980")
    assert (own.revision, own.entered) == (3, False)


async def test_only_for_vendors_who_are_asked_and_only_by_officers(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    stranger, _ = await sourcing.world.a_vendor()
    with pytest.raises(ProblemError) as refused:
        await sourcing.officer.call(
            e.enter_quote, sourcing.offer(rfq, "1000") | {"vendor_id": str(stranger.id)}
        )
    assert refused.value.fields == ["/vendor_id"]
    body = sourcing.offer(rfq, "1000") | {"vendor_id": str(sourcing.vendors[0].id)}
    for person in (
        sourcing.contacts[0],
        await sourcing.world.a_manager(),
        await sourcing.world.a_requester(),
    ):
        with pytest.raises(ProblemError, match="403"):
            await sourcing.api.as_(person).call(e.enter_quote, body)


async def test_an_acknowledgement_by_phone_is_entered_with_its_evidence(sourcing: Sourcing) -> None:
    await sourcing.world.act(ADMINISTRATOR, set_policy, SetPolicy("USD", POLICY, None, undo_seconds=0))
    order = (await sourcing.world.an_order()).order
    evidence = await sourcing.upload(sourcing.officer, "note.pdf")
    body = {"note": "Mr Alder, by phone", "document_ids": [str(evidence)], "expected_version": order.version}
    requester = sourcing.api.as_(await sourcing.world.a_requester())
    with pytest.raises(ProblemError, match="403"):
        await requester.call(e.enter_acknowledgement, body, path={"id": order.id})
    entered = await sourcing.officer.call(e.enter_acknowledgement, body, path={"id": order.id})
    assert entered.state is OrderState.acknowledged
    events = (await sourcing.officer.call(e.timeline, path={"id": order.request_id})).items
    officer = await sourcing.world.an_officer()
    confirmed = next(each for each in events if each.action == "order.acknowledged")
    assert confirmed.data["entered_by"] == str(officer.id)
    manager = sourcing.api.as_(await sourcing.world.a_manager())
    assert (await manager.send("GET", f"/documents/{evidence}")).status_code == 200
    with pytest.raises(ProblemError, match="409"):
        await sourcing.officer.call(e.enter_acknowledgement, {}, path={"id": order.id})


async def test_an_officer_is_told_at_once_which_vendor_has_no_chat(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    assert [each.has_chat for each in rfq.invitations] == [False, False]
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    assert compared.no_chat == tuple(vendor.name for vendor in sourcing.vendors)
    link = await sourcing.officer.call(e.link_vendor, {}, path={"id": sourcing.vendors[0].id})
    chat = {"platform": "telegram", "external_id": "777001", "display_name": "Contact"}
    await sourcing.api.as_bot().call(e.confirm_link, chat | {"code": link.code})
    again = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert [each.has_chat for each in again.invitations] == [True, False]
