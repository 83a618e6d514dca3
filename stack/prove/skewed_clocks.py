"""Each process in turn with a clock that is ten minutes ahead or behind, beside all others with the right one.

One rule: deadlines go by PostgreSQL's clock: nothing is opened early, nothing late is taken, and no event is dated by
a wrong clock.

The supervisor sleeps meanwhile, so that it does not start the process's successor.
"""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from api.ready import READY_VARIABLE
from stack import http_client, ports
from stack.bench.crew import ChatTokens, Crew
from stack.bench.purchase_calls import BenchPurchase, Json, PurchaseClient, new_purchases
from stack.errors import StackError
from stack.prove.chat_people import ChatPeople
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.load import ask_in_chat
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation
from stack.supervisor.processes import start_time
from stack.supervisor.status_file import read_status

SKEW_SECONDS = 600
OPEN_SECONDS = 8.0
CLOSED_WITHIN_SECONDS = 60.0
PROCESSES = ("api", "relay", "worker", "telegram", "slack")
SHORT = (("api", SKEW_SECONDS), ("worker", SKEW_SECONDS))
_CLOSED = "rfqs.closed"
"""The code by which a late quote is refused."""
_NOW = "SELECT clock_timestamp()"
_RFQ = "SELECT state, closed_at, quote_by FROM rfqs WHERE id = $1"
_DATED = """
SELECT type, occurred_at, clock_timestamp() AS now FROM audit_events
WHERE request_id = $1 AND type IN ('quote.submitted', 'rfq.closed') ORDER BY seq
"""
_EVENTS = {"quote.submitted", "rfq.closed"}
_WITH_ITEM = "SELECT count(DISTINCT request_id) FROM request_lines WHERE description = $1"


@dataclass
class ClockPromises:
    """One row of the table each."""

    early: Promise
    late: Promise
    dated: Promise
    once: Promise

    def all(self) -> Sequence[Promise]:
        return (self.early, self.late, self.dated, self.once)


async def prove_skewed_clocks(proof: ProofInstallation) -> Sequence[Promise]:
    """Every process, ahead and behind."""
    promises = ClockPromises(
        Promise(
            "With one clock ten minutes off a quote in time is taken, and nothing is opened before its deadline"
        ),
        Promise("With one clock ten minutes off a late quote is refused, and the RFQ closes all the same"),
        Promise("No event is dated by a clock that is ten minutes off"),
        Promise("With one clock ten minutes off a request in a chat is made once"),
    )
    both = [(name, sign * SKEW_SECONDS) for name in PROCESSES for sign in (1, -1)]
    for name, seconds in SHORT if proof.short else both:
        say(f"{name} with its clock {seconds / 60:+.0f} minutes off")
        what = f"{name} {seconds / 60:+.0f} min"
        if name == "api":
            async with api_beside(proof, seconds) as other:
                await _deadline(other, promises, what)
            continue
        async with skewed(proof, name, seconds):
            await asyncio.gather(
                _deadline(proof, promises, what),
                _in_a_chat(proof, promises, what, "slack" if name == "slack" else "telegram"),
            )
    await proof.quiet()
    return promises.all()


@contextlib.asynccontextmanager
async def api_beside(proof: ProofInstallation, seconds: float) -> AsyncIterator[ProofInstallation]:
    """One more process of the api with another clock, at a port of its own, and the installation seen through it."""
    port, pid = ports.find_free(), proof.services.pid("api")
    environment = _environment(pid) | {"PARLEY_API_PORT": str(port)}
    environment.pop("PARLEY_API_SOCKET", None)
    async with _running(proof, "api", seconds, _words(pid), environment):
        installed = replace(proof.installed, ports={**proof.installed.ports, "api": port})
        other = replace(proof, installed=installed)
        other.crew = Crew(proof.crew.teams, ChatTokens(installed.url("api"), proof.crew.tokens.bot_key))
        url = f"{installed.url('api')}/health/live"
        await until(lambda: asyncio.to_thread(_answers, url), "the api to answer", 90)
        yield other


@contextlib.asynccontextmanager
async def skewed(proof: ProofInstallation, name: str, seconds: float) -> AsyncIterator[None]:
    """The same process with the same environment and another clock, in the place of the one that runs."""
    supervisor, pid = read_status(proof.paths.state).pid, proof.services.pid(name)
    environment, words = _environment(pid), _words(pid)
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGTERM)
        await until(lambda: start_time(pid) is None, f"{name} to end", 40)
        async with _running(proof, name, seconds, words, environment):
            yield
    finally:
        os.kill(supervisor, signal.SIGCONT)
        await proof.services.wait_until_back({name: pid})


@contextlib.asynccontextmanager
async def _running(
    proof: ProofInstallation, name: str, seconds: float, words: Sequence[str], environment: Mapping[str, str]
) -> AsyncIterator[None]:
    """A process that goes by another clock, from the moment when it says that it is ready."""
    ready, writer = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "stack.prove.skewed_process", str(seconds), *words[2:]),
            cwd=proof.paths.root,
            env={**environment, READY_VARIABLE: str(writer)},
            pass_fds=(writer,),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    finally:
        os.close(writer)
    try:
        if not await asyncio.wait_for(asyncio.to_thread(os.read, ready, 16), 120):
            raise StackError(f"{name} does not start with a wrong clock")
        yield
    finally:
        os.close(ready)
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


