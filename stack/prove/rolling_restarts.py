"""Restarts of every process, one round after the other, under steady calls.

One rule: each call opens a connection of its own, because one that is kept open hides a refused one.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from stack.bench.crew import Member
from stack.prove.kept_promise import Promise
from stack.prove.lost_servers import request_body
from stack.prove.progress import say
from stack.prove.proof_calls import ProofAnswer, ProofCalls
from stack.prove.proof_installation import ProofInstallation

RESTARTS, RESTARTS_SHORT = 30, 3
PER_SECOND = 20
WRITE_EACH = 4
"""Every fourth call writes."""
OTHERS = ("relay", "worker", "telegram", "slack")
_THERE = "SELECT count(*) FROM procurement_requests WHERE id = ANY($1::uuid[])"


@dataclass
class SteadyCalls:
    """Twenty calls a second, whatever becomes of them."""

    proof: ProofInstallation
    calls: ProofCalls
    answered: Promise
    over: asyncio.Event = field(default_factory=asyncio.Event)
    written: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    async def run(self) -> None:
        members = [team.requester for team in self.proof.crew.teams]
        began, number = time.monotonic(), 0
        async with asyncio.TaskGroup() as group:
            while not self.over.is_set():
                group.create_task(self._call(members[number % len(members)], writes=number % WRITE_EACH == 0))
                number += 1
                await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))

    async def _call(self, member: Member, *, writes: bool) -> None:
        began = time.monotonic()
        try:
            answer = await self._answer(member, writes=writes)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.kinds[type(error).__name__] += 1
            self.answered.holds(False, f"{'POST' if writes else 'GET'}: {type(error).__name__} {error}")
            return
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.answered.holds(answer.status in (200, 201), f"{answer.status} {answer.text[:100]}")
        if answer.status == 201:
            self.written.append(answer.body["id"])

    async def _answer(self, member: Member, *, writes: bool) -> ProofAnswer:
        if writes:
            return await self.calls.send(
                member.token, "POST", "/procurement/request", request_body(self.proof)
            )
        return await self.calls.send(member.token, "GET", "/me")


async def prove_restarts(proof: ProofInstallation) -> Sequence[Promise]:
    """Every process of the api in each round, and one of the others in turn, each asked to end and waited for."""
    answered = Promise("A rolling restart refuses no connection and loses no answer")
    kept = Promise("What was answered during restarts is there, and delivered")
    count = RESTARTS_SHORT if proof.short else RESTARTS
    say(f"{count} restarts at {PER_SECOND} calls a second")
    await asyncio.to_thread(proof.crew.renew)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as web:
        steady = SteadyCalls(proof, ProofCalls(web, proof.installed.url("api")), answered)

        async def restart() -> None:
            for number in range(count):
                for name in (*proof.services.processes_of("api"), OTHERS[number % len(OTHERS)]):
                    await proof.services.wait_until_back(proof.services.end(name))
                await asyncio.sleep(0.5)
                await asyncio.to_thread(proof.crew.renew)
            steady.over.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(steady.run())
            group.create_task(restart())
    seconds = await proof.quiet()
    kinds = ", ".join(f"{number} × {kind}" for kind, number in steady.kinds.items()) or "none refused"
    answered.note = f"{count} restarts, the slowest answer {steady.slowest:.1f} s; {kinds}"
    there = await proof.value(_THERE, steady.written)
    kept.holds(there == len(steady.written), f"{there} of {len(steady.written)} are there")
    kept.attempts, kept.note = len(steady.written), f"delivered {seconds:.0f} s after the last call"
    return [answered, kept]
