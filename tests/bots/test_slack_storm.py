"""A storm of 429, 500 and lost lines on the calls that the Slack app itself makes while somebody acts.

SCENES   what is done, the call that fails for this person as long as the storm lasts, what they read meanwhile

One rule: Slack is answered in time, the person always reads something true, and it is done once or not at all.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from api.contract import endpoints as e
from api.contract.people import LinkPreviewIn
from bots.cards.drawing import CardKind
from bots.slack import outbound
from core.access.roles import Role
from core.approvals.model import Approval
from sandbox.slack import delivery
from tests.bots.bot_env import started_env
from tests.bots.slack_env import TEAM, SlackChatUser, SlackEnv, SlowApi
from tests.support.api import Api
from tests.support.sandbox_client import Json
from tests.support.world import World

WAIT, MOST = 1.0, 3.0
FILLED = {"item__1": "Laptop", "quantity__1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}
NOT_SHOWN = "couldn’t show you the answer"
KINDS: dict[str, Json] = {
    "429": {"kind": "429", "retry_after": 1},
    "500": {"kind": "500"},
    "a lost line": {"kind": "drop"},
}


@dataclass
class StormUser:
    """One person of a scene, and what it is about."""

    slack: SlackEnv
    user: SlackChatUser
    approval: Approval | None = None

    async def requests(self) -> int:
        mine = await self.slack.api.as_(self.user.person).call(e.list_requests, query={"mine": "true"})
        return len(mine.items)

    async def state(self) -> str:
        """Of the approval."""
        assert self.approval is not None
        found = await self.slack.api.as_(self.user.person).call(
            e.show_approval, path={"id": self.approval.id}
        )
        return f"{found.state.value} by {len([each for each in found.steps if each.decided_at])}"

    async def reads(self, words: str, answer: Json) -> None:
        """In the conversation, in a modal, under a field, on the home tab, or at once."""

        def shown(seen: Json) -> Json | None:
            return seen if words in f"{answer['text']} {seen}" else None

        await self.user.waits(shown, words)


Act = Callable[[StormUser], Awaitable[Json]]


async def nothing(somebody: StormUser) -> None: ...


async def a_form(somebody: StormUser) -> None:
    await somebody.user.shortcut("new_request")
    await somebody.user.modal("New request")


async def a_wrong_form(somebody: StormUser) -> None:
    await a_form(somebody)
    await somebody.user.fill(**{**FILLED, "quantity__1": "lots"})


async def a_review(somebody: StormUser) -> None:
    await a_form(somebody)
    await somebody.user.fill(**FILLED)
    await somebody.user.modal("Review")


async def a_card(somebody: StormUser) -> None:
    assert somebody.approval is not None
    await somebody.slack.card(somebody.user, CardKind.approval, somebody.approval.id)


async def a_reason(somebody: StormUser) -> None:
    await a_card(somebody)
    await somebody.user.press("Reject…")
    await somebody.user.modal("reason")


async def a_question(somebody: StormUser) -> None:
    await somebody.user.say("/request laptop for IT")
    await somebody.user.sees("How many")


async def nothing_is_asked_for(somebody: StormUser) -> None:
    assert await somebody.requests() == 0


async def what_was_entered_stands_there(somebody: StormUser) -> None:
    shown = await somebody.user.modal("New request")
    assert {each["block_id"]: each["value"] for each in shown["fields"]}["item:1"] == "Laptop"
    await somebody.user.press_in("modal", "Add line")
    await somebody.user.modal("Line 2")
    await somebody.user.fill(quantity__1="3")
    await somebody.user.modal("Review")


async def it_is_asked_for_once(somebody: StormUser) -> None:
    assert await somebody.requests() == 1


async def it_is_filled_in_the_chat(somebody: StormUser) -> None:
    assert await somebody.requests() == 0
    await somebody.user.say("3x laptop @1200 needed 2027-12-01 for IT")
    await somebody.user.press("Skip")
    await somebody.user.press("Submit")
    await somebody.user.with_button("Withdraw…")
    await it_is_asked_for_once(somebody)


async def a_reason_is_typed(somebody: StormUser) -> None:
    assert await somebody.state() == "pending by 0"
    await somebody.user.say("Too dear this quarter")
    await somebody.user.sees("Rejected:")
    await it_is_rejected_once(somebody)


async def it_is_rejected_once(somebody: StormUser) -> None:
    assert await somebody.state() == "rejected by 1"


async def it_is_approved_once(somebody: StormUser) -> None:
    assert await somebody.state() == "approved by 1"


async def the_next_question_is_asked_once(somebody: StormUser) -> None:
    await somebody.user.sees("When do you need")
    await somebody.slack.settled()
    asked = [each for each in await somebody.user.chat() if "When do you need" in each["text"]]
    assert len(asked) == 1


async def the_tab_is_drawn(somebody: StormUser) -> None:
    await somebody.user.home("Waiting for you")


@dataclass(frozen=True)
class StormScene:
    """``after`` is tried when the storm is over; that of an event, which Slack delivers again, ends by itself."""

    before: Callable[[StormUser], Awaitable[None]]
    act: Act
    method: str
    reads: str
    after: Callable[[StormUser], Awaitable[None]]
    manager: bool = False
    calls: int | None = None


async def shortcut(somebody: StormUser) -> Json:
    return await somebody.user.shortcut("new_request")


async def rejected(somebody: StormUser) -> Json:
    return await somebody.user.press("Reject…")


async def reason_sent(somebody: StormUser) -> Json:
    return await somebody.user.fill(reason="other", text="Too dear this quarter")


async def approved(somebody: StormUser) -> Json:
    return await somebody.user.press("Approve")


async def a_line_more(somebody: StormUser) -> Json:
    return await somebody.user.press_in("modal", "Add line")


async def sent(somebody: StormUser) -> Json:
    return await somebody.user.fill()


def says(words: str) -> Act:
    async def say(somebody: StormUser) -> Json:
        return await somebody.user.say(words)

    return say


async def at_home(somebody: StormUser) -> Json:
    await somebody.user._do("home")
    return {"text": ""}


WHAT, WHY = "What do you need?", "Why are you rejecting this? Press a reason"
SCENES: dict[str, StormScene] = {
    "a modal by a shortcut": StormScene(nothing, shortcut, "views.open", WHAT, it_is_filled_in_the_chat),
    "a modal's contents": StormScene(nothing, shortcut, "views.update", WHAT, it_is_filled_in_the_chat),
    "a modal by a command": StormScene(
        nothing, says("/request"), "views.open", WHAT, it_is_filled_in_the_chat
    ),
    "a line more": StormScene(
        a_wrong_form, a_line_more, "views.update", NOT_SHOWN, what_was_entered_stands_there
    ),
    "a review": StormScene(a_review, sent, "chat.postMessage", "was submitted.", it_is_asked_for_once),
    "a form by somebody new": StormScene(
        a_form, says("/my"), "conversations.open", NOT_SHOWN, nothing_is_asked_for
    ),
    "a reject": StormScene(a_card, rejected, "views.open", WHY, a_reason_is_typed, manager=True),
    "a reject's contents": StormScene(a_card, rejected, "views.update", WHY, a_reason_is_typed, manager=True),
    "a reason": StormScene(
        a_reason, reason_sent, "chat.postMessage", "Rejected:", it_is_rejected_once, manager=True
    ),
    "a press": StormScene(a_card, approved, "response_url", "Approved:", it_is_approved_once, manager=True),
    "a command": StormScene(nothing, says("/my"), "chat.postMessage", NOT_SHOWN, nothing_is_asked_for),
    "words": StormScene(
        a_question, says("3"), "chat.postMessage", "", the_next_question_is_asked_once, calls=5
    ),
    "the home tab": StormScene(
        nothing, at_home, "views.publish", "", the_tab_is_drawn, manager=True, calls=5
    ),
}
_numbers = itertools.count(61_001)


async def somebody(slack: SlackEnv, world: World, scene: StormScene) -> StormUser:
    """Linked without a word in the chat: whatever Slack is asked for the first time is asked in the storm."""
    role = Role.manager if scene.manager else Role.requester
    user: SlackChatUser = await slack.a_user(await world.a_person(role), linked=False)
    body = LinkPreviewIn(
        code=await slack.code(user.person),
        platform="slack",
        external_id=f"{TEAM}:{user.id}",
        display_name=user.person.name,
    )
    await slack.api.as_bot().call(e.confirm_link, body, key=f"storm:{next(_numbers)}")
    approval = (await world.an_open_approval()).approval if scene.manager else None
    made = StormUser(slack, user, approval)
    await scene.before(made)
    return made


async def play(somebody: StormUser, scene: StormScene, kind: Json) -> None:
    where: Json = {"method": scene.method, "chat_id": somebody.user.id, "next": scene.calls}
    await somebody.slack.set_fault(**kind, **where)
    began = time.monotonic()
    answer = await scene.act(somebody)
    assert time.monotonic() - began < MOST
    assert answer.get("answered", True), answer
    await somebody.reads(scene.reads, answer)


class HastySlackEnv(SlackEnv):
    """An app that leaves most of Slack's three seconds to a busy machine."""

    wait = WAIT


