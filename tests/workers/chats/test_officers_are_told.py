"""Notices to officers: nobody was chosen, and a request that its requester took back."""

import datetime as dt
from decimal import Decimal

from core.offers.commands import QuoteLineDraft, SubmitQuote
from core.quotes import service as quotes
from core.requests import service as requests
from core.requests.commands import TakeBackRequest
from tests.workers.delivery.worker_env import WorkerEnv


async def told(worker_env: WorkerEnv, chat: int) -> list[str]:
    return [message["text"] for message in await worker_env.sandbox.messages(chat)]


async def test_the_officer_is_told_that_only_a_late_quote_is_left(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    officer = await world.an_officer()
    chat = await worker_env.link_chat(officer)
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor], by=officer)
    lines = tuple(QuoteLineDraft(line.id, Decimal(900), None, no_bid=False) for line in rfq.rfq.lines)
    valid = world.today + dt.timedelta(days=45)
    late = SubmitQuote(rfq.rfq.id, "USD", valid, 31, Decimal(0), "", lines, ())
    quote = await world.act(contact, quotes.submit_quote, late)
    await worker_env.work()
    found = [text for text in await told(worker_env, chat) if "no quote was chosen automatically" in text]
    assert len(found) == 1
    assert quote.quote.number in found[0]
    assert "900" not in found[0]


async def test_officers_are_told_that_a_request_was_taken_back(worker_env: WorkerEnv) -> None:
    world = worker_env.world
    officer, requester = await world.an_officer(), await world.a_requester()
    chat = await worker_env.link_chat(officer)
    request = (await world.a_request(requester)).request
    await worker_env.work()
    await world.act(requester, requests.take_back, TakeBackRequest(request.id, request.version))
    await worker_env.work()
    wanted = f"{requester.name} took {request.number} back to correct it"
    assert [text for text in await told(worker_env, chat) if wanted in text]
