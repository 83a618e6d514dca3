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
from typing import Any

from stack.bench.purchase_calls import CLIENTS, at_once
from stack.prove.approvals_to_decide import let_any_manager_decide, open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.load import InsistentClient
from stack.prove.progress import say
from stack.prove.proof_calls import ProofAnswer
from stack.prove.proof_installation import ProofInstallation
from workers import disabled_people

PURCHASES, PURCHASES_SHORT = 10, 2
CHECKPOINT_SECONDS, NOTED_SECONDS = 90.0, 60.0
LOST = "jonas@northwind.example"
_PASSWORD_FILE = "demo-password"
_ORDERS = "SELECT number FROM purchase_orders"
_EPOCH = "SELECT count(*) FROM audit_events WHERE type = 'log.restored'"
_CHECKPOINT = "SELECT max(size) FROM checkpoints"
_PERSON = "SELECT id FROM people WHERE email = $1"


@dataclass
class AfterTheCopy:
    """What happened after the copy was made."""

    numbers: set[str] = field(default_factory=set)
    refresh_token: str = ""
    disabled_chat: str = "1002"


async def prove_restored_copy(proof: ProofInstallation) -> Sequence[Promise]:
    """Back up, change, restore, look."""
    say("a copy of the database, put back after more has happened")
    backups = proof.paths.var.with_name("prove-backups")
    with backup_settings(backups):
        try:
            await _quiet(proof)
            await proof.stack("backup")
            after = await _more_happens(proof)
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
    password = (proof.paths.keys / _PASSWORD_FILE).read_text().strip()
    body = {"email": "auditor@northwind.example", "password": password}
    session = await proof.calls.send("", "POST", "/auth/login", body)
    after.refresh_token = str(session.body.get("refresh_token", ""))
    admin = await asyncio.to_thread(proof.token_of, "admin")
    person = await proof.value(_PERSON, LOST)
    await proof.calls.send(admin, "POST", f"/people/{person}/disable")
    noted = proof.paths.checkpoints / disabled_people.FILE
    await until(
        lambda: noted.exists() and str(person) in noted.read_text(), "the relay to note it", NOTED_SECONDS
    )
    await proof.quiet()
    return after


async def _looked_at(proof: ProofInstallation, after: AfterTheCopy) -> Sequence[Promise]:
    sessions = Promise("After a restore, sessions of after the copy are dead")
    people = Promise("Whoever was disabled after the copy stays out")
    numbers = Promise("No number that was issued after the copy is issued again without a mark")
    epoch = Promise("An event in the log says that a copy was put back, and checkpoints go on")
    if after.refresh_token:
        answer = await _refreshed(proof, after.refresh_token)
        sessions.holds(answer.status == 401, f"the refresh token is answered with {answer.status}")
    exchanged = await _exchanged(proof, after.disabled_chat)
    people.holds(not exchanged, f"{LOST} was disabled and gets a token again")
    again = await _issued_again(proof, after.numbers)
    numbers.holds(not again, f"{', '.join(sorted(again))} stand for two orders each")
    numbers.attempts = len(after.numbers)
    found = await proof.value(_EPOCH)
    epoch.holds(found > 0, "there is no such event")
    epoch.holds(await _checkpoints_go_on(proof), f"no checkpoint in {CHECKPOINT_SECONDS:.0f} s")
    return [sessions, people, numbers, epoch]


async def _refreshed(proof: ProofInstallation, token: str) -> ProofAnswer:
    return await proof.calls.send("", "POST", "/auth/refresh", {"refresh_token": token})


async def _exchanged(proof: ProofInstallation, chat: str) -> Any:
    try:
        return await asyncio.to_thread(proof.crew.tokens.exchange, chat)
    except OSError:
        return ""


async def _issued_again(proof: ProofInstallation, numbers: set[str]) -> set[str]:
    """As many orders as before: their numbers may not be those that vendors have in their hands."""
    await proof.renew_all()
    client = InsistentClient(proof)
    before = {row["number"] for row in await proof.fetch(_ORDERS)}
    purchases = await open_approvals(proof, PURCHASES_SHORT if proof.short else PURCHASES)
    await at_once(client.approve, purchases, CLIENTS)
    return ({row["number"] for row in await proof.fetch(_ORDERS)} - before) & numbers


async def _checkpoints_go_on(proof: ProofInstallation) -> bool:
    """A newer one than the copy had."""
    last = int(await proof.value(_CHECKPOINT) or 0)
    deadline = asyncio.get_running_loop().time() + CHECKPOINT_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        if int(await proof.value(_CHECKPOINT) or 0) > last:
            return True
        await asyncio.sleep(1)
    return False
