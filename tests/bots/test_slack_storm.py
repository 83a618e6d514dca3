"""A storm of 429, 500 and lost lines on the calls that the Slack app itself makes while somebody acts.

SCENES   what is done, the call that fails for this person as long as the storm lasts, what they read meanwhile

One rule: Slack is answered in time, the person always reads something true, and it is done once or not at all.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.contract import endpoints as e
from api.contract.people import LinkPreviewIn
from bots.cards.deck import CardKind
from bots.slack import outbound
from core.access.roles import Role
from core.approvals.model import Approval
from sandbox.slack import delivery
from tests.bots.slack_stage import TEAM, SlackPlayer, SlackStage, Slowed
from tests.bots.stage import Json, set_up
from tests.support.api import Api
from tests.support.world import World

WAIT, MOST = 1.0, 3.0
FILLED = {"item__1": "Laptop", "quantity__1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}
NOT_SHOWN = "could not show you the answer"
KINDS: dict[str, Json] = {
    "429": {"kind": "429", "retry_after": 1},
    "500": {"kind": "500"},
    "a lost line": {"kind": "drop"},
}


@dataclass
class Somebody:
    """One person of a scene, and what it is about."""

    slack: SlackStage
    player: SlackPlayer
    approval: Approval | None = None

    async def requests(self) -> int:
        mine = await self.slack.api.as_(self.player.person).call(e.list_requests, query={"mine": "true"})
        return len(mine.items)

    async def state(self) -> str:
        """Of the approval."""
        assert self.approval is not None
        found = await self.slack.api.as_(self.player.person).call(
            e.show_approval, path={"id": self.approval.id}
        )
        return f"{found.state.value} by {len([each for each in found.steps if each.decided_at])}"

    async def reads(self, words: str, answer: Json) -> None:
        """In the conversation, in a modal, under a field, on the home tab, or at once."""

        def shown(seen: Json) -> Json | None:
            return seen if words in f"{answer['text']} {seen}" else None

        await self.player.waits(shown, words)


Act = Callable[[Somebody], Awaitable[Json]]


async def nothing(somebody: Somebody) -> None: ...


async def a_form(somebody: Somebody) -> None:
    await somebody.player.shortcut("new_request")
    await somebody.player.modal("New request")


async def a_wrong_form(somebody: Somebody) -> None:
    await a_form(somebody)
    await somebody.player.fill(**{**FILLED, "quantity__1": "lots"})


async def a_review(somebody: Somebody) -> None:
    await a_form(somebody)
    await somebody.player.fill(**FILLED)
    await somebody.player.modal("Review")


async def a_card(somebody: Somebody) -> None:
    assert somebody.approval is not None
    await somebody.slack.card(somebody.player, CardKind.approval, somebody.approval.id)


async def a_reason(somebody: Somebody) -> None:
    await a_card(somebody)
    await somebody.player.press("Reject…")
    await somebody.player.modal("reason")


async def a_question(somebody: Somebody) -> None:
    await somebody.player.say("/request laptop for IT")
    await somebody.player.sees("How many")


async def nothing_is_asked_for(somebody: Somebody) -> None:
    assert await somebody.requests() == 0


async def what_was_entered_stands_there(somebody: Somebody) -> None:
    shown = await somebody.player.modal("New request")
    assert {each["block_id"]: each["value"] for each in shown["fields"]}["item:1"] == "Laptop"
    await somebody.player.press_in("modal", "Add line")
    await somebody.player.modal("Line 2")
    await somebody.player.fill(quantity__1="3")
    await somebody.player.modal("Review")


async def it_is_asked_for_once(somebody: Somebody) -> None:
    assert await somebody.requests() == 1


async def it_is_filled_in_the_chat(somebody: Somebody) -> None:
    assert await somebody.requests() == 0
    await somebody.player.say("3x laptop @1200 needed 2027-12-01 for IT")
    await somebody.player.press("Skip")
    await somebody.player.press("Submit")
    await somebody.player.with_button("Withdraw…")
    await it_is_asked_for_once(somebody)


async def a_reason_is_typed(somebody: Somebody) -> None:
    assert await somebody.state() == "pending by 0"
    await somebody.player.say("Too dear this quarter")
    await somebody.player.sees("Rejected:")
    await it_is_rejected_once(somebody)


async def it_is_rejected_once(somebody: Somebody) -> None:
    assert await somebody.state() == "rejected by 1"


async def it_is_approved_once(somebody: Somebody) -> None:
    assert await somebody.state() == "approved by 1"


async def the_next_question_is_asked_once(somebody: Somebody) -> None:
    await somebody.player.sees("By when")
    await somebody.slack.settled()
    asked = [each for each in await somebody.player.chat() if "By when" in each["text"]]
    assert len(asked) == 1


async def the_tab_is_drawn(somebody: Somebody) -> None:
    await somebody.player.home("Waiting for your decision")


@dataclass(frozen=True)
class Scene:
    """``after`` is tried when the storm is over; that of an event, which Slack delivers again, ends by itself."""

    before: Callable[[Somebody], Awaitable[None]]
    act: Act
    method: str
    reads: str
    after: Callable[[Somebody], Awaitable[None]]
    manager: bool = False
    calls: int | None = None


async def shortcut(somebody: Somebody) -> Json:
    return await somebody.player.shortcut("new_request")


async def rejected(somebody: Somebody) -> Json:
    return await somebody.player.press("Reject…")


async def reason_sent(somebody: Somebody) -> Json:
    return await somebody.player.fill(reason="other", text="Too dear this quarter")


async def approved(somebody: Somebody) -> Json:
    return await somebody.player.press("Approve")


async def a_line_more(somebody: Somebody) -> Json:
    return await somebody.player.press_in("modal", "Add line")


async def sent(somebody: Somebody) -> Json:
    return await somebody.player.fill()


def says(words: str) -> Act:
    async def say(somebody: Somebody) -> Json:
        return await somebody.player.say(words)

    return say


async def at_home(somebody: Somebody) -> Json:
    await somebody.player._do("home")
    return {"text": ""}


WHAT, WHY = "What do you need?", "Why do you reject it? Press a reason"
SCENES: dict[str, Scene] = {
    "a modal by a shortcut": Scene(nothing, shortcut, "views.open", WHAT, it_is_filled_in_the_chat),
    "a modal's contents": Scene(nothing, shortcut, "views.update", WHAT, it_is_filled_in_the_chat),
    "a modal by a command": Scene(nothing, says("/request"), "views.open", WHAT, it_is_filled_in_the_chat),
    "a line more": Scene(a_wrong_form, a_line_more, "views.update", NOT_SHOWN, what_was_entered_stands_there),
    "a review": Scene(a_review, sent, "chat.postMessage", "is submitted.", it_is_asked_for_once),
    "a form by somebody new": Scene(
        a_form, says("/my"), "conversations.open", NOT_SHOWN, nothing_is_asked_for
    ),
    "a reject": Scene(a_card, rejected, "views.open", WHY, a_reason_is_typed, manager=True),
    "a reject's contents": Scene(a_card, rejected, "views.update", WHY, a_reason_is_typed, manager=True),
    "a reason": Scene(
        a_reason, reason_sent, "chat.postMessage", "Rejected:", it_is_rejected_once, manager=True
    ),
    "a press": Scene(a_card, approved, "response_url", "Approved:", it_is_approved_once, manager=True),
    "a command": Scene(nothing, says("/my"), "chat.postMessage", NOT_SHOWN, nothing_is_asked_for),
    "words": Scene(a_question, says("3"), "chat.postMessage", "", the_next_question_is_asked_once, calls=5),
    "the home tab": Scene(nothing, at_home, "views.publish", "", the_tab_is_drawn, manager=True, calls=5),
}
_numbers = itertools.count(61_001)


async def somebody(slack: SlackStage, world: World, scene: Scene) -> Somebody:
    """Linked without a word in the chat: whatever Slack is asked for the first time is asked in the storm."""
    role = Role.manager if scene.manager else Role.requester
    player: SlackPlayer = await slack.play(await world.a_person(role), linked=False)
    body = LinkPreviewIn(
        code=await slack.code(player.person),
        platform="slack",
        external_id=f"{TEAM}:{player.id}",
        display_name=player.person.name,
    )
    await slack.api.as_bot().call(e.confirm_link, body, key=f"storm:{next(_numbers)}")
    approval = (await world.an_open_approval()).approval if scene.manager else None
    made = Somebody(slack, player, approval)
    await scene.before(made)
    return made


async def faults(slack: SlackStage) -> list[Json]:
    found: Any = await slack.control("GET", "/control/faults")
    return list(found)


async def play(somebody: Somebody, scene: Scene, kind: Json) -> None:
    where = {"method": scene.method, "chat_id": somebody.player.id, "next": scene.calls}
    await somebody.slack.fault(**kind, **where)
    began = time.monotonic()
    answer = await scene.act(somebody)
    assert time.monotonic() - began < MOST
    assert answer.get("answered", True), answer
    await somebody.reads(scene.reads, answer)


class Hasty(SlackStage):
    """An app that leaves most of Slack's three seconds to a busy machine."""

    wait = WAIT


