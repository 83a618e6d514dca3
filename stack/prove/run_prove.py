"""``./parley prove``: tries what is promised, prints a table of promises, attempts and failures, and keeps it.

One rule: a proof is a row of the table below and a module of its own; one failure makes the exit code 1.
"""

import argparse
import asyncio
import json
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from stack.bench.run_bench import first_of
from stack.paths import Paths
from stack.prove.chat_people import ChatPeople
from stack.prove.kept_promise import Promise, ProofReport, commit_of
from stack.prove.progress import say
from stack.prove.proof_installation import ProofInstallation, running
from stack.prove.prove_access import prove_access
from stack.prove.prove_audit import prove_audit
from stack.prove.prove_chats import prove_chats
from stack.prove.prove_delivery import DELIVERY_PARTS, prove_delivery
from stack.prove.prove_races import prove_races
from stack.prove.prove_uploads import prove_uploads
from stack.prove.tried import Proof, tried

PAGES = "docs/proofs"
PROOFS: dict[str, Proof] = {
    "races": prove_races,
    "chats": prove_chats,
    "uploads": prove_uploads,
    "access": prove_access,
    "audit": prove_audit,
    "delivery": prove_delivery,
}
"""In the order in which ``all`` runs them: one that breaks the log or the policy is the last."""
PARTS: dict[str, Proof] = {f"delivery:{name}": part for name, part in DELIVERY_PARTS.items()}
"""Parts of a subject that takes long, to be tried by themselves."""


def prove(paths: Paths, args: argparse.Namespace) -> int:
    """Run one proof or all; 1 when a promise was not kept."""
    seed = args.seed if args.seed is not None else secrets.randbelow(1_000_000)
    name = page_name(args.subjects)
    subjects = [each for each in PROOFS if each in args.subjects or "all" in args.subjects]
    subjects += [each for each in PARTS if each in args.subjects and each.partition(":")[0] not in subjects]
    say(f"seed {seed}")
    began = time.monotonic()
    try:
        promises = asyncio.run(_run(paths, subjects, seed, short=args.short))
    except ExceptionGroup as group:
        raise first_of(group) from None
    report = ProofReport(name, seed, args.short, promises, time.monotonic() - began, commit_of(paths.root))
    print(report.as_json() if args.json else report.as_markdown())
    if not args.short:
        _keep(paths.root / PAGES / f"{name}.md", report)
    return 0 if report.kept else 1


def page_name(subjects: Sequence[str]) -> str:
    """``delivery-kills-redis`` of two parts of one subject."""
    return "-".join(dict.fromkeys(word for subject in subjects for word in subject.split(":")))


async def _run(paths: Paths, subjects: Sequence[str], seed: int, *, short: bool) -> Sequence[Promise]:
    """The promises of all subjects, tried on one installation."""
    promises: list[Promise] = []
    async with running(paths, seed, short=short) as proof:
        for subject in subjects:
            began = time.monotonic()
            found = await tried(subject, (PROOFS | PARTS)[subject], proof)
            promises += found
            failed = sum(not promise.kept for promise in found)
            kept = f"{failed} of {len(found)} promises not kept" if failed else f"{len(found)} promises kept"
            say(f"{subject}: {kept}, {time.monotonic() - began:.0f} s")
        await _record_calls(proof)
    return promises


async def _record_calls(proof: ProofInstallation) -> None:
    """What the bots have called goes to PARLEY_CALLS, where tests.types judges it by the published schemas."""
    folder = os.environ.get("PARLEY_CALLS")
    if folder:
        calls = await (await ChatPeople.of(proof)).calls()
        path = Path(folder) / f"calls-{secrets.token_hex(4)}.json"
        await asyncio.to_thread(path.write_text, json.dumps(calls), encoding="utf-8")


def _keep(page: Path, report: ProofReport) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(report.as_markdown(), encoding="utf-8")
