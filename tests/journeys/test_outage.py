"""n8n away in the middle of a purchase: everything goes on, and what it missed reaches it afterwards."""

import asyncio
import time

import pytest

from tests.journeys.stand import Stand, eventually

pytestmark = [pytest.mark.journey, pytest.mark.n8n, pytest.mark.timeout(1800)]

AWAY_SECONDS = 60.0


async def test_a_minute_without_n8n_changes_no_outcome(stand: Stand) -> None:
    flows = ("rfq-sent", "quote-submitted", "order-generated", "approval-opened")
    before = {flow: len(stand.executions(flow)) for flow in flows}
    stand.pause("n8n")
    began = time.monotonic()
    try:
        told = await stand.play("laptop")
        went_on = time.monotonic() - began
        assert went_on < AWAY_SECONDS
        await asyncio.sleep(AWAY_SECONDS - went_on)
    finally:
        stand.resume("n8n")

    events = [event["action"] for event in await stand.timeline(told.values["request"])]
    assert events[-1] == "request.completed"
    assert "approval.routed" in events
    heard = await stand.said(told)
    assert any(text.startswith("notice") for _, text in heard)

    def caught_up(flow: str, runs: int) -> bool:
        return stand.executions(flow)[before[flow] :] == ["success"] * runs

    for flow, runs in zip(flows, (1, 2, 1, 1), strict=True):
        await eventually(lambda flow=flow, runs=runs: caught_up(flow, runs), f"{flow} ran", 240)
    assert await stand.said(told) == heard, "what was told without n8n is not told again by it"
