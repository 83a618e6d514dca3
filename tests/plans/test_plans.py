"""On a filled database no list, look-up, policy or claim reads or throws away a share of a table.

Each is planned for its values and for any values, as PostgreSQL does once a statement was prepared and used.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from api.web.table_specs import SPECS
from core.access.actor import Actor
from core.access.guard import person_of
from core.access.roles import Role
from core.approval_facts import queries as approval_facts
from core.approvals import repo as approvals_repo
from core.approvals.model import ApprovalFilter
from core.approvals.states import ApprovalState
from core.automations import projection
from core.awards import queries as awards
from core.checks import service as checks
from core.checks.method import LOOKED_BACK
from core.checks.price_checks import usual_quantity
from core.db.engine import Engine
from core.db.pages import PageQuery
from core.decisions import queries as approvals
from core.demand import repo as demand
from core.demand import service as demand_service
from core.demand.model import WantedNeeds
from core.findings.policy import DEFAULTS
from core.groups import repo as groups
from core.insights import pieces
from core.insights import repo as insights
from core.insights.model import InsightRun, NewScore, ScoreSubject, vendor_subject
from core.insights.service import begin_run
from core.insights.states import Feature
from core.invitations import queries as rfqs
from core.kernel.clock import FixedClock
from core.kernel.ids import ApprovalId, OrderId, PersonId, RequestId, RfqId, VendorId, new_id
from core.notifications import repo as notices
from core.orders import queries as orders
from core.orders.model import OrderFilter
from core.orders.states import OrderState
from core.purchases import request_queries as requests
from core.quotes import queries as quotes
from core.quotes.model import QuoteFilter
from core.quotes.states import QuoteState
from core.recommendations import queries as recommendations
from core.recommendations.model import LookUpBought, SuggestVendors
from core.requests import repo as requests_repo
from core.requests.commands import CreateRequest, RequestLineDraft
from core.requests.model import RequestFilter
from core.requests.states import RequestState
from core.rfqs.model import RfqFilter
from core.rfqs.states import RfqState
from core.standings import repo as standings
from core.standings.model import StandingBounds
from core.standings.states import StandingKind
from core.uow import Uow
from core.vendor_links import queries as vendor_links
from core.vendor_links.model import LinkKind, LinkSubject
from core.vendor_scores import service as vendor_scores
from core.vendor_scores.states import ScorePart
from core.vendors import queries as vendors
from core.vendors.model import VendorFilter
from core.worklist import queries as worklist
from tests.plans.conftest import PURCHASES
from tests.support.many_rows import row_id
from tests.support.plans import watch
from tests.support.uow import begin
from workers.cards.card_refs import lock_copies
from workers.readers import readers_by_ids
from workers.schedule import SCHEDULED_TASKS

NOW = dt.datetime(2024, 1, 8, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OPEN_RFQ = PURCHASES - (PURCHASES - 1) % 5
"""The newest purchase whose vendors are being asked: ``n % 5 = 1``."""


def person(number: int, role: Role) -> Actor:
    return Actor.person(PersonId(row_id(2, number)), role.value, frozenset({role}), epoch=1)


def contact(number: int) -> Actor:
    vendor_id = VendorId(row_id(1, number))
    return Actor.person(
        PersonId(row_id(3, number)), "contact", frozenset({Role.vendor}), vendor_id=vendor_id, epoch=1
    )


REQUESTER, OFFICER, MANAGER = person(2, Role.requester), person(1, Role.officer), person(10, Role.manager)
BUSY_VENDOR, VENDOR = contact(1), contact(200)
Case = tuple[Actor, Callable[..., Awaitable[Any]], Any]
Limits = dict[str, dict[str, Any]]


def _asked_vendor() -> Actor:
    """A vendor of the newest open RFQ."""
    return contact(min(OPEN_RFQ * 13 % 400 + 2, 400))


WINDOW = {"since": NOW - 3 * DAY, "until": NOW - 2 * DAY}
REQUESTS: Limits = {
    "all": {},
    "submitted": {"state": RequestState.submitted},
    "completed": {"state": RequestState.completed},
    "drafts": {"state": RequestState.draft},
    "mine": {"mine": True},
    "mine submitted": {"mine": True, "state": RequestState.submitted},
    "by number": {"number": "req-4711"},
    "by cost centre": {"cost_centre": "CC7"},
    "of a person": {"person": row_id(2, 3)},
    "of a day": WINDOW,
}
APPROVALS: Limits = {
    "all": {},
    "pending": {"state": ApprovalState.pending},
    "by number": {"number": "REQ-4711"},
    "of a day": WINDOW,
}
ORDERS: Limits = {
    "all": {},
    "issued": {"state": OrderState.issued},
    "mine": {"mine": True},
    "by number": {"number": "PO-2026-0004711"},
    "of a request": {"request_id": row_id(4, 4711)},
    "of a day": WINDOW,
}


def _lists() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for who in (REQUESTER, OFFICER, MANAGER):
        for name, limits in REQUESTS.items():
            found[f"requests {who.name} {name}"] = who, requests.listing, RequestFilter(**limits)
        for name, limits in APPROVALS.items():
            found[f"approvals {who.name} {name}"] = who, approvals.listing, ApprovalFilter(**limits)
        for name, limits in ORDERS.items():
            found[f"orders {who.name} {name}"] = who, orders.listing, OrderFilter(**limits)
    return found


def _of_vendors() -> dict[str, Case]:
    found: dict[str, Case] = {}
    for name, who in {"officer": OFFICER, "busy vendor": BUSY_VENDOR, "vendor": VENDOR}.items():
        found |= {
            f"rfqs {name}": (who, rfqs.listing, RfqFilter()),
            f"rfqs {name} open": (who, rfqs.listing, RfqFilter(state=RfqState.open)),
            f"rfqs {name} by number": (who, rfqs.listing, RfqFilter(number=f"RFQ-{30 + OPEN_RFQ}")),
            f"quotes {name}": (who, quotes.list_quotes, QuoteFilter()),
            f"quotes {name} withdrawn": (who, quotes.list_quotes, QuoteFilter(state=QuoteState.withdrawn)),
            f"quotes {name} by number": (who, quotes.list_quotes, QuoteFilter(number="Q-4712")),
            f"orders of {name}": (who, orders.listing, OrderFilter()),
            f"orders of {name} issued": (who, orders.listing, OrderFilter(state=OrderState.issued)),
        }
    found["rfqs sent by the officer"] = OFFICER, rfqs.listing, RfqFilter(mine=True, state=RfqState.open)
    found["rfqs of a vendor"] = OFFICER, rfqs.listing, RfqFilter(vendor_id=row_id(1, 7))
    return found


async def _resembled(uow: Uow, actor: Actor, request_id: RequestId) -> None:
    await requests_repo.to_submit(uow, OFFICER, request_id)


async def _new_resembles(uow: Uow, actor: Actor, description: str) -> None:
    lines = (RequestLineDraft(description, Decimal(3), "pcs", None),)
    command = CreateRequest(lines, "USD", NOW.date(), "CC7", "", submit=True)
    found = await requests_repo.prepare(uow, person_of(actor), command)
    assert found is not None
    assert found.earlier


def _single() -> dict[str, Case]:
    request, rfq, asked = RequestId(row_id(4, OPEN_RFQ)), RfqId(row_id(5, OPEN_RFQ)), _asked_vendor()
    return {
        "a request": (REQUESTER, requests.listing, RequestFilter(number=f"REQ-{102 + PURCHASES // 2}")),
        "a request by an officer": (OFFICER, requests.show, request),
        "its timeline": (OFFICER, requests.timeline, request),
        "what a request resembles": (REQUESTER, _resembled, RequestId(row_id(4, OPEN_RFQ))),
        "what a new request resembles": (REQUESTER, _new_resembles, "Laptop Dell 5440"),
        "its comparison": (OFFICER, awards.compare, request),
        "an RFQ": (OFFICER, rfqs.show, rfq),
        "an RFQ by its vendor": (asked, rfqs.show, rfq),
        "an approval": (MANAGER, approvals.show, ApprovalId(row_id(6, 4711))),
        "an approval with its facts": (OFFICER, approval_facts.show, ApprovalId(row_id(6, 4711))),
        "approvals to decide": (MANAGER, worklist.to_decide, ApprovalFilter()),
        "an order": (OFFICER, orders.show, OrderId(row_id(8, 4711))),
        "vendors to ask": (OFFICER, recommendations.suggest, SuggestVendors(request, "7")),
        "what was bought before": (
            REQUESTER,
            recommendations.bought_before,
            LookUpBought(("Laptop Del 5440", "Item 4711")),
        ),
        "links to an RFQ": (OFFICER, vendor_links.links_to, (LinkSubject(LinkKind.rfq, rfq),)),
        "links to an order": (
            OFFICER,
            vendor_links.links_to,
            (LinkSubject(LinkKind.order, OrderId(row_id(8, 4711))),),
        ),
        "links of a vendor": (OFFICER, vendor_links.links_of_vendor, VendorId(row_id(1, 200))),
        "vendors by name": (OFFICER, vendors.listing, VendorFilter("vendor 39", None, PageQuery())),
    }


def _sorted() -> dict[str, Case]:
    """Every order that a page offers of the long lists, up and down."""
    lists: dict[str, tuple[Any, Any]] = {
        "purchases": (requests.listing, RequestFilter),
        "rfqs": (rfqs.listing, RfqFilter),
        "quotes": (quotes.list_quotes, QuoteFilter),
        "orders": (orders.listing, OrderFilter),
    }
    readers = [("", OFFICER, name) for name in lists]
    readers += [("a vendor's ", VENDOR, name) for name in ("quotes", "orders")]
    return {
        f"{whose}{name} by {key} {'up' if rising else 'down'}": (
            actor,
            lists[name][0],
            lists[name][1](page=PageQuery(sort=column, rising=rising)),
        )
        for whose, actor, name in readers
        for key, column in SPECS[name].sorts.items()
        for rising in (True, False)
    }


CASES = _lists() | _of_vendors() | _single() | _sorted()
READS_MORE = {"vendors to ask": 5_000}
"""The newest 2,000 lines, in which similar items are looked for, and the quotes for them."""


@pytest.mark.parametrize("name", CASES)
async def test_every_read_finds_its_rows_by_an_index(filled: Engine, name: str) -> None:
    actor, read, argument = CASES[name]
    async with begin(filled, actor, FixedClock(NOW)) as uow:
        watched = watch(uow)
        await read(uow, actor, argument)
        watched.end()
    assert watched.statements
    allowed = READS_MORE.get(name, 0)
    problems = [each for each in watched.problems if not (allowed and _rows(each) <= allowed)]
    assert problems == []


def _rows(problem: str) -> int:
    first = problem.partition("\n")[0]
    return int(float(next(word for word in first.split()[::-1] if word.replace(".", "").isdigit())))


async def _counted(uow: Uow) -> None:
    await projection.update_projection(uow, Actor.system(Role.system_dashboard), 20)


async def _cards_locked(uow: Uow) -> None:
    copies = await lock_copies(uow.connection, row_id(4, 4711))
    assert copies is not None
    assert len(copies.locked) == 2


async def _readers(uow: Uow) -> None:
    found = await readers_by_ids(uow.connection, [row_id(2, number) for number in (1, 2, 3)])
    assert [len(reader.chats) for reader in found.values()] == [1, 1, 1]


async def _notices(uow: Uow) -> None:
    found = await notices.open_notices(uow.connection, row_id(9, 4711), ("waiting", "sent"), 40)
    assert len(found.locked) == 1


BOUGHT = PURCHASES - 1_001 - (PURCHASES - 1_001 + 1) % 140
"""A completed purchase; what was ordered is called the same in all of them."""


async def look_at_everything(uow: Uow, bought: int) -> None:
    """What the rules read of a purchase, at every moment of it."""
    approval = await approvals_repo.load(uow, row_id(6, bought))
    await checks.of_request(uow, approval.request_id, DEFAULTS)
    await checks.of_approval(uow, approval, DEFAULTS)
    await checks.of_verdict(uow, approval.id, row_id(7, bought), DEFAULTS)
    await checks.of_order(uow, row_id(8, bought), NOW, DEFAULTS)
    await checks.of_revision(uow, row_id(8, bought), DEFAULTS)
    found = await usual_quantity(uow, description="Laptop Dell 5440", unit="pcs", quantity=Decimal(500))
    assert found is not None
    assert (found.usual, found.n) == (3, LOOKED_BACK)


async def _item_lines(uow: Uow) -> None:
    """One item of five thousand, with all its lines of four years."""
    item = row_id(41, 1)
    text = {"words": "17 item", "unit": "pcs"}
    founded = {"id": item, "name": "Item 17", "founded_at": NOW, **text}
    await demand.add_items(uow.connection, [founded])
    await demand.add_texts(uow.connection, [{"item_id": item, **text}])
    first, until = dt.date(2022, 1, 1), dt.date(2026, 1, 1)
    assert await demand.needs(uow.connection, WantedNeeds(item, first, until), until, 200)
    assert await demand.months_of(uow.connection, item, first, until)
    assert await demand.texts(uow.connection, item, 20)


CLAIMS: dict[str, Callable[[Uow], Awaitable[Any]]] = {
    **{task.name: task.due for task in SCHEDULED_TASKS},
    "the lines of an item": _item_lines,
    "the dashboard's next events": _counted,
    "the cards of a purchase": _cards_locked,
    "those who read them": _readers,
    "the notices of an event": _notices,
    "what the rules look at": lambda uow: look_at_everything(uow, BOUGHT),
    "groups that show a purchase": lambda uow: groups.is_in_a_group(uow.connection, row_id(4, 4711)),
}


@pytest.mark.parametrize("name", CLAIMS)
async def test_every_claim_finds_its_rows_by_an_index(filled: Engine, name: str) -> None:
    async with begin(filled, Actor.system(Role.system_deadlines), FixedClock(NOW)) as uow:
        watched = watch(uow)
        await CLAIMS[name](uow)
        problems = watched.problems
        await uow.connection.rollback()
    assert problems == []


async def many_scores(uow: Uow) -> None:
    """Of 300 vendors with all their parts and 2,000 items, with a bound of each kind."""
    run = InsightRun(new_id(), Feature.vendor_score, "1", {}, NOW, NOW)
    forecast = InsightRun(new_id(), Feature.demand, "1", {}, NOW, NOW)
    window = NOW.date() - dt.timedelta(365), NOW.date()
    parts = [
        NewScore(vendor_subject(row_id(1, number)), part.value, 40.0, 30.0, 50.0, 24, *window)
        for number in range(1, 301)
        for part in ScorePart
    ]
    items = [
        NewScore(ScoreSubject("item", str(number)), "quarter", 4.0, 2.0, 9.0, 24, *window)
        for number in range(2_000)
    ]
    for each, scores in ((run, parts), (forecast, items)):
        await insights.add_run(uow.connection, each)
        await insights.add_scores(uow.connection, each, scores, NOW)
    bounds = StandingBounds(warn=90, rfq=80, order=70)
    await standings.set_bounds(uow.connection, bounds, row_id(2, 1), NOW)


async def test_the_clock_finds_what_follows_from_scores_by_an_index(filled: Engine) -> None:
    async with begin(filled, Actor.system(Role.system_insights), FixedClock(NOW)) as uow:
        await many_scores(uow)
        watched = watch(uow)
        assert len(await standings.due(uow.connection, NOW)) == standings.MOST
        changes = await standings.due(uow.connection, NOW, VendorId(row_id(1, 7)))
        assert {change.kind for change in changes} == set(StandingKind)
        assert await standings.warned(uow.connection, [row_id(1, 7)]) == {}
        problems = watched.problems
        await uow.connection.rollback()
    assert problems == []


@pytest.mark.parametrize(
    "table", ["rfqs", "rfq_lines", "rfq_invitations", "vendor_quotes", "procurement_requests"]
)
async def test_a_policy_looks_at_the_row_and_not_at_all_of_the_vendors_rows(
    filled: Engine, table: str
) -> None:
    key = row_id({"procurement_requests": 4}.get(table, 5), OPEN_RFQ)
    column = "id" if table in ("rfqs", "procurement_requests") else "rfq_id"
    async with begin(filled, _asked_vendor(), FixedClock(NOW)) as uow:
        watched = watch(uow)
        seen = await uow.connection.driver.fetch(f"SELECT id FROM {table} WHERE {column} = $1", key)
    assert len(seen) >= (table != "vendor_quotes")
    assert watched.problems == []


async def test_a_run_reads_no_more_at_once_than_a_piece_holds(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "ROWS_AT_ONCE", 100)
    system = Actor.system(Role.system_insights)
    for feature, steps in (
        (Feature.vendor_score, vendor_scores.STEPS),
        (Feature.demand, demand_service.STEPS),
    ):
        async with begin(filled, system, FixedClock(NOW + 365 * DAY)) as uow:
            run = await begin_run(uow, system, feature, version="tests", parameters={})
            watched = watch(uow)
            for step in steps:
                piece = await step.collect(uow, run, pieces.FIRST)
                assert piece is not None
                assert len(piece.content) > 500 or step.name in ("texts", "items")
            problems = watched.problems
            await uow.connection.rollback()
        assert len(watched.statements) >= 2 * len(steps)
        assert problems == []
