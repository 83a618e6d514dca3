"""Scenarios: who says or presses what, and what must appear; the same files for a person, for CI and for demos.

    people: {rosa: 1001, oscar: 1005}
    steps:
      - {who: rosa, says: "/request 3x laptop @1200 needed 2026-12-24 for OFF"}
      - {who: rosa, expect: {contains: ["3", "laptop"], buttons: ["Submit"]}}
      - {who: rosa, presses: "Submit", save: {number: "(REQ-\\d+)"}}
      - {who: oscar, expect: {contains: ["${number}"], buttons: ["Ask vendors…"]}}

One rule: an expectation is waited for, never slept for; when it does not come, what the person sees is shown.
"""

import argparse
import asyncio
import base64
import re
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

WITHIN = 20.0
Hook = Callable[[dict[str, str]], Awaitable[None]]


class Expect(BaseModel):
    """What one message must hold; ``absent`` must be nowhere in it."""

    model_config = ConfigDict(extra="forbid")

    contains: list[str] = []
    buttons: list[str] = []
    absent: list[str] = []
    no_buttons: bool = False
    answer: str | None = None


class Step(BaseModel):
    """One thing that somebody does, or sees."""

    model_config = ConfigDict(extra="forbid")

    who: str = ""
    says: str | None = None
    presses: str | None = None
    card: str | None = None
    drops: str | None = None
    replies: str | None = None
    to: str | None = None
    do: str | None = None
    expect: Expect | None = None
    within: float = WITHIN
    save: dict[str, str] = {}


class Scenario(BaseModel):
    """A whole scenario file."""

    model_config = ConfigDict(extra="forbid")

    about: str = ""
    people: dict[str, int]
    steps: list[Step] = Field(min_length=1)


@dataclass
class Transcript:
    """What was done and seen, and the values that were saved."""

    values: dict[str, str]
    lines: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class ScenarioFailed(AssertionError):
    """An expectation did not come true in time."""


def load(path: Path) -> Scenario:
    """Read a scenario file; a mistake in it is named by its place."""
    return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