@pytest.fixture
async def slack(
    api: Api, world: World, slow_api: SlowApi, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SlackEnv]:
    """Short pauses, where it is not Slack who says how long."""
    monkeypatch.setattr(outbound, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", (0.2, 0.5, 1.0))
    async with started_env(HastySlackEnv, api, slow_api) as bot_env:
        yield bot_env


@pytest.mark.parametrize("kind", KINDS)
async def test_in_a_storm_it_is_done_once_or_not_at_all_and_something_true_is_read(
    slack: SlackEnv, world: World, kind: str
) -> None:
    people = [await somebody(slack, world, scene) for scene in SCENES.values()]
    with capture_logs() as logged:
        await asyncio.gather(
            *(play(who, scene, KINDS[kind]) for who, scene in zip(people, SCENES.values(), strict=True))
        )
        assert {each["method"] for each in await slack.sandbox.faults() if not each["used"]} == set()
        await slack.sandbox.clear_faults()
        await asyncio.gather(*(scene.after(who) for who, scene in zip(people, SCENES.values(), strict=True)))
    assert [each for each in logged if "unforeseen" in each["event"]] == []


async def test_an_answer_that_slack_gave_and_nobody_heard_is_found_again(
    slack: SlackEnv, world: World
) -> None:
    """The modal is there: it is not asked for once more in the chat, and what is sent from it counts once."""
    user: SlackChatUser = await slack.a_user(await world.a_person(Role.requester))
    await slack.set_fault("drop", after=True, method="views.open", next=1)
    await a_form(StormUser(slack, user))
    await slack.set_fault("drop", after=True, method="views.update", next=1)
    await user.press_in("modal", "Add line")
    await user.modal("Line 2")
    await user.fill(**FILLED)
    await user.modal("Review")
    await user.fill()
    await user.with_button("Withdraw…")
    await it_is_asked_for_once(StormUser(slack, user))
    assert not any(WHAT in each["text"] for each in await user.chat())
    await slack.expect_refusals("duplicate_external_id")
