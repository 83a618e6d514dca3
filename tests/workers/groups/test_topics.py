"""A topic per request: made once, its title follows the state, closed at the end, and no price is ever read in it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core.approvals import queries as approvals
from core.groups.service import unbind_group
from core.groups.states import GroupKind, PlaceKind
from core.kernel.ids import ApprovalId, OrderId
from core.orders import service as orders
from core.orders.commands import Acknowledge
from core.people import service as people
from core.people.commands import AddCostCentre, AddDepartment
from core.requests import queries as requests
from core.requests import service
from core.requests.commands import CreateRequest, LineDraft, WithdrawRequest
from core.requests.model import RequestDetails
from core.vendors.model import Vendor
from tests.bots.stage import labels
from tests.support.world import ADMINISTRATOR
from tests.workers.delivery.shop import Shop
from tests.workers.groups.forum import Forum, a_forum, receive_all

SECRETS = ("1180", "1,180", "3540", "3,540", "1200", "1,200", "3600", "3,600", "999", "USD", "$")


async def stands(shop: Shop, request: RequestDetails) -> RequestDetails:
    officer = await shop.world.an_officer()
    return await shop.world.act(officer, requests.show, request.request.id)


async def laptops(shop: Shop, note: str = "") -> RequestDetails:
    """Three laptops for IT, handed over."""
    line = LineDraft("Laptop 14 inch", Decimal(3), "pcs", Decimal("1200"))
    needed_by = shop.world.today + dt.timedelta(days=30)
    command = CreateRequest((line,), "USD", needed_by, "IT", note, submit=True)
    return await shop.world.act(await shop.world.a_requester(), service.create, command)


async def taken_back(shop: Shop, request: RequestDetails) -> None:
    version = (await stands(shop, request)).request.version
    command = WithdrawRequest(request.request.id, version, "We have some left.")
    await shop.world.act(await shop.world.a_requester(), service.withdraw, command)


async def bought(shop: Shop, forum: Forum) -> tuple[list[str], Vendor]:
    """A whole purchase; the topic's title after each act."""
    world, titles = shop.world, []
    vendor, contact = await world.a_vendor()
    await world.a_finance()

    async def then() -> None:
        await shop.settled()
        titles.append(await forum.title())

    request = await laptops(shop, f"{vendor.name} sells them at 999 USD.")
    await then()
    rfq = await world.an_rfq(request, to=[vendor])
    await then()
    await world.a_quote(rfq, contact)
    await then()
    asked = (await stands(shop, request)).request.approval_id
    assert asked is not None
    approval = await world.act(await world.an_auditor(), approvals.show, ApprovalId(asked))
    await world.approved(approval)
    await then()
    made = (await stands(shop, request)).request.order_id
    assert made is not None
    await world.act(contact, orders.acknowledge, Acknowledge(OrderId(made), "", None))
    await receive_all(shop, OrderId(made))
    await then()
    return titles, vendor


async def written(shop: Shop, forum: Forum) -> list[dict[str, Any]]:
    """Everything that our bot sent to the group, whatever the method."""
    log = await shop.control("GET", "/control/log")
    return [call for call in log if str(call.get("args", {}).get("chat_id")) == str(forum.id)]


async def test_a_purchase_has_one_topic_that_follows_it_to_its_end(shop: Shop) -> None:
    forum = await a_forum(shop)
    titles, _ = await bought(shop, forum)
    assert [title.partition(" · ")[2] for title in titles] == [
        "submitted",
        "asking vendors",
        "waiting for approval",
        "ordered",
        "completed",
    ]
    assert all(title.startswith("REQ-") and "Laptop 14 inch" in title for title in titles)
    (topic,) = await forum.topics()
    card = await forum.card()
    assert (topic["open"], card["pinned"], card["thread"]) == (False, True, topic["message_thread_id"])
    assert card["text"].startswith(titles[-1].split(" ")[0])
    assert "completed" in card["text"]
    assert labels(card) == ["Open"]


async def test_nothing_that_went_into_the_group_names_a_price_or_a_vendor(shop: Shop) -> None:
    forum = await a_forum(shop)
    _, vendor = await bought(shop, forum)
    sent = [str(call["args"]) for call in await written(shop, forum)]
    assert len(sent) > 10
    shown = [text.replace(str(forum.id), "") for text in sent]
    assert [text for text in shown for secret in (*SECRETS, vendor.name) if secret in text] == []
    assert any("Laptop 14 inch" in text for text in shown)


async def test_deliveries_that_are_repeated_send_nothing_again(shop: Shop) -> None:
    forum = await a_forum(shop)
    await bought(shop, forum)
    before = len(await written(shop, forum))
    await repeated(shop)
    await shop.settled()
    assert len(await written(shop, forum)) == before
    await forum.card()


async def repeated(shop: Shop) -> None:
    """Everything is delivered once more, as after a Redis that forgot and a worker that died."""
    async with shop.world.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE deliveries SET state = 'due', due_at = now() - interval '9 years', enqueued_at = NULL"
            " WHERE subscriber = 'topics'"
        )


