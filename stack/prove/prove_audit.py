"""The log: every way to change it is named, no login of ours may change it, and no forged note passes.

One rule: a change counts as named only when the API says that the log is not intact, and where checkpoints are in
reach ``./parley verify`` says so too.
"""

import asyncio
from collections.abc import Sequence

import asyncpg

from api.server.signing_keys import load_keys
from core.log.notes import parse
from stack.errors import StackError
from stack.prove.approvals_to_decide import open_approvals
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.log_tampering import (
    IN_THE_FOLDER,
    REPLICA,
    TAMPERINGS,
    SavedLog,
    TamperedLog,
    forget_deletions,
)
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation

NOTES, NOTES_SHORT = 10_000, 1_000
TAMPERINGS_SHORT = 12
CHECKPOINT_SECONDS = 120.0
SETTLING_SECONDS = 2.0
_LAST = "SELECT max(position) FROM audit_events"
_CHECKPOINT = "SELECT coalesce(max(size), 0) FROM checkpoints"
COUNTED = "SELECT pg_stat_force_next_flush()"
"""PostgreSQL counts deleted rows seconds later; nobody waits for it here."""
_SOME = "(SELECT id FROM audit_events WHERE position = 5)"
ROLES = ("app", "vendor", "sealer", "reader", "owner")
WAYS = {
    "change a type": f"UPDATE audit_events SET type = 'x' WHERE id = {_SOME}",
    "change what was said": f"UPDATE audit_events SET data = '{{}}' WHERE id = {_SOME}",
    "change a position": f"UPDATE audit_events SET position = 1000000 WHERE id = {_SOME}",
    "take out of the chain": f"UPDATE audit_events SET position = NULL, chain = NULL WHERE id = {_SOME}",
    "delete": f"DELETE FROM audit_events WHERE id = {_SOME}",
    "truncate": "TRUNCATE audit_events CASCADE",
    "add a sealed event": (
        "INSERT INTO audit_events (id, occurred_at, type, actor, actor_kind, channel, subject_kind, subject_id,"
        " subject_version, data, canonical, digest, correlation_id, position, chain)"
        " SELECT gen_random_uuid(), now(), 'x.y', 'x', 'system', 'api', 'request', gen_random_uuid(), 1, '{}', '{}',"
        " sha256(''), 'x', 1000001, sha256('')"
    ),
    "overwrite on conflict": (
        "INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT * FROM audit_events WHERE position = 5"
        " ON CONFLICT (id) DO UPDATE SET type = 'x'"
    ),
    "switch triggers off for oneself": f"{REPLICA}; DELETE FROM audit_events WHERE id = {_SOME}",
    "merge": (
        "MERGE INTO audit_events e USING (SELECT 5 AS position) s ON e.position = s.position"
        " WHEN MATCHED THEN UPDATE SET type = 'x'"
    ),
    "change a checkpoint": "UPDATE checkpoints SET root = sha256(root)",
    "delete the checkpoints": "DELETE FROM checkpoints",
    "switch triggers off for everybody": "ALTER TABLE audit_events DISABLE TRIGGER ALL",
    "drop the table": "DROP TABLE audit_events CASCADE",
}
_REFUSED = asyncpg.InsufficientPrivilegeError
"""What PostgreSQL's rights and the log's own triggers raise; any other error would show a wrong statement."""
OWNERS = ("switch triggers off for everybody", "drop the table")
"""Whoever owns a table may do these: migrations alone have that login."""


async def prove_audit(proof: ProofInstallation) -> Sequence[Promise]:
    """Forged notes, logins, and the superuser last."""
    await _with_a_checkpoint(proof)
    return [await _notes(proof), await _logins(proof), *await _tampered(proof)]


async def _with_a_checkpoint(proof: ProofInstallation) -> None:
    """Until the relay has published one of nearly the whole log, and some events came after it."""
    await open_approvals(proof, 1)

    async def published() -> bool:
        return int(await proof.value(_CHECKPOINT)) > int(await proof.value(_LAST)) - 40

    say("waiting for a checkpoint")
    await until(published, "a checkpoint to be published", CHECKPOINT_SECONDS)
    await open_approvals(proof, 1)


# ---- the superuser


