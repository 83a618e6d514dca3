"""An open RFQ is changed: its deadline, its vendors, its words; it is called off, and vendors are asked again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.rfqs import RfqOut
from core.quotes.states import QuoteState
from core.requests.states import RequestState
from core.rfqs.states import InvitationState, RfqState
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import Api, ProblemError

__all__ = ["sourcing"]
DAY = dt.timedelta(days=1)


async def moved(case: Sourcing, rfq: RfqOut, quote_by: dt.datetime, **more: Any) -> RfqOut:
    body = {"quote_by": quote_by.isoformat(), "expected_version": rfq.version} | more
    return await case.officer.call(e.move_deadline, body, path={"id": rfq.id})


async def test_a_deadline_is_extended_and_shortened_but_never_into_the_past(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    longer = await moved(sourcing, rfq, rfq.quote_by + 4 * DAY)
    shorter = await moved(sourcing, longer, rfq.quote_by - DAY)
    assert (longer.quote_by, shorter.quote_by) == (rfq.quote_by + 4 * DAY, rfq.quote_by - DAY)
    for wrong in (
        sourcing.world.now - dt.timedelta(minutes=1),
        sourcing.world.now + 400 * DAY,
        shorter.quote_by,
    ):
        with pytest.raises(ProblemError) as refused:
            await moved(sourcing, shorter, wrong)
        assert refused.value.fields == ["/quote_by"]
    with pytest.raises(ProblemError, match=r"409 rfqs\.stale"):
        await moved(sourcing, rfq, rfq.quote_by + DAY)


async def test_reminders_follow_the_deadline(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    await moved(sourcing, rfq, sourcing.world.now + 10 * DAY)
    remind_at = await sourcing.column("rfqs", "remind_at", rfq.id)
    assert remind_at == (await sourcing.column("rfqs", "quote_by", rfq.id)) - dt.timedelta(hours=48)


async def test_more_vendors_are_asked_while_it_is_open(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    newcomer, contact = await sourcing.world.a_vendor()
    path = {"id": rfq.id}
    body = {"vendor_ids": [str(newcomer.id)]}
    larger = await sourcing.officer.call(e.add_vendors, body, path=path)
    assert [each.vendor_id for each in larger.invitations][-1] == newcomer.id
    await sourcing.quote(larger, contact, "1100")
    with pytest.raises(ProblemError) as twice:
        await sourcing.officer.call(e.add_vendors, body, path=path)
    assert twice.value.fields == ["/vendor_ids/0"]
    seen = await sourcing.api.as_(contact).call(e.show_rfq, path=path)
    assert [each.vendor_id for each in seen.invitations] == [newcomer.id]


async def test_an_earlier_quote_counts_again_once_it_is_confirmed_for_the_new_version(
    sourcing: Sourcing,
) -> None:
    rfq = await sourcing.rfq(vendors=2)
    first = sourcing.contacts[0]
    quote = await sourcing.quote(rfq, first, "1000")
    corrected = await sourcing.correct(rfq, quantity="5", note="with docking station")
    assert (corrected.revision, corrected.note) == (2, "with docking station")
    assert corrected.lines[0].quantity == Decimal(5)
    assert corrected.invitations[0].state is InvitationState.seen
    seen = (await sourcing.api.as_(first).call(e.show_rfq, path={"id": rfq.id})).my_quote
    assert seen is not None
    assert (seen.outdated, seen.complete, seen.rfq_revision) == (True, False, 1)
    assert seen.offers(ActionVerb.confirm)
    confirmed = await sourcing.api.as_(first).call(e.confirm_quote, {}, path={"id": quote.id})
    assert (confirmed.outdated, confirmed.complete, confirmed.revision) == (False, True, quote.revision + 1)
    assert confirmed.total == 5000, "the sum is made of the new quantity"
    with pytest.raises(ProblemError, match=r"409 quotes\.nothing_to_confirm"):
        await sourcing.api.as_(first).call(e.confirm_quote, {}, path={"id": quote.id})


async def test_a_quote_that_nobody_confirmed_does_not_win(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    cheap, dear = sourcing.contacts
    await sourcing.quote(rfq, cheap, "900")
    corrected = await sourcing.correct(rfq, description="Laptop 16 inch")
    await sourcing.quote(corrected, dear, "1300")
    closed = await sourcing.close(rfq)
    assert closed.state is RfqState.closed
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    chosen = [quote for quote in compared.quotes if quote.selected]
    assert [quote.vendor_name for quote in chosen] == [corrected.invitations[1].vendor_name]
    assert [quote.outdated for quote in compared.quotes if not quote.selected] == [True]


async def test_a_split_names_why_an_outdated_quote_cannot_be_in_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    outdated = await sourcing.quote(rfq, sourcing.contacts[0], "900")
    rfq = await sourcing.correct(rfq, quantity="4")
    await sourcing.quote(rfq, sourcing.contacts[1], "1000")
    await sourcing.officer.call(e.close_rfq, {}, path={"id": rfq.id})
    body = {
        "lines": [{"rfq_line_id": str(each.id), "quote_id": str(outdated.id)} for each in rfq.lines],
        "left_out": [],
        "reason": "cheaper",
    }
    with pytest.raises(ProblemError) as refused:
        await sourcing.officer.call(e.split_award, body, path={"id": rfq.id})
    assert "earlier version" in refused.value.problem.detail


async def test_the_version_before_a_correction_stays_readable_and_is_never_changed(
    sourcing: Sourcing,
) -> None:
    rfq = await sourcing.rfq(vendors=1)
    await sourcing.correct(rfq, description="Laptop 16 inch")
    kept = await sourcing.rows("SELECT revision, content FROM rfq_revisions")
    assert [row["revision"] for row in kept] == [1]
    assert rfq.lines[0].description in str(kept[0]["content"])
    with pytest.raises(Exception, match="permission denied"):
        await sourcing.rows("UPDATE rfq_revisions SET revision = 7")


async def test_a_correction_says_what_is_wrong_with_it(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    line = {"rfq_line_id": str(rfq.lines[0].id)}
    for body, field in (
        ({}, "/lines"),
        ({"lines": [line]}, "/lines"),
        ({"lines": [line, line]}, "/lines/1/rfq_line_id"),
        ({"lines": [{"rfq_line_id": str(rfq.id)}]}, "/lines/0/rfq_line_id"),
        ({"lines": [line | {"quantity": "0"}]}, "/lines/0/quantity"),
        ({"lines": [line | {"quantity": "2.5"}]}, "/lines/0/quantity"),
        ({"lines": [line | {"quantity": "2.5", "unit": "Stk."}]}, "/lines/0/quantity"),
    ):
        with pytest.raises(ProblemError) as refused:
            await sourcing.officer.call(e.correct_rfq, body, path={"id": rfq.id})
        assert refused.value.fields == [field], body


async def test_a_correction_may_divide_what_is_weighed(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    weighed = {"rfq_line_id": str(rfq.lines[0].id), "quantity": "2.5", "unit": "kg"}
    corrected = await sourcing.officer.call(e.correct_rfq, {"lines": [weighed]}, path={"id": rfq.id})
    assert [(line.quantity, line.unit) for line in corrected.lines] == [(Decimal("2.5"), "kg")]


async def test_only_officers_change_an_rfq_and_only_while_it_is_open(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=2)
    later = {"quote_by": (rfq.quote_by + DAY).isoformat()}
    for person in (
        await sourcing.world.a_requester(),
        await sourcing.world.a_manager(),
        sourcing.contacts[0],
    ):
        with pytest.raises(ProblemError) as refused:
            await sourcing.api.as_(person).call(e.move_deadline, later, path={"id": rfq.id})
        assert refused.value.status == 403
    await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    await sourcing.close(rfq)
    newcomer = str((await sourcing.world.a_vendor())[0].id)
    for method, path, body in (
        ("PUT", "deadline", later),
        ("POST", "vendors", {"vendor_ids": [newcomer]}),
        ("POST", "corrections", {"note": "red"}),
    ):
        answer = await sourcing.officer.send(method, f"/rfqs/{rfq.id}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "rfqs.closed"), path


async def test_a_cancelled_rfq_leaves_its_prices_sealed_and_vendors_can_be_asked_again(
    sourcing: Sourcing,
) -> None:
    rfq = await sourcing.rfq(vendors=2)
    quote = await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    body = {"reason": "wrong specification"}
    cancelled = await sourcing.officer.call(e.cancel_rfq, body, path={"id": rfq.id})
    assert cancelled.state is RfqState.cancelled
    assert (await sourcing.quotes_of(sourcing.officer, rfq)) == []
    compared = await sourcing.officer.call(e.comparison, path={"id": rfq.request_id})
    assert (compared.sealed, compared.quotes) == (True, ())
    own = await sourcing.quotes_of(sourcing.api.as_(sourcing.contacts[0]), rfq)
    assert [(each.id, each.state) for each in own] == [(quote.id, QuoteState.lost)]
    request = await sourcing.request(rfq)
    assert request.state is RequestState.sourcing
    assert request.offers(ActionVerb.ask_vendors)
    again = await sourcing.ask_again(rfq)
    assert (await sourcing.request(rfq)).rfq_id == again.id


async def test_an_rfq_with_a_chosen_quote_is_not_called_off_by_itself(sourcing: Sourcing) -> None:
    rfq = await sourcing.rfq(vendors=1)
    await sourcing.quote(rfq, sourcing.contacts[0], "1000")
    with pytest.raises(ProblemError, match=r"409 rfqs\.wrong_state"):
        await sourcing.officer.call(e.cancel_rfq, {"reason": "needless"}, path={"id": rfq.id})


async def test_drawings_are_read_by_the_vendors_who_are_asked_and_by_nobody_elses(
    api: Api, sourcing: Sourcing
) -> None:
    drawing = await sourcing.upload(sourcing.officer, "drawing.pdf")
    rfq = await sourcing.rfq(vendors=1, document_ids=[str(drawing)])
    terms = await sourcing.upload(sourcing.officer, "terms.pdf")
    await sourcing.officer.call(e.correct_rfq, {"document_ids": [str(terms)]}, path={"id": rfq.id})
    newcomer, late = await sourcing.world.a_vendor()
    _, stranger = await sourcing.world.a_vendor()
    await sourcing.officer.call(e.add_vendors, {"vendor_ids": [str(newcomer.id)]}, path={"id": rfq.id})
    for contact in (sourcing.contacts[0], late):
        shown = await api.as_(contact).call(e.show_rfq, path={"id": rfq.id})
        assert {each.name for each in shown.documents} == {"drawing.pdf", "terms.pdf"}
        for document in (drawing, terms):
            assert (await api.as_(contact).send("GET", f"/documents/{document}")).status_code == 200
    for outsider in (stranger, await sourcing.world.a_requester()):
        assert (await api.as_(outsider).send("GET", f"/documents/{drawing}")).status_code == 404
    assert (
        await api.as_(await sourcing.world.a_manager()).send("GET", f"/documents/{drawing}")
    ).status_code == 200
