"""The command ``verify``: the whole log, against the checkpoints in the database and those in the folder beside it.

One rule: all of it is verified, unless the administrator names a head that they kept themselves.
"""

import argparse
import re
import sys
from collections.abc import Iterator

from core.access.actor import Actor
from core.audit import queries
from core.audit.queries import VerifyLog
from core.log.checkpoint import Checkpoint, parse
from core.log.verify import START, LogHead, Verification
from core.log.verify_helpers import VerifyHelpers
from core.uow import Uow
from stack import installation
from stack.admin.run import run_use_case
from stack.errors import StackError
from stack.paths import Paths
from workers.keys import all_keys

_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


def verify(paths: Paths, args: argparse.Namespace) -> int:
    """Verify the log; exit code 1 when it is not intact."""
    after = _head(args.after) if args.after else START
    unreadable: list[str] = []
    trusted = tuple(_published(paths, unreadable))
    helpers = VerifyHelpers(installation.load(paths).databases.app)

    async def work(uow: Uow, actor: Actor) -> Verification:
        return await queries.verify(uow, actor, VerifyLog(helpers, after, trusted))

    found = run_use_case(paths, work)
    for name in unreadable:
        print(f"The checkpoint {name} cannot be read, or was signed by another key.", file=sys.stderr)
    if not found.ok:
        print(f"The log is broken at position {found.first_bad_position}: {found.problem}.", file=sys.stderr)
    else:
        _describe(found, len(trusted))
    return 0 if found.ok and not unreadable else 1


def _describe(found: Verification, notes: int) -> None:
    begin = f", texts compared from {found.after + 1:,} on" if found.after else ""
    print(f"{found.events:,} events are intact{begin}; {found.unsealed:,} are not sealed yet.")
    print(f"They agree with the checkpoints in the database and with {notes:,} outside of it.")
    if found.head is not None:
        print(f"Keep this to verify only what follows: --after {found.events}:{found.head.hex()}")


def _head(written: str) -> LogHead:
    match = _HEAD.fullmatch(written)
    if match is None:
        raise StackError("--after is what an earlier './parley verify' printed: POSITION:HEAD")
    return LogHead(int(match[1]), bytes.fromhex(match[2]))


def _published(paths: Paths, unreadable: list[str]) -> Iterator[Checkpoint]:
    """The checkpoints of the folder; names of files that are none go to ``unreadable``."""
    files = sorted(paths.checkpoints.glob("*.txt"))
    keys = [key.public_key() for key in reversed(all_keys(paths.keys))] if files else []
    for file in files:
        note = file.read_text(encoding="utf-8", errors="replace")
        for key in keys:
            try:
                yield parse(note, key)
            except ValueError:
                continue
            break
        else:
            unreadable.append(file.name)
