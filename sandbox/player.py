"""Plays the people of a scenario against a running sandbox.

One rule: it waits for an expectation and never sleeps instead; a failure shows what the person sees.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from sandbox import expectations
from sandbox.expectations import ShownQuestion
from sandbox.scenario_schema import ScenarioExpectation, ScenarioStep

Hook = Callable[[dict[str, str]], Awaitable[None]]
Json = dict[str, Any]
MAX_MODAL_STEPS = 3


@dataclass
class Transcript:
    """What was done and seen, and the saved values."""

    values: dict[str, str]
    lines: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class ScenarioFailed(AssertionError):
    """An expectation was not met in time."""


@dataclass(frozen=True)
class PlayedPerson:
    """A person who is played; Slack's ids do not begin with a digit."""

    name: str
    id: str

    @property
    def on_slack(self) -> bool:
        return not self.id.lstrip("-").isdigit()

    def has_alone(self, chat_id: object) -> bool:
        """Whether it is the chat of this person with the bot, and no group or channel."""
        return str(chat_id).startswith("D") if self.on_slack else str(chat_id) == self.id

    def command_line(self, text: str) -> str:
        """A command as it is typed on this platform: ``/request …`` is ``/parley request …`` on Slack."""
        if self.on_slack and text.startswith("/") and not text.startswith("/parley"):
            return f"/parley {text[1:]}"
        return text


