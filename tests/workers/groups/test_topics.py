"""A topic per request: made once, its title follows the state, closed at the end, and no price is ever read in it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from bots.telegram.outbound import TelegramOutbound
from core.decisions import queries as approvals
from core.groups.service import unbind_group
from core.groups.states import GroupKind, PlaceKind
from core.kernel.ids import ApprovalId, OrderId
from core.orders import service as orders
from core.orders.commands import AcknowledgeOrder
from core.organisation import service as organisations
from core.organisation.commands import AddCostCentre, AddDepartment
from core.purchases import request_queries as requests
from core.requests import service
from core.requests.commands import CreateRequest, RequestLineDraft, WithdrawRequest
from core.requests.model import RequestDetails
from core.vendors.model import Vendor
from tests.bots.bot_env import labels
from tests.support.world import ADMINISTRATOR
from tests.workers.delivery.worker_env import WorkerEnv
from tests.workers.groups.group_env import GroupEnv, make_group_env, receive_all

SECRETS = ("1180", "1,180", "3540", "3,540", "1200", "1,200", "3600", "3,600", "999", "USD", "$")


async def stands(worker_env: WorkerEnv, request: RequestDetails) -> RequestDetails:
    officer = await worker_env.world.an_officer()
    return await worker_env.world.act(officer, requests.show, request.request.id)


async def laptops(worker_env: WorkerEnv, note: str = "") -> RequestDetails:
    """Three laptops for IT, handed over."""
    line = RequestLineDraft("Laptop 14 inch", Decimal(3), "pcs", Decimal("1200"))
    needed_by = worker_env.world.today + dt.timedelta(days=30)
    command = CreateRequest((line,), "USD", needed_by, "IT", note, submit=True)
    return await worker_env.world.act(await worker_env.world.a_requester(), service.create, command)


async def taken_back(worker_env: WorkerEnv, request: RequestDetails) -> None:
    version = (await stands(worker_env, request)).request.version
    command = WithdrawRequest(request.request.id, version, "We have some left.")
    await worker_env.world.act(await worker_env.world.a_requester(), service.withdraw, command)


async def bought(worker_env: WorkerEnv, group_env: GroupEnv) -> tuple[list[str], Vendor]:
    """A whole purchase; the topic's title after each act."""
    world, titles = worker_env.world, []
    vendor, contact = await world.a_vendor()
    await world.a_finance()

    async def then() -> None:
        await worker_env.settle()
        titles.append(await group_env.title())

    request = await laptops(worker_env, f"{vendor.name} sells them at 999 USD.")
    await then()
    rfq = await world.an_rfq(request, to=[vendor])
    await then()
    await world.a_quote(rfq, contact)
    await then()
    asked = (await stands(worker_env, request)).request.approval_id
    assert asked is not None
    approval = await world.act(await world.an_auditor(), approvals.show, ApprovalId(asked))
    await world.approved(approval)
    await then()
    made = (await stands(worker_env, request)).request.order_id
    assert made is not None
    await world.act(contact, orders.acknowledge, AcknowledgeOrder(OrderId(made), "", None))
    await receive_all(worker_env, OrderId(made))
    await then()
    return titles, vendor


async def written(worker_env: WorkerEnv, group_env: GroupEnv) -> list[dict[str, Any]]:
    """Everything that our bot sent to the group, whatever the method."""
    log = await worker_env.sandbox.calls()
    return [call for call in log if str(call.get("args", {}).get("chat_id")) == str(group_env.id)]


