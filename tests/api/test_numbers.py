"""Numbers: read or refused with a sentence, never a 500; what is confirmed is what is stored."""

import datetime as dt
import itertools
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from api.contract import endpoints as e
from api.contract.requests import RequestOut
from tests.support.api import Api, ProblemError
from tests.support.world import World

STRANGE: tuple[object, ...] = (
    "1E3",
    "1e308",
    "1E-30",
    "0E999999",
    "-0",
    "٣٫٥",
    "٣",
    "१२",
    "３",
    "²",
    "Ⅷ",
    "999999999999.9",
    "999999999999.999999",
    "1000000000000",
    "9" * 400,
    "NaN",
    "sNaN",
    "-Infinity",
    "1_000",
    " 3",
    "0x10",
    "",
    10**30,
    -(10**30),
    1e308,
    2**63,
    True,
    None,
    [],
    {},
)
keys = itertools.count()


def line(**changes: Any) -> dict[str, Any]:
    return {
        "description": "Desk",
        "quantity": "1",
        "unit": "pcs",
        "estimated_unit_price": "0.335",
        **changes,
    }


async def requested(api: Api, world: World, *lines: dict[str, Any], currency: str = "USD") -> RequestOut:
    body = {
        "lines": list(lines),
        "currency": currency,
        "needed_by": str(world.today + dt.timedelta(days=20)),
        "cost_centre": "IT",
    }
    caller = api.as_(await world.a_requester())
    return await caller.call(e.create_request, body, key=f"numbers-{next(keys)}")


async def test_three_lines_at_a_third_of_a_dollar_are_stored_as_they_are_confirmed(
    api: Api, world: World
) -> None:
    found = await requested(api, world, *[line()] * 3)
    assert found.total_estimate == Decimal("1.02")


@pytest.mark.parametrize("currency", ["JPY", "KWD", "USD"])
async def test_what_rounding_lifts_beyond_the_limit_is_refused_with_the_limit(
    api: Api, world: World, currency: str
) -> None:
    if currency == "USD":
        most = line(estimated_unit_price="999999999999.999")
    else:
        most = line(estimated_unit_price="999999999999.9999")
    with pytest.raises(ProblemError) as refused:
        await requested(api, world, most, currency=currency)
    assert (refused.value.status, refused.value.fields) == (422, ["/lines"])


async def test_an_exponent_is_read_and_written_out(api: Api, world: World) -> None:
    found = await requested(api, world, line(quantity="1E3", estimated_unit_price="2e0"))
    assert (str(found.lines[0].quantity), found.total_estimate) == ("1000", Decimal(2000))
    arabic = await requested(api, world, line(quantity="٣"))
    assert str(arabic.lines[0].quantity) == "3"


@pytest.mark.parametrize("unit", ["pcs", "each", "Stück", "шт.", "قطعة"])
async def test_a_part_of_a_piece_is_not_requested(api: Api, world: World, unit: str) -> None:
    with pytest.raises(ProblemError) as refused:
        await requested(api, world, line(), line(quantity="3.4", unit=unit))
    error = refused.value.problem.errors[0]
    assert (error.field, error.code) == ("/lines/1/quantity", "quantity.whole")
    assert error.example == '"3"'
    draft = await requested(api, world, line(quantity="3.4", unit="kg"))
    caller = api.as_(await world.a_requester())
    with pytest.raises(ProblemError) as edited:
        await caller.call(e.edit_request, {"lines": [line(quantity="3.4", unit=unit)]}, path={"id": draft.id})
    assert edited.value.fields == ["/lines/0/quantity"]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with a JSON body."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                yield method.upper(), path, content["application/json"]["schema"]


