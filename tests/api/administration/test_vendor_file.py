"""The vendor file by API: edited, a second contact, categories from a list, the approval's day, holds by kind."""

import datetime as dt
from contextlib import nullcontext
from typing import Any
from uuid import UUID

import pytest

from api.contract import endpoints as e
from core.kernel.errors import Invalid
from core.kernel.territories import known_countries
from core.rfqs.policy import check_before_needed
from core.vendors.model import Vendor
from tests.support.api import Api, ProblemError
from tests.support.world import World

ORGANISATION = {"name": "Northwind", "base_currency": "USD", "locale": "en", "zone": "UTC"}


async def ask(api: Api, world: World, vendor: Vendor, **changes: Any) -> None:
    """Send an RFQ for a new request to this vendor."""
    officer = api.as_(await world.an_officer())
    request = (await world.a_request()).request
    quote_by = (world.now + dt.timedelta(days=3)).isoformat()
    body = {"vendor_ids": [str(vendor.id)], "quote_by": quote_by, **changes}
    await officer.call(e.send_rfq, body, path={"id": request.id})


async def suggested(api: Api, world: World) -> set[UUID]:
    request = (await world.a_request()).request
    officer = api.as_(await world.an_officer())
    return {item.id for item in (await officer.call(e.suggest_vendors, path={"id": request.id})).items}


async def test_a_vendor_is_edited_field_by_field_and_over_the_version_that_was_read(
    api: Api, world: World
) -> None:
    officer = api.as_(await world.an_officer())
    vendor, _ = await world.a_vendor()
    other, _ = await world.a_vendor()
    path = {"id": vendor.id}
    after = await officer.call(e.edit_vendor, {"country": "us", "expected_version": 1}, path=path)
    assert (after.country, after.name, after.version) == ("US", vendor.name, 2)
    with pytest.raises(ProblemError, match=r"409 vendors\.stale"):
        await officer.call(e.edit_vendor, {"country": "DE", "expected_version": 1}, path=path)
    with pytest.raises(ProblemError, match=r"409 vendors\.exists"):
        await officer.call(e.edit_vendor, {"name": other.name.upper()}, path=path)
    same = await officer.call(e.edit_vendor, {"name": vendor.name}, path=path)
    assert same.version == 2
    assert await world.events_of(vendor.id) == ["vendor.created", "vendor.edited"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "XX"}, "/country"),
        ({"country": "EU"}, "/country"),
        ({"country": "UK"}, "/country"),
        ({"currency": "EURO"}, "/currency"),
        ({"currency": "XYZ"}, "/currency"),
        ({"name": ""}, "/name"),
        ({"colour": "blue"}, "/colour"),
    ],
)
async def test_a_wrong_value_names_its_field_and_shows_an_example(
    api: Api, world: World, change: dict[str, Any], field: str
) -> None:
    vendor, _ = await world.a_vendor()
    with pytest.raises(ProblemError) as refused:
        await api.as_(await world.an_officer()).call(e.edit_vendor, change, path={"id": vendor.id})
    assert refused.value.fields == [field]
    assert refused.value.problem.errors[0].example


def test_countries_are_the_249_of_the_standard() -> None:
    assert len(known_countries()) == 249
    assert {"DE", "US", "TW", "GB", "AX"} <= known_countries()
    assert not {"EU", "UK", "XK", "AN", "UN", "ZZ"} & known_countries()


async def test_a_second_contact_works_for_the_vendor_under_their_own_name(api: Api, world: World) -> None:
    officer = api.as_(await world.an_officer())
    vendor, first = await world.a_vendor()
    contact = {"name": "Vera Two", "email": "vera.two@vendor.example"}
    after = await officer.call(e.add_contact, contact, path={"id": vendor.id})
    assert [each.name for each in after.contacts] == [first.name, "Vera Two"]
    second = await world.person(after.contacts[1].person_id)
    rfq = await world.an_rfq(to=[vendor])
    await world.a_quote(rfq, second)
    quotes = await api.as_(first).call(e.list_quotes)
    assert [item.vendor_id for item in quotes.items] == [vendor.id]
    link = await officer.call(e.link_vendor, {"person_id": str(second.id)}, path={"id": vendor.id})
    assert link.code
    with pytest.raises(ProblemError, match=r"409 people\.email_taken"):
        await officer.call(e.add_contact, contact, path={"id": vendor.id})


async def test_categories_come_from_the_list_that_administrators_keep(api: Api, world: World) -> None:
    admin, officer = api.as_(await world.an_admin()), api.as_(await world.an_officer())
    vendor, _ = await world.a_vendor()
    await officer.call(e.edit_vendor, {"category": "Anything at all"}, path={"id": vendor.id})
    kept = await admin.call(e.set_categories, {"names": ["Furniture", "IT hardware"]})
    assert kept == await officer.call(e.list_categories)
    for category in ("Anything else", "furniture"):
        with pytest.raises(ProblemError) as refused:
            await officer.call(e.edit_vendor, {"category": category}, path={"id": vendor.id})
        assert refused.value.fields == ["/category"]
        assert refused.value.problem.errors[0].example == "Furniture, IT hardware"
    await officer.call(e.edit_vendor, {"category": "Furniture"}, path={"id": vendor.id})
    contact = {"name": "Vera", "email": "vera@new.example"}
    new = {"name": "New", "category": "Shoes", "currency": "USD", "country": "DE", "contact": contact}
    with pytest.raises(ProblemError) as refused:
        await officer.call(e.create_vendor, new)
    assert refused.value.fields == ["/category"]
    with pytest.raises(ProblemError) as twice:
        await admin.call(e.set_categories, {"names": ["Furniture", "FURNITURE"]})
    assert twice.value.fields == ["/names/1"]
    step = {"name": "all", "approvers": [{"role": "manager"}]}
    tier = {"name": "shoes", "categories": ["Shoes"], "steps": [step]}
    with pytest.raises(ProblemError) as unknown:
        await admin.call(e.set_policy, {"currency": "USD", "tiers": [tier]})
    assert unknown.value.fields == ["/tiers/0/categories/0"]


