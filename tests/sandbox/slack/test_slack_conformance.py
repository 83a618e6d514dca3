"""The stand-in answers each call of the table as Slack words it."""

import time
from typing import Any

import pytest

from tests.sandbox.slack.conftest import BEN, BOT, MARA, ROSA, TOKEN, SlackSandbox
from tests.sandbox.slack.slack_case import SlackCase, modal
from tests.sandbox.slack.slack_cases import CASES
from tests.sandbox.test_telegram_conformance import substitute

PDF = b"%PDF-1.4"


async def prepare(workspace: SlackSandbox, wanted: str) -> dict[str, Any]:
    """What the table's names stand for; only what this case speaks of is made."""
    names: dict[str, Any] = {"$rosa": ROSA, "$mara": MARA, "$bot": BOT, "$bot_id": "B0PARLEY"}
    names |= {"$team": "T0NORTHWIND", "$app": "A0PARLEY", "$email": "rosa@northwind.example"}
    names |= {"$in_an_hour": int(time.time()) + 3600, "$in_a_year": int(time.time()) + 365 * 86_400}
    sent = await workspace.call("chat.postMessage", channel=ROSA, text="Hello")
    names |= {"$im": sent["channel"], "$mine": sent["ts"]}
    names["$theirs"] = (await workspace.act(ROSA, "send", text="Good morning"))["message_id"]
    if "$private" in wanted:
        result = await workspace.call("chat.postEphemeral", channel=names["$im"], user=ROSA, text="Psst")
        names["$private"] = result["message_ts"]
    if any(name in wanted for name in ("$room", "$elsewhere", "$hidden", "$archived")):
        names |= await add_channels(workspace)
    if "$gone" in wanted:
        await workspace.set_person({"id": BEN, "first_name": "Ben"})
        await workspace.set_fault("deactivated", person=BEN)
        names["$gone"] = BEN
    if any(name in wanted for name in ("$trigger", "$used", "$late", "$modal", "$hash")):
        names |= await make_triggers(workspace)
    if any(name in wanted for name in ("$file", "$uploaded", "$waiting")):
        names |= await upload_files(workspace, names["$im"])
    return names


async def add_channels(workspace: SlackSandbox) -> dict[str, Any]:
    made = {"$room": "C0ROOM", "$elsewhere": "C0ELSEWHERE", "$hidden": "C0HIDDEN", "$archived": "C0ARCHIVED"}
    for name, number in made.items():
        members = [ROSA, BOT] if name in ("$room", "$archived") else [ROSA]
        group = {"platform": "slack", "id": number, "title": name[1:], "members": members}
        await workspace.set_group(group | {"private": name == "$hidden"})
    workspace.store.world.channels["C0ARCHIVED"].archived = True
    return made


async def make_triggers(workspace: SlackSandbox) -> dict[str, Any]:
    """A modal that is open, and triggers: one fresh, one used, one too late."""
    app, person = workspace.store.app(TOKEN), workspace.store.world.people[ROSA]
    used, late = workspace.store.new_trigger(app, person), workspace.store.new_trigger(app, person)
    late.at -= 4
    shown = (await workspace.call("views.open", trigger_id=used.id, view=modal()))["view"]
    fresh = workspace.store.new_trigger(app, person)
    result = {"$trigger": fresh.id, "$used": used.id, "$late": late.id}
    return result | {"$modal": shown["id"], "$hash": shown["hash"]}


async def upload_files(workspace: SlackSandbox, channel: str) -> dict[str, Any]:
    names = {}
    for name in ("$waiting", "$uploaded", "$file"):
        asked = await workspace.call("files.getUploadURLExternal", filename="quote.pdf", length=len(PDF))
        names[name] = asked["file_id"]
        if name != "$waiting":
            async with workspace.http.post(asked["upload_url"], data=PDF) as answer:
                assert answer.status == 200, await answer.text()
    await workspace.call("files.completeUploadExternal", files=[{"id": names["$file"]}], channel_id=channel)
    return names


def contains(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is found; more may be there, and ``...`` is anything."""
    if wanted is ...:
        return bool(found)
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            contains(found.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(
            contains(one, two) for one, two in zip(found, wanted, strict=True)
        )
    return bool(found == wanted)


def sentences(body: dict[str, Any]) -> list[str]:
    """Every sentence of a refusal; those of blocks.validate as "pointer: message"."""
    found = [
        each if isinstance(each, str) else f"{each['pointer']}: {each['message']}"
        for each in body.get("errors", [])
    ]
    messages = body.get("response_metadata", {}).get("messages", [])
    return [*found, *(each.removeprefix("[ERROR] ") for each in messages)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method}: {case.about}")
async def test_answers_as_slack_does(workspace: SlackSandbox, case: SlackCase) -> None:
    names = await prepare(workspace, str(case))
    payload = substitute(case.payload, names)
    body = await workspace.ask(case.method, payload, payload.pop("$token", TOKEN))
    refusals = await workspace.refusals()
    if not case.error:
        assert body["ok"], body
        assert contains(body, substitute(case.expected, names)), body
        assert refusals == []
        return
    assert (body["ok"], body["error"]) == (False, case.error), body
    assert not case.sentence or case.sentence in sentences(body), body
    [refusal] = refusals
    assert refusal["platform"] == "slack"
    assert refusal["description"].startswith(case.error)


def test_the_table_is_large_and_says_each_thing_once() -> None:
    named = [(case.method, case.about) for case in CASES]
    assert len(named) == 165
    assert len(set(named)) == len(named)
