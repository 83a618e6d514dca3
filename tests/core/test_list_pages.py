"""Pages of a list: forwards, backwards, counted, and while items disappear."""

import datetime as dt
from uuid import UUID

import pytest

from core.db.pages import PageQuery
from core.kernel.errors import Invalid
from core.kernel.ids import RequestId
from core.kernel.pagination import ListPlace, Page, cursor_behind, cursor_beside
from core.purchases import request_queries as queries
from core.requests.model import RequestDetails, RequestFilter
from tests.support.postgres import Database
from tests.support.world import World

SIZE = 3


async def page(world: World, cursor: str | None = None) -> Page[RequestDetails]:
    filters = RequestFilter(mine=True, page=PageQuery(cursor, SIZE, counted=True))
    return await world.act(await world.a_requester(), queries.listing, filters)


def ids(shown: Page[RequestDetails]) -> list[RequestId]:
    return [item.request.id for item in shown.items]


async def disappear(database: Database, *gone: UUID) -> None:
    """By the superuser's hand, since nobody of ours may delete a request."""
    await database.hand.execute("DELETE FROM request_lines WHERE request_id = ANY($1)", gone)
    await database.hand.execute("DELETE FROM procurement_requests WHERE id = ANY($1)", gone)


async def newest_first(world: World, count: int) -> list[RequestId]:
    made = [(await world.a_request(submit=False)).request.id for _ in range(count)]
    return made[::-1]


async def test_pages_forwards_and_backwards_say_where_they_stand(world: World) -> None:
    made = await newest_first(world, 8)
    first = await page(world)
    second = await page(world, cursor_beside(made[2]))
    third = await page(world, cursor_beside(made[5]))
    assert [ids(each) for each in (first, second, third)] == [made[:3], made[3:6], made[6:]]
    assert [each.place for each in (first, second, third)] == [
        ListPlace(1, 8),
        ListPlace(4, 8),
        ListPlace(7, 8),
    ]
    assert [each.next_cursor is None for each in (first, second, third)] == [False, False, True]
    back = await page(world, cursor_beside(made[6], backwards=True))
    assert (ids(back), back.place) == (made[3:6], ListPlace(4, 8))


async def test_what_disappears_is_neither_skipped_over_nor_shown_twice(
    world: World, database: Database
) -> None:
    made = await newest_first(world, 8)
    await disappear(database, made[0], made[1], made[2])
    after = await page(world, cursor_beside(made[2]))
    assert (ids(after), after.place) == (made[3:6], ListPlace(1, 5))
    before = await page(world, cursor_beside(made[4], backwards=True))
    assert (ids(before), before.place) == (made[3:6], ListPlace(1, 5))


async def test_behind_the_end_is_the_last_page_and_an_empty_list_is_empty(
    world: World, database: Database
) -> None:
    made = await newest_first(world, 4)
    await disappear(database, made[3])
    last = await page(world, cursor_beside(made[2]))
    assert (ids(last), last.place) == (made[:3], ListPlace(1, 3))
    await disappear(database, *made[:3])
    for cursor in (None, cursor_beside(made[1]), cursor_beside(made[1], backwards=True)):
        empty = await page(world, cursor)
        assert (empty.items, empty.place) == ((), ListPlace(0, 0))


@pytest.mark.parametrize(
    ("column", "changed"),
    [("total_estimate", "0"), ("needed_by", "'2000-01-01'"), ("state", "'cancelled'"), (None, None)],
)
async def test_a_row_that_changes_while_pages_are_turned_moves_none(
    world: World, database: Database, column: str | None, changed: str | None
) -> None:
    made = await newest_first(world, 5)
    since = None if column else dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    found: list[RequestId] = []
    cursor: str | None = None
    while len(found) < 20:
        query = PageQuery(cursor, 2, sort=column or "")
        filters = RequestFilter(mine=True, page=query, since=since)
        turned = await world.act(await world.a_requester(), queries.listing, filters)
        found += ids(turned)
        cursor = turned.next_cursor
        if cursor is None:
            break
        if column:
            # the last row of the page now belongs to the end of the list
            await database.hand.execute(
                f"UPDATE procurement_requests SET {column} = {changed} WHERE id = $1", found[-1]
            )
    assert sorted(set(found)) == sorted(made), "nothing is skipped"
    assert found[:2] == made[:2]


async def test_a_cursor_with_a_value_that_its_column_cannot_have_is_refused(world: World) -> None:
    row = (await newest_first(world, 1))[0]
    for column, value in (("needed_by", "soon"), ("needed_by", "2026-W01-1"), ("total_estimate", "NaN")):
        page = PageQuery(cursor_behind(row, column, value), 2, sort=column)
        with pytest.raises(Invalid) as refused:
            await world.act(await world.a_requester(), queries.listing, RequestFilter(mine=True, page=page))
        assert refused.value.errors[0].field == "/cursor"
    elsewhere = PageQuery(cursor_behind(row, "state", "draft"), 2, sort="total_estimate")
    found = await world.act(
        await world.a_requester(), queries.listing, RequestFilter(mine=True, page=elsewhere)
    )
    assert found.items == (), "a cursor of another order only names its row"
