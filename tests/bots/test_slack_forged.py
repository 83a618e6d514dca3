"""What only Slack lets somebody forge: a modal's metadata, another workspace, another time, another sender."""

import json
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.access.roles import Role
from tests.bots.slack_env import TEAM, SlackChatUser, SlackEnv
from tests.bots.test_forged import IMPOLITE, LOGGED, state
from tests.support.sandbox_client import Json
from tests.support.world import World

OTHER = "T0ELSEWHERE"
FILLED = {"item__1": "Laptop", "quantity__1": "3", "needed_by": "2027-12-01", "cost_centre": "IT"}
THREAD = "modal:" + "0" * 32

METADATA: dict[str, Callable[[str], str]] = {
    "another person's": lambda theirs: theirs,
    "another person's thread, more lines": lambda theirs: json.dumps({**json.loads(theirs), "lines": 9}),
    "none": lambda _: "",
    "no JSON": lambda _: "{",
    "a list": lambda _: "[]",
    "a number": lambda _: "7",
    "null": lambda _: "null",
    "no thread": lambda _: '{"lines":1}',
    "the conversation itself": lambda _: '{"thread":"","lines":1}',
    "a thread that never was": lambda _: json.dumps({"thread": THREAD}),
    "a thread of another kind": lambda _: '{"thread":"1700000000.000100"}',
    "a thread with a path": lambda _: '{"thread":"modal:../../approvals"}',
    "a thread in capitals": lambda _: json.dumps({"thread": THREAD.upper()}),
    "a thread and a line": lambda _: json.dumps({"thread": THREAD + "\n"}),
    "a thread that is a number": lambda _: '{"thread":1}',
    "a very long thread": lambda _: json.dumps({"thread": "modal:" + "a" * 2_900}),
    "lines that are words": lambda _: json.dumps({"thread": THREAD, "lines": "many"}),
    "lines without an end": lambda _: json.dumps({"thread": THREAD, "lines": 10**30}),
    "fields of its own": lambda _: json.dumps({"thread": THREAD, "person": "U5001", "role": "admin"}),
    "SQL": lambda _: json.dumps({"thread": "modal:' OR 1=1 --"}),
}


def polite(told: str) -> bool:
    return bool(told.strip()) and not any(word in told for word in IMPOLITE)


async def with_modal(slack: SlackEnv, world: World) -> SlackChatUser:
    user: SlackChatUser = await slack.a_user(await world.a_person(Role.requester))
    await user.shortcut("new_request")
    await user.modal("New request")
    return user


def carries(slack: SlackEnv, view_id: str) -> str:
    held: str = slack.parts.slack.world.views[view_id].view["private_metadata"]
    return held


async def test_what_a_modal_claims_to_be_opens_no_form_but_ones_own(slack: SlackEnv, world: World) -> None:
    theirs = carries(slack, (await (await with_modal(slack, world)).modal())["view_id"])
    user = await with_modal(slack, world)
    await user.say("/request 3 desks for IT")
    await user.sees("When do you need")
    faults = []
    for act in ("send", "add a line", "send the review"):
        for name, forged in METADATA.items():
            await user.shortcut("new_request")
            view = slack.parts.slack.world.views[(await user.modal("New request"))["view_id"]]
            view.view["private_metadata"] = forged(theirs)
            if act == "send the review":
                view.view["callback_id"] = "review"
            before = await state(world)
            with capture_logs() as lines:
                if act == "add a line":
                    await user.press_in("modal", "Add line")
                else:
                    await user.fill(**FILLED)
            shown = (await user.look())["modal"]
            if shown is None or "no longer open" not in shown["html"] or not polite(shown["title"]):
                faults.append(f"{act}, {name}: {shown and shown['html'][:200]}")
            if await state(world) != before:
                faults.append(f"{act}, {name}: changed something")
            if not LOGGED & {line["event"] for line in lines}:
                faults.append(f"{act}, {name}: stands nowhere in the log")
    assert faults == [], "\n".join(faults)


