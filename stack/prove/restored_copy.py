"""A backup that is older than the last changes is restored, as after a lost disk.

One rule: whatever the copy does not know must not come back: a session, a right that was taken away, a number that
somebody has on paper.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stack.bench.purchase_calls import CLIENTS, at_once
from stack.errors import StackError
from stack.prove.approvals_to_decide import let_any_manager_decide, open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.load import InsistentClient
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation
from workers import disabled_people

PURCHASES, PURCHASES_SHORT = 10, 2
CHECKPOINT_SECONDS, NOTED_SECONDS = 90.0, 60.0
REFUSED = (401, 403, 404)
LOST = "jonas@northwind.example"
_PASSWORD_FILE = "demo-password"
_ORDERS = "SELECT number FROM purchase_orders"
_EPOCH = "SELECT count(*) FROM audit_events WHERE type = 'log.restored'"
_CHECKPOINT = "SELECT max(size) FROM checkpoints"
_PERSON = "SELECT id FROM people WHERE email = $1"


@dataclass(frozen=True)
class LoginTokens:
    """Both tokens of somebody who logged in."""

    access: str
    refresh: str


@dataclass
class AfterTheCopy:
    """What happened after the copy was made."""

    sessions: dict[str, LoginTokens] = field(default_factory=dict)
    """Of before the copy too: whoever ended one afterwards did so in vain if it lived on."""
    numbers: set[str] = field(default_factory=set)
    disabled_chat: str = "1002"


async def prove_restored_copy(proof: ProofInstallation) -> Sequence[Promise]:
    """Back up, change, restore, look."""
    say("a copy of the database, put back after more has happened")
    backups = proof.paths.var.with_name("prove-backups")
    with backup_settings(backups):
        try:
            await _quiet(proof)
            before = await _logged_in(proof)
            await proof.stack("backup")
            after = await _more_happens(proof)
            after.sessions["before the copy"] = before
            after.sessions["after the copy"] = await _logged_in(proof)
            await proof.stack("down")
            await proof.stack("restore")
            await proof.stack("up", "--without", "n8n")
        finally:
            shutil.rmtree(backups, ignore_errors=True)
    return await _looked_at(proof, after)


@contextmanager
def backup_settings(folder: Path) -> Iterator[None]:
    """What ``./parley backup`` and ``restore`` read from the environment."""
    settings = {"PARLEY_BACKUP_DIR": str(folder), "PARLEY_BACKUP_PASSPHRASE": secrets.token_urlsafe(24)}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name in settings:
            del os.environ[name]


async def _quiet(proof: ProofInstallation) -> None:
    await let_any_manager_decide(proof)
    await proof.quiet()


async def _more_happens(proof: ProofInstallation) -> AfterTheCopy:
    """Orders with new numbers, a new session, and somebody who is disabled."""
    after = AfterTheCopy()
    before = {row["number"] for row in await proof.fetch(_ORDERS)}
    await proof.renew_all()
    client = InsistentClient(proof)
    purchases = await open_approvals(proof, PURCHASES_SHORT if proof.short else PURCHASES)
    await at_once(client.approve, purchases, CLIENTS)
    after.numbers = {row["number"] for row in await proof.fetch(_ORDERS)} - before
    admin = await asyncio.to_thread(proof.token_of, "admin")
    person = await proof.value(_PERSON, LOST)
    if await _exchanged(proof, after.disabled_chat) != 200:
        raise StackError(f"the chat of {LOST} gets no token before either")
    await proof.calls.send(admin, "POST", f"/people/{person}/disable")
    noted = proof.paths.checkpoints / disabled_people.FILE
    await until(
        lambda: noted.exists() and str(person) in noted.read_text(), "the relay to note it", NOTED_SECONDS
    )
    await proof.quiet()
    return after


async def _logged_in(proof: ProofInstallation) -> LoginTokens:
    """A new session of the auditor, whom the installation knows before and after."""
    password = (proof.paths.keys / _PASSWORD_FILE).read_text().strip()
    body = {"email": "auditor@northwind.example", "password": password}
    answer = await proof.calls.send("", "POST", "/auth/login", body)
    if answer.status != 200:
        raise StackError(f"the auditor cannot log in: {answer.status} {answer.text}")
    return LoginTokens(answer.body["access_token"], answer.body["refresh_token"])


async def _looked_at(proof: ProofInstallation, after: AfterTheCopy) -> Sequence[Promise]:
    sessions = Promise(
        "After a restore, no session of before or after the copy lives, and people log in anew"
    )
    people = Promise("Whoever was disabled after the copy stays out")
    numbers = Promise("No number that was issued after the copy is issued again without a mark")
    epoch = Promise("An event in the log says that a copy was put back, and checkpoints go on")
    await _sessions_are_dead(proof, after, sessions)
    status = await _exchanged(proof, after.disabled_chat)
    people.holds(status in REFUSED, f"{LOST} was disabled and asks for a token: {status}")
    issued = await _issued_anew(proof)
    again = issued & after.numbers
    numbers.holds(not again, f"{', '.join(sorted(again))} stand for two orders each")
    numbers.holds(
        len(issued) == len(after.numbers) > 0, f"{len(issued)} new orders, {len(after.numbers)} lost"
    )
    numbers.attempts = len(after.numbers)
    found = await proof.value(_EPOCH)
    epoch.holds(found > 0, "there is no such event")
    epoch.holds(await _checkpoints_go_on(proof), f"no checkpoint in {CHECKPOINT_SECONDS:.0f} s")
    return [sessions, people, numbers, epoch]


async def _sessions_are_dead(proof: ProofInstallation, after: AfterTheCopy, sessions: Promise) -> None:
    """Both tokens of each; somebody who logs in anew may do both, so it is not the API that refuses everything."""
    for when, session in (*after.sessions.items(), ("now", await _logged_in(proof))):
        expected = 200 if when == "now" else 401
        read = await proof.calls.send(session.access, "GET", "/me")
        sessions.holds(read.status == expected, f"an access token of {when} is answered with {read.status}")
        body = {"refresh_token": session.refresh}
        renewed = await proof.calls.send("", "POST", "/auth/refresh", body)
        sessions.holds(renewed.status == expected, f"a refresh token of {when}: {renewed.status}")


async def _exchanged(proof: ProofInstallation, chat: str) -> int:
    """How the API answers a bot that asks for the token of whoever has this chat."""
    service = await asyncio.to_thread(proof.crew.tokens.service)
    body = {"platform": "telegram", "external_id": chat}
    return (await proof.calls.send(service, "POST", "/auth/chat", body)).status


async def _issued_anew(proof: ProofInstallation) -> set[str]:
    """The numbers of as many orders as before: they may not be those that vendors have in their hands."""
    await proof.renew_all()
    client = InsistentClient(proof)
    before = {row["number"] for row in await proof.fetch(_ORDERS)}
    purchases = await open_approvals(proof, PURCHASES_SHORT if proof.short else PURCHASES)
    await at_once(client.approve, purchases, CLIENTS)
    return {row["number"] for row in await proof.fetch(_ORDERS)} - before


async def _checkpoints_go_on(proof: ProofInstallation) -> bool:
    """A newer one than the copy had."""
    last = int(await proof.value(_CHECKPOINT) or 0)
    deadline = asyncio.get_running_loop().time() + CHECKPOINT_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if int(await proof.value(_CHECKPOINT) or 0) > last:
            return True
        await asyncio.sleep(1)
    return False
