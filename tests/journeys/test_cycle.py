"""One purchase through the real processes, the sandbox and the real n8n, and what stays of it."""

from collections import Counter
from functools import partial

import pytest

from sandbox.scenario import Cast
from tests.journeys.running_installation import FLOWS, RunningInstallation, wait_for

pytestmark = [
    pytest.mark.journey,
    pytest.mark.usefixtures("patient"),
    pytest.mark.n8n,
    pytest.mark.timeout(1800),
]

EXPECTED_EVENTS = [
    "request.created",
    "request.submitted",
    "rfq.sent",
    "request.sourcing",
    "quote.submitted",
    "request.quoted",
    "quote.submitted",
    "invitation.declined",
    "rfq.closed",
    "quote.selected",
    "approval.opened",
    "request.awaiting_approval",
    "approval.routed",
    "approval.decided",
    "approval.approved",
    "quote.approved",
    "request.approved",
    "order.generated",
    "request.ordered",
    "order.issued",
    "rfq.awarded",
    "order.acknowledged",
    "order.received",
    "order.received",
    "order.completed",
    "request.completed",
]


CASTS: tuple[Cast, ...] = ("telegram", "slack", "mixed")
"""Mixed: requester and officer on Slack, manager and vendors on Telegram."""


@pytest.mark.parametrize("cast", CASTS)
async def test_a_line_in_chat_becomes_a_completed_order_and_each_person_hears_of_it_once(
    installation: RunningInstallation, cast: Cast
) -> None:
    before = {flow: len(installation.executions(flow)) for flow in FLOWS}
    refused = len(await installation.refusals())

    transcript = await installation.run_cycle("laptop", cast=cast)

    number = transcript.values["request"]
    events = await installation.timeline(number)
    assert [event["action"] for event in events] == EXPECTED_EVENTS
    assert [event["position"] for event in events] == sorted(event["position"] for event in events)
    assert {event["actor_name"] for event in events if event["action"] == "approval.decided"} == {"Mara Osei"}
    assert (await installation.get("auditor", "/audit/verify"))["ok"] is True

    def ran(flow: str, times: int) -> bool:
        return installation.executions(flow)[before[flow] :] == ["success"] * times

    await wait_for(partial(ran, "quote-submitted", 2), "n8n told both quotes")
    for flow in ("rfq-sent", "order-generated", "approval-opened"):
        await wait_for(partial(ran, flow, 1), f"n8n ran {flow}")

    messages = await installation.bot_messages(transcript)
    assert [(key, count) for key, count in messages.items() if count > 1 and "<request> ·" in key[1]] == []
    assert number not in str(messages)
    assert (await installation.refusals())[refused:] == []
    print(f"{cast}: new messages about one purchase, per chat: {_each(messages)}")


def _each(messages: Counter[tuple[int | str, str]]) -> str:
    """How many new messages each chat got, dialogues included."""
    chats: Counter[str] = Counter()
    for (person, _), count in messages.items():
        chats[str(person)] += count
    return ", ".join(f"{person} {count}" for person, count in sorted(chats.items()))
