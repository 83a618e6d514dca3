"""The people of both chats, played through the sandbox's control interface.

One rule: they do only what a person with a chat client could do; what a modified client could do is named so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp

from stack.errors import StackError
from stack.prove.proof_installation import ProofInstallation

Json = dict[str, Any]


@dataclass(frozen=True)
class CardButton:
    """A button of one person's card: what a client sends when it is pressed."""

    account: str
    message_id: int | str
    data: str


@dataclass(frozen=True)
class ChatPeople:
    """Everybody's accounts, and what they do with them."""

    web: aiohttp.ClientSession
    url: str
    accounts: Mapping[tuple[UUID, str], str]

    @classmethod
    async def of(cls, proof: ProofInstallation) -> "ChatPeople":
        """Everybody who is linked now."""
        accounts = {
            (person, platform): account
            for platform in ("telegram", "slack")
            for person, account in (await proof.chats(platform)).items()
        }
        return cls(proof.web, f"{proof.installed.url('sandbox')}/control", accounts)

    def account(self, person: UUID, platform: str) -> str:
        return self.accounts[person, platform]

    async def act(self, account: str, what: str, **body: object) -> Json:
        """``send``, ``press``, ``submit`` …; how it was answered. StackError when the sandbox refuses it."""
        async with self.web.post(f"{self.url}/people/{account}/{what}", json=body) as answer:
            if answer.status >= 300:
                raise StackError(f"{account} {what}: {answer.status} {await answer.text()}")
            found: Json = await answer.json()
            return found

    async def button(self, account: str, message_id: str) -> CardButton:
        """The first button of a message as this person sees it now; ``message_id`` as our tables keep it."""
        place = message_id.rpartition(":")[2]
        number: int | str = int(place) if account.isdigit() else place
        found = await self.messages(account, after=str(float(number) - 0.0000005))
        data = found[0]["buttons"][0][0]["data"]
        return CardButton(account, number, str(data))

    async def press(self, button: CardButton) -> Json | None:
        """How it was answered; None when the card had lost the button before the person's finger came down."""
        try:
            return await self.act(button.account, "press", message_id=button.message_id, data=button.data)
        except StackError as error:
            if "no button" in str(error):
                return None
            raise

    async def messages(self, account: str, *, after: str = "0") -> list[Json]:
        """What stands in this person's chats, oldest first; those after this id only."""
        async with self.web.get(f"{self.url}/people/{account}/chat", params={"after": after}) as answer:
            found: list[Json] = (await answer.json())["messages"]
            return found

    async def calls(self) -> list[Json]:
        """What the platforms' servers were asked and what they delivered, oldest first."""
        async with self.web.get(f"{self.url}/log") as answer:
            found: list[Json] = await answer.json()
            return found

    async def set_fault(self, kind: str, **more: object) -> None:
        async with self.web.post(f"{self.url}/faults", json={"kind": kind, **more}) as answer:
            answer.raise_for_status()

    async def clear_faults(self) -> None:
        async with self.web.delete(f"{self.url}/faults") as answer:
            answer.raise_for_status()
