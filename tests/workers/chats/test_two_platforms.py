"""Sending on Telegram and Slack at once: many changes are few edits, and a block on one leaves the other."""

from typing import Any

import pytest

from core.access.roles import Role
from tests.workers.chats.floor import Floor

REVISIONS, BURST = 24, 7
"""What a chat takes at once, before it is one message a second."""


async def test_many_changes_of_one_card_are_few_edits_on_either_platform_and_the_last_one_wins(
    floor: Floor,
) -> None:
    (vendor, contact), (other, _) = await floor.world.a_vendor(), await floor.world.a_vendor()
    phones = await floor.phones(contact)
    rfq = await floor.world.an_rfq(to=[vendor, other])
    async with floor.busy():
        await floor.done()
        for number in range(REVISIONS):
            await floor.world.a_quote(rfq, contact, str(1200 + number))
        await floor.done()
    for who, method, field in (
        (phones.telegram, "editMessageText", "text"),
        (phones.slack, "chat.update", "blocks"),
    ):
        (card,) = [each for each in await floor.sees(who) if each["text"].startswith(rfq.rfq.number + " · ")]
        edits = await floor.calls(method)
        assert f"{1200 + REVISIONS - 1:,}.00" in card["text"]
        assert f"{1200 + REVISIONS - 1:,}.00" in str(edits[-1]["args"][field])
        assert 1 <= len(edits) < REVISIONS / 2
        assert len(edits) <= edits[-1]["at"] - edits[0]["at"] + BURST + 1


@pytest.mark.parametrize(
    ("lost", "fault"),
    [("telegram", {"kind": "blocked"}), ("slack", {"kind": "deactivated"})],
)
async def test_a_vendor_lost_on_one_platform_is_asked_on_the_other_and_the_officer_hears_of_it(
    floor: Floor, lost: str, fault: dict[str, Any]
) -> None:
    officer = await floor.world.a_person(Role.officer)
    vendor, contact = await floor.world.a_vendor()
    office, phones = await floor.phones(officer), await floor.phones(contact)
    gone, left = phones.both if lost == "telegram" else phones.both[::-1]
    await floor.fault(person=gone, **fault)
    rfq = await floor.world.an_rfq(to=[vendor], by=officer)
    async with floor.busy():
        await floor.done()
        await floor.world.an_rfq(to=[vendor], by=officer)
        await floor.done()
    assert await floor.sees(gone) == []
    asked = [each for each in await floor.sees(left) if each["text"].startswith(rfq.rfq.number + " · ")]
    assert len(asked) == 1
    unreachable = "SELECT platform FROM chat_identities WHERE NOT reachable"
    assert await floor.scalar(unreachable) == lost
    for who in office.both:
        told = [each for each in await floor.sees(who) if "cannot be reached" in each["text"]]
        assert [contact.name in each["text"] for each in told] == [True], who
    tries = [each for each in await floor.calls("sendMessage", "conversations.open") if _to(each, gone)]
    assert len(tries) <= 2
    assert await floor.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'") == 0


def _to(call: dict[str, Any], who: int | str) -> bool:
    return str(who) in (str(call["args"].get("chat_id")), str(call["args"].get("users")))
