"""Notices: a person is told once about an event, by n8n's words or by Parley's own, whoever comes first."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.log.tables import audit_events, deliveries
from core.notifications import service
from core.notifications.service import NoticesResult, SendNotices
from tests.workers.delivery.relay_env import SECRET
from tests.workers.delivery.webhooks import listening
from tests.workers.delivery.worker_env import WorkerEnv

FLOW = Actor.system(Role.system_n8n, channel=Channel.n8n)
WAIT = 15


@dataclass
class QuoteNotice:
    """An officer, and one quote that they are to hear of."""

    worker_env: WorkerEnv
    chat: int
    officer: UUID

    async def quote(self) -> UUID:
        """Somebody quotes; the event's id. Another vendor has not answered yet."""
        vendor, contact = await self.worker_env.world.a_vendor()
        other, third = await self.worker_env.world.a_vendor()
        for person in (contact, third):
            await self.worker_env.link_chat(person)
        await self.worker_env.world.a_quote(await self.worker_env.world.an_rfq(to=[vendor, other]), contact)
        event = audit_events.c
        async with self.worker_env.world.engine.connect() as connection:
            found = await connection.scalars(select(event.id).where(event.type == "quote.submitted"))
            event_id: UUID = found[0]
        return event_id

    async def by_n8n(self, event_id: UUID, words: str = "n8n says: a quote came in.") -> NoticesResult:
        """What the call-back of the flow does."""
        command = SendNotices(event_id, "quote.submitted", {self.officer: words}, "7")
        return await self.worker_env.world.act(FLOW, service.send_notices, command)

    async def heard(self) -> list[str]:
        """The sentences in the officer's chat; cards are not sentences."""
        return [
            each["text"]
            for each in await self.worker_env.sandbox.messages(self.chat)
            if "quote" in each["text"].lower() and not each["buttons"]
        ]

    def later(self, seconds: float) -> None:
        self.worker_env.clock.advance(dt.timedelta(seconds=seconds))


@pytest.fixture
async def quote_notice(worker_env: WorkerEnv) -> QuoteNotice:
    officer = await worker_env.world.an_officer()
    return QuoteNotice(worker_env, await worker_env.link_chat(officer), officer.id)


@pytest.fixture
async def n8n(worker_env: WorkerEnv) -> AsyncIterator[None]:
    """An n8n that takes every event; what it tells, and when, is the test's."""
    async with listening() as webhooks:
        settings = worker_env.runtime.settings.model_copy(
            update={
                "n8n_url": webhooks.url,
                "n8n_hook_secret": SecretStr(SECRET),
                "callback_secret": SecretStr(SECRET),
                "notice_wait": WAIT,
            }
        )
        worker_env.runtime = replace(worker_env.runtime, settings=settings)
        yield


async def repeated(worker_env: WorkerEnv) -> None:
    """Every delivery of a notice comes again."""
    async with worker_env.world.engine.begin() as connection:
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.subscriber == "notices")
            .values(state="due", due_at=worker_env.clock.at, enqueued_at=None)
        )
    await worker_env.work()


async def test_without_n8n_parley_tells_at_once_and_a_repeated_delivery_tells_nothing(
    quote_notice: QuoteNotice,
) -> None:
    await quote_notice.quote()
    await quote_notice.worker_env.work()
    (words,) = await quote_notice.heard()
    assert "1" in words
    await repeated(quote_notice.worker_env)
    assert await quote_notice.heard() == [words]


@pytest.mark.usefixtures("n8n")
async def test_when_n8n_tells_first_parley_says_nothing(quote_notice: QuoteNotice) -> None:
    event_id = await quote_notice.quote()
    await quote_notice.worker_env.work()
    assert await quote_notice.heard() == []
    assert await quote_notice.by_n8n(event_id) == NoticesResult(1, 0)
    await quote_notice.worker_env.work()
    assert await quote_notice.heard() == ["n8n says: a quote came in."]
    quote_notice.later(WAIT + 1)
    await quote_notice.worker_env.work()
    await repeated(quote_notice.worker_env)
    assert await quote_notice.heard() == ["n8n says: a quote came in."]


@pytest.mark.usefixtures("n8n")
async def test_when_n8n_is_silent_parley_tells_after_the_wait_and_a_late_call_back_nothing(
    quote_notice: QuoteNotice,
) -> None:
    event_id = await quote_notice.quote()
    await quote_notice.worker_env.work()
    quote_notice.later(WAIT - 1)
    await quote_notice.worker_env.work()
    assert await quote_notice.heard() == []
    quote_notice.later(1)
    await quote_notice.worker_env.work()
    (words,) = await quote_notice.heard()
    assert not words.startswith("n8n")
    assert await quote_notice.by_n8n(event_id) == NoticesResult(0, 1)
    await quote_notice.worker_env.work()
    assert await quote_notice.heard() == [words]


