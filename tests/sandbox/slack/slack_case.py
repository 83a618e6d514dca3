"""Calls of the Web API and what Slack answers to them, in its exact words.

One rule: the table knows the public protocol only, so that it can be put to any server. ``$names`` stand for what
the server's side prepares: ``$rosa`` a person, ``$im`` their direct messages, ``$room`` a channel where the app is,
``$elsewhere`` one where it is not, ``$hidden`` a private one where it is not, ``$mine`` ``$theirs`` ``$private``
messages in ``$im`` of the app, of the person, and for their eyes only; ``$mine_in_room``; ``$trigger`` ``$used``
``$late`` triggers; ``$modal`` ``$hash`` an open view; ``$file`` an uploaded file, ``$waiting`` one whose bytes have not
come; ``$gone`` a deactivated person.

Where the words are from: ``ref`` Slack's own reference of the method (docs.slack.dev, read as slack-ruby/slack-api-ref
keeps it); ``seen`` quoted from a real answer by somebody; ``memory`` nobody's words were at hand: put it to the real
server before you rely on it.
"""

from dataclasses import dataclass
from typing import Any, Literal

Source = Literal["ref", "seen", "memory"]


@dataclass(frozen=True)
class SlackCase:
    """One call; ``sentence`` is what must be among the messages of a refusal. ``live`` can be put to Slack itself."""

    about: str
    method: str
    payload: dict[str, Any]
    error: str = ""
    sentence: str = ""
    expected: Any = None
    live: bool = True
    source: Source = "ref"


def accepted(
    about: str, method: str, payload: dict[str, Any], expected: Any = None, **more: Any
) -> SlackCase:
    return SlackCase(about, method, payload, expected=expected or {}, **more)


def refused(
    about: str, method: str, payload: dict[str, Any], error: str, sentence: str = "", **more: Any
) -> SlackCase:
    return SlackCase(about, method, payload, error, sentence, **more)


def block_message(*blocks: Any, channel: str = "$im", **more: Any) -> dict[str, Any]:
    return {"channel": channel, "text": "x", "blocks": list(blocks), **more}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action: str = "a", text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(text), **more}


def actions(*elements: Any, **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def options(count: int, label: str = "Option") -> list[dict[str, Any]]:
    return [{"text": plain(f"{label} {number}"), "value": f"{number}"} for number in range(count)]


def input_block(element: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    field = element or {"type": "plain_text_input", "action_id": "words"}
    return {"type": "input", "label": plain("Reason"), "element": field, **more}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    view = {"type": "modal", "title": plain("Reject"), "submit": plain("Send")}
    return {**view, "blocks": list(blocks) or [section()], **more}


def home(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}


def open_view(view: dict[str, Any], trigger: str = "$trigger") -> dict[str, Any]:
    return {"trigger_id": trigger, "view": view}


def table(rows: int, cells: int, text: str = "1") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * cells for _ in range(rows)]}


def pointed(pointer: str, message: str) -> str:
    return f"{message} [json-pointer:{pointer}]"
