"""What a person sees, as a scenario looks at it."""

import base64
import re
from pathlib import Path
from typing import Any

from sandbox.story import Expect, Step

Json = dict[str, Any]


def labels(rows: list[list[Json]]) -> list[str]:
    return [button["text"] for row in rows for button in row]


def places(chat: Json) -> list[tuple[Any, str, list[str]]]:
    """Where something can be pressed, what stands there, and the labels: a modal first, then the newest message."""
    found = [(each["id"], each["text"], labels(each["buttons"])) for each in reversed(chat["messages"])]
    if chat["modal"] is not None:
        modal = chat["modal"]
        found.insert(0, (modal["view_id"], modal["title"], labels(modal["buttons"])))
    if chat["home"] is not None:
        found.append((chat["home"]["view_id"], chat["home"]["text"], labels(chat["home"]["buttons"])))
    return found


def sight(chat: Json) -> Json:
    """What the bot shows, without what the person said."""
    said = [each for each in chat["messages"] if each["from"] == "bot"]
    return {"said": [(each["id"], each["text"], each["edits"]) for each in said], "modal": chat["modal"]}


def found(chat: Json, wanted: Expect, after: float) -> Json | None:
    """The newest message that holds what is wanted, or the modal, or the home tab."""
    if wanted.where != "chat":
        place = chat[wanted.where]
        if place is None:
            return None
        words = "\n".join([place.get("title", ""), place.get("text", ""), place["html"]])
        fields = "\n".join(f"{each['label']} {each['value'] or ''}" for each in place.get("fields", []))
        seen = {"text": f"{words}\n{fields}", "buttons": place["buttons"]}
        return seen if fits(seen, wanted) else None
    for message in reversed(chat["messages"]):
        if float(message["id"]) > after and message["from"] == "bot" and fits(message, wanted):
            return dict(message)
    return None


def privately(chat: Json, words: str) -> bool:
    """Whether the person was told so for their eyes only: the answer to a press on Slack may come after it."""
    return any(each.get("ephemeral") and words in each["text"] for each in chat["messages"])


def fits(message: Json, wanted: Expect) -> bool:
    text, shown = message["text"], labels(message["buttons"])
    return (
        all(words in text for words in wanted.contains)
        and not any(words in text for words in wanted.absent)
        and all(any(label.startswith(button) for label in shown) for button in wanted.buttons)
        and not (wanted.no_buttons and shown)
        and wanted.file in (None, message.get("document"))
    )


def filled(fields: list[Json], answers: list[str]) -> tuple[Json, list[str]]:
    """What goes into which field, and what none would take. Fields are named as Slack tells them apart, by their
    block; words that a menu does not offer go into the next field that takes words.
    """
    blocks = [each["block_id"] for each in fields]
    waiting, values, left_over = iter(fields), {}, []
    for written in answers:
        field_ = next((each for each in waiting if _takes(each, written)), None)
        if field_ is None:
            left_over.append(written)
        else:
            name = "block_id" if blocks.count(field_["block_id"]) == 1 else "action_id"
            values[field_[name]] = _value(field_, written)
    return values, left_over


def _takes(field_: Json, written: str) -> bool:
    offered = field_["options"]
    return not offered or any(
        written == each["value"] or each["text"].startswith(written) for each in offered
    )


def _value(field_: Json, written: str) -> str:
    """An answer as a field takes it: of "All 3" a number field takes the number."""
    number = re.search(r"\d+(?:[.,]\d+)?", written)
    return number[0] if field_["kind"] == "number" and number else written


def paper(name: str) -> dict[str, str]:
    """A small real PDF under this name, or a file of the disk."""
    path = Path(name)
    content = (
        path.read_bytes()
        if path.is_file()
        else b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return {"name": path.name, "base64": base64.b64encode(content).decode(), "media_type": "application/pdf"}


def told(step: Step, answer: str) -> str:
    what = step.says or step.presses or step.drops or step.replies or step.uses or step.opens or "looks"
    asked = f" ({', '.join(step.answers)})" if step.answers else ""
    return f"{step.who}: {what}{asked}" + (f" → {answer}" if answer else "")


def shown(chat: Json) -> str:
    """The last messages, as a person would read them."""
    lines = []
    for message in chat["messages"][-8:]:
        buttons = " ".join(f"[{label}]" for label in labels(message["buttons"]))
        lines.append(f"  {message['from']:>3} #{message['id']} {message['text'][:400]!r} {buttons}")
    if chat["modal"] is not None:
        asked = [f"{each['label']}: {each['value']} {each['error']}" for each in chat["modal"]["fields"]]
        lines.append(f"  modal {chat['modal']['title']!r} {asked} {chat['modal']['notice']}")
    return "\n".join(lines) or "  (nothing)"
