"""Bad values: each is refused with the field's pointer and a code, never taken and never a 500."""

import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest

from core.access.roles import Role
from tests.support.api import Api
from tests.support.world import World

LINE = {"description": "Desk", "quantity": "2", "unit": "pcs", "estimated_unit_price": "540.00"}
NUMBERS = {
    "negative": "-1",
    "not a number": "NaN",
    "infinite": "Infinity",
    "1e308": "1e308",
    "forty digits": "1" * 40,
    "forty-one digits": "1" * 41,
    "seven decimals": "1.1234567",
    "tiny": "1e-30",
    "underscore": "1_000",
    "words": "three",
    "empty": "",
    "comma": "1,5",
    "json number": 1200.5,
    "json whole number": 3,
    "boolean": True,
    "null in a list": [None],
}
TEXTS = {
    "empty": "",
    "blank": "   ",
    "100 kB": "x" * 100_000,
    "NUL": "Desk\x00",
    "bell": "Desk\x07",
    "escape": "\x1b[31mDesk",
    "right-to-left override": "Desk\u202egnp.exe",
    "lone surrogate": "Desk\ud800",
    "a number": 7,
}


def wish(world: World, **changes: Any) -> dict[str, Any]:
    needed_by = str(world.today + dt.timedelta(days=20))
    return {
        "lines": [LINE],
        "currency": "USD",
        "needed_by": needed_by,
        "cost_centre": "IT",
        **changes,
    }


