"""One stored row that cannot even be read breaks no list: the others are shown, and it is named."""

import asyncpg
import pytest

from api.contract import endpoints as e
from api.contract.endpoints import Endpoint
from core.access.roles import Role
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World

BROKEN = {
    e.list_requests.name: ("procurement_requests", "state", "Request"),
    e.list_rfqs.name: ("rfqs", "state", "Rfq"),
    e.list_quotes.name: ("vendor_quotes", "state", "Quote"),
    e.list_approvals.name: ("approvals", "state", "Approval"),
    e.list_orders.name: ("purchase_orders", "state", "OrderDetails"),
}
"""By the list: the table, the column that gets a value which no version of ours has written, and what is named."""


async def spoil(database: Database, table: str, column: str) -> str:
    """The oldest row of the table gets a value that nobody expects; its id."""
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{column}")
    spoiled = await owner.fetchval(
        f"UPDATE {table} SET {column} = 'unheard_of' WHERE id = (SELECT min(id::text)::uuid FROM {table})"
        " RETURNING id"
    )
    await owner.close()
    return str(spoiled)


@pytest.mark.parametrize("more", [{}, {"counted": "true"}], ids=["by time", "by place"])
@pytest.mark.parametrize("name", list(BROKEN))
async def test_a_row_that_cannot_be_read_is_named_and_the_others_are_shown(
    api: Api, world: World, database: Database, name: str, more: dict[str, str]
) -> None:
    for _ in range(2):
        await world.an_order()
    table, column, kind = BROKEN[name]
    spoiled = await spoil(database, table, column)
    endpoint: Endpoint[object, object] = next(  # type: ignore[type-var]
        each for each in vars(e).values() if isinstance(each, Endpoint) and each.name == name
    )
    caller = api.as_(await world.an_auditor())
    answer = await caller.send("GET", endpoint.path, params=more)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert [each["id"] for each in shown["unshown"]] == [spoiled]
    assert shown["unshown"][0]["kind"] == kind
    assert len(shown["items"]) == 1
    assert spoiled not in [each["id"] for each in shown["items"]]


async def test_a_search_and_a_page_go_past_it(api: Api, world: World, database: Database) -> None:
    for _ in range(3):
        await world.a_request()
    spoiled = await spoil(database, "procurement_requests", "state")
    caller = api.as_(await world.a_requester())
    found = (await caller.send("GET", "/procurement/requests", params={"q": "laptop"})).json()
    assert (len(found["items"]), [each["id"] for each in found["unshown"]]) == (2, [spoiled])
    first = (await caller.send("GET", "/procurement/requests", params={"limit": "2"})).json()
    rest = await caller.send(
        "GET", "/procurement/requests", params={"limit": "2", "cursor": first["next_cursor"]}
    )
    assert [each["id"] for each in rest.json()["unshown"]] == [spoiled]


async def test_a_member_of_the_team_with_an_unknown_role_hides_nobody(
    api: Api, world: World, database: Database
) -> None:
    odd = await world.a_person(Role.manager)
    owner = await asyncpg.connect(database.admin_url)
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("ALTER TABLE person_roles DROP CONSTRAINT IF EXISTS ck_person_roles_role")
    await owner.execute("UPDATE person_roles SET role = 'conjurer' WHERE person_id = $1", odd.id)
    await owner.close()
    answer = await api.as_(await world.an_admin()).send("GET", "/people")
    assert answer.status_code == 200, answer.text
    assert str(odd.id) in [each["id"] for each in answer.json()["unshown"]]
