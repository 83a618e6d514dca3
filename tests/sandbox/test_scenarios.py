"""Scenario files: one for every cast, read strictly, played by an app that answers as a test says."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sandbox import scenario, seeing
from sandbox.story import Scenario
from tests.sandbox.slack.conftest import ROSA, Workspace, workspace
from tests.sandbox.slack.row import actions, asks, button, modal, section

__all__ = ["workspace"]

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "sandbox/scenarios").glob("*.yaml")), ROOT / "tests/journeys/cycle.yaml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_for_every_cast(file: Path) -> None:
    story = scenario.load(file)
    assert {step.who for step in story.steps if step.who} <= set(story.people)
    assert set(story.slack) <= set(story.people)
    assert all(number.isdigit() for number in story.ids("telegram").values())
    assert all(number.startswith("U") for number in story.ids("slack").values())
    mixed = {name for name, number in story.ids("mixed").items() if number.startswith("U")}
    assert mixed == set(story.slack)


def test_a_step_that_is_misspelt_is_refused() -> None:
    with pytest.raises(ValidationError, match="press"):
        Scenario.model_validate({"people": {"rosa": 1001}, "steps": [{"who": "rosa", "press": "Yes"}]})


async def test_a_command_goes_behind_parley_and_answers_into_a_modal(workspace: Workspace) -> None:
    card = [section("REQ-7"), actions(button("reject", "Reject…", value="rj:7"))]

    async def answer(body: dict[str, Any]) -> Any:
        match body.get("type"):
            case None:
                await workspace.call("chat.postMessage", channel=ROSA, text="REQ-7", blocks=card)
            case "block_actions":
                view = modal(
                    asks(), asks({"type": "number_input", "action_id": "n", "is_decimal_allowed": False})
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
    story = Scenario.model_validate({"people": {"rosa": 1001}, "values": {"what": "desk"}, "steps": steps})
    told = await scenario.run(story, workspace.url, cast="slack")
    assert told.values["request"] == "REQ-7"
    assert (await workspace.app.got("/parley")).body["text"] == "request 3x desk"
    state = (await workspace.app.got("view_submission")).body["view"]["state"]["values"]
    held = [value["value"] for block in state.values() for value in block.values()]
    assert held == ["too dear", "3"]


def test_answers_fill_a_modals_fields_in_their_order() -> None:
    """Two lines of goods have fields of the same action: the block tells them apart."""

    def field(block: str, action: str, kind: str = "text", *options: str) -> dict[str, Any]:
        offered = [{"text": text, "value": text.lower()} for text in options]
        return {"block_id": block, "action_id": action, "kind": kind, "options": offered}

    lines = [field(f"{name}:{line}", name, "number") for line in (1, 2) for name in ("good", "bad")]
    assert seeing.filled(lines, ["2", "0", "All 3"]) == ({"good:1": "2", "bad:1": "0", "good:2": "3"}, [])
    reason = [field("reason", "reason", "select", "Budget", "Other"), field("text", "text")]
    assert seeing.filled(reason, ["Budget"]) == ({"reason": "Budget"}, [])
    assert seeing.filled(reason, ["Too dear", "No"]) == ({"text": "Too dear"}, ["No"])
    together = [field("when", "from"), field("when", "to")]
    assert seeing.filled(together, ["1 Dec", "5 Dec"]) == ({"from": "1 Dec", "to": "5 Dec"}, [])
