"""Redis emptied, killed and paused under load; PostgreSQL killed right after an answer.

One rule: losing Redis may cost time and nothing else; an answered call has been committed, so a crash cannot take it
back.
"""

import asyncio
import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from stack.bench.crew import Member
from stack.prove.chat_people import ChatPeople
from stack.prove.kept_promise import Promise
from stack.prove.kill_storm import counted
from stack.prove.live_services import until
from stack.prove.load import Load
from stack.prove.progress import say
from stack.prove.proof_calls import Json
from stack.prove.proof_installation import ProofInstallation

REDIS_LOSSES, REDIS_LOSSES_SHORT = 10, 3
POSTGRES_KILLS, POSTGRES_KILLS_SHORT = 50, 3
SERVER_EACH = 5
"""Of so many kills one ends the whole server; the others end one of its processes, after which it recovers."""
WORK_SECONDS = 2.0
"""People work so long before each loss."""
PAUSE_SECONDS = 5.0
DRAINED_SECONDS = 60.0
WRITERS = 4
_LAST = "SELECT coalesce(max(seq), 0) FROM audit_events"
_BACKEND = "SELECT pid FROM pg_stat_activity WHERE usename = 'parley_app' AND pid <> pg_backend_pid() LIMIT 1"
_THERE = "SELECT count(*) FROM procurement_requests WHERE id = ANY($1::uuid[])"


# ---- Redis


async def prove_redis_losses(proof: ProofInstallation) -> Sequence[Promise]:
    """The three kinds of loss in turn, while people work; after each everything has to come where it belongs."""
    drained = Promise(f"After Redis is back everything is delivered within {DRAINED_SECONDS:.0f} s")
    accepted = Promise("Without Redis the API goes on to accept what people do")
    since = int(await proof.value(_LAST))
    count = REDIS_LOSSES_SHORT if proof.short else REDIS_LOSSES
    losses = (_emptied, _killed, _paused)
    enough = asyncio.Event()
    load = Load(proof, await ChatPeople.of(proof), over=enough.is_set)
    say(f"{count} losses of Redis")
    for number in range(count):
        loss = losses[number % len(losses)]
        enough.clear()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.run(api_writers=1, chats=("telegram",)))
            back = group.create_task(_lose(proof, loss, accepted, enough))
        await proof.quiet(DRAINED_SECONDS * 3, hurry=False)
        seconds = time.monotonic() - back.result()
        drained.holds(seconds <= DRAINED_SECONDS, f"{loss.__name__.strip('_')}: it took {seconds:.0f} s")
        drained.note = f"the slowest took {max(seconds, _noted(drained)):.1f} s"
    lost, *more = await counted(proof, load, since)
    lost.text = "Nothing that was answered is lost, whatever becomes of Redis"
    return [lost, *more, drained, accepted]


async def _lose(
    proof: ProofInstallation,
    loss: Callable[[ProofInstallation], Coroutine[None, None, None]],
    accepted: Promise,
    enough: asyncio.Event,
) -> float:
    """One loss, with calls meanwhile, and then no more work; the moment when Redis was back."""
    slowest = 0.0
    await asyncio.sleep(WORK_SECONDS)
    async with asyncio.TaskGroup() as group:
        losing = group.create_task(loss(proof))
        while not losing.done():
            began = time.monotonic()
            status = await _write(proof, proof.crew.teams[0].requester)
            slowest = max(slowest, time.monotonic() - began)
            accepted.holds(status == 201, f"{loss.__name__.strip('_')}: {status}")
            await asyncio.sleep(0.1)
    accepted.note = f"the slowest took {max(slowest, _noted(accepted)):.2f} s"
    enough.set()
    return time.monotonic()


def _noted(promise: Promise) -> float:
    return float(promise.note.split()[3]) if promise.note else 0.0


async def _emptied(proof: ProofInstallation) -> None:
    client = Redis.from_url(proof.installed.redis_url)
    try:
        await client.flushall()
    finally:
        await client.aclose()
    await asyncio.sleep(1)


async def _killed(proof: ProofInstallation) -> None:
    """Killed, and what it had written is deleted."""
    before = proof.services.end("redis", number=signal.SIGKILL)
    shutil.rmtree(proof.paths.var / "redis" / "appendonlydir", ignore_errors=True)
    await proof.services.wait_until_back(before)


