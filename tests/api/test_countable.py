"""What comes in can go out: amounts are bounded after conversion, and no single row breaks a list."""

import datetime as dt
import itertools
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from structlog.testing import capture_logs

from api.contract import endpoints as e
from api.contract.rfqs import RfqOut
from api.contract.values import UnshownRow
from api.present.listing import listing
from core.kernel.ids import QuoteId
from core.kernel.money import currencies_in_use, most_at
from core.kernel.pagination import Page
from core.people.model import Person
from core.vendors.model import Vendor
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World

NOT_IN_USE = ("XXX", "XTS", "DEM", "XAU", "XDR", "FRF", "ITL", "CHE", "ZWL", "ABC")
keys = itertools.count()


async def requested(api: Api, world: World, currency: str, quantity: str = "1") -> UUID:
    """A submitted request for something that is weighed, so that any quantity is possible."""
    body = {
        "lines": [{"description": "Gravel", "quantity": quantity, "unit": "t"}],
        "currency": currency,
        "needed_by": (world.today + dt.timedelta(days=30)).isoformat(),
        "cost_centre": "IT",
        "submit": True,
    }
    caller = api.as_(await world.a_requester())
    return (await caller.call(e.create_request, body, key=f"countable-{next(keys)}")).id


async def rfq_of(api: Api, world: World, request_id: UUID, *vendors: Vendor) -> RfqOut:
    body = {
        "vendor_ids": [str(vendor.id) for vendor in vendors],
        "quote_by": (world.now + dt.timedelta(days=3)).isoformat(),
    }
    officer = api.as_(await world.an_officer())
    return await officer.call(e.send_rfq, body, key=f"countable-{next(keys)}", path={"id": request_id})


async def quote(
    api: Api, world: World, contact: Person, rfq: Any, price: str, currency: str, **more: Any
) -> Any:
    """The response of a quote with this unit price."""
    body = {
        "rfq_id": str(rfq.id),
        "currency": currency,
        "valid_until": (world.today + dt.timedelta(days=30)).isoformat(),
        "lead_time_days": 10,
        "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": price}],
        **more,
    }
    headers = {"Idempotency-Key": f"countable-{next(keys)}", "Accept-Language": "de"}
    return await api.as_(contact).send("POST", e.submit_quote.path, body, headers)


