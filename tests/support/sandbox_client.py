"""The sandbox's control interface, as a test uses it: set up accounts, act as a person, read what people see.

    sandbox = SandboxClient(url, http)
    await sandbox.set_person({"id": 1001, "first_name": "Rosa", "started": True})
    await sandbox.act(1001, "send", text="/request 3 laptops")
    await sandbox.messages(1001)

One rule: every test that speaks to ``/control`` does it through this class.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

Json = dict[str, Any]
ChatId = int | str
"""Telegram's ids are numbers, Slack's are texts."""
Id = TypeVar("Id", int, str)


@dataclass
class SandboxClient:
    """A running sandbox by its address."""

    url: str
    http: aiohttp.ClientSession

    async def control(self, method: str, path: str, body: object = None) -> Any:
        """What the interface answers below ``/control``; a refusal fails the test."""
        status, answer = await self.attempt(method, path, body)
        assert status < 300, (status, answer)
        return answer

    async def attempt(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """The same, where a refusal is expected: the status, and the JSON or the text of the answer."""
        async with self.http.request(method, f"{self.url}/control{path}", json=body) as response:
            if response.content_type == "application/json":
                return response.status, await response.json()
            return response.status, await response.text()

    # ---- accounts

    async def set_telegram_bot(self, bot: Mapping[str, object]) -> None:
        await self.control("POST", "/bots", dict(bot))

    async def set_slack_app(self, app: Mapping[str, object]) -> None:
        await self.control("POST", "/slack/apps", dict(app))

    async def set_person(self, person: Mapping[str, object]) -> None:
        """A new account, or a new state of one that exists."""
        await self.control("POST", "/people", dict(person))

    async def people(self) -> list[Json]:
        found: list[Json] = await self.control("GET", "/people")
        return found

    async def set_group(self, group: Mapping[str, object]) -> None:
        """A new group or channel, or new members of one that exists."""
        await self.control("POST", "/groups", dict(group))

    async def groups(self) -> list[Json]:
        found: list[Json] = await self.control("GET", "/groups")
        return found

    async def migrate_group(self, group: Id) -> Id:
        """The platform gives the group another id: the new one."""
        moved: Id = (await self.control("POST", f"/groups/{group}/migrate"))["id"]
        return moved

    @asynccontextmanager
    async def changes(self) -> AsyncIterator[aiohttp.StreamReader]:
        """The stream of changes that the page follows."""
        async with self.http.get(f"{self.url}/control/events") as response:
            yield response.content

    # ---- people

    async def act(self, person: ChatId, action: str, **body: object) -> Json:
        """``send``, ``press``, ``submit``, ``close``, ``home``, ``shortcut``; whether the bot answered, and how."""
        answer: Json = await self.control("POST", f"/people/{person}/{action}", body)
        return answer

    async def chat(self, person: ChatId) -> Json:
        """Everything that this person sees: messages, modal, home tab."""
        seen: Json = await self.control("GET", f"/people/{person}/chat")
        return seen

    async def messages(self, person: ChatId) -> list[Json]:
        """What stands in this person's chats, oldest first."""
        messages: list[Json] = (await self.chat(person))["messages"]
        return messages

    async def file(self, person: ChatId, message_id: ChatId) -> tuple[bytes, str]:
        """The file of a message that this person sees, and the Content-Disposition it comes with."""
        async with self.http.get(f"{self.url}/control/people/{person}/files/{message_id}") as response:
            assert response.status == 200, response.status
            return await response.read(), response.headers["Content-Disposition"]

    # ---- the platforms' servers

    async def calls(self, *methods: str) -> list[Json]:
        """The calls that the servers received or made, oldest first; all, or those of these methods."""
        log: list[Json] = await self.control("GET", "/log")
        return [call for call in log if not methods or call["method"] in methods]

    async def set_fault(self, kind: str, **more: object) -> None:
        """From now on the servers fail in this way."""
        await self.control("POST", "/faults", {"kind": kind, **more})

    async def faults(self) -> list[Json]:
        found: list[Json] = await self.control("GET", "/faults")
        return found

    async def clear_faults(self) -> None:
        await self.control("DELETE", "/faults")

    async def refusals(self) -> list[Json]:
        """The calls that a real server would have refused, oldest first."""
        found: list[Json] = await self.control("GET", "/refusals")
        return found

    async def clear_refusals(self) -> None:
        await self.control("DELETE", "/refusals")