async def _paused(proof: ProofInstallation) -> None:
    with proof.services.paused("redis"):
        await asyncio.sleep(PAUSE_SECONDS)


# ---- PostgreSQL


@dataclass
class Answered:
    """Requests whose creation was answered with 201, and the moment of the newest."""

    ids: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)


async def prove_postgres_kills(proof: ProofInstallation) -> Sequence[Promise]:
    """Writers go on; right after an answer the server or one of its processes is killed."""
    promise = Promise("What was answered with 201 is there after PostgreSQL was killed at once")
    count = POSTGRES_KILLS_SHORT if proof.short else POSTGRES_KILLS
    say(f"{count} kills of PostgreSQL")
    await asyncio.to_thread(proof.crew.renew)
    answered, over = Answered(), asyncio.Event()
    slowest = 0.0

    async def kill() -> None:
        nonlocal slowest
        for number in range(count):
            answered.came.clear()
            await answered.came.wait()
            began = time.monotonic()
            await kill_postgres(proof, whole=number % SERVER_EACH == 0)
            ids = list(answered.ids)
            there = (await proof.patient_fetch(_THERE, ids))[0]["count"]
            promise.holds(there == len(ids), f"kill {number}: {there} of {len(ids)} are there")
            slowest = max(slowest, time.monotonic() - began)
        over.set()

    async with asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(keep_writing(proof, proof.crew.teams[number].requester, answered, over))
        group.create_task(kill())
    await proof.quiet(240)
    lost = len(answered.ids) - await proof.value(_THERE, answered.ids)
    promise.holds(lost == 0, f"{lost} of {len(answered.ids)} are not there at the end")
    whole = (count + SERVER_EACH - 1) // SERVER_EACH
    answers = f"{len(answered.ids):,} answers; {whole} of the kills end the whole server"
    promise.note = f"{answers}; back within {slowest:.0f} s"
    return [promise]


async def kill_postgres(proof: ProofInstallation, *, whole: bool) -> None:
    """The whole server, or one process that serves the api: then the server ends all others and recovers."""
    if whole:
        before = proof.services.end("postgres", number=signal.SIGKILL)
        await proof.services.wait_until_back(before)
        return

    async def killed() -> bool:
        """Whoever was found may have ended by itself."""
        rows = await proof.patient_fetch(_BACKEND)
        return any(_kill(pid) for pid in _in_our_namespace(proof, [row["pid"] for row in rows]))

    await until(killed, "a process of PostgreSQL that serves the api", 60)


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _in_our_namespace(proof: ProofInstallation, pids: Sequence[int]) -> Sequence[int]:
    """The server knows its processes by the same numbers: it has a user namespace of its own and no other."""
    server = proof.services.pid("postgres")
    return [pid for pid in pids if f"PPid:\t{server}\n" in _status(pid)]


def _status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return ""


async def keep_writing(
    proof: ProofInstallation, member: Member, answered: Answered, over: asyncio.Event
) -> None:
    while not over.is_set():
        try:
            answer = await proof.calls.send(member.token, "POST", "/procurement/request", request_body(proof))
        except (aiohttp.ClientError, TimeoutError, OSError):
            await asyncio.sleep(0.1)
            continue
        if answer.status == 201:
            answered.ids.append(answer.body["id"])
            answered.came.set()
        elif answer.status == 401:
            await proof.renew(member)


async def _write(proof: ProofInstallation, member: Member) -> int | str:
    """The status of one new request, or why there was none."""
    try:
        answer = await proof.calls.send(member.token, "POST", "/procurement/request", request_body(proof))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return type(error).__name__
    if answer.status == 401:
        await proof.renew(member)
        return await _write(proof, member)
    return answer.status


def request_body(proof: ProofInstallation) -> Json:
    """A draft that nobody else makes: nobody is told of it, or officers would read a thousand notices."""
    line = {"description": f"Lamp {uuid.uuid4().hex[:8]}", "quantity": "2", "unit": "pcs"}
    return {
        "lines": [line | {"estimated_unit_price": "20"}],
        "currency": "USD",
        "needed_by": proof.a_day(30),
        "cost_centre": "IT",
        "submit": False,
    }