async def test_another_persons_modal_is_untouched_by_it(slack: SlackEnv, world: World) -> None:
    first, second = await with_modal(slack, world), await with_modal(slack, world)
    theirs = carries(slack, (await first.modal())["view_id"])
    slack.parts.slack.world.views[(await second.modal())["view_id"]].view["private_metadata"] = theirs
    await second.fill(**FILLED)
    assert "no longer open" in (await second.modal("no longer open"))["html"]
    await first.fill(**FILLED)
    await first.modal("Review")
    await first.fill()
    await first.with_button("Withdraw…")
    mine = await slack.api.as_(first.person).call(e.list_requests, query={"mine": "true"})
    theirs_ = await slack.api.as_(second.person).call(e.list_requests, query={"mine": "true"})
    assert (len(mine.items), len(theirs_.items)) == (1, 0)


def elsewhere(told: Json) -> Json:
    """The same from a workspace that the app is not installed in."""
    forged: Json = json.loads(json.dumps(told).replace(TEAM, OTHER))
    return forged


def approving(press: Json) -> Json:
    """The press of another button of that message."""
    elements = [each for block in press["message"]["blocks"] for each in block.get("elements", [])]
    approve = next(each for each in elements if each["text"]["text"] == "Approve")
    return {**press, "actions": [press["actions"][0] | {"value": approve["value"]}]}


async def test_another_workspace_can_say_and_press_nothing(slack: SlackEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await slack.a_user(await world.a_manager())
    card = await slack.card(manager, CardKind.approval, approval.id)
    await manager.press("Compare", card)
    await manager.shortcut("new_request")
    await manager.modal("New request")
    await manager.fill(**{**FILLED, "quantity__1": "lots"})
    await manager.say("hello")
    await slack.settled()
    press = approving(await slack.last_posted("block_actions"))
    before, seen = await state(world), await manager.chat()
    for kind in ("/parley", "block_actions", "shortcut", "view_submission", "event message"):
        told = elsewhere(press if kind == "block_actions" else await slack.last_posted(kind))
        told.pop("response_url", None)
        with capture_logs() as lines:
            status, words = await slack.send(told)
        assert status == 200, kind
        assert "not installed" in words, kind
        assert polite(words), kind
        assert {line["code"] for line in lines if line["event"] == "update.refused"} == {"not_installed"}
        assert await state(world) == before, kind
    mixed = await slack.last_posted("view_submission") | {"team": {"id": OTHER, "domain": "elsewhere"}}
    assert "full members" in (await slack.send(mixed))[1]
    assert await state(world) == before
    assert await manager.chat() == seen


async def test_what_is_unsigned_or_late_does_nothing_and_what_is_replayed_nothing_more(
    slack: SlackEnv, world: World
) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await slack.a_user(await world.a_manager())
    card = await slack.card(manager, CardKind.approval, approval.id)
    await manager.press("Compare", card)
    press = approving(await slack.last_posted("block_actions"))
    before = await state(world)
    for wrong in ({"secret": "somebody-elses-secret-0123456"}, {"age": 301}, {"age": -301}, {"age": 86_400}):
        assert (await slack.send(press, **wrong))[0] == 401, wrong
        assert await state(world) == before, wrong
    assert (await slack.send(press))[0] == 200
    await manager.sees("Approved:")
    after = await state(world)
    assert len(after) > len(before)
    for _ in range(3):
        assert (await slack.send(press, age=200))[0] == 200
    assert await state(world) == after


@pytest.mark.parametrize("trait", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_guests_and_people_of_another_workspace_are_refused_whatever_they_do(
    slack: SlackEnv, world: World, trait: str
) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await slack.a_user(await world.a_manager())
    traits: Json = {trait: True} | ({"team_id": OTHER} if trait == "is_stranger" else {})
    guest = await slack.a_user(await world.a_person(Role.manager), linked=False, **traits)
    card = await slack.post(guest, await slack.drawn(manager, CardKind.approval, approval.id))
    code = await slack.code(guest.person)
    before = await state(world)
    with capture_logs() as lines:
        told = [
            (await guest.say(f"/start {code}"))["text"],
            (await guest.say("/my"))["text"],
            (await guest.press("Approve", card))["text"],
        ]
        await guest.press("Reject…", card)
        told.append((await guest.modal())["html"])
        await guest.shortcut("new_request")
        told.append((await guest.modal())["html"])
        await guest.say("approved")
        await slack.settled()
        told.append((await guest.chat())[-1]["text"])
    assert all("full members" in each for each in told), told
    assert len([each for each in lines if each.get("code") == "outsider"]) == len(told)
    assert await state(world) == before
    assert not any("full members" in each["text"] for each in await manager.chat())
