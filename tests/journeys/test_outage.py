"""n8n away in the middle of a purchase: everything goes on, and what it missed reaches it afterwards."""

import asyncio
import time
from functools import partial

import pytest

from tests.journeys.running_installation import RunningInstallation, wait_for

pytestmark = [
    pytest.mark.journey,
    pytest.mark.usefixtures("patient"),
    pytest.mark.n8n,
    pytest.mark.timeout(1800),
]

AWAY_SECONDS = 60.0


async def test_a_minute_without_n8n_changes_no_outcome(installation: RunningInstallation) -> None:
    flows = ("rfq-sent", "quote-submitted", "order-generated", "approval-opened")
    before = {flow: len(installation.executions(flow)) for flow in flows}
    began = time.monotonic()
    with installation.services.paused("n8n"):
        transcript = await installation.run_cycle("laptop")
        await asyncio.sleep(max(0.0, began + AWAY_SECONDS - time.monotonic()))

    events = [event["action"] for event in await installation.timeline(transcript.values["request"])]
    assert events[-1] == "request.completed"
    assert "approval.routed" in events
    messages = await installation.bot_messages(transcript)
    assert any(text.startswith("notice") for _, text in messages)

    def caught_up(flow: str, runs: int) -> bool:
        return installation.executions(flow)[before[flow] :] == ["success"] * runs

    for flow, runs in zip(flows, (1, 2, 1, 1), strict=True):
        await wait_for(partial(caught_up, flow, runs), f"{flow} ran", 240)
    assert await installation.bot_messages(transcript) == messages, (
        "what was told without n8n is not told again by it"
    )