def _answers(url: str) -> bool:
    return http_client.status_of(url) == 200


def _environment(pid: int) -> dict[str, str]:
    pairs = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def _words(pid: int) -> list[str]:
    """``python``, ``-m``, the module and its arguments."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return [*words[words.index("-m") - 1 :]][:-1]


# ---- what depends on time


async def _deadline(proof: ProofInstallation, promises: ClockPromises, what: str) -> None:
    """An RFQ of a few seconds, a quote before its end, a quote after it."""
    await proof.renew_all()
    client, purchase = PurchaseClient(proof.web, proof.crew), new_purchases(proof.crew, 1)[0]
    await client.create(purchase)
    quote_by = await proof.value(_NOW) + dt.timedelta(seconds=OPEN_SECONDS)
    if not await _sent(proof, purchase, quote_by, promises, what):
        return
    in_time = await _quote(proof, client, purchase, 0)
    promises.early.holds(in_time == "", f"{what}: a quote in time is refused: {in_time}")
    rfq = UUID(purchase.rfq["id"])
    while await proof.value(_NOW) < quote_by:
        row = (await proof.fetch(_RFQ, rfq))[0]
        if row["state"] != "open":
            left = (row["quote_by"] - await proof.value(_NOW)).total_seconds()
            promises.early.holds(left <= 0, f"{what}: closed {left:.1f} s before its end")
            break
        await asyncio.sleep(0.2)
    await asyncio.sleep(0.3)
    late = await _quote(proof, client, purchase, 1)
    promises.late.holds(_CLOSED in late, f"{what}: a quote 0.3 s late: {late or 'it is taken'}")
    await _closes(proof, promises, what, rfq)
    await _are_dated(proof, promises, what, purchase)


async def _sent(
    proof: ProofInstallation,
    purchase: BenchPurchase,
    quote_by: dt.datetime,
    promises: ClockPromises,
    what: str,
) -> bool:
    body: Json = {
        "vendor_ids": [str(vendor.vendor_id) for vendor in purchase.team.vendors],
        "quote_by": quote_by.isoformat(),
    }
    path = f"/procurement/requests/{purchase.request_id}/rfq"
    answer = await proof.calls.send(purchase.team.officer.token, "POST", path, body)
    purchase.rfq = answer.body
    return promises.early.holds(
        answer.status < 300, f"{what}: an RFQ of {OPEN_SECONDS:.0f} s is refused: {answer.text[:200]}"
    )


async def _quote(
    proof: ProofInstallation, client: PurchaseClient, purchase: BenchPurchase, number: int
) -> str:
    """Why it was refused; nothing when it was taken."""
    try:
        await client.quote(purchase, number)
    except StackError as error:
        return str(error)
    return ""


async def _closes(proof: ProofInstallation, promises: ClockPromises, what: str, rfq: UUID) -> None:
    async def closed() -> bool:
        return bool((await proof.fetch(_RFQ, rfq))[0]["state"] != "open")

    try:
        await until(closed, "the RFQ to close", CLOSED_WITHIN_SECONDS)
    except StackError as error:
        promises.late.holds(False, f"{what}: {error}")
        return
    row = (await proof.fetch(_RFQ, rfq))[0]
    early = (row["quote_by"] - row["closed_at"]).total_seconds()
    promises.late.holds(early <= 0, f"{what}: closed_at is {early:.0f} s before the deadline")


async def _are_dated(
    proof: ProofInstallation, promises: ClockPromises, what: str, purchase: BenchPurchase
) -> None:
    """Each within the last two minutes, and none in the future."""
    rows = await proof.fetch(_DATED, UUID(purchase.request_id))
    found = {row["type"] for row in rows}
    promises.dated.holds(found == _EVENTS, f"{what}: there are only {sorted(found)}")
    for row in rows:
        age = (row["now"] - row["occurred_at"]).total_seconds()
        promises.dated.holds(-1 < age < 120, f"{what}: {row['type']} is dated {age:.0f} s ago")


async def _in_a_chat(proof: ProofInstallation, promises: ClockPromises, what: str, platform: str) -> None:
    """One request; a Slack app whose clock is off refuses what Slack signed, as Slack asks, and then makes none."""
    people = await ChatPeople.of(proof)
    item = f"Shelf {uuid.uuid4().hex[:8]}"
    account = people.account(proof.crew.teams[2].requester.person_id, platform)
    refuses = what.startswith("slack")
    with contextlib.suppress(StackError):
        await ask_in_chat(proof, people, account, item, most_seconds=10 if refuses else 60)
    made = await proof.value(_WITH_ITEM, item)
    promises.once.holds(made == 1 or (refuses and made == 0), f"{what}: {made} requests on {platform}")