class ScenarioPlayer:
    """Plays the steps of a scenario."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, ids: Mapping[str, str], transcript: Transcript
    ) -> None:
        self._session = session
        self._url = url
        self._ids = ids
        self._hooks: Mapping[str, Hook] = {}
        self.transcript = transcript

    async def play(self, step: ScenarioStep, hooks: Mapping[str, Hook]) -> None:
        """Play one step: act, then wait for what must appear. The hook ``between`` runs before each answer."""
        filled, self._hooks = self._substituted(step), hooks
        if filled.do is not None:
            await hooks[filled.do](self.transcript.values)
            return
        person = PlayedPerson(filled.who, self._ids[filled.who])
        before = await self._chat(person)
        answer = await self._act(person, filled)
        if answer:
            self.transcript.answers.append(answer)
        self.transcript.lines.append(expectations.describe_step(filled, answer))
        if filled.expect is not None:
            # Only a message is answered by a new message; a press may change an old one.
            new = filled.acts and not filled.presses and not filled.answers
            await self._expect(
                person, filled, filled.expect, answer, expectations.newest_id(before) if new else 0.0
            )
        elif filled.save:
            await self._save_from(person, filled, answer, before)

    def _substituted(self, step: ScenarioStep) -> ScenarioStep:
        """The step with ``${name}`` replaced everywhere."""
        raw = step.model_dump_json()
        for name, value in self.transcript.values.items():
            raw = raw.replace("${" + name + "}", value.replace("\\", "\\\\").replace('"', '\\"'))
        return ScenarioStep.model_validate_json(raw)

    async def _act(self, person: PlayedPerson, step: ScenarioStep) -> str:
        answer, asked = "", expectations.newest_question(await self._chat(person))
        if step.presses is not None:
            answer = await self._press(person, step, step.presses)
        elif step.uses is not None:
            body = {"name": step.uses}
            if step.card is not None:
                body["message_id"] = (await self._find_message(person, step.card, step.within))["id"]
            answer = await self._post_until_answered(person, step, "shortcut", body)
        elif step.opens is not None:
            await self._post(person, "home", {})
        elif step.closes:
            await self._post(person, "close", {})
        else:
            answer = await self._send(person, step)
        if step.answers or step.modal:
            answer = await self._answer(person, step, asked) or answer
        return answer

    async def _send(self, person: PlayedPerson, step: ScenarioStep) -> str:
        """Write, reply or upload a file; a command on Slack cannot carry a file, so it is sent after it."""
        text = step.says if step.says is not None else step.replies
        body: Json = {}
        if text is not None:
            body["text"] = person.command_line(text)
        if step.replies is not None:
            body["reply_to"] = (await self._find_message(person, step.to or "", step.within))["id"]
        if step.drops is not None and body.get("text", "").startswith("/parley"):
            answer = await self._send_and_wait(person, step, body)
            await self._send_and_wait(person, step, {"document": expectations.sample_file(step.drops)})
            return answer
        if step.drops is not None:
            body["document"] = expectations.sample_file(step.drops)
        return await self._post_until_answered(person, step, "send", body) if body else ""

    async def _send_and_wait(self, person: PlayedPerson, step: ScenarioStep, body: Json) -> str:
        """Send it and wait for a reaction, so that the next answer is not matched with the previous question."""
        seen = await self._visible_state(person)
        answer = await self._post_until_answered(person, step, "send", body)
        await self._wait_for_change(person, seen, step.within)
        return answer

    async def _post_until_answered(
        self, person: PlayedPerson, step: ScenarioStep, action: str, body: Json
    ) -> str:
        """Act; on Slack, repeat the action when the person is shown an error."""
        until = time.monotonic() + step.within
        while True:
            answer = await self._post(person, action, body)
            if answer["answered"]:
                return str(answer["text"])
            if not person.on_slack or time.monotonic() > until:
                raise ScenarioFailed(
                    f"{step.who}: {expectations.describe_step(step, '')} was never answered ({answer['text']})"
                )
            await asyncio.sleep(0.5)

    async def _press(self, person: PlayedPerson, step: ScenarioStep, label: str) -> str:
        """Press the button in the newest place that has it and mentions ``card``, if that is given."""
        until = time.monotonic() + step.within
        while True:
            chat = await self._chat(person)
            for place, content, shown in expectations.pressable_places(chat):
                fits = step.card is None or step.card in content
                if fits and any(text == label or text.startswith(label) for text in shown):
                    return await self._post_until_answered(
                        person, step, "press", {"message_id": place, "button": label}
                    )
            if time.monotonic() > until:
                raise ScenarioFailed(f"{step.who} sees no button {label!r}:\n{expectations.chat_log(chat)}")
            await asyncio.sleep(0.1)

    # ---- answering questions

    async def _answer(self, person: PlayedPerson, step: ScenarioStep, answered: ShownQuestion | None) -> str:
        """Answer one question after the other, each once: a card that changes meanwhile is no question."""
        if not step.answers:
            return await self._fill_modal(person, step)
        result = ""
        for reply in step.answers:
            asked = await self._next_question(person, answered, step.within)
            if asked is not None and "between" in self._hooks:
                await self._hooks["between"](self.transcript.values)
                asked = await self._next_question(person, answered, step.within)
            if asked is None:
                return await self._fill_modal(person, step)
            result, answered = await self._reply_to(person, step, asked, reply), asked
        return result

    async def _reply_to(
        self, person: PlayedPerson, step: ScenarioStep, question: ShownQuestion, reply: str
    ) -> str:
        """Press the button that says so, or type the answer when none does."""
        if question.offers(reply):
            body = {"message_id": question.place, "button": reply}
            return await self._post_until_answered(person, step, "press", body)
        return await self._post_until_answered(person, step, "send", {"text": reply})

    async def _next_question(
        self, person: PlayedPerson, answered: ShownQuestion | None, within: float
    ) -> ShownQuestion | None:
        """What is asked now, once it is another question than the answered one; None when a modal asks."""
        until = time.monotonic() + within
        while True:
            chat = await self._chat(person)
            if chat["modal"] is not None:
                return None
            question = expectations.newest_question(chat)
            if question is not None and question != answered:
                return question
            if time.monotonic() > until:
                raise ScenarioFailed(f"{person.name} was asked nothing:\n{expectations.chat_log(chat)}")
            await asyncio.sleep(0.1)

    async def _fill_modal(self, person: PlayedPerson, step: ScenarioStep) -> str:
        """Fill in the fields in their order and submit; a confirmation view is submitted too."""
        modal = await self._modal_ready(person, step)
        values = step.modal
        if not values:
            answers = [each for each in step.answers if each != modal["submit"]]
            values, unassigned = expectations.assign_answers(modal["fields"], answers)
            if unassigned:
                raise ScenarioFailed(f"{step.who}: {modal['title']} has no field for {unassigned}")
        for _ in range(MAX_MODAL_STEPS):
            answer = await self._post(person, "submit", {"values": values})
            if answer.get("errors") or not answer["answered"]:
                why = answer.get("errors") or answer["text"]
                raise ScenarioFailed(f"{step.who}: {modal['title']} was not taken: {why}")
            left, values = (await self._chat(person))["modal"], {}
            if left is None or left["fields"] or left["submit"] is None:
                break
        return str(answer["text"])

    async def _modal_ready(self, person: PlayedPerson, step: ScenarioStep) -> Json:
        """The modal once it can be filled in: the first view may only say that it is loading."""
        until = time.monotonic() + step.within
        while True:
            modal = (await self._chat(person))["modal"]
            if modal is not None and modal["submit"] is not None:
                return dict(modal)
            if time.monotonic() > until:
                raise ScenarioFailed(f"{step.who}: the modal never asked anything")
            await asyncio.sleep(0.1)

    async def _visible_state(self, person: PlayedPerson) -> Json:
        """What a person sees of the bot, to notice later whether it has changed."""
        return expectations.visible_state(await self._chat(person))

    async def _wait_for_change(self, person: PlayedPerson, seen: Json, within: float) -> Json:
        """The chat after it has changed."""
        until = time.monotonic() + within
        while True:
            chat = await self._chat(person)
            if expectations.visible_state(chat) != seen:
                return chat
            if time.monotonic() > until:
                raise ScenarioFailed(f"{person.name} was asked nothing:\n{expectations.chat_log(chat)}")
            await asyncio.sleep(0.1)

    # ---- what must appear

    async def _expect(
        self,
        person: PlayedPerson,
        step: ScenarioStep,
        expected: ScenarioExpectation,
        answer: str,
        after: float,
    ) -> None:
        until = time.monotonic() + step.within
        while True:
            chat = await self._chat(person)
            found = expectations.find_expected(chat, expected, after)
            answered = (
                expected.answer is None
                or expected.answer in answer
                or expectations.shown_privately(chat, expected.answer)
            )
            if found is not None and answered and self._save(step, f"{found['text']}\n{answer}"):
                return
            if expected.answer is not None and not answered and not person.on_slack:
                raise ScenarioFailed(f"{step.who} was answered {answer!r}, not {expected.answer!r}")
            if time.monotonic() > until:
                raise ScenarioFailed(
                    f"{step.who} never saw {expected.model_dump(exclude_defaults=True)}:\n{expectations.chat_log(chat)}"
                )
            await asyncio.sleep(0.1)

    async def _save_from(self, person: PlayedPerson, step: ScenarioStep, answer: str, before: Json) -> None:
        """Save from the answer, else from what the bot says of it."""
        until = time.monotonic() + step.within
        while True:
            chat = await self._chat(person)
            said = expectations.said_of(step, chat, before)
            if self._save(step, answer) or self._save(step, "\n".join([*said, answer])):
                return
            if time.monotonic() > until:
                raise ScenarioFailed(f"{step.who} never saw {step.save}:\n{expectations.chat_log(chat)}")
            await asyncio.sleep(0.1)

    def _save(self, step: ScenarioStep, text: str) -> bool:
        for name, pattern in step.save.items():
            match = re.search(pattern, text)
            if match is None:
                return False
            self.transcript.values[name] = match[1]
        return True

    async def _find_message(self, person: PlayedPerson, content: str, within: float) -> Json:
        until = time.monotonic() + within
        while True:
            chat = await self._chat(person)
            for message in reversed(chat["messages"]):
                if message["from"] == "bot" and content in message["text"]:
                    return dict(message)
            if time.monotonic() > until:
                raise ScenarioFailed(f"nobody said {content!r}:\n{expectations.chat_log(chat)}")
            await asyncio.sleep(0.1)

    async def _chat(self, person: PlayedPerson) -> Json:
        async with self._session.get(f"{self._url}/control/people/{person.id}/chat") as answer:
            answer.raise_for_status()
            chat: Json = await answer.json()
            groups = {str(room["id"]) for room in chat.get("rooms", ())}
            private = [each for each in chat["messages"] if str(each["chat_id"]) not in groups]
            return chat | {"messages": private}

    async def _post(self, person: PlayedPerson, action: str, body: Json) -> Json:
        path = f"/control/people/{person.id}/{action}"
        async with self._session.post(f"{self._url}{path}", json=body) as answer:
            if answer.status >= 400:
                raise ScenarioFailed(f"{path}: {await answer.text()}")
            result: Json = await answer.json()
            return result