async def refused_fields(caller: Api, path: str, body: Any, method: str = "POST") -> list[str]:
    """The fields that a 422 names."""
    raw = json.dumps(body).encode()
    answer = await caller.send(method, path, content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, (answer.status_code, answer.text[:300])
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert all(error["code"] and error["message"] for error in problem["errors"])
    return [error["field"] for error in problem["errors"]]


async def test_every_bad_number_of_a_line_names_its_field(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    for field in ("quantity", "estimated_unit_price"):
        for name, value in NUMBERS.items():
            body = wish(world, lines=[LINE, {**LINE, field: value}])
            assert await refused_fields(caller, "/procurement/request", body) == [f"/lines/1/{field}"], name
    zero = wish(world, lines=[{**LINE, "quantity": "0"}])
    assert await refused_fields(caller, "/procurement/request", zero) == ["/lines/0/quantity"]


async def test_every_bad_text_names_its_field(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    for name, value in TEXTS.items():
        body = wish(world, lines=[{**LINE, "description": value}])
        assert await refused_fields(caller, "/procurement/request", body) == ["/lines/0/description"], name
        assert await refused_fields(caller, "/procurement/request", wish(world, cost_centre=value)) == [
            "/cost_centre"
        ], name
    for name in ("100 kB", "NUL", "bell", "escape", "right-to-left override", "lone surrogate", "a number"):
        assert await refused_fields(caller, "/procurement/request", wish(world, note=TEXTS[name])) == [
            "/note"
        ], name


REQUESTS: dict[str, tuple[str, Any]] = {
    "no lines": ("/lines", []),
    "10,000 lines": ("/lines", [{"description": "x", "quantity": "1"}] * 10_000),
    "lines as an object": ("/lines", {}),
    "unknown currency": ("/currency", "XYZ"),
    "currency of a symbol": ("/currency", "€"),
    "currency too long": ("/currency", "EURO"),
    "past date": ("/needed_by", "2020-01-01"),
    "far date": ("/needed_by", "2999-01-01"),
    "no date": ("/needed_by", "2026-02-30"),
    "date in words": ("/needed_by", "tomorrow"),
    "date as a number": ("/needed_by", [1]),
    "unknown cost centre": ("/cost_centre", "NOPE"),
    "submit in words": ("/submit", "perhaps"),
    "a field that is not there": ("/priority", "high"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_every_bad_value_of_a_request_names_its_field(api: Api, world: World, name: str) -> None:
    field, value = REQUESTS[name]
    body = wish(world, **{field.removeprefix("/"): value})
    assert await refused_fields(api.as_(await world.a_requester()), "/procurement/request", body) == [field]


async def test_the_sum_of_the_lines_has_a_limit_too(api: Api, world: World) -> None:
    most = {**LINE, "quantity": "999999999999", "estimated_unit_price": "999999999999"}
    caller = api.as_(await world.a_requester())
    assert await refused_fields(caller, "/procurement/request", wish(world, lines=[most])) == ["/lines"]


async def test_every_bad_value_of_a_quote_names_its_field(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    line = {"rfq_line_id": str(rfq.lines[0].id), "unit_price": "10.00"}
    good = {
        "rfq_id": str(rfq.id),
        "currency": "USD",
        "valid_until": str(world.today + dt.timedelta(days=20)),
        "lead_time_days": 5,
        "lines": [line],
    }
    caller = api.as_(contact)
    for name, value in NUMBERS.items():
        body = {**good, "lines": [{**line, "unit_price": value}]}
        assert await refused_fields(caller, "/vendors/quote", body) == ["/lines/0/unit_price"], name
        assert await refused_fields(caller, "/vendors/quote", {**good, "shipping": value}) == ["/shipping"], (
            name
        )
    bad: dict[str, tuple[str, Any]] = {
        "line of another RFQ": ("/lines/0/rfq_line_id", [{**line, "rfq_line_id": str(uuid4())}]),
        "line twice": ("/lines/1/rfq_line_id", [line, line]),
        "no price and no no-bid": ("/lines/0/unit_price", [{"rfq_line_id": line["rfq_line_id"]}]),
        "price and no-bid": ("/lines/0/unit_price", [{**line, "no_bid": True}]),
        "no lines": ("/lines", []),
        "past validity": ("/valid_until", "2020-01-01"),
        "negative lead time": ("/lead_time_days", -1),
        "lead time of years": ("/lead_time_days", 100_000),
        "lead time with decimals": ("/lead_time_days", 1.5),
        "unknown document": ("/document_ids/0", [str(uuid4())]),
        "unreadable id": ("/rfq_id", "7"),
    }
    for name, (field, value) in bad.items():
        top = field.split("/")[1]
        assert await refused_fields(caller, "/vendors/quote", {**good, top: value}) == [field], name


async def test_decisions_and_receipts_name_their_fields(api: Api, world: World) -> None:
    manager = api.as_(await world.a_manager())
    approval = (await world.an_open_approval()).approval
    good = {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1}
    for field, value in {
        "verb": "maybe",
        "expected_version": 0,
        "comment": "x" * 2001,
        "approval_id": "x",
    }.items():
        assert await refused_fields(manager, "/approvals", {**good, field: value}) == [f"/{field}"]
    for reason in ("", "no", "x" * 501):
        body = {**good, "verb": "reject", "comment": reason}
        assert await refused_fields(manager, "/approvals", body) == ["/comment"]
    without = {name: value for name, value in good.items() if name != "expected_version"}
    assert await refused_fields(manager, "/approvals", without) == ["/expected_version"]


BODIES: dict[str, tuple[bytes, str, int, str]] = {
    "not JSON": (b"{", "application/json", 400, "unreadable_body"),
    "not UTF-8": (b'{"note": "\xff"}', "application/json", 400, "unreadable_body"),
    "empty": (b"", "application/json", 422, "values"),
    "an array": (b"[]", "application/json", 422, "values"),
    "a word": (b'"x"', "application/json", 422, "values"),
    "deeply nested": (b"[" * 50_000, "application/json", 400, "unreadable_body"),
    "a form": (b"a=b", "application/x-www-form-urlencoded", 415, "media_type"),
    "text": (b"{}", "text/plain", 415, "media_type"),
    "no type": (b"{}", "", 415, "media_type"),
    "over 1 MB": (b'{"note": "' + b"x" * 1_000_000 + b'"}', "application/json", 413, "too_large"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_cannot_be_read_is_told_why(api: Api, world: World, name: str) -> None:
    body, kind, status, code = BODIES[name]
    headers = {"Content-Type": kind} if kind else {}
    caller = api.as_(await world.a_requester())
    answer = await caller.send("POST", "/procurement/request", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_paths_and_queries_are_checked_too(api: Api, world: World) -> None:
    caller = api.as_(await world.an_officer())
    for path, field in {
        "/procurement/requests/7": "/id",
        "/procurement/requests?limit=0": "/limit",
        "/procurement/requests?limit=1000": "/limit",
        "/procurement/requests?cursor=%00": "/cursor",
        "/procurement/requests?cursor=abc": "/cursor",
        "/procurement/requests?cursor=ä": "/cursor",
        "/procurement/requests?state=lost": "/state",
        "/vendors?q=" + "x" * 200: "/q",
        "/vendors?q=%00": "/q",
        "/vendors?category=%00": "/category",
    }.items():
        answer = await caller.send("GET", path)
        assert answer.status_code == 422, (path, answer.text)
        assert [error["field"] for error in answer.json()["errors"]] == [field], path
    missing = await caller.send("GET", f"/procurement/requests/{uuid4()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (await caller.send("GET", "/no/such/path")).status_code == 404
    refused = await caller.send("DELETE", "/procurement/requests")
    assert refused.status_code == 405
    assert "HTTP method" in refused.json()["detail"]


async def test_refusals_speak_the_callers_language(api: Api, world: World) -> None:
    caller = api.as_(await world.a_requester())
    path = f"/procurement/requests/{uuid4()}"
    english = (await caller.send("GET", path)).json()
    german = (await caller.send("GET", path, headers={"Accept-Language": "de-DE,de;q=0.9"})).json()
    assert english["code"] == german["code"]
    assert english["detail"] != german["detail"]


async def test_what_is_wrong_is_told_in_the_readers_language_with_the_lines_counted_from_one(
    api: Api, world: World
) -> None:
    caller = api.as_(await world.a_requester())
    body = wish(world, lines=[{**LINE, "description": "x" * 301}, {**LINE, "quantity": "0"}])
    for locale, told in {
        "de": ("Position 1, Beschreibung: darf höchstens 300 Zeichen haben", "muss größer als 0 sein"),
        "en": ("line 1, description: can have at most 300 characters", "must be more than 0"),
    }.items():
        headers = {"Content-Type": "application/json", "Accept-Language": locale}
        answer = await caller.send(
            "POST", "/procurement/request", content=json.dumps(body).encode(), headers=headers
        )
        problem = answer.json()
        assert told[0] in problem["detail"]
        assert problem["errors"][1]["message"] == told[1]
        assert problem["errors"][1]["field"] == "/lines/1/quantity"


@pytest.mark.parametrize("value", ["yes", "true", "1", "on", 1, 0, None])
async def test_only_true_and_false_are_taken_for_a_flag(api: Api, world: World, value: Any) -> None:
    caller = api.as_(await world.a_requester())
    for flag in ("submit", "accept_duplicate"):
        body = wish(world, **{flag: value})
        assert await refused_fields(caller, "/procurement/request", body) == [f"/{flag}"]


@pytest.mark.parametrize("value", ["10", 10.5, "ten", True])
async def test_only_a_whole_number_is_taken_for_days_and_versions(api: Api, world: World, value: Any) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    quote = {
        "rfq_id": str(rfq.id),
        "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": "12.00"}],
        "currency": "USD",
        "lead_time_days": value,
        "valid_until": str(world.today + dt.timedelta(days=30)),
    }
    assert await refused_fields(api.as_(contact), "/vendors/quote", quote) == ["/lead_time_days"]


async def test_a_quote_is_not_valid_for_centuries(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    quote = {
        "rfq_id": str(rfq.id),
        "lines": [{"rfq_line_id": str(rfq.lines[0].id), "unit_price": "12.00"}],
        "currency": "USD",
        "lead_time_days": 10,
        "valid_until": "3020-01-01",
    }
    assert await refused_fields(api.as_(contact), "/vendors/quote", quote) == ["/valid_until"]


async def test_a_position_beyond_every_log_is_named(api: Api, world: World) -> None:
    auditor = api.as_(await world.the(Role.auditor))
    answer = await auditor.send("GET", f"/audit/events?after={2**63}")
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["/after"]