@pytest.mark.parametrize(
    ("method", "topics", "cards"),
    [
        ("createForumTopic", 2, 1),
        ("sendMessage", 1, 2),
        ("pinChatMessage", 1, 1),
        ("editMessageText", 1, 1),
        ("editForumTopic", 1, 1),
        ("closeForumTopic", 1, 1),
    ],
)
async def test_an_answer_that_is_lost_leaves_one_topic_that_is_followed(
    shop: Shop, method: str, topics: int, cards: int
) -> None:
    """Only what makes something new can be there twice: its answer alone says that it was made."""
    forum = await a_forum(shop)
    fault = {"kind": "drop", "after": True, "method": method, "chat_id": forum.id, "next": 1}
    await shop.control("POST", "/control/faults", fault)
    request = await laptops(shop)
    await shop.settled()
    await taken_back(shop, request)
    await shop.settled()
    made, posted = await forum.topics(), await forum.messages()
    assert (len(made), len(posted)) == (topics, cards)
    assert (made[-1]["open"], "withdrawn" in made[-1]["name"]) == (False, True)
    assert "withdrawn" in posted[-1]["text"]
    assert posted[-1]["thread"] == made[-1]["message_thread_id"]
    await shop.control("DELETE", "/control/refusals")


async def test_a_pause_that_the_group_asks_for_is_obeyed(shop: Shop) -> None:
    forum = await a_forum(shop)
    fault = {"kind": "429", "method": "createForumTopic", "retry_after": 40, "next": 1}
    await shop.control("POST", "/control/faults", fault)
    await laptops(shop)
    begun = shop.clock.now()
    await shop.work()
    assert await forum.topics() == []
    await shop.settled()
    assert shop.clock.now() - begun >= dt.timedelta(seconds=40)
    assert len(await forum.topics()) == 1
    assert await shop.parked() == 0


async def test_a_group_of_a_cost_centre_shows_that_one_only(shop: Shop) -> None:
    forum = await a_forum(shop, place=PlaceKind.cost_centre)
    head = (await shop.world.a_manager()).id
    await shop.world.act(ADMINISTRATOR, people.add_department, AddDepartment("OPS", "Operations", head))
    await shop.world.act(ADMINISTRATOR, people.add_cost_centre, AddCostCentre("OPS", "Ops", "OPS", head))
    line = LineDraft("Forklift", Decimal(1), "pcs", None)
    needed_by = shop.world.today + dt.timedelta(days=30)
    other = CreateRequest((line,), "USD", needed_by, "OPS", "", submit=True)
    await shop.world.act(await shop.world.a_requester(), service.create, other)
    await shop.settled()
    assert await forum.topics() == []
    await laptops(shop)
    await shop.settled()
    assert len(await forum.topics()) == 1


async def test_a_draft_is_not_shown_and_one_that_ended_unseen_neither(shop: Shop) -> None:
    forum = await a_forum(shop)
    await shop.world.a_request(submit=False)
    request = await laptops(shop)
    await taken_back(shop, request)
    await shop.settled()
    assert await forum.topics() == []


async def test_an_ordinary_group_has_one_message_per_request(shop: Shop) -> None:
    group = await a_forum(shop, kind=GroupKind.group)
    request = await laptops(shop)
    await shop.settled()
    first = await group.card()
    await shop.world.an_rfq(request)
    await shop.settled()
    card = await group.card()
    assert (card["id"], card["thread"], card["pinned"]) == (first["id"], None, False)
    assert "asking vendors" in card["text"]


async def test_a_group_that_is_unbound_gets_nothing_new_and_what_it_shows_is_followed(shop: Shop) -> None:
    forum = await a_forum(shop)
    request = await laptops(shop)
    await shop.settled()
    await shop.world.act(await shop.world.an_admin(), unbind_group, forum.group.id)
    await shop.world.an_rfq(request)
    await laptops(shop)
    await shop.settled()
    assert "asking vendors" in await forum.title()


async def test_without_the_right_to_manage_topics_there_is_one_message_per_request(shop: Shop) -> None:
    forum = await a_forum(shop, bot_manages=False)
    request = await laptops(shop)
    await shop.settled()
    await shop.world.an_rfq(request)
    await shop.settled()
    card = await forum.card()
    assert (card["thread"], card["pinned"]) == (None, False)
    assert "asking vendors" in card["text"]
    assert await shop.parked() == 0
    words = [each["description"] for each in await shop.control("GET", "/control/refusals")]
    assert words == [
        "Bad Request: not enough rights to create a topic",
        "Bad Request: not enough rights to manage pinned messages in the chat",
    ]
    await shop.control("DELETE", "/control/refusals")


async def test_a_topic_that_somebody_deleted_is_not_made_again(shop: Shop) -> None:
    forum = await a_forum(shop)
    request = await laptops(shop)
    await shop.settled()
    (topic,) = await forum.topics()
    await shop.runtime.chats["telegram"].bot.delete_forum_topic(forum.id, topic["message_thread_id"])  # type: ignore[attr-defined]
    await shop.world.an_rfq(request)
    await shop.settled()
    assert (await forum.topics(), await forum.messages(), await shop.parked()) == ([], [], 0)
    await shop.control("DELETE", "/control/refusals")
