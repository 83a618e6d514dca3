"""Scenario files: one for every cast, read strictly, played by an app that answers as a test says."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sandbox import expectations, scenario
from sandbox.scenario_schema import Scenario
from tests.sandbox.slack.conftest import ROSA, SlackSandbox, workspace
from tests.sandbox.slack.slack_case import actions, button, input_block, modal, section

__all__ = ["workspace"]

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "sandbox/scenarios").glob("*.yaml")), ROOT / "tests/journeys/cycle.yaml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_for_every_cast(file: Path) -> None:
    loaded = scenario.load(file)
    assert {step.who for step in loaded.steps if step.who} <= set(loaded.people)
    assert set(loaded.slack) <= set(loaded.people)
    assert all(number.isdigit() for number in loaded.ids("telegram").values())
    assert all(number.startswith("U") for number in loaded.ids("slack").values())
    mixed = {name for name, number in loaded.ids("mixed").items() if number.startswith("U")}
    assert mixed == set(loaded.slack)


def test_a_step_that_is_misspelt_is_refused() -> None:
    with pytest.raises(ValidationError, match="press"):
        Scenario.model_validate({"people": {"rosa": 1001}, "steps": [{"who": "rosa", "press": "Yes"}]})


async def test_a_command_goes_behind_parley_and_answers_into_a_modal(workspace: SlackSandbox) -> None:
    card = [section("REQ-7"), actions(button("reject", "Reject…", value="rj:7"))]

    async def answer(body: dict[str, Any]) -> Any:
        match body.get("type"):
            case None:
                await workspace.call("chat.postMessage", channel=ROSA, text="REQ-7", blocks=card)
            case "block_actions":
                view = modal(
                    input_block(),
                    input_block({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
                )
                await workspace.call("views.open", trigger_id=body["trigger_id"], view=view)
            case "view_submission":
                await workspace.call("chat.postEphemeral", channel=ROSA, user=ROSA, text="Rejected: REQ-7")
        return None

    workspace.app.answer = answer
    steps = [
        {"who": "rosa", "says": "/request 3x ${what}", "save": {"request": "(REQ-\\d+)"}},
        {
            "who": "rosa",
            "presses": "Reject",
            "card": "${request}",
            "answers": ["too dear", "All 3"],
            "expect": {"answer": "Rejected"},
        },
    ]
    loaded = Scenario.model_validate({"people": {"rosa": 1001}, "values": {"what": "desk"}, "steps": steps})
    transcript = await scenario.run(loaded, workspace.url, cast="slack")
    assert transcript.values["request"] == "REQ-7"
    assert (await workspace.app.wait_for("/parley")).body["text"] == "request 3x desk"
    state = (await workspace.app.wait_for("view_submission")).body["view"]["state"]["values"]
    values = [value["value"] for block in state.values() for value in block.values()]
    assert values == ["too dear", "3"]


async def test_each_question_is_answered_once_however_late_it_comes(workspace: SlackSandbox) -> None:
    """A card that changes while the dialogue is slow is no question, and no reason to answer the last one again."""
    card = [section("REQ-7"), actions(button("ask", "Ask…", value="ask"))]
    presses: list[str] = []
    shown: dict[str, str] = {}

    def question(text: str) -> list[dict[str, Any]]:
        skip, leave = button("skip", "Skip", value="skip"), button("leave", "Cancel", value="leave")
        return [section(text), actions(skip, leave)]

    async def post(text: str, blocks: list[dict[str, Any]]) -> str:
        return str((await workspace.call("chat.postMessage", channel=ROSA, text=text, blocks=blocks))["ts"])

    async def update(what: str, text: str, blocks: list[dict[str, Any]]) -> None:
        await workspace.call("chat.update", channel=ROSA, ts=shown[what], text=text, blocks=blocks)

    async def later() -> None:
        await update("card", "REQ-7 changed", card)
        await asyncio.sleep(1)
        match len(presses):
            case 1:
                shown["question"] = await post("First?", question("First?"))
            case 2:
                await update("question", "Second?", question("Second?"))
            case _:
                await update("question", "Sent", [section("Sent")])

    async def answer(body: dict[str, Any]) -> Any:
        if body.get("type") is None:
            shown["card"] = await post("REQ-7", card)
        elif body["type"] == "block_actions":
            presses.append(body["actions"][0]["value"] + " " + body["message"]["text"])
            tasks.create_task(later())
        return None

    workspace.app.answer = answer
    steps = [
        {"who": "rosa", "says": "/request"},
        {"who": "rosa", "presses": "Ask…", "card": "REQ-7", "answers": ["Skip", "Skip"]},
        {"who": "rosa", "expect": {"contains": ["Sent"]}},
    ]
    loaded = Scenario.model_validate({"people": {"rosa": 1001}, "steps": steps})
    async with asyncio.TaskGroup() as tasks:
        await scenario.run(loaded, workspace.url, cast="slack")
    assert presses == ["ask REQ-7", "skip First?", "skip Second?"]


async def test_what_is_saved_is_of_this_step_though_another_purchase_stands_last(
    workspace: SlackSandbox,
) -> None:
    async def send_rfq(ts: str) -> None:
        await asyncio.sleep(0.3)
        sent = [section("RFQ-8 was sent.")]
        await workspace.call("chat.update", channel=ROSA, ts=ts, text="RFQ-8 was sent.", blocks=sent)

    async def answer(body: dict[str, Any]) -> Any:
        if body.get("type") is None:
            card = [section("REQ-8"), actions(button("ask", "5 days", value="ask"))]
            await workspace.call("chat.postMessage", channel=ROSA, text="REQ-8", blocks=card)
            await workspace.call("chat.postMessage", channel=ROSA, text="RFQ-7 was closed.")
        else:
            tasks.create_task(send_rfq(body["message"]["ts"]))
        return None

    workspace.app.answer = answer
    steps = [
        {"who": "rosa", "says": "/request"},
        {"who": "rosa", "expect": {"contains": ["RFQ-7"]}},
        {"who": "rosa", "presses": "5 days", "card": "REQ-8", "save": {"rfq": "(RFQ-\\d+)"}},
    ]
    loaded = Scenario.model_validate({"people": {"rosa": 1001}, "steps": steps})
    async with asyncio.TaskGroup() as tasks:
        transcript = await scenario.run(loaded, workspace.url, cast="slack")
    assert transcript.values["rfq"] == "RFQ-8"


def test_answers_fill_a_modals_fields_in_their_order() -> None:
    """Two lines of goods have fields of the same action: the block tells them apart."""

    def field(block: str, action: str, kind: str = "text", *options: str) -> dict[str, Any]:
        offered = [{"text": text, "value": text.lower()} for text in options]
        return {"block_id": block, "action_id": action, "kind": kind, "options": offered}

    lines = [field(f"{name}:{line}", name, "number") for line in (1, 2) for name in ("good", "bad")]
    assert expectations.assign_answers(lines, ["2", "0", "All 3"]) == (
        {"good:1": "2", "bad:1": "0", "good:2": "3"},
        [],
    )
    reason = [field("reason", "reason", "select", "Budget", "Other"), field("text", "text")]
    assert expectations.assign_answers(reason, ["Budget"]) == ({"reason": "Budget"}, [])
    assert expectations.assign_answers(reason, ["Too dear", "No"]) == ({"text": "Too dear"}, ["No"])
    together = [field("when", "from"), field("when", "to")]
    assert expectations.assign_answers(together, ["1 Dec", "5 Dec"]) == ({"from": "1 Dec", "to": "5 Dec"}, [])
