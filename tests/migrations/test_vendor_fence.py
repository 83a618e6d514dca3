"""Row-level security: what a vendor's login sees when the application's own filter is switched off."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg
import pytest

from core.access.actor import Actor
from core.accounts import links
from core.accounts.commands import MakeLink, RevokeLink
from core.db.engine import Engine, make_engine
from core.documents import service as documents
from core.documents.commands import FetchDocument, UploadDocument
from core.documents.store import FileStore
from core.notifications import preferences
from core.notifications import repo as notices
from core.notifications.preferences import ChangePreferences
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.orders.model import OrderDetails
from core.people import queries
from core.people import repo as people
from core.people.model import Person
from core.quotes import service as quotes
from core.quotes.commands import DeclineRfq, WithdrawQuote
from core.quotes.model import QuoteDetails
from core.uow import Uow
from core.vendors import service as vendors
from core.vendors.commands import HoldVendor
from core.vendors.model import HoldKind
from tests.support.company_snapshot import with_company
from tests.support.postgres import Database
from tests.support.uow import begin
from tests.support.world import ADMINISTRATOR, World

FENCES = (
    "0008_fence_vendors",
    "0009_add_person_settings",
    "0014_keep_notices_and_digests",
    "0022_let_administrators_keep_the_file",
)
FENCED = {table for name in FENCES for table in import_module(f"migrations.versions.{name}").FENCED}
EARLY = ChangePreferences(frozenset({"digest_hour"}), digest_hour=6)
C = TypeVar("C")
R = TypeVar("R")


@dataclass
class TwoVendors:
    """Two vendors who quoted on the same RFQ, one of them with an order too."""

    world: World
    engine: Engine
    database: Database
    alder: Person
    birke: Person
    quote: QuoteDetails
    order: OrderDetails

    async def act(self, who: Person, use: Callable[[Uow, Actor, C], Awaitable[R]], command: C) -> R:
        """As the api's edge does it: inside the fence."""
        async with begin(self.engine, people.as_actor(who), self.world.clock) as uow:
            return await use(uow, uow.actor, command)


@pytest.fixture
async def two_vendors(database: Database, tmp_path: Path) -> AsyncIterator[TwoVendors]:
    engine = make_engine(database.app_url, size=4)
    world = await with_company(World(engine), database)
    alder, alders_contact = await world.a_vendor()
    birke, birkes_contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[alder, birke])
    quote = await world.a_quote(rfq, alders_contact, "1180")
    await world.an_rfq(to=[birke])
    for contact in (alders_contact, birkes_contact):
        await world.act(contact, links.make_link, MakeLink(None))
        await world.act(contact, preferences.change_preferences, EARLY)
        async with engine.begin() as connection:
            expected = notices.ExpectedNotices(contact.id, "rfq.sent", [contact.id])
            await notices.add_expected(connection, expected, world.now)
        content = b"item,price\nlaptop,1180\n"
        await world.act(contact, documents.upload, UploadDocument("prices.csv", content, FileStore(tmp_path)))
    order = await world.an_order(vendor=alder, contact=alders_contact)
    await world.an_order(vendor=birke, contact=birkes_contact)
    for vendor in (alder, birke):
        hold = HoldVendor(vendor.id, HoldKind.order, "a test", None)
        await world.act(ADMINISTRATOR, vendors.hold_vendor, hold)
    yield TwoVendors(world, engine, database, alders_contact, birkes_contact, quote, order)
    await engine.dispose()


async def as_vendor(two_vendors: TwoVendors, vendor_id: UUID | None) -> "asyncpg.Connection[asyncpg.Record]":
    """The app's own login, stepped down; the caller closes it."""
    connection = await asyncpg.connect(two_vendors.database.app_url)
    await connection.execute("SET ROLE parley_vendor")
    if vendor_id is not None:
        await connection.execute("SELECT set_config('parley.vendor_id', $1, false)", str(vendor_id))
    return connection


OWNERS = {
    "vendors": "SELECT id FROM t",
    "vendor_holds": "SELECT vendor_id FROM t",
    "people": "SELECT vendor_id FROM t",
    "person_roles": "SELECT p.vendor_id FROM t JOIN people p ON p.id = t.person_id",
    "chat_identities": "SELECT p.vendor_id FROM t JOIN people p ON p.id = t.person_id",
    "notices": "SELECT p.vendor_id FROM t JOIN people p ON p.id = t.recipient",
    "person_settings": "SELECT p.vendor_id FROM t JOIN people p ON p.id = t.person_id",
    "link_codes": "SELECT p.vendor_id FROM t JOIN people p ON p.id = t.person_id",
    "documents": "SELECT vendor_id FROM t",
    "rfq_invitations": "SELECT vendor_id FROM t",
    "vendor_quotes": "SELECT vendor_id FROM t",
    "quote_lines": "SELECT q.vendor_id FROM t JOIN vendor_quotes q ON q.id = t.quote_id",
    "quote_revisions": "SELECT q.vendor_id FROM t JOIN vendor_quotes q ON q.id = t.quote_id",
    "purchase_orders": "SELECT vendor_id FROM t",
    "purchase_order_lines": "SELECT o.vendor_id FROM t JOIN purchase_orders o ON o.id = t.order_id",
    "rfqs": "SELECT i.vendor_id FROM t JOIN rfq_invitations i ON i.rfq_id = t.id",
    "rfq_lines": "SELECT i.vendor_id FROM t JOIN rfq_invitations i ON i.rfq_id = t.rfq_id",
    "procurement_requests": (
        "SELECT i.vendor_id FROM t JOIN rfqs r ON r.request_id = t.id"
        " JOIN rfq_invitations i ON i.rfq_id = r.id"
    ),
}
KEYS = {
    "person_roles": "(person_id, role)",
    "vendor_holds": "(vendor_id, kind)",
    "person_settings": "person_id",
    "quote_revisions": "(quote_id, revision)",
}


