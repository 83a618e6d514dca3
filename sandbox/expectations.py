"""What a person sees, in the form in which a scenario checks it."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.scenario_schema import ScenarioExpectation, ScenarioStep

Json = dict[str, Any]
LEAVE = "Cancel"
"""The button below every question."""


def button_labels(rows: list[list[Json]]) -> list[str]:
    return [button["text"] for row in rows for button in row]


def pressable_places(chat: Json) -> list[tuple[Any, str, list[str]]]:
    """Every place with something to press: its id, text and labels; a modal first, then the newest message."""
    found = [
        (each["id"], each["text"], button_labels(each["buttons"])) for each in reversed(chat["messages"])
    ]
    if chat["modal"] is not None:
        modal = chat["modal"]
        found.insert(0, (modal["view_id"], modal["title"], button_labels(modal["buttons"])))
    if chat["home"] is not None:
        found.append((chat["home"]["view_id"], chat["home"]["text"], button_labels(chat["home"]["buttons"])))
    return found


@dataclass(frozen=True)
class ShownQuestion:
    """A question of a dialogue, as it stands in a message now; with another answer it is another question."""

    place: Any
    text: str
    edits: int
    labels: Sequence[str]

    def offers(self, reply: str) -> bool:
        """Whether it has a button for this answer."""
        return any(label.startswith(reply) for label in self.labels)


def newest_question(chat: Json) -> ShownQuestion | None:
    """The newest message that can be answered or left; only questions have a button that leaves."""
    for message in reversed(chat["messages"]):
        labels = button_labels(message["buttons"])
        if LEAVE in labels:
            return ShownQuestion(message["id"], message["text"], message["edits"], tuple(labels))
    return None


def visible_state(chat: Json) -> Json:
    """What the bot shows, without the person's own messages."""
    bot_messages = [each for each in chat["messages"] if each["from"] == "bot"]
    return {
        "messages": [(each["id"], each["text"], each["edits"]) for each in bot_messages],
        "modal": chat["modal"],
    }


def said_of(step: ScenarioStep, chat: Json, before: Json) -> list[str]:
    """What the bot said or edited since ``before``, the newest first, and then the step's card.

    Other messages may be of another purchase. Of a step that was done by hand nobody knows what was there before.
    """
    messages = list(reversed(visible_state(chat)["messages"]))
    if not step.acts:
        return [text for _, text, _ in messages]
    seen = visible_state(before)["messages"]
    changed = [each[1] for each in messages if each not in seen]
    return changed + [text for _, text, _ in messages if step.card is not None and step.card in text]


def newest_id(chat: Json) -> float:
    return max((float(message["id"]) for message in chat["messages"]), default=0.0)


def find_expected(chat: Json, expected: ScenarioExpectation, after: float) -> Json | None:
    """The newest message with the expected content, or the modal, or the home tab."""
    if expected.where != "chat":
        place = chat[expected.where]
        if place is None:
            return None
        fragment = "\n".join([place.get("title", ""), place.get("text", ""), place["html"]])
        fields = "\n".join(f"{each['label']} {each['value'] or ''}" for each in place.get("fields", []))
        seen = {"text": f"{fragment}\n{fields}", "buttons": place["buttons"]}
        return seen if matches(seen, expected) else None
    for message in reversed(chat["messages"]):
        if float(message["id"]) > after and message["from"] == "bot" and matches(message, expected):
            return dict(message)
    return None


def shown_privately(chat: Json, fragment: str) -> bool:
    """Whether only this person was shown it: on Slack it may follow a press as an ephemeral message."""
    return any(each.get("ephemeral") and fragment in each["text"] for each in chat["messages"])


def matches(message: Json, expected: ScenarioExpectation) -> bool:
    text, shown = message["text"], button_labels(message["buttons"])
    return (
        all(fragment in text for fragment in expected.contains)
        and not any(fragment in text for fragment in expected.absent)
        and all(any(label.startswith(button) for label in shown) for button in expected.buttons)
        and not (expected.no_buttons and shown)
        and expected.file in (None, message.get("document"))
    )


def assign_answers(fields: list[Json], answers: list[str]) -> tuple[Json, list[str]]:
    """Which answer goes into which field, and the answers that no field takes.

    Fields are identified by their block, as on Slack; a text that a menu does not offer goes into the next
    text field.
    """
    blocks = [each["block_id"] for each in fields]
    waiting, values, unassigned = iter(fields), {}, []
    for answer in answers:
        field_ = next((each for each in waiting if _accepts(each, answer)), None)
        if field_ is None:
            unassigned.append(answer)
        else:
            name = "block_id" if blocks.count(field_["block_id"]) == 1 else "action_id"
            values[field_[name]] = _field_value(field_, answer)
    return values, unassigned


def _accepts(field_: Json, answer: str) -> bool:
    offered = field_["options"]
    return not offered or any(answer == each["value"] or each["text"].startswith(answer) for each in offered)


def _field_value(field_: Json, answer: str) -> str:
    """An answer as a field takes it: a number field takes the number of "All 3"."""
    number = re.search(r"\d+(?:[.,]\d+)?", answer)
    return number[0] if field_["kind"] == "number" and number else answer


def sample_file(name: str) -> dict[str, str]:
    """A small real PDF with this name, or a file from the disk."""
    path = Path(name)
    content = (
        path.read_bytes()
        if path.is_file()
        else b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return {"name": path.name, "base64": base64.b64encode(content).decode(), "media_type": "application/pdf"}


def describe_step(step: ScenarioStep, answer: str) -> str:
    what = step.says or step.presses or step.drops or step.replies or step.uses or step.opens or "looks"
    asked = f" ({', '.join(step.answers)})" if step.answers else ""
    return f"{step.who}: {what}{asked}" + (f" → {answer}" if answer else "")


def chat_log(chat: Json) -> str:
    """The last messages, as a person would read them."""
    lines = []
    for message in chat["messages"][-8:]:
        buttons = " ".join(f"[{label}]" for label in button_labels(message["buttons"]))
        lines.append(f"  {message['from']:>3} #{message['id']} {message['text'][:400]!r} {buttons}")
    if chat["modal"] is not None:
        asked = [f"{each['label']}: {each['value']} {each['error']}" for each in chat["modal"]["fields"]]
        lines.append(f"  modal {chat['modal']['title']!r} {asked} {chat['modal']['notice']}")
    return "\n".join(lines) or "  (nothing)"
