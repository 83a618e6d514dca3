"""Comments: by whoever may see the request and is staff, in any state of it, once written and never changed."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from core.access.roles import Role
from core.comments import queries, service
from core.comments.commands import AddComment
from core.comments.model import Comment
from core.comments.queries import CommentFilter
from core.kernel.errors import MissingPermission, NotFound
from core.kernel.ids import RequestId
from core.log.tables import audit_events
from core.people.model import Person
from core.purchases import request_queries as requests
from core.receipts import service as receipts
from core.receipts.commands import ReceivedLine, ReceiveGoods
from core.requests import service as asking
from core.requests.commands import CancelRequest, WithdrawRequest
from core.requests.states import RequestState
from tests.support.postgres import Database
from tests.support.world import World


async def said(world: World, who: Person, request_id: RequestId, text: str = "Blue, please.") -> Comment:
    return await world.act(who, service.add_comment, AddComment(request_id, text))


async def read(world: World, who: Person, request_id: RequestId) -> Sequence[Comment]:
    return (await world.act(who, queries.listing, CommentFilter(request_id, None, 50))).items


@pytest.mark.parametrize(
    "role", [Role.requester, Role.officer, Role.manager, Role.finance, Role.admin], ids=str
)
async def test_staff_who_may_see_a_request_say_something_about_it(world: World, role: Role) -> None:
    person = await world.the(role)
    request = (await world.a_request(person)).request
    comment = await said(world, person, request.id)
    assert (comment.author, comment.author_name, comment.text) == (person.id, person.name, "Blue, please.")
    assert await read(world, person, request.id) == (comment,)


async def test_vendors_and_auditors_say_nothing_and_an_auditor_reads(world: World) -> None:
    vendor, contact = await world.a_vendor()
    request_id = RequestId((await world.an_rfq(to=[vendor])).rfq.request_id)
    comment = await said(world, await world.a_requester(), request_id)
    for silent in (contact, await world.an_auditor()):
        with pytest.raises(MissingPermission, match="requests:comment"):
            await said(world, silent, request_id)
    with pytest.raises(MissingPermission):
        await read(world, contact, request_id)
    assert await read(world, await world.an_auditor(), request_id) == (comment,)


async def test_who_may_not_see_a_request_neither_comments_nor_reads(world: World) -> None:
    stranger = await world.a_person(Role.requester)
    request = (await world.a_request()).request
    draft = (await world.a_request(submit=False)).request
    for who, hidden in ((stranger, request), (await world.an_officer(), draft)):
        with pytest.raises(NotFound):
            await said(world, who, hidden.id)
        with pytest.raises(NotFound):
            await read(world, who, hidden.id)


async def a_draft(world: World) -> UUID:
    return (await world.a_request(submit=False)).request.id


async def a_submitted_one(world: World) -> UUID:
    return (await world.a_request()).request.id


async def one_at_vendors(world: World) -> UUID:
    return (await world.an_rfq()).rfq.request_id


async def a_quoted_one(world: World) -> UUID:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    await world.a_quote(rfq, contact)
    return rfq.rfq.request_id


async def one_to_decide(world: World) -> UUID:
    return (await world.an_open_approval()).approval.request_id


async def an_ordered_one(world: World) -> UUID:
    return (await world.an_order()).order.request_id


async def one_that_arrived(world: World) -> UUID:
    order = (await world.an_order(acknowledged=True)).order
    lines = tuple(ReceivedLine(line.id, line.quantity, Decimal(0)) for line in order.lines)
    await world.act(await world.a_requester(), receipts.receive, ReceiveGoods(order.id, lines, "", None))
    return order.request_id


async def one_taken_back(world: World) -> UUID:
    request = (await world.a_request()).request
    await world.act(await world.a_requester(), asking.withdraw, WithdrawRequest(request.id, 1, None))
    return request.id


async def one_stopped(world: World) -> UUID:
    request = (await world.a_request()).request
    await world.act(await world.an_officer(), asking.cancel, CancelRequest(request.id, 1, "We moved out."))
    return request.id


IN_STATE = {
    RequestState.draft: a_draft,
    RequestState.submitted: a_submitted_one,
    RequestState.sourcing: one_at_vendors,
    RequestState.quoted: a_quoted_one,
    RequestState.awaiting_approval: one_to_decide,
    RequestState.ordered: an_ordered_one,
    RequestState.completed: one_that_arrived,
    RequestState.withdrawn: one_taken_back,
    RequestState.cancelled: one_stopped,
}
PASSED_AT_ONCE = {RequestState.approved, RequestState.rejected}
"""An approval makes the order in the same transaction; a rejection brings the request back to its quotes."""


def test_every_state_in_which_somebody_finds_a_request_is_tried() -> None:
    assert set(IN_STATE) | PASSED_AT_ONCE == set(RequestState)


@pytest.mark.parametrize("state", IN_STATE, ids=str)
async def test_a_request_is_commented_in_every_state_and_stays_as_it_was(
    world: World, state: RequestState
) -> None:
    requester, request_id = await world.a_requester(), RequestId(await IN_STATE[state](world))
    before = await world.act(requester, requests.show, request_id)
    assert before.request.state is state
    comment = await said(world, requester, request_id)
    assert await world.act(requester, requests.show, request_id) == before
    assert await read(world, requester, request_id) == (comment,)


async def test_one_fact_with_the_words_stands_in_the_log_and_in_the_timeline(world: World) -> None:
    requester = await world.a_requester()
    request = (await world.a_request(requester)).request
    comment = await said(world, requester, request.id, "First line\nand a second one")
    event = audit_events.c
    async with world.engine.connect() as connection:
        (row,) = await connection.execute(select(audit_events).where(event.type == "request.commented"))
    assert (row.subject_kind, row.subject_id, row.subject_version) == ("request", request.id, 1)
    assert (row.request_id, row.actor) == (request.id, str(requester.id))
    assert row.data == {
        "number": request.number,
        "state": "submitted",
        "comment_id": str(comment.id),
        "text": "First line\nand a second one",
    }
    last = (await world.act(requester, requests.timeline, request.id))[-1]
    assert (last.type, last.actor_name) == ("request.commented", requester.name)


async def test_what_was_said_is_read_page_by_page_the_newest_last(world: World) -> None:
    requester = await world.a_requester()
    request = (await world.a_request(requester)).request
    for number in range(5):
        await said(world, requester, request.id, str(number))
    await said(world, requester, (await world.a_request(requester)).request.id, "elsewhere")
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await world.act(requester, queries.listing, CommentFilter(request.id, cursor, 2))
        found += [comment.text for comment in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("change", ["UPDATE request_comments SET text = 'x'", "DELETE FROM request_comments"])
async def test_nobody_changes_or_deletes_a_comment(world: World, database: Database, change: str) -> None:
    request = (await world.a_request()).request
    await said(world, await world.a_requester(), request.id)
    connection = await asyncpg.connect(database.app_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(change)
    await connection.close()