@pytest.fixture
async def slack(
    api: Api, world: World, slowed: Slowed, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackStage]:
    """Short pauses, where it is not Slack who says how long."""
    monkeypatch.setattr(outbound, "PAUSE", 0.05)
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", (0.2, 0.5, 1.0))
    async with set_up(Hasty, api, slowed) as stage:
        yield stage


@pytest.mark.parametrize("kind", KINDS)
async def test_in_a_storm_it_is_done_once_or_not_at_all_and_something_true_is_read(
    slack: SlackStage, world: World, kind: str
) -> None:
    people = [await somebody(slack, world, scene) for scene in SCENES.values()]
    with capture_logs() as logged:
        await asyncio.gather(
            *(play(who, scene, KINDS[kind]) for who, scene in zip(people, SCENES.values(), strict=True))
        )
        assert {each["method"] for each in await faults(slack) if not each["used"]} == set()
        await slack.behave()
        await asyncio.gather(*(scene.after(who) for who, scene in zip(people, SCENES.values(), strict=True)))
    assert [each for each in logged if "unforeseen" in each["event"]] == []


async def test_an_answer_that_slack_gave_and_nobody_heard_is_found_again(
    slack: SlackStage, world: World
) -> None:
    """The modal is there: it is not asked for once more in the chat, and what is sent from it counts once."""
    player: SlackPlayer = await slack.play(await world.a_person(Role.requester))
    await slack.fault(kind="drop", after=True, method="views.open", next=1)
    await a_form(Somebody(slack, player))
    await slack.fault(kind="drop", after=True, method="views.update", next=1)
    await player.press_in("modal", "Add line")
    await player.modal("Line 2")
    await player.fill(**FILLED)
    await player.modal("Review")
    await player.fill()
    await player.with_button("Withdraw…")
    await it_is_asked_for_once(Somebody(slack, player))
    assert not any(WHAT in each["text"] for each in await player.chat())
    await slack.forgive("duplicate_external_id")
