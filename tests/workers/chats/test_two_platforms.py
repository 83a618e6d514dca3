"""Sending on Telegram and Slack at once: many changes are few edits, and a block on one leaves the other."""

from typing import Any

import pytest

from core.access.roles import Role
from tests.workers.chats.live_env import LiveEnv

REVISIONS, BURST = 24, 7
"""What a chat takes at once, before it is one message a second."""


async def test_many_changes_of_one_card_are_few_edits_on_either_platform_and_the_last_one_wins(
    live_env: LiveEnv,
) -> None:
    (vendor, contact), (other, _) = await live_env.world.a_vendor(), await live_env.world.a_vendor()
    chats = await live_env.link_chats(contact)
    rfq = await live_env.world.an_rfq(to=[vendor, other])
    async with live_env.running():
        await live_env.wait_until_done()
        for number in range(REVISIONS):
            await live_env.world.a_quote(rfq, contact, str(1200 + number))
        await live_env.wait_until_done()
    for who, method, field in (
        (chats.telegram, "editMessageText", "text"),
        (chats.slack, "chat.update", "blocks"),
    ):
        (card,) = [
            each
            for each in await live_env.sandbox.messages(who)
            if each["text"].startswith(rfq.rfq.number + " · ")
        ]
        edits = await live_env.calls(method)
        assert f"{1200 + REVISIONS - 1:,}.00" in card["text"]
        assert f"{1200 + REVISIONS - 1:,}.00" in str(edits[-1]["args"][field])
        assert 1 <= len(edits) < REVISIONS / 2
        assert len(edits) <= edits[-1]["at"] - edits[0]["at"] + BURST + 1


@pytest.mark.parametrize(
    ("lost", "fault"),
    [("telegram", {"kind": "blocked"}), ("slack", {"kind": "deactivated"})],
)
async def test_a_vendor_lost_on_one_platform_is_asked_on_the_other_and_the_officer_hears_of_it(
    live_env: LiveEnv, lost: str, fault: dict[str, Any]
) -> None:
    officer = await live_env.world.a_person(Role.officer)
    vendor, contact = await live_env.world.a_vendor()
    office, chats = await live_env.link_chats(officer), await live_env.link_chats(contact)
    gone, left = chats.both if lost == "telegram" else chats.both[::-1]
    await live_env.sandbox.set_fault(person=gone, **fault)
    rfq = await live_env.world.an_rfq(to=[vendor], by=officer)
    async with live_env.running():
        await live_env.wait_until_done()
        await live_env.world.an_rfq(to=[vendor], by=officer)
        await live_env.wait_until_done()
    assert await live_env.sandbox.messages(gone) == []
    asked = [
        each
        for each in await live_env.sandbox.messages(left)
        if each["text"].startswith(rfq.rfq.number + " · ")
    ]
    assert len(asked) == 1
    unreachable = "SELECT platform FROM chat_identities WHERE NOT reachable"
    assert await live_env.scalar(unreachable) == lost
    for who in office.both:
        told = [each for each in await live_env.sandbox.messages(who) if "I can’t reach" in each["text"]]
        assert [contact.name in each["text"] for each in told] == [True], who
    tries = [each for each in await live_env.calls("sendMessage", "conversations.open") if _to(each, gone)]
    assert len(tries) <= 2
    assert await live_env.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'") == 0


def _to(call: dict[str, Any], who: int | str) -> bool:
    return str(who) in (str(call["args"].get("chat_id")), str(call["args"].get("users")))