async def test_a_purchase_has_one_topic_that_follows_it_to_its_end(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    titles, _ = await bought(worker_env, group_env)
    assert [title.partition(" · ")[2] for title in titles] == [
        "submitted",
        "collecting quotes",
        "waiting for approval",
        "ordered",
        "completed",
    ]
    assert all(title.startswith("REQ-") and "Laptop 14 inch" in title for title in titles)
    (topic,) = await group_env.topics()
    card = await group_env.card()
    assert (topic["open"], card["pinned"], card["thread"]) == (False, True, topic["message_thread_id"])
    assert card["text"].startswith(titles[-1].split(" ")[0])
    assert "completed" in card["text"]
    assert labels(card) == ["Open"]


async def test_nothing_that_went_into_the_group_names_a_price_or_a_vendor(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    _, vendor = await bought(worker_env, group_env)
    calls = await written(worker_env, group_env)
    sent = [str(call["args"]) for call in calls]
    assert {call["method"] for call in calls} == {
        "createForumTopic",
        "sendMessage",
        "pinChatMessage",
        "editMessageText",
        "editForumTopic",
        "closeForumTopic",
    }
    shown = [text.replace(str(group_env.id), "") for text in sent]
    assert [text for text in shown for secret in (*SECRETS, vendor.name) if secret in text] == []
    assert any("Laptop 14 inch" in text for text in shown)


async def test_deliveries_that_are_repeated_send_nothing_again(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    await bought(worker_env, group_env)
    before = len(await written(worker_env, group_env))
    await repeated(worker_env)
    await worker_env.settle()
    assert len(await written(worker_env, group_env)) == before
    await group_env.card()


async def repeated(worker_env: WorkerEnv) -> None:
    """Everything is delivered once more, as after a Redis that forgot and a worker that died."""
    async with worker_env.world.engine.begin() as connection:
        await connection.execute(
            text(
                "UPDATE deliveries SET state = 'due', due_at = now() - interval '9 years', enqueued_at = NULL"
                " WHERE subscriber = 'topics'"
            )
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
    worker_env: WorkerEnv, method: str, topics: int, cards: int
) -> None:
    """Only what makes something new can be there twice: its answer alone says that it was made."""
    group_env = await make_group_env(worker_env)
    await worker_env.sandbox.set_fault("drop", after=True, method=method, chat_id=group_env.id, next=1)
    request = await laptops(worker_env)
    await worker_env.settle()
    await taken_back(worker_env, request)
    await worker_env.settle()
    made, posted = await group_env.topics(), await group_env.messages()
    assert (len(made), len(posted)) == (topics, cards)
    assert (made[-1]["open"], "withdrawn" in made[-1]["name"]) == (False, True)
    assert "withdrawn" in posted[-1]["text"]
    assert posted[-1]["thread"] == made[-1]["message_thread_id"]
    await worker_env.sandbox.clear_refusals()


async def test_a_pause_that_the_group_asks_for_is_obeyed(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    await worker_env.sandbox.set_fault("429", method="createForumTopic", retry_after=40, next=1)
    await laptops(worker_env)
    begun = worker_env.clock.now()
    await worker_env.work()
    assert await group_env.topics() == []
    await worker_env.settle()
    assert worker_env.clock.now() - begun >= dt.timedelta(seconds=40)
    assert len(await group_env.topics()) == 1
    assert await worker_env.parked_count() == 0


async def test_a_group_of_a_cost_centre_shows_that_one_only(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env, place=PlaceKind.cost_centre)
    head = (await worker_env.world.a_manager()).id
    await worker_env.world.act(
        ADMINISTRATOR, organisations.add_department, AddDepartment("OPS", "Operations", head)
    )
    await worker_env.world.act(
        ADMINISTRATOR, organisations.add_cost_centre, AddCostCentre("OPS", "Ops", "OPS", head)
    )
    line = RequestLineDraft("Forklift", Decimal(1), "pcs", None)
    needed_by = worker_env.world.today + dt.timedelta(days=30)
    other = CreateRequest((line,), "USD", needed_by, "OPS", "", submit=True)
    await worker_env.world.act(await worker_env.world.a_requester(), service.create, other)
    await worker_env.settle()
    assert await group_env.topics() == []
    await laptops(worker_env)
    await worker_env.settle()
    assert len(await group_env.topics()) == 1


async def test_a_draft_is_not_shown_and_one_that_ended_unseen_neither(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    await worker_env.world.a_request(submit=False)
    request = await laptops(worker_env)
    await taken_back(worker_env, request)
    await worker_env.settle()
    assert await group_env.topics() == []


async def test_an_ordinary_group_has_one_message_per_request(worker_env: WorkerEnv) -> None:
    group = await make_group_env(worker_env, kind=GroupKind.group)
    request = await laptops(worker_env)
    await worker_env.settle()
    first = await group.card()
    await worker_env.world.an_rfq(request)
    await worker_env.settle()
    card = await group.card()
    assert (card["id"], card["thread"], card["pinned"]) == (first["id"], None, False)
    assert "collecting quotes" in card["text"]


async def test_a_group_that_is_unbound_gets_nothing_new_and_what_it_shows_is_followed(
    worker_env: WorkerEnv,
) -> None:
    group_env = await make_group_env(worker_env)
    request = await laptops(worker_env)
    await worker_env.settle()
    await worker_env.world.act(await worker_env.world.an_admin(), unbind_group, group_env.group.id)
    await worker_env.world.an_rfq(request)
    await laptops(worker_env)
    await worker_env.settle()
    assert "collecting quotes" in await group_env.title()


async def test_without_the_right_to_manage_topics_there_is_one_message_per_request(
    worker_env: WorkerEnv,
) -> None:
    group_env = await make_group_env(worker_env, bot_manages=False)
    request = await laptops(worker_env)
    await worker_env.settle()
    await worker_env.world.an_rfq(request)
    await worker_env.settle()
    card = await group_env.card()
    assert (card["thread"], card["pinned"]) == (None, False)
    assert "collecting quotes" in card["text"]
    assert await worker_env.parked_count() == 0
    words = [each["description"] for each in await worker_env.sandbox.refusals()]
    assert words == [
        "Bad Request: not enough rights to create a topic",
        "Bad Request: not enough rights to manage pinned messages in the chat",
    ]
    await worker_env.sandbox.clear_refusals()


async def test_a_topic_that_somebody_deleted_is_not_made_again(worker_env: WorkerEnv) -> None:
    group_env = await make_group_env(worker_env)
    request = await laptops(worker_env)
    await worker_env.settle()
    (topic,) = await group_env.topics()
    telegram = worker_env.runtime.chats["telegram"]
    assert isinstance(telegram, TelegramOutbound)
    await telegram.bot.delete_forum_topic(group_env.id, topic["message_thread_id"])
    await worker_env.world.an_rfq(request)
    await worker_env.settle()
    assert (await group_env.topics(), await group_env.messages(), await worker_env.parked_count()) == (
        [],
        [],
        0,
    )
    await worker_env.sandbox.clear_refusals()