@pytest.mark.usefixtures("n8n")
async def test_when_both_come_at_the_same_moment_it_is_told_once(quote_notice: QuoteNotice) -> None:
    event_id = await quote_notice.quote()
    await quote_notice.worker_env.work()
    quote_notice.later(WAIT)
    await asyncio.gather(
        quote_notice.worker_env.work(), quote_notice.by_n8n(event_id), quote_notice.by_n8n(event_id)
    )
    await quote_notice.worker_env.work()
    assert len(await quote_notice.heard()) == 1


@pytest.mark.usefixtures("n8n")
async def test_while_n8n_is_not_ready_nobody_waits_for_it(quote_notice: QuoteNotice) -> None:
    settings = quote_notice.worker_env.runtime.settings.model_copy(
        update={"n8n_ready_file": Path("/nowhere/n8n-is-ready")}
    )
    quote_notice.worker_env.runtime = replace(quote_notice.worker_env.runtime, settings=settings)
    await quote_notice.quote()
    await quote_notice.worker_env.work()
    assert len(await quote_notice.heard()) == 1


async def test_a_flow_that_calls_often_is_taken_once(quote_notice: QuoteNotice) -> None:
    event_id = await quote_notice.quote()
    answers = await asyncio.gather(*(quote_notice.by_n8n(event_id) for _ in range(4)))
    assert sorted(answer.accepted for answer in answers) == [0, 0, 0, 1]
    await quote_notice.worker_env.work()
    assert await quote_notice.heard() == ["n8n says: a quote came in."]


async def test_a_pause_that_the_chat_asks_for_is_kept_and_it_is_told_once(quote_notice: QuoteNotice) -> None:
    await quote_notice.worker_env.work()
    fault: dict[str, Any] = {
        "kind": "429",
        "next": 1,
        "retry_after": 9,
        "chat_id": quote_notice.chat,
        "method": "sendMessage",
    }
    await quote_notice.quote()
    await quote_notice.worker_env.sandbox.set_fault(**fault)
    for _ in range(3):
        await quote_notice.worker_env.work()
        quote_notice.later(10)
    assert len(await quote_notice.heard()) == 1


async def test_whoever_has_no_chat_is_noted_and_keeps_nobody_waiting(worker_env: WorkerEnv) -> None:
    """The vendor of the notice has no telephone; the delivery is done all the same."""
    await worker_env.world.an_rfq()
    await worker_env.work()
    assert await worker_env.scalar("SELECT string_agg(DISTINCT state, ' ') FROM notices") == "unreachable"
    open_ones = "SELECT count(*) FROM deliveries WHERE subscriber = 'notices' AND state <> 'done'"
    assert await worker_env.scalar(open_ones) == 0


RFQ_SENT = "SELECT id FROM audit_events WHERE type = 'rfq.sent'"
STATES = "SELECT string_agg(DISTINCT state, ' ') FROM notices WHERE kind = 'rfq.sent'"


async def asked(worker_env: WorkerEnv) -> tuple[int, UUID]:
    """A vendor is asked for a quote; their chat, and who they are."""
    vendor, contact = await worker_env.world.a_vendor()
    chat = await worker_env.link_chat(contact)
    await worker_env.world.an_rfq(to=[vendor])
    return chat, contact.id


async def told_by_flow(worker_env: WorkerEnv, recipient: UUID) -> None:
    command = SendNotices(
        await worker_env.scalar(RFQ_SENT), "rfq.sent", {recipient: "n8n says: please quote."}, "8"
    )
    await worker_env.world.act(FLOW, service.send_notices, command)


async def test_whoever_has_a_card_about_it_hears_no_sentence_too_by_parley_or_by_a_flow(
    worker_env: WorkerEnv,
) -> None:
    chat, contact = await asked(worker_env)
    await told_by_flow(worker_env, contact)
    await worker_env.settle()
    (card,) = await worker_env.sandbox.messages(chat)
    assert card["buttons"]
    assert await worker_env.scalar(STATES) == "carded"
    await repeated(worker_env)
    assert len(await worker_env.sandbox.messages(chat)) == 1


async def test_a_flow_is_heard_by_whoever_has_no_card(worker_env: WorkerEnv) -> None:
    """Somebody whom the flow names, and whom nothing is asked of."""
    _, contact = await asked(worker_env)
    auditor = await worker_env.world.an_auditor()
    chat = await worker_env.link_chat(auditor)
    for person in (contact, auditor.id):
        await told_by_flow(worker_env, person)
    await worker_env.settle()
    assert [each["text"] for each in await worker_env.sandbox.messages(chat)] == ["n8n says: please quote."]
    assert await worker_env.scalar(STATES) == "carded sent"