@pytest.mark.parametrize(
    ("request_in", "quoted_in", "price", "quantity", "field"),
    [
        ("GBP", "GBP", "900000000000", "1", "/lines/0/unit_price"),
        ("JPY", "EUR", "900000000000", "1", "/lines/0/unit_price"),
        ("JPY", "USD", "7000000000", "1", "/lines/0/unit_price"),
        ("USD", "EUR", "999999999999", "1", "/lines/0/unit_price"),
        ("USD", "USD", "999999999999.999999", "999999999999.999999", "/lines/0/unit_price"),
        ("USD", "USD", "999999999999", "2", "/lines/0/unit_price"),
    ],
)
async def test_a_quote_beyond_what_can_be_counted_anywhere_is_refused_with_the_limit(
    api: Api, world: World, request_in: str, quoted_in: str, price: str, quantity: str, field: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await rfq_of(api, world, await requested(api, world, request_in, quantity), vendor)
    answer = await quote(api, world, contact, rfq, price, quoted_in)
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"], error["example"]) == (field, "amount.range", '"1180.00"')
    assert quoted_in in error["message"]
    assert "ergibt mehr als" in error["message"]


async def test_shipping_and_the_sum_are_bounded_like_a_line(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await rfq_of(api, world, await requested(api, world, "USD"), vendor)
    for price, shipping, field in (("1", "999999999999.999999", "/shipping"), ("6e11", "6e11", "/lines")):
        price, shipping = f"{Decimal(price):f}", f"{Decimal(shipping):f}"
        answer = await quote(api, world, contact, rfq, price, "GBP", shipping=shipping)
        assert [each["field"] for each in answer.json()["errors"]] == [field], answer.text


@pytest.mark.parametrize(("request_in", "quoted_in"), [("GBP", "GBP"), ("JPY", "EUR"), ("USD", "JPY")])
async def test_the_largest_quote_there_may_be_is_shown_in_every_list(
    api: Api, world: World, request_in: str, quoted_in: str
) -> None:
    """Two vendors: the largest amount loses, a small one wins; every role then reads every list."""
    usd = {"USD": Decimal(1), "EUR": Decimal("1.09"), "GBP": Decimal("1.28"), "JPY": Decimal("0.0066")}
    most = most_at((usd[quoted_in] / usd[request_in], usd[quoted_in]), quoted_in)
    first, second = await world.a_vendor(), await world.a_vendor()
    rfq = await rfq_of(api, world, await requested(api, world, request_in), first[0], second[0])
    assert (await quote(api, world, first[1], rfq, f"{most:f}", quoted_in)).status_code == 201
    assert (await quote(api, world, second[1], rfq, f"{most:f}", quoted_in)).status_code == 201
    chosen = await api.as_(await world.an_officer()).call(e.show_rfq, path={"id": rfq.id})
    officer = api.as_(await world.an_officer())
    answers: Any = await officer.send("GET", f"/vendors/quotes?rfq_id={chosen.id}")
    [best] = [each for each in answers.json()["items"] if each["state"] == "selected"]
    await world.open_approval_of(QuoteId(UUID(best["id"])))
    people = [
        await world.a_requester(),
        await world.an_officer(),
        await world.a_manager(),
        await world.a_finance(),
        await world.an_admin(),
        await world.an_auditor(),
    ]
    lists = ("/approvals", "/procurement/requests", "/rfqs", "/vendors/quotes")
    for person in people:
        for path in (*lists, f"/procurement/requests/{rfq.request_id}/quotes", "/me/worklist"):
            shown = await api.as_(person).send("GET", path)
            assert shown.status_code in (200, 403), (person.name, path, shown.text[:300])
            assert not shown.json().get("unshown")
    waiting = (await api.as_(await world.a_manager()).send("GET", "/approvals")).json()["items"]
    assert Decimal(waiting[0]["amount"]) == most


@pytest.mark.parametrize("code", NOT_IN_USE)
async def test_a_currency_that_nobody_pays_with_is_refused(api: Api, world: World, code: str) -> None:
    caller = api.as_(await world.a_requester())
    body = {
        "lines": [{"description": "Crane", "quantity": "1"}],
        "currency": code,
        "needed_by": (world.today + dt.timedelta(days=30)).isoformat(),
        "cost_centre": "IT",
    }
    answer = await caller.send("POST", "/procurement/request", body, {"Idempotency-Key": f"no-{code}"})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["field"], error["code"], error["example"]) == ("/currency", "currency.unknown", "USD")


def test_the_currencies_are_those_in_use() -> None:
    assert {"EUR", "USD", "GBP", "JPY", "CHF", "KWD", "XOF", "RUB", "SAR"} <= currencies_in_use()
    assert 140 < len(currencies_in_use()) < 180
    assert not currencies_in_use() & set(NOT_IN_USE)


async def test_a_row_that_cannot_be_shown_is_named_and_the_administrators_are_told_once(
    api: Api, world: World, database: Database
) -> None:
    """A quote whose line is of another RFQ: whatever put it there, the other quotes are shown."""
    vendor, contact = await world.a_vendor()
    good = await world.a_quote(await world.an_rfq(to=[vendor]), contact)
    bad = await world.a_quote(await world.an_rfq(to=[vendor]), contact)
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(
        "UPDATE quote_lines SET rfq_line_id = $1 WHERE quote_id = $2", good.lines[0].id, bad.quote.id
    )
    await owner.close()
    officer = api.as_(await world.an_officer())
    for _ in range(2):
        with capture_logs() as logs:
            answer = await officer.send("GET", "/vendors/quotes")
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        assert str(good.quote.id) in [each["id"] for each in shown["items"]]
        assert shown["unshown"] == [{"id": str(bad.quote.id), "kind": "Quote", "number": bad.quote.number}]
        [told] = [entry for entry in logs if entry["event"] == "row.unshown"]
        assert told["row_id"] == str(bad.quote.id)
    assert (await world.events_of(bad.quote.id)).count("row.unshown") == 1


def test_whatever_a_row_leads_to_the_others_are_shown() -> None:
    class Row:
        def __init__(self, number: int) -> None:
            self.id, self.number = UUID(int=number), f"REQ-{number}"

    def present(row: Row) -> str:
        failing: dict[str, Exception] = {
            "REQ-2": ArithmeticError("x"),
            "REQ-4": KeyError("x"),
            "REQ-5": TypeError("x"),
        }
        if row.number in failing:
            raise failing[row.number]
        return row.number

    page = Page(tuple(Row(number) for number in range(1, 6)), None)
    shown = listing(page, present, lambda row: row)
    assert shown.items == ("REQ-1", "REQ-3")
    assert [row.number for row in shown.unshown] == ["REQ-2", "REQ-4", "REQ-5"]
    assert json.loads(shown.model_dump_json())["unshown"][0] == UnshownRow(
        id=UUID(int=2), kind="Row", number="REQ-2"
    ).model_dump(mode="json")