@pytest.mark.parametrize("kind", ["rfq", "everything"])
async def test_a_vendor_held_from_rfqs_is_neither_asked_nor_suggested(
    api: Api, world: World, kind: str
) -> None:
    officer = api.as_(await world.an_officer())
    vendor, _ = await world.a_vendor()
    hold = {"kind": kind, "reason": "Insolvency proceedings"}
    held = await officer.call(e.hold_vendor, hold, path={"id": vendor.id})
    assert (held.state, held.holds[0].reason) == ("on_hold", "Insolvency proceedings")
    with pytest.raises(ProblemError, match=r"403 vendors\.on_hold") as refused:
        await ask(api, world, vendor)
    assert "Insolvency proceedings" in refused.value.problem.detail
    assert vendor.id not in await suggested(api, world)
    free = await officer.call(e.release_vendor, path={"id": vendor.id, "kind": kind})
    assert (free.state, free.holds) == ("active", ())
    await ask(api, world, vendor)
    assert vendor.id in await suggested(api, world)
    with pytest.raises(ProblemError, match=r"409 vendors\.not_on_hold"):
        await officer.call(e.release_vendor, path={"id": vendor.id, "kind": kind})
    assert await world.events_of(vendor.id) == ["vendor.created", "vendor.held", "vendor.released"]


async def test_a_vendor_held_from_orders_can_still_be_asked(api: Api, world: World) -> None:
    officer = api.as_(await world.an_officer())
    vendor, _ = await world.a_vendor()
    hold = {"kind": "order", "reason": "credit limit", "until": str(world.today)}
    await officer.call(e.hold_vendor, hold, path={"id": vendor.id})
    await ask(api, world, vendor)
    listed = await officer.call(e.list_vendors, query={"state": "on_hold"})
    assert [item.id for item in listed.items] == [vendor.id]
    assert vendor.id not in {
        item.id for item in (await officer.call(e.list_vendors, query={"state": "active"})).items
    }


@pytest.mark.parametrize(
    ("hold", "field"),
    [
        ({"kind": "rfq", "reason": "no"}, "/reason"),
        ({"kind": "bill", "reason": "because"}, "/kind"),
        ({"kind": "rfq", "reason": "because", "until": "2020-01-01"}, "/until"),
    ],
)
async def test_a_hold_has_a_kind_a_reason_and_a_day_to_come(
    api: Api, world: World, hold: dict[str, str], field: str
) -> None:
    vendor, _ = await world.a_vendor()
    with pytest.raises(ProblemError) as refused:
        await api.as_(await world.an_officer()).call(e.hold_vendor, hold, path={"id": vendor.id})
    assert refused.value.fields == [field]
    assert refused.value.problem.errors[0].example


async def test_only_vendors_with_an_approval_are_asked_where_the_organisation_wants_one(
    api: Api, world: World
) -> None:
    admin = api.as_(await world.an_admin())
    vendor, _ = await world.a_vendor()
    await admin.call(e.set_organisation, {**ORGANISATION, "vendors_need_approval": True})
    with pytest.raises(ProblemError, match=r"403 vendors\.not_approved"):
        await ask(api, world, vendor)
    assert vendor.id not in await suggested(api, world)
    approved = await admin.call(e.approve_vendor, {"until": str(world.today)}, path={"id": vendor.id})
    assert approved.approved_until == world.today
    await ask(api, world, vendor)
    assert vendor.id in await suggested(api, world)
    with pytest.raises(ProblemError) as refused:
        await admin.call(e.approve_vendor, {"until": "2020-01-01"}, path={"id": vendor.id})
    assert refused.value.fields == ["/until"]


async def test_vendors_are_limited_by_country_and_currency(api: Api, world: World) -> None:
    officer = api.as_(await world.an_officer())
    vendor, _ = await world.a_vendor(currency="JPY")
    for query, expected in (
        ({"currency": "JPY"}, True),
        ({"currency": "GBP"}, False),
        ({"country": "DE", "currency": "JPY"}, True),
        ({"country": "US"}, False),
    ):
        found = {item.id for item in (await officer.call(e.list_vendors, query=query)).items}
        assert (vendor.id in found) is expected, query


async def test_quotes_are_not_asked_for_after_the_day_on_which_the_goods_are_needed(
    api: Api, world: World
) -> None:
    vendor, _ = await world.a_vendor()
    needed = (await world.a_request()).request.due
    after = dt.datetime.combine(needed + dt.timedelta(days=1), dt.time(), dt.UTC)
    with pytest.raises(ProblemError) as refused:
        await ask(api, world, vendor, quote_by=after.isoformat())
    assert refused.value.fields == ["/quote_by"]
    example = refused.value.problem.errors[0].example
    await ask(api, world, vendor, quote_by=example)


@pytest.mark.parametrize(("days_left", "refused"), [(3, True), (0, True), (-1, False)])
def test_a_needed_day_that_is_over_keeps_nobody_from_asking_again(days_left: int, refused: bool) -> None:
    now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    needed_by = now.date() + dt.timedelta(days=days_left)
    with pytest.raises(Invalid) if refused else nullcontext():
        check_before_needed(now + dt.timedelta(days=5), needed_by, now)
