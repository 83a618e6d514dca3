"""How soon an approval is there after the last quote, and how soon a press on its card is answered.

One rule: each is measured by itself, when nothing is left to deliver.

Purchases are made up to their last quote. An approval is there when its row can be read, from the answer to that quote.
A press is one in the sandbox, *Approve* in the manager's chat: on Telegram the clock stops at answerCallbackQuery, on
Slack at the acknowledgement, which comes after the effect.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import aiohttp

from stack.bench.bench_installation import BenchInstallation
from stack.bench.crew import gather_crew
from stack.bench.progress import say
from stack.bench.purchase_calls import (
    BEFORE_APPROVAL,
    CLIENTS,
    BenchPurchase,
    PurchaseClient,
    at_once,
    bench_session,
    new_purchases,
)
from stack.errors import StackError

PLATFORMS = ("Telegram", "Slack")
LABEL = "Approve"
LOOK_SECONDS = 0.001
MOST_SECONDS = 60.0
_OPENED = "SELECT true FROM approvals WHERE request_id = $1 AND state = 'pending'"
_NUMBER = "SELECT number FROM procurement_requests WHERE id = $1"


async def measure_presses(bench: BenchInstallation, per_platform: int) -> Mapping[str, Sequence[float]]:
    """Seconds of each approval and of each press, by what was measured."""
    say(f"making {len(PLATFORMS) * per_platform} purchases whose approvals are to be opened and pressed")
    crew = await gather_crew(bench)
    purchases = new_purchases(crew, len(PLATFORMS) * per_platform)
    async with bench_session() as web:
        client = PurchaseClient(web, crew)
        *before, (_, last_quote) = BEFORE_APPROVAL

        async def prepare(purchase: BenchPurchase) -> None:
            for _, step in before:
                await step(client, purchase)

        await at_once(prepare, purchases, CLIENTS)
        opened = []
        for purchase in purchases:
            await bench.wait_until_drained()
            await last_quote(client, purchase)
            opened.append(await _seconds_until_opened(bench, purchase))
        say("pressing")
        pressed: dict[str, list[float]] = {f"press on {platform}": [] for platform in PLATFORMS}
        for number, purchase in enumerate(purchases):
            await bench.wait_until_drained()
            platform = PLATFORMS[number % len(PLATFORMS)]
            pressed[f"press on {platform}"].append(await _press(bench, web, purchase, platform))
    return {"approval after the last quote": opened, **pressed}


async def _seconds_until_opened(bench: BenchInstallation, purchase: BenchPurchase) -> float:
    began = time.monotonic()
    while not await bench.connection.fetchval(_OPENED, UUID(purchase.request_id)):
        if time.monotonic() - began > MOST_SECONDS:
            raise StackError("no approval was opened: is the worker running?")
        await asyncio.sleep(LOOK_SECONDS)
    return time.monotonic() - began


async def _press(
    bench: BenchInstallation, web: aiohttp.ClientSession, purchase: BenchPurchase, platform: str
) -> float:
    """Press in the manager's chat; seconds until the answer."""
    chat = purchase.team.manager.chat if platform == "Telegram" else f"U{purchase.team.manager.chat}"
    url = f"{bench.installed.url('sandbox')}/control/people/{chat}"
    number = await bench.connection.fetchval(_NUMBER, UUID(purchase.request_id))
    async with web.get(f"{url}/chat") as answer:
        card = _card_of(await answer.json(), number)
    began = time.monotonic()
    async with web.post(f"{url}/press", json={"message_id": card, "button": LABEL}) as answer:
        outcome = await answer.json()
    seconds = time.monotonic() - began
    if not outcome.get("answered"):
        raise StackError(f"a press on {platform} was not answered: {outcome}")
    return seconds


def _card_of(chat: Any, number: str) -> int | str:
    """The newest message about this request with the button."""
    for message in reversed(chat["messages"]):
        labels = [button["text"] for row in message["buttons"] for button in row]
        if LABEL in labels and number in message["text"]:
            found: int | str = message["id"]
            return found
    raise StackError(f"{number} has no card to be approved in the manager's chat")
