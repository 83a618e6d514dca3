"""The disk fills up while people work, and has room again later.

One rule: nothing that was answered is lost, it is said while it lasts, and nobody has to start anything again.
"""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from core.db.connection import DATABASE_ERRORS
from stack import http_client
from stack.errors import StackError
from stack.prove.kept_promise import Promise
from stack.prove.live_services import until
from stack.prove.lost_servers import Answered, keep_writing
from stack.prove.moved_installation import may_mount, on_small_disk
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation

FREE_MEGABYTES = 150
SAID_SECONDS = 30.0
FULL_SECONDS, FULL_SECONDS_SHORT = 30.0, 8.0
WELL_SECONDS = 90.0
_PIECE = b"\0" * 1_000_000
_THERE = "SELECT count(*) FROM procurement_requests WHERE id = ANY($1::uuid[])"


async def prove_full_disk(proof: ProofInstallation) -> Sequence[Promise]:
    """Write until it is full, stay so for a while, delete what filled it."""
    lost = Promise("What was answered while the disk filled up is there afterwards")
    said = Promise("While a disk is full, readiness answers 503, or what people do is really kept")
    doctor = Promise("The doctor names a disk that is full")
    well = Promise(f"With room again it works within {WELL_SECONDS:.0f} s, and nobody had to start it")
    if not may_mount():
        say("a full disk is not tried: it needs root, to mount a small one")
        return []
    say("a disk that is full")
    answered, over = Answered(), asyncio.Event()
    async with on_small_disk(proof, FREE_MEGABYTES) as small:
        await small.renew_all()
        ready = f"{small.installed.url('api')}/health/ready"
        filler = small.paths.var / "filler"
        async with asyncio.TaskGroup() as group:
            for team in small.crew.teams[:3]:
                group.create_task(keep_writing(small, team.requester, answered, over))
            await asyncio.sleep(1)
            await asyncio.to_thread(_fill, filler)
            await _use_up(small)
            await _within(said, lambda: http_client.status_of(ready) == 503, SAID_SECONDS)
            doctor.holds(await _doctor_says_so(small), "its output has no word of it")
            await _stays_full(
                said, ready, filler, answered, FULL_SECONDS_SHORT if proof.short else FULL_SECONDS
            )
            filler.unlink()
            await _within(well, lambda: http_client.status_of(ready) == 200, WELL_SECONDS)
            before = len(answered.ids)
            await _within(well, lambda: len(answered.ids) > before, WELL_SECONDS)
            over.set()
        there = (await small.patient_fetch(_THERE, answered.ids))[0]["count"]
        lost.attempts = len(answered.ids)
        lost.failures += [f"{len(answered.ids) - there} are not there"] * (there != len(answered.ids))
        await _delivered(small, well)
    return [lost, said, doctor, well]


async def _within(promise: Promise, holds: object, seconds: float) -> None:
    assert callable(holds)
    try:
        took = await until(lambda: asyncio.to_thread(lambda: bool(holds())), promise.text, seconds)
    except StackError as error:
        promise.holds(False, str(error))
    else:
        promise.holds(True, "")
        promise.note = f"{took:.1f} s"


async def _stays_full(said: Promise, ready: str, filler: Path, answered: Answered, seconds: float) -> None:
    """Look every second; whatever has become free is filled again."""
    for _ in range(int(seconds)):
        await asyncio.to_thread(_fill, filler)
        before = len(answered.ids)
        status = await asyncio.to_thread(http_client.status_of, ready)
        await asyncio.sleep(1)
        kept = len(answered.ids) > before
        said.holds(status == 503 or kept, f"readiness answers {status}, and nothing is kept")


def _fill(file: Path) -> None:
    """Until nothing more fits; then page by page nothing is left either."""
    with file.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(_PIECE)
    with file.open("ab", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"\0" * os.sysconf("SC_PAGESIZE"))


async def _use_up(small: ProofInstallation) -> None:
    """The server has files of its log in store: have it begin the next until there is none."""
    with contextlib.suppress(*DATABASE_ERRORS):
        async with small.connection() as connection:
            for _ in range(20):
                await connection.execute("SELECT txid_current()")
                await connection.execute("SELECT pg_switch_wal()")


async def _doctor_says_so(small: ProofInstallation) -> bool:
    return "WRONG disk" in await small.printed("doctor")


async def _delivered(small: ProofInstallation, well: Promise) -> None:
    try:
        await small.quiet(180)
    except StackError as error:
        well.holds(False, str(error))
