"""People at work while things break: purchases by the API, requests in both chats, each act repeated until answered.

One rule: a writer remembers only what was answered, because only that is promised.
"""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import aiohttp

from stack.bench.crew import Member
from stack.bench.purchase_calls import BEFORE_APPROVAL, BenchPurchase, Json, PurchaseClient, new_purchases
from stack.errors import StackError
from stack.prove.chat_people import ChatPeople
from stack.prove.proof_installation import ProofInstallation

CHAT_ACT_SECONDS = 150.0
_LOOK_SECONDS = 0.4
_SUBMITTED = """
SELECT true FROM procurement_requests r JOIN request_lines l ON l.request_id = r.id
WHERE l.description = $1 AND r.state <> 'draft'
"""
_APPROVAL = """
SELECT a.id, a.version FROM approvals a JOIN approval_steps s ON s.approval_id = a.id
WHERE a.request_id = $1::uuid AND a.state = 'pending' AND s.state = 'open' AND s.routed_at IS NOT NULL
"""


class InsistentClient(PurchaseClient):
    """The bench's calls, each repeated with its key until there is an answer."""

    def __init__(self, proof: ProofInstallation) -> None:
        super().__init__(proof.web, proof.crew)
        self._proof = proof

    async def call(self, member: Member, method: str, path: str, body: Json | None = None) -> Json:
        answer = await self._proof.calls.insist(member.token, method, path, body)
        if answer.status == 401:
            await self._proof.renew(member)
            answer = await self._proof.calls.insist(member.token, method, path, body)
        if answer.status >= 300:
            raise StackError(f"{method} {path}: {answer.status} {answer.text[:300]}")
        found: Json = answer.body
        return found


@dataclass
class AnsweredWork:
    """What was answered so far."""

    purchases: list[BenchPurchase] = field(default_factory=list)
    """With all three quotes, and approved when their approval's press was answered."""
    approved: list[BenchPurchase] = field(default_factory=list)
    typed: dict[str, int] = field(default_factory=dict)
    """Texts of lines that stand in a submitted request each, and how many times each was typed."""


@dataclass
class Load:
    """Everybody who works; ``run`` until ``over`` says so."""

    proof: ProofInstallation
    people: ChatPeople
    over: Callable[[], bool]
    answered: AnsweredWork = field(default_factory=AnsweredWork)

    async def run(self, *, api_writers: int = 2, chats: Sequence[str] = ("telegram", "slack")) -> None:
        """Until it is over; each ends what it has begun."""
        async with asyncio.TaskGroup() as group:
            for number in range(api_writers):
                group.create_task(self._buy(number))
            for number, platform in enumerate(chats):
                group.create_task(self._ask(platform, self.proof.crew.teams[number].requester))

    async def _buy(self, number: int) -> None:
        """Purchases up to their quotes, then the approval by whoever the policy asks."""
        client = InsistentClient(self.proof)
        mine = new_purchases(self.proof.crew, len(self.proof.crew.teams))[number::2]
        while not self.over():
            purchase = BenchPurchase(mine[len(self.answered.purchases) % len(mine)].team)
            for _, step in BEFORE_APPROVAL:
                await step(client, purchase)
            self.answered.purchases.append(purchase)
            await self._approve(client, purchase)

    async def _approve(self, client: InsistentClient, purchase: BenchPurchase) -> None:
        """As soon as the worker has opened it, which may be after its next start."""
        while not purchase.approval:
            rows = await self.proof.patient_fetch(_APPROVAL, purchase.request_id)
            purchase.approval = (
                {"approval_id": str(rows[0]["id"]), "expected_version": rows[0]["version"]} if rows else {}
            )
            await asyncio.sleep(_LOOK_SECONDS)
        await client.approve(purchase)
        self.answered.approved.append(purchase)

    async def _ask(self, platform: str, member: Member) -> None:
        """One request after the other, typed and submitted by a button."""
        account = self.people.account(member.person_id, platform)
        while not self.over():
            item = f"Chair {uuid.uuid4().hex[:8]}"
            self.answered.typed[item] = await ask_in_chat(self.proof, self.people, account, item)


async def ask_in_chat(
    proof: ProofInstallation,
    people: ChatPeople,
    account: str,
    item: str,
    *,
    most_seconds: float = CHAT_ACT_SECONDS,
) -> int:
    """Type a request and press *Submit*, again until it is done, as a person would; how many times it was typed."""
    command = "/request" if account.isdigit() else "/parley request"
    line = f"{command} 2x {item} @80 needed {proof.a_day(40)} for IT"
    deadline, typed = asyncio.get_running_loop().time() + most_seconds, 0
    while asyncio.get_running_loop().time() < deadline:
        if await proof.patient_fetch(_SUBMITTED, item):
            return typed
        found = [each for each in await people.messages(account) if item in each["text"] and each["buttons"]]
        try:
            if found:
                press = {"message_id": found[-1]["id"], "data": found[-1]["buttons"][0][0]["data"]}
                await people.act(account, "press", **press)
            else:
                typed += 1
                await people.act(account, "send", text=line)
        except (StackError, aiohttp.ClientError, TimeoutError):
            pass  # the button was used meanwhile, or the platform waited in vain: look, and try again
        await _seen(people, account, item)
    raise StackError(f"{account} could not submit {item} in {most_seconds:.0f} s")


async def _seen(people: ChatPeople, account: str, item: str) -> None:
    """Give the bot five seconds to show the card; a platform delivers again by itself meanwhile."""
    for _ in range(12):
        await asyncio.sleep(_LOOK_SECONDS)
        if any(item in each["text"] and each["buttons"] for each in await people.messages(account)):
            return
