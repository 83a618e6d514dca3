"""Notices: a person is told once about an event, by n8n's words or by Parley's own, whoever comes first."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.log.tables import audit_events, deliveries
from core.notifications import service
from core.notifications.service import SendNotices, Taken
from tests.workers.delivery.shop import Shop
from tests.workers.delivery.webhooks import listening
from tests.workers.delivery.works import SECRET

FLOW = Actor.system(Role.system_n8n, channel=Channel.n8n)
WAIT = 15


@dataclass
class Told:
    """An officer, and one quote that they are to hear of."""

    shop: Shop
    chat: int
    officer: UUID

    async def quote(self) -> UUID:
        """Somebody quotes; the event's id. Another vendor has not answered yet."""
        vendor, contact = await self.shop.world.a_vendor()
        other, third = await self.shop.world.a_vendor()
        for person in (contact, third):
            await self.shop.chat(person)
        await self.shop.world.a_quote(await self.shop.world.an_rfq(to=[vendor, other]), contact)
        event = audit_events.c
        async with self.shop.world.engine.connect() as connection:
            found = await connection.scalars(select(event.id).where(event.type == "quote.submitted"))
            return found.one()

    async def by_n8n(self, event_id: UUID, words: str = "n8n says: a quote came in.") -> Taken:
        """What the call-back of the flow does."""
        command = SendNotices(event_id, "quote.submitted", {self.officer: words}, "7")
        return await self.shop.world.act(FLOW, service.send_notices, command)

    async def heard(self) -> list[str]:
        """The sentences in the officer's chat; cards are not sentences."""
        return [
            each["text"]
            for each in await self.shop.sees(self.chat)
            if "quote" in each["text"].lower() and not each["buttons"]
        ]

    def later(self, seconds: float) -> None:
        self.shop.clock.forward(dt.timedelta(seconds=seconds))


@pytest.fixture
async def told(shop: Shop) -> Told:
    officer = await shop.world.an_officer()
    return Told(shop, await shop.chat(officer), officer.id)


@pytest.fixture
async def n8n(shop: Shop) -> AsyncIterator[None]:
    """An n8n that takes every event; what it tells, and when, is the test's."""
    async with listening() as webhooks:
        settings = shop.runtime.settings.model_copy(
            update={
                "n8n_url": webhooks.url,
                "n8n_hook_secret": SecretStr(SECRET),
                "callback_secret": SecretStr(SECRET),
                "notice_wait": WAIT,
            }
        )
        shop.runtime = replace(shop.runtime, settings=settings)
        yield


async def repeated(shop: Shop) -> None:
    """Every delivery of a notice comes again."""
    async with shop.world.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.subscriber == "notices")
            .values(state="due", due_at=shop.clock.at, enqueued_at=None)
        )
    await shop.work()


async def test_without_n8n_parley_tells_at_once_and_a_repeated_delivery_tells_nothing(told: Told) -> None:
    await told.quote()
    await told.shop.work()
    (words,) = await told.heard()
    assert "1" in words
    await repeated(told.shop)
    assert await told.heard() == [words]


@pytest.mark.usefixtures("n8n")
async def test_when_n8n_tells_first_parley_says_nothing(told: Told) -> None:
    event_id = await told.quote()
    await told.shop.work()
    assert await told.heard() == []
    assert await told.by_n8n(event_id) == Taken(1, 0)
    await told.shop.work()
    assert await told.heard() == ["n8n says: a quote came in."]
    told.later(WAIT + 1)
    await told.shop.work()
    await repeated(told.shop)
    assert await told.heard() == ["n8n says: a quote came in."]


@pytest.mark.usefixtures("n8n")
async def test_when_n8n_is_silent_parley_tells_after_the_wait_and_a_late_call_back_nothing(
    told: Told,
) -> None:
    event_id = await told.quote()
    await told.shop.work()
    told.later(WAIT - 1)
    await told.shop.work()
    assert await told.heard() == []
    told.later(1)
    await told.shop.work()
    (words,) = await told.heard()
    assert not words.startswith("n8n")
    assert await told.by_n8n(event_id) == Taken(0, 1)
    await told.shop.work()
    assert await told.heard() == [words]


