"""The demo company: a believable year, made by the real use cases, with work waiting in every queue."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from sqlalchemy import ColumnElement, func, select

from core.accounts.tables import chat_identities
from core.approvals.tables import approval_steps
from core.checks.model import CheckRule
from core.db.connection import Connection
from core.db.engine import make_engine
from core.findings.tables import findings
from core.groups import repo as groups
from core.log.tables import audit_events
from core.orders.tables import purchase_orders
from core.requests.tables import procurement_requests
from core.rfqs.tables import rfq_invitations
from stack.demo import __main__ as demo
from stack.demo import chat_groups, company, simulation
from stack.demo.__main__ import fill
from tests.support.postgres import Database


@dataclass(frozen=True)
class WaitingWork:
    """What there is, by state; ``steps`` are the open ones."""

    requests: Counter[str]
    steps: Counter[str]
    invitations: Counter[str]
    orders: Counter[str]

    @classmethod
    async def of(cls, connection: Connection) -> "WaitingWork":
        async def counted(
            column: ColumnElement[str], only: ColumnElement[bool] | None = None
        ) -> Counter[str]:
            asked = select(column) if only is None else select(column).where(only)
            return Counter(await connection.scalars(asked))

        step = approval_steps.c
        return cls(
            await counted(procurement_requests.c.state),
            await counted(step.name, step.state == "open"),
            await counted(rfq_invitations.c.state),
            await counted(purchase_orders.c.state),
        )

    def everybody_has_something_to_do(self) -> None:
        assert self.requests["submitted"] >= 2, "something waits for the officer"
        assert self.steps["manager"], "something waits for the manager"
        assert self.steps["finance"], "something waits for finance"
        assert self.invitations["sent"], "something waits for a vendor"
        assert self.orders["issued"], "something waits to be confirmed"
        assert self.orders["acknowledged"], "something waits to be received"


@pytest.mark.timeout(240)
async def test_the_demo_has_a_year_behind_it_and_work_in_every_queue(database: Database) -> None:
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        outcome = await fill(connection, "a demo password")
    async with engine.begin() as connection:
        waiting = await WaitingWork.of(connection)
        seeded = await connection.scalar(
            select(func.count()).select_from(audit_events).where(audit_events.c.channel == "seed")
        )
        again = await fill(connection, "a demo password")
    await engine.dispose()
    assert outcome.startswith("Northwind Trading")
    assert waiting.requests["completed"] > 50
    waiting.everybody_has_something_to_do()
    assert seeded is not None
    assert seeded > 1000
    assert again == "the demo company is there already"


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "now",
    [
        dt.datetime(2026, 11, 23, 5, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 28, 23, 50, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC),
    ],
    ids=lambda now: f"{now:%A %H:%M}",
)
async def test_everybody_has_something_to_do_whenever_it_is_started(
    database: Database, monkeypatch: pytest.MonkeyPatch, now: dt.datetime
) -> None:
    """On a Sunday and before office hours too; without the year before, which waits for nobody."""
    monkeypatch.setattr(simulation, "PURCHASES", 0)
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill(connection, "a demo password", now)
        waiting = await WaitingWork.of(connection)
        rules = set(await connection.scalars(select(findings.c.rule)))
    await engine.dispose()
    waiting.everybody_has_something_to_do()
    assert rules == {rule.value for rule in CheckRule}, "a case of each rule"


def test_the_same_seed_makes_the_same_year() -> None:
    now = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    year = simulation.plan_purchases(now, Random(1))
    assert year == simulation.plan_purchases(now, Random(1))
    assert year != simulation.plan_purchases(now, Random(2))


async def live_links(connection: Connection) -> Counter[str]:
    """How many chats are linked, by platform."""
    linked = chat_identities.c
    return Counter(await connection.scalars(select(linked.platform).where(linked.unlinked_at.is_(None))))


@pytest.fixture
def without_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The company on its first day; its history is another test's."""

    async def nothing(*_: object) -> int:
        return 0

    monkeypatch.setattr(demo, "simulate_year", nothing)
    monkeypatch.setattr(demo, "request_cards", nothing)


EVERYBODY = len(company.PEOPLE) + len(company.VENDORS)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("played", [(), ("telegram",), ("telegram", "slack")])
async def test_the_demo_is_linked_only_where_the_sandbox_plays(
    database: Database, without_a_year: None, played: tuple[str, ...]
) -> None:
    """With a bot's real token the demo's numbers are strangers' on Telegram."""
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill(connection, "a demo password", played=played)
        assert await live_links(connection) == Counter(dict.fromkeys(played, EVERYBODY))
    await engine.dispose()


@pytest.mark.timeout(240)
async def test_a_real_token_ends_the_links_that_the_sandbox_made_and_the_sandbox_makes_them_again(
    database: Database, without_a_year: None
) -> None:
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill(connection, "a demo password", played=("telegram", "slack"))
        outcome = await fill(connection, "a demo password", played=())
        assert f"{2 * EVERYBODY} of its chat links ended" in outcome
        assert await live_links(connection) == Counter()
        await fill(connection, "a demo password", played=("telegram", "slack"))
        assert await live_links(connection) == Counter(telegram=EVERYBODY, slack=EVERYBODY)
        ended = await connection.scalar(
            select(func.count()).select_from(audit_events).where(audit_events.c.type == "link.revoked")
        )
        assert ended == 2 * EVERYBODY
    await engine.dispose()


async def bound(connection: Connection) -> set[tuple[str, str, str]]:
    """Platform, chat and place of every bound group."""
    return {(each.platform, each.chat_id, each.place.code) for each in await groups.bound_groups(connection)}


@pytest.mark.timeout(240)
async def test_a_group_of_each_platform_shows_the_offices_purchases_only_where_the_sandbox_plays(
    database: Database, without_a_year: None
) -> None:
    telegram, slack = (
        (name, chat_groups.chat_of(name).chat_id, company.GROUP.cost_centre) for name in ("telegram", "slack")
    )
    engine = make_engine(database.app_url, size=1)
    async with engine.begin() as connection:
        await fill(connection, "a demo password", played=("telegram", "slack"))
        assert await bound(connection) == {telegram, slack}
        await fill(connection, "a demo password", played=("slack",))
        assert await bound(connection) == {slack}, "on a real Telegram the group is a stranger's"
        await fill(connection, "a demo password", played=("telegram", "slack"))
        assert await bound(connection) == {telegram, slack}
        events = await connection.scalars(
            select(audit_events.c.type).where(audit_events.c.type.startswith("group."))
        )
        assert Counter(events) == Counter({"group.bound": 3, "group.unbound": 1})
    await engine.dispose()


def test_the_sandbox_is_told_who_is_in_the_group() -> None:
    forum, channel = chat_groups.registrations(42, slack=True)
    assert (forum["forum"], forum["members"]) == (True, [1001, 1005, 1007, 42])
    assert channel["members"] == ["U1001", "U1005", "U1007", company.BOT_USER]
    assert chat_groups.registrations(42, slack=False) == [forum]