async def _tampered(proof: ProofInstallation) -> Sequence[Promise]:
    named = Promise(
        "Whatever a superuser changes in the log is named, with the folder of checkpoints in reach"
    )
    intact = Promise("The log that nobody changed is said to be intact")
    chosen = proof.chance.sample(list(TAMPERINGS), TAMPERINGS_SHORT) if proof.short else list(TAMPERINGS)
    say(f"{len(chosen)} ways to change the log as superuser")
    await _settled(proof)
    async with proof.connection() as connection:
        saved = SavedLog(connection, proof.paths.checkpoints)
        await saved.save()
        try:
            with proof.services.paused("worker"), proof.services.paused("relay"):
                await _is_said(proof, intact, "before", broken=False)
                for number, name in enumerate(chosen):
                    if number and number % 10 == 0:
                        say(f"{number} of them are tried")
                    last = int(await connection.fetchval(_LAST))
                    await connection.execute(REPLICA)
                    victim = proof.chance.randint(5, last - 60)
                    async with connection.transaction():
                        await TAMPERINGS[name](TamperedLog(connection, proof.paths.checkpoints, victim, last))
                    await connection.execute(COUNTED)
                    await _is_said(proof, named, f"{name} (position {victim} of {last})", broken=True)
                    await _put_back(proof, saved)
                    await _is_said(proof, intact, f"put back after {name}", broken=False)
        finally:
            await saved.put_back()
            saved.forget()
    return [named, intact]


async def _put_back(proof: ProofInstallation, saved: SavedLog) -> None:
    """As it was, for the API too: a process of it is a witness of what it has seen, also of what was forged."""
    await saved.put_back()
    await proof.services.wait_until_back(proof.services.end(*proof.services.processes_of("api")))


async def _settled(proof: ProofInstallation) -> None:
    await proof.quiet()
    await asyncio.sleep(SETTLING_SECONDS)


async def _is_said(proof: ProofInstallation, promise: Promise, what: str, *, broken: bool) -> None:
    """The API; and the command, where checkpoints have a part in it."""
    auditor = await asyncio.to_thread(proof.token_of, "auditor")
    answer = await proof.calls.send(auditor, "GET", "/audit/verify")
    by_api = answer.status == 200 and answer.body["ok"] is not broken
    said = "" if not broken or any(word in what for word in IN_THE_FOLDER) else "not asked"
    by_command = bool(said) or await _command_finds(proof) is broken
    silent = " and ".join(
        name for name, right in (("the API", by_api), ("./parley verify", by_command)) if not right
    )
    promise.holds(not silent, f"{what}: {silent} says otherwise")


async def _command_finds(proof: ProofInstallation) -> bool:
    """Whether ``./parley verify`` ends with 1."""
    try:
        await proof.stack("verify")
    except StackError:
        return True
    return False


# ---- logins


async def _logins(proof: ProofInstallation) -> Promise:
    promise = Promise("No login of ours may change the log, in any of the ways that SQL has")
    urls = proof.installed.databases
    await _would_change_something(proof)
    for role in ROLES:
        url = urls.app if role == "vendor" else getattr(urls, role)
        for name, statement in WAYS.items():
            if role == "owner" and name in OWNERS:
                continue
            async with proof.connection(url) as connection:
                if role == "vendor":
                    await connection.execute("SET ROLE parley_vendor")
                found = await _tried(connection, statement)
            promise.holds(not found, f"{role} may {name}: {found}")
    promise.note = f"{len(ROLES)} logins; not tried as owner: {' and '.join(OWNERS)}, which migrations may"
    return promise


async def _would_change_something(proof: ProofInstallation) -> None:
    """Each statement does something where nothing is forbidden, or a login that fails with it shows nothing."""
    async with proof.connection() as connection:
        for name, statement in WAYS.items():
            transaction = connection.transaction()
            await transaction.start()
            try:
                await connection.execute(REPLICA)
                if (await connection.execute(statement)).endswith(" 0"):
                    raise StackError(f"to {name} would change nothing")
            finally:
                await transaction.rollback()
        await forget_deletions(connection)


async def _tried(connection: "asyncpg.Connection[asyncpg.Record]", statement: str) -> str:
    """What it did, undone again; nothing when it was denied or changed no row."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        done = await connection.execute(statement)
    except _REFUSED:
        return ""
    finally:
        await transaction.rollback()
    return "" if done.endswith(" 0") else done


# ---- notes


async def _notes(proof: ProofInstallation) -> Promise:
    """The newest note with one to three bytes changed, moved or doubled."""
    promise = Promise("No checkpoint that was changed in one byte or more is accepted")
    public = load_keys(proof.paths.keys).current.public
    note = (proof.paths.checkpoints / "latest.txt").read_bytes()
    parse(note.decode(), public)
    for number in range(NOTES_SHORT if proof.short else NOTES):
        changed = bytearray(note)
        for _ in range(proof.chance.randint(1, 3)):
            _change(changed, proof.chance.randrange(len(changed)), proof.chance.randrange(256), number % 3)
        if bytes(changed) == note:
            continue
        try:
            parse(changed.decode("utf-8", "replace"), public)
        except ValueError:
            promise.holds(True, "")
        else:
            promise.holds(False, f"accepted: {bytes(changed)!r}")
    return promise


def _change(note: bytearray, at: int, byte: int, kind: int) -> None:
    if kind == 0:
        note[at] = byte
    elif kind == 1:
        del note[at]
    else:
        note.insert(at, byte)