def test_every_fenced_table_is_tried() -> None:
    assert set(OWNERS) == set(FENCED)


@pytest.mark.parametrize("table", sorted(OWNERS))
async def test_vendor_sees_its_own_rows_and_no_other(two_vendors: TwoVendors, table: str) -> None:
    key = KEYS.get(table, "id")
    owner = await asyncpg.connect(two_vendors.database.owner_url)
    both = f"SELECT {key}::text AS key FROM {table}"
    mine = (
        f"SELECT {key}::text AS key FROM {table} AS t"
        f" WHERE $1 IN ({OWNERS[table].replace('FROM t', 'FROM (SELECT t.*) AS t', 1)})"
    )
    everything = {row["key"] for row in await owner.fetch(both)}
    expected = {row["key"] for row in await owner.fetch(mine, two_vendors.alder.vendor_id)}
    await owner.close()
    connection = await as_vendor(two_vendors, two_vendors.alder.vendor_id)
    seen = {row["key"] for row in await connection.fetch(both)}
    await connection.close()
    assert seen == expected
    assert len(seen) < len(everything) or not everything
    assert seen or table == "chat_identities"


@pytest.mark.parametrize("table", sorted(OWNERS))
async def test_without_a_vendor_nothing_is_seen_and_nothing_fails(
    two_vendors: TwoVendors, table: str
) -> None:
    connection = await as_vendor(two_vendors, None)
    key = KEYS.get(table, "id")
    assert await connection.fetch(f"SELECT {key} FROM {table}") == []
    async with connection.transaction():
        await connection.execute(
            "SELECT set_config('parley.vendor_id', $1, true)", str(two_vendors.alder.vendor_id)
        )
    assert await connection.fetch(f"SELECT {key} FROM {table}") == []
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM people",
        "SELECT requested_by FROM procurement_requests",
        "SELECT total_estimate FROM procurement_requests",
        "SELECT * FROM audit_events",
        "SELECT * FROM approvals",
        "SELECT * FROM refresh_tokens",
        "SELECT * FROM deliveries",
        "SELECT * FROM chat_messages",
        "DELETE FROM vendor_quotes",
        "UPDATE vendors SET approved_until = NULL",
        "SELECT reason FROM vendor_holds",
        "DELETE FROM vendor_holds",
        "UPDATE people SET active = true",
        "UPDATE rfqs SET quote_by = now()",
        "UPDATE documents SET state = 'clean'",
        "INSERT INTO person_roles SELECT id, 'admin' FROM people",
        "INSERT INTO rfq_invitations SELECT gen_random_uuid(), rfq_id, gen_random_uuid(), 'sent' FROM rfqs",
        "SET ROLE parley_owner",
    ],
)
async def test_vendor_is_denied_what_its_use_cases_do_not_need(
    two_vendors: TwoVendors, statement: str
) -> None:
    connection = await as_vendor(two_vendors, two_vendors.alder.vendor_id)
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedColumnError)):
        await connection.execute(statement)
    await connection.close()


async def test_vendor_cannot_write_in_anothers_name(two_vendors: TwoVendors) -> None:
    connection = await as_vendor(two_vendors, two_vendors.alder.vendor_id)
    for statement in (
        "UPDATE vendor_quotes SET vendor_id = $1",
        "UPDATE rfq_invitations SET vendor_id = $1",
        "UPDATE purchase_orders SET vendor_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute(statement, two_vendors.birke.vendor_id)
    foreign = "UPDATE vendor_quotes SET total = 1 WHERE vendor_id = $1"
    assert await connection.execute(foreign, two_vendors.birke.vendor_id) == "UPDATE 0"
    await connection.close()


async def test_a_vendors_whole_day_runs_inside_the_fence(two_vendors: TwoVendors, tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    me = await two_vendors.act(two_vendors.alder, lambda uow, actor, _: queries.me(uow, actor), None)
    assert me.person.vendor_id == two_vendors.alder.vendor_id
    link = await two_vendors.act(two_vendors.alder, links.make_link, MakeLink(None))
    await two_vendors.act(two_vendors.alder, links.revoke_link, RevokeLink(link.id))
    upload = UploadDocument("prices.csv", b"item,price\nlaptop,1170\n", store)
    document = await two_vendors.act(two_vendors.alder, documents.upload, upload)
    fetched = await two_vendors.act(two_vendors.alder, documents.fetch, FetchDocument(document.id, store))
    assert fetched.content == upload.content
    withdrawn = await two_vendors.act(
        two_vendors.alder,
        quotes.withdraw_quote,
        WithdrawQuote(two_vendors.quote.quote.id, "typing error", None),
    )
    assert withdrawn.quote.state == "withdrawn"
    declined = await two_vendors.act(
        two_vendors.birke, quotes.decline, DeclineRfq(two_vendors.quote.quote.rfq_id, "no stock")
    )
    assert [item.vendor_id for item in declined.rfq.invitations] == [two_vendors.birke.vendor_id]
    order = await two_vendors.act(
        two_vendors.alder, orders.acknowledge, AcknowledgeOrder(two_vendors.order.order.id, "thanks", None)
    )
    assert order.order.state == "acknowledged"
