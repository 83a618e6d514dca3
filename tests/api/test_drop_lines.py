"""Single lines of a submitted request are dropped before it is ordered."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.actions import ActionVerb
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqOut
from core.people.model import Person
from tests.api.sourcing import Sourcing, sourcing
from tests.support.api import Api, ProblemError
from tests.support.world import World

__all__ = ["sourcing"]


async def three_lines(api: Api, world: World) -> RequestOut:
    lines = [
        {"description": item, "quantity": "2", "estimated_unit_price": price}
        for item, price in (("Desk", "540"), ("Chair", "80"), ("Lamp", "30"))
    ]
    needed_by = str(world.today + dt.timedelta(days=20))
    body = {"lines": lines, "currency": "USD", "needed_by": needed_by, "cost_centre": "IT", "submit": True}
    return await api.as_(await world.a_requester()).call(e.create_request, body)


async def drop(api: Api, request: RequestOut, by: Person, *places: int, **more: Any) -> RequestOut:
    line_ids = [str(request.lines[place].id) for place in places]
    body = {"line_ids": line_ids, "expected_version": request.version, **more}
    return await api.as_(by).call(e.drop_lines, body, path={"id": request.id})


async def shown(api: Api, request: RequestOut, by: Person) -> RequestOut:
    return await api.as_(by).call(e.show_request, path={"id": request.id})


async def sent(case: Sourcing, request: RequestOut, vendors: int = 1) -> RfqOut:
    sellers = [await case.world.a_vendor() for _ in range(vendors)]
    case.vendors, case.contacts = [each for each, _ in sellers], [each for _, each in sellers]
    return await case._send(request.id)


async def test_the_requester_drops_lines_until_vendors_are_asked(api: Api, world: World) -> None:
    requester, request = await world.a_requester(), await three_lines(api, world)
    assert request.offers(ActionVerb.drop_lines)
    left = await drop(api, request, requester, 1)
    assert [line.description for line in left.lines] == ["Desk", "Lamp"]
    assert (left.version, left.total_estimate) == (request.version + 1, Decimal(1140))
    assert (await world.events_of(request.id))[-1] == "request.lines_dropped"
    last = await drop(api, left, requester, 0)
    assert not last.offers(ActionVerb.drop_lines)
    with pytest.raises(ProblemError, match=r"409 requests\.last_line") as refused:
        await drop(api, last, requester, 0)
    assert "Withdraw" in refused.value.problem.detail
    found = (await api.as_(requester).call(e.list_requests, query={"q": "Chair"})).items
    assert found == ()


async def test_the_last_lines_cannot_all_be_dropped_at_once_nor_unknown_or_twice(
    api: Api, world: World
) -> None:
    requester, request = await world.a_requester(), await three_lines(api, world)
    with pytest.raises(ProblemError, match=r"409 requests\.last_line"):
        await drop(api, request, requester, 0, 1, 2)
    with pytest.raises(ProblemError) as twice:
        await drop(api, request, requester, 0, 0)
    assert twice.value.fields == ["/line_ids/1"]
    body = {"line_ids": [str(request.id)], "expected_version": request.version}
    with pytest.raises(ProblemError) as unknown:
        await api.as_(requester).call(e.drop_lines, body, path={"id": request.id})
    assert unknown.value.fields == ["/line_ids/0"]
    with pytest.raises(ProblemError, match=r"409 requests\.stale"):
        await drop(api, request, requester, 0, expected_version=99)


async def test_later_only_an_officer_and_the_open_rfq_is_corrected_with_it(sourcing: Sourcing) -> None:
    api, world = sourcing.api, sourcing.world
    requester, officer = await world.a_requester(), await world.an_officer()
    request = await three_lines(api, world)
    rfq = await sent(sourcing, request, vendors=2)
    seller = sourcing.contacts[0]
    quote = await sourcing.quote(rfq, seller, "100")
    request = await shown(api, request, officer)
    assert request.offers(ActionVerb.drop_lines)
    assert not (await shown(api, request, requester)).offers(ActionVerb.drop_lines)
    with pytest.raises(ProblemError, match="409"):
        await drop(api, request, requester, 1)
    left = await drop(api, request, officer, 1, reason="there is one in the store")
    corrected = await sourcing.officer.call(e.show_rfq, path={"id": rfq.id})
    assert [line.description for line in corrected.lines] == ["Desk", "Lamp"]
    assert corrected.revision == 2
    seen = await api.as_(seller).call(e.show_rfq, path={"id": rfq.id})
    assert seen.my_quote is not None
    assert (seen.my_quote.outdated, len(seen.my_quote.lines)) == (True, 2)
    confirmed = await api.as_(seller).call(e.confirm_quote, {}, path={"id": quote.id})
    assert (confirmed.complete, confirmed.total) == (True, Decimal(400))
    closed = await sourcing.close(rfq)
    assert closed.state.value == "closed"
    now = await shown(api, left, officer)
    assert not now.offers(ActionVerb.drop_lines)
    with pytest.raises(ProblemError, match="409"):
        await drop(api, now, officer, 0)
    comparison = await sourcing.officer.call(e.comparison, path={"id": request.id})
    assert {len(each.lines) for each in comparison.quotes} == {2}


async def test_while_quotes_can_be_chosen_the_refusal_says_what_to_do(sourcing: Sourcing) -> None:
    """Closed without a choice: vendors are asked again, then the line goes."""
    api, world = sourcing.api, sourcing.world
    officer = await world.an_officer()
    request = await three_lines(api, world)
    rfq = await sent(sourcing, request)
    offer = sourcing.offer(rfq, "0") | {"lead_time_days": 5}
    await api.as_(sourcing.contacts[0]).call(e.submit_quote, offer)
    request = await shown(api, request, officer)
    with pytest.raises(ProblemError, match=r"409 requests\.quotes_stand") as refused:
        await drop(api, request, officer, 0)
    assert rfq.number in refused.value.problem.detail
    again = await sourcing.ask_again(rfq)
    left = await drop(api, await shown(api, request, officer), officer, 0)
    assert len(left.lines) == 2
    assert len((await sourcing.officer.call(e.show_rfq, path={"id": again.id})).lines) == 2


async def test_what_was_dropped_is_neither_approved_nor_ordered(sourcing: Sourcing) -> None:
    api, world = sourcing.api, sourcing.world
    officer, _ = await world.an_officer(), await world.a_finance()
    request = await three_lines(api, world)
    rfq = await sent(sourcing, request)
    request = await shown(api, request, officer)
    await drop(api, request, officer, 0)
    seller = sourcing.contacts[0]
    quote = await sourcing.quote(await api.as_(seller).call(e.show_rfq, path={"id": rfq.id}), seller, "20")
    approval = await world.open_approval_of(quote.id)  # type: ignore[arg-type]
    assert approval.approval.amount == Decimal(80)
    await world.approved(approval)
    ordered = await shown(api, request, officer)
    order = await sourcing.officer.call(e.show_order, path={"id": ordered.order_id})
    assert [line.description for line in order.lines] == ["Chair", "Lamp"]