class Player:
    """Plays a scenario against a running sandbox."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, scenario: Scenario, transcript: Transcript
    ) -> None:
        self._session = session
        self._url = url
        self._scenario = scenario
        self.transcript = transcript

    async def play(self, step: Step, hooks: Mapping[str, Hook]) -> None:
        """One step: act, then wait for what must appear."""
        filled = self._filled(step)
        if filled.do is not None:
            await hooks[filled.do](self.transcript.values)
            return
        person = self._scenario.people[filled.who]
        before = await self._newest(person)
        answer = await self._act(person, filled)
        if answer:
            self.transcript.answers.append(answer)
        acted = any((filled.says, filled.presses, filled.drops, filled.replies))
        self.transcript.lines.append(_told(filled, answer))
        if filled.expect is not None or filled.save:
            await self._expect(person, filled, answer, before if acted and not filled.presses else 0)

    def _filled(self, step: Step) -> Step:
        """The step with ``${name}`` replaced everywhere."""
        raw = step.model_dump_json()
        for name, value in self.transcript.values.items():
            raw = raw.replace("${" + name + "}", value.replace("\\", "\\\\").replace('"', '\\"'))
        return Step.model_validate_json(raw)

    async def _act(self, person: int, step: Step) -> str:
        if step.presses is not None:
            return await self._press(person, step)
        body: dict[str, Any] = {}
        if step.says is not None or step.replies is not None:
            body["text"] = step.says if step.says is not None else step.replies
        if step.replies is not None:
            body["reply_to"] = (await self._find(person, step.to or "", step.within))["id"]
        if step.drops is not None:
            body["document"] = _file(step.drops)
        if body:
            await self._post(f"/control/people/{person}/send", body)
        return ""

    async def _press(self, person: int, step: Step) -> str:
        """The newest message that has the button, and mentions ``card`` when that is given."""
        label = step.presses or ""
        until = time.monotonic() + step.within
        while True:
            messages = await self._messages(person)
            for message in reversed(messages):
                shown = [button["text"] for row in message["buttons"] for button in row]
                fits = step.card is None or step.card in message["text"]
                if fits and any(text == label or text.startswith(label) for text in shown):
                    body = {"message_id": message["id"], "button": label}
                    answer = await self._post(f"/control/people/{person}/press", body)
                    if not answer["answered"]:
                        raise ScenarioFailed(f"{step.who}: the press of {label!r} was never answered")
                    return str(answer["text"])
            if time.monotonic() > until:
                raise ScenarioFailed(f"{step.who} sees no button {label!r}:\n{_seen(messages)}")
            await asyncio.sleep(0.1)

    async def _expect(self, person: int, step: Step, answer: str, after: int) -> None:
        wanted = step.expect or Expect()
        if wanted.answer is not None and wanted.answer not in answer:
            raise ScenarioFailed(f"{step.who} was answered {answer!r}, not {wanted.answer!r}")
        until = time.monotonic() + step.within
        while True:
            messages = await self._messages(person)
            found = next(
                (
                    m
                    for m in reversed(messages)
                    if m["id"] > after and m["from"] == "bot" and _fits(m, wanted)
                ),
                None,
            )
            if found is not None and self._save(step, f"{found['text']}\n{answer}"):
                return
            if time.monotonic() > until:
                raise ScenarioFailed(
                    f"{step.who} never saw {wanted.model_dump(exclude_defaults=True)}:\n{_seen(messages)}"
                )
            await asyncio.sleep(0.1)

    def _save(self, step: Step, text: str) -> bool:
        for name, pattern in step.save.items():
            match = re.search(pattern, text)
            if match is None:
                return False
            self.transcript.values[name] = match[1]
        return True

    async def _find(self, person: int, words: str, within: float) -> dict[str, Any]:
        until = time.monotonic() + within
        while True:
            messages = await self._messages(person)
            for message in reversed(messages):
                if message["from"] == "bot" and words in message["text"]:
                    return dict(message)
            if time.monotonic() > until:
                raise ScenarioFailed(f"nobody said {words!r}:\n{_seen(messages)}")
            await asyncio.sleep(0.1)

    async def _newest(self, person: int) -> int:
        return max((int(message["id"]) for message in await self._messages(person)), default=0)

    async def _messages(self, person: int) -> list[dict[str, Any]]:
        async with self._session.get(f"{self._url}/control/people/{person}/chat") as answer:
            answer.raise_for_status()
            messages: list[dict[str, Any]] = (await answer.json())["messages"]
            return messages

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._session.post(f"{self._url}{path}", json=body) as answer:
            if answer.status >= 400:
                raise ScenarioFailed(f"{path}: {await answer.text()}")
            result: dict[str, Any] = await answer.json()
            return result


def _fits(message: dict[str, Any], wanted: Expect) -> bool:
    text, shown = message["text"], [button["text"] for row in message["buttons"] for button in row]
    return (
        all(words in text for words in wanted.contains)
        and not any(words in text for words in wanted.absent)
        and all(any(label.startswith(button) for label in shown) for button in wanted.buttons)
        and not (wanted.no_buttons and shown)
    )


def _file(name: str) -> dict[str, str]:
    """A small real PDF under this name, or a file of the disk."""
    path = Path(name)
    content = (
        path.read_bytes()
        if path.is_file()
        else b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    return {"name": path.name, "base64": base64.b64encode(content).decode(), "media_type": "application/pdf"}


def _told(step: Step, answer: str) -> str:
    what = step.says or step.presses or step.drops or step.replies or "looks"
    return f"{step.who}: {what}" + (f" → {answer}" if answer else "")


def _seen(messages: list[dict[str, Any]]) -> str:
    """The last messages, as a person would read them."""
    lines = []
    for message in messages[-8:]:
        buttons = " ".join(f"[{button['text']}]" for row in message["buttons"] for button in row)
        lines.append(f"  {message['from']:>3} #{message['id']} {message['text'][:400]!r} {buttons}")
    return "\n".join(lines) or "  (nothing)"


async def run(
    scenario: Scenario,
    url: str,
    values: dict[str, str] | None = None,
    hooks: Mapping[str, Hook] | None = None,
) -> Transcript:
    """Play all steps; raises ScenarioFailed at the first that does not come true."""
    transcript = Transcript(dict(values or {}))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        player = Player(session, url, scenario, transcript)
        for number, step in enumerate(scenario.steps, start=1):
            try:
                await player.play(step, hooks or {})
            except ScenarioFailed as error:
                told = "\n".join(transcript.lines)
                raise ScenarioFailed(f"step {number}: {error}\nbefore that:\n{told}") from None
    return transcript


def main() -> int:
    parser = argparse.ArgumentParser(description="Play a scenario against a running sandbox.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8081")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    values = dict(item.split("=", 1) for item in given.set)
    try:
        transcript = asyncio.run(run(load(given.file), given.url, values))
    except (ScenarioFailed, ValidationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(transcript.lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
