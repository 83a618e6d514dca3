"""Notices about quotes that leave lines out: to their own vendor and to the officer, never to another vendor."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from core.access.actor import Channel
from core.awards import service as awards
from core.awards.commands import CloseRfq
from core.completions import service as completions
from core.completions.commands import AskToComplete
from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.people import repo as people
from core.people.model import Person
from core.quotes import service as quotes
from core.quotes.model import QuoteDetails
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from tests.support.uow import begin
from tests.workers.delivery.worker_env import WorkerEnv


async def told(worker_env: WorkerEnv, chat: int, words: str) -> list[str]:
    seen = await worker_env.sandbox.messages(chat)
    return [message["text"] for message in seen if words in message["text"]]


async def two_lines(worker_env: WorkerEnv) -> tuple[RfqDetails, Person, Person]:
    """The RFQ, and the contacts of its two vendors."""
    world = worker_env.world
    sellers = [await world.a_vendor() for _ in range(2)]
    lines = [RequestLineDraft(name, Decimal(2), "pcs", None) for name in ("Desk", "Lamp")]
    request = await world.a_request(lines=lines)
    rfq = await world.an_rfq(request, to=[vendor for vendor, _ in sellers])
    return rfq, sellers[0][1], sellers[1][1]


async def partly_quoted(
    worker_env: WorkerEnv, rfq: RfqDetails, contact: Person, channel: Channel = Channel.api
) -> QuoteDetails:
    world, first = worker_env.world, rfq.rfq.lines[0]
    lines = (QuoteLineDraft(first.id, Decimal(500), None, no_bid=False),)
    valid = world.today + dt.timedelta(days=45)
    command = SubmitQuote(rfq.rfq.id, "USD", valid, 5, Decimal(0), "", lines, ())
    actor = replace(people.as_actor(contact), channel=channel)
    async with begin(world.engine, actor, world.clock) as uow:
        return await quotes.submit_quote(uow, actor, command)


async def test_whoever_quoted_through_the_api_is_asked_about_the_rest(worker_env: WorkerEnv) -> None:
    rfq, contact, other = await two_lines(worker_env)
    officer = await worker_env.link_chat(await worker_env.world.an_officer())
    own, others = await worker_env.link_chat(contact), await worker_env.link_chat(other)
    await partly_quoted(worker_env, rfq, contact)
    await worker_env.work()
    [asked] = await told(worker_env, own, "has no price for: Lamp")
    assert "Complete quote" in asked
    [seen] = await told(worker_env, officer, "without a price for: Lamp")
    assert "500" not in seen
    assert await told(worker_env, others, "Lamp (") == []
    assert await told(worker_env, others, "no price for") == []


async def test_whoever_quoted_in_a_chat_was_asked_by_the_form(worker_env: WorkerEnv) -> None:
    rfq, contact, _ = await two_lines(worker_env)
    own = await worker_env.link_chat(contact)
    await partly_quoted(worker_env, rfq, contact, Channel.telegram)
    await worker_env.work()
    assert await told(worker_env, own, "has no price for") == []


async def test_the_officers_question_reaches_that_vendor_alone(worker_env: WorkerEnv) -> None:
    rfq, contact, other = await two_lines(worker_env)
    own, others = await worker_env.link_chat(contact), await worker_env.link_chat(other)
    made = await partly_quoted(worker_env, rfq, contact, Channel.telegram)
    officer = await worker_env.world.an_officer()
    await worker_env.world.act(officer, completions.ask, AskToComplete(rfq.rfq.id, made.quote.id, None))
    await worker_env.work()
    assert len(await told(worker_env, own, "asks you to price these lines")) == 1
    assert await told(worker_env, others, "asks you to price") == []


async def test_where_only_such_quotes_are_left_the_officer_is_told(worker_env: WorkerEnv) -> None:
    rfq, contact, _ = await two_lines(worker_env)
    officer = await worker_env.world.an_officer()
    chat = await worker_env.link_chat(officer)
    made = await partly_quoted(worker_env, rfq, contact)
    await worker_env.world.act(officer, awards.close, CloseRfq(rfq.rfq.id, None))
    await worker_env.work()
    [seen] = await told(worker_env, chat, "no quote prices every line")
    assert made.quote.number in seen