@pytest.mark.usefixtures("n8n")
async def test_when_both_come_at_the_same_moment_it_is_told_once(told: Told) -> None:
    event_id = await told.quote()
    await told.shop.work()
    told.later(WAIT)
    await asyncio.gather(told.shop.work(), told.by_n8n(event_id), told.by_n8n(event_id))
    await told.shop.work()
    assert len(await told.heard()) == 1


@pytest.mark.usefixtures("n8n")
async def test_while_n8n_is_not_ready_nobody_waits_for_it(told: Told) -> None:
    settings = told.shop.runtime.settings.model_copy(update={"n8n_ready_file": Path("/nowhere/n8n-is-ready")})
    told.shop.runtime = replace(told.shop.runtime, settings=settings)
    await told.quote()
    await told.shop.work()
    assert len(await told.heard()) == 1


async def test_a_flow_that_calls_often_is_taken_once(told: Told) -> None:
    event_id = await told.quote()
    answers = await asyncio.gather(*(told.by_n8n(event_id) for _ in range(4)))
    assert sorted(answer.accepted for answer in answers) == [0, 0, 0, 1]
    await told.shop.work()
    assert await told.heard() == ["n8n says: a quote came in."]


async def test_a_pause_that_the_chat_asks_for_is_kept_and_it_is_told_once(told: Told) -> None:
    await told.shop.work()
    fault = {"kind": "429", "next": 1, "retry_after": 9, "chat_id": told.chat, "method": "sendMessage"}
    await told.quote()
    await told.shop.control("POST", "/control/faults", fault)
    for _ in range(3):
        await told.shop.work()
        told.later(10)
    assert len(await told.heard()) == 1


async def test_whoever_has_no_chat_is_noted_and_keeps_nobody_waiting(shop: Shop) -> None:
    """The vendor of the notice has no telephone; the delivery is done all the same."""
    await shop.world.an_rfq()
    await shop.work()
    assert await shop.scalar("SELECT string_agg(DISTINCT state, ' ') FROM notices") == "unreachable"
    open_ones = "SELECT count(*) FROM deliveries WHERE subscriber = 'notices' AND state <> 'done'"
    assert await shop.scalar(open_ones) == 0


RFQ_SENT = "SELECT id FROM audit_events WHERE type = 'rfq.sent'"
STATES = "SELECT string_agg(DISTINCT state, ' ') FROM notices WHERE kind = 'rfq.sent'"


async def asked(shop: Shop) -> tuple[int, UUID]:
    """A vendor is asked for a quote; their chat, and who they are."""
    vendor, contact = await shop.world.a_vendor()
    chat = await shop.chat(contact)
    await shop.world.an_rfq(to=[vendor])
    return chat, contact.id


async def told_by_flow(shop: Shop, recipient: UUID) -> None:
    command = SendNotices(
        await shop.scalar(RFQ_SENT), "rfq.sent", {recipient: "n8n says: please quote."}, "8"
    )
    await shop.world.act(FLOW, service.send_notices, command)


async def test_whoever_has_a_card_about_it_hears_no_sentence_too_by_parley_or_by_a_flow(shop: Shop) -> None:
    chat, contact = await asked(shop)
    await told_by_flow(shop, contact)
    await shop.settled()
    (card,) = await shop.sees(chat)
    assert card["buttons"]
    assert await shop.scalar(STATES) == "carded"
    await repeated(shop)
    assert len(await shop.sees(chat)) == 1


async def test_a_flow_is_heard_by_whoever_has_no_card(shop: Shop) -> None:
    """Somebody whom the flow names, and whom nothing is asked of."""
    _, contact = await asked(shop)
    auditor = await shop.world.an_auditor()
    chat = await shop.chat(auditor)
    for person in (contact, auditor.id):
        await told_by_flow(shop, person)
    await shop.settled()
    assert [each["text"] for each in await shop.sees(chat)] == ["n8n says: please quote."]
    assert await shop.scalar(STATES) == "carded sent"