class Sample:
    """A plausible body of a schema, and where its numbers stand."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.schemas = document["components"]["schemas"]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        found = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
        return self.resolved(found[0]) if found else schema

    def of(self, schema: dict[str, Any]) -> Any:
        schema = self.resolved(schema)
        for given in ("const", "default"):
            if schema.get(given) not in (None, []):
                return schema[given]
        for several in ("examples", "enum"):
            if schema.get(several):
                return schema[several][0]
        match schema.get("type"):
            case "object":
                return {name: self.of(each) for name, each in schema.get("properties", {}).items()}
            case "array":
                return [self.of(schema.get("items", {}))]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
            case _:
                return self.text(schema)

    def text(self, schema: dict[str, Any]) -> str:
        kinds = {"uuid": str(uuid4()), "date": "2030-01-15", "date-time": "2030-01-15T10:00:00Z"}
        return kinds.get(schema.get("format", ""), "word of some length")

    def numbers(self, schema: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
        schema = self.resolved(schema)
        if schema.get("type") in ("integer", "number") or r"\d" in schema.get("pattern", ""):
            yield ()
        for name, each in schema.get("properties", {}).items():
            yield from ((name, *rest) for rest in self.numbers(each))
        if schema.get("type") == "array":
            yield from ((0, *rest) for rest in self.numbers(schema.get("items", {})))


def with_value(body: Any, where: tuple[str | int, ...], value: object) -> Any:
    """The body with this value at one place; an object that an example leaves out has nothing else."""
    if not where:
        return value
    first, rest = where[0], where[1:]
    if isinstance(first, int):
        return [with_value(body[first], rest, value)]
    return {**body, first: with_value(body.get(first, {}), rest, value)}


async def test_no_number_in_any_field_of_the_api_is_a_500(api: Api, world: World) -> None:
    callers = [api.as_(await world.an_admin()), api.as_(await world.an_officer())]
    document = api.app.openapi()
    sample, thrown = Sample(document), set()
    for method, path, schema in operations(document):
        body = sample.of(schema)
        for where in sample.numbers(schema):
            thrown.add(f"{path} {'/'.join(map(str, where))}")
            for value in STRANGE:
                raw = json.dumps(with_value(body, where, value))
                headers = {"Content-Type": "application/json", "Idempotency-Key": f"strange-{next(keys)}"}
                address = re.sub(r"{\w+}", str(uuid4()), path)
                answer = await callers[next(keys) % 2].send(method, address, content=raw, headers=headers)
                assert answer.status_code < 500, (path, where, value, answer.text)
                if answer.status_code >= 400:
                    assert answer.json()["detail"], (path, where, value)
    assert {
        "/procurement/request lines/0/quantity",
        "/vendors/quote lines/0/unit_price",
        "/rfqs/{id}/corrections lines/0/quantity",
        "/purchase-orders/{id}/changes lines/0/unit_price",
        "/approval-policies splits/days",
    } <= thrown


async def test_no_number_in_a_real_quote_or_receipt_is_a_500(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor("JPY")
    rfq = (await world.an_rfq(to=[vendor])).rfq
    order = (await world.an_order()).order
    quote = {
        "rfq_id": str(rfq.id),
        "currency": "JPY",
        "valid_until": str(world.today + dt.timedelta(days=20)),
        "lead_time_days": 5,
        "shipping": "0",
        "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": "10", "lead_time_days": 5}],
    }
    receipt = {"lines": [{"line_id": str(order.lines[0].id), "accepted": "0", "rejected": "0"}]}
    officer = api.as_(await world.an_officer())
    receive = e.receive_order.path.format(id=order.id)
    fields: list[tuple[Api, str, dict[str, Any], tuple[str | int, ...]]] = [
        (api.as_(contact), e.submit_quote.path, quote, ("lead_time_days",)),
        (api.as_(contact), e.submit_quote.path, quote, ("shipping",)),
        (api.as_(contact), e.submit_quote.path, quote, ("lines", 0, "unit_price")),
        (api.as_(contact), e.submit_quote.path, quote, ("lines", 0, "lead_time_days")),
        (officer, receive, receipt, ("lines", 0, "accepted")),
        (officer, receive, receipt, ("lines", 0, "rejected")),
    ]
    for caller, path, body, where in fields:
        for value in STRANGE:
            raw = json.dumps(with_value(body, where, value))
            headers = {"Content-Type": "application/json", "Idempotency-Key": f"strange-{next(keys)}"}
            answer = await caller.send("POST", path, content=raw, headers=headers)
            assert answer.status_code < 500, (path, where, value, answer.text)
