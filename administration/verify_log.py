"""The command ``verify``: the whole log, against the checkpoints in the database and what witnesses keep outside of it.

One rule: all of it is verified, unless the administrator names a head that they kept themselves.
"""

import argparse
import re
import sys

from administration.errors import CommandError
from administration.log_witnesses import log_witnesses
from administration.run import run_use_case
from administration.target import Target
from core.access.actor import Actor
from core.audit import queries
from core.audit.queries import VerifyLog
from core.log.verify import Verification
from core.log.verify_helpers import VerifyHelpers
from core.log.witnesses import START, LogHead
from core.uow import Uow

_HEAD = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


def verify(target: Target, args: argparse.Namespace) -> int:
    """Verify the log; exit code 1 when it is not intact."""
    after = _head(args.after) if args.after else START
    witnesses = tuple(log_witnesses(target, args.checkpoint or ()))
    helpers = VerifyHelpers(target.database_url)

    async def work(uow: Uow, actor: Actor) -> Verification:
        return await queries.verify(uow, actor, VerifyLog(helpers, after, witnesses))

    found = run_use_case(target.database_url, work)
    for witness in witnesses:
        for name in witness.unreadable:
            print(f"The checkpoint {name} cannot be read, or was signed by another key.", file=sys.stderr)
    if not found.ok:
        print(f"The log is broken at position {found.first_bad_position}: {found.problem}.", file=sys.stderr)
    else:
        _describe(found)
    for each in found.lost:
        print(f"Positions {each.first:,} to {each.last:,} of an earlier epoch were lost by a restore.")
    _tell_missing(found)
    return 0 if found.ok else 1


def _describe(found: Verification) -> None:
    begin = f", texts compared from {found.after + 1:,} on" if found.after else ""
    print(f"{found.events:,} events are intact{begin}; {found.unsealed:,} are not sealed yet.")
    notes = sum(len(each.checkpoints) for each in found.witnesses)
    print(f"They agree with the checkpoints in the database and with {notes:,} outside of it:")
    for each in found.witnesses:
        if each.checkpoints:
            print(f"  {each.name}: {len(each.checkpoints):,}, the newest of {each.newest_size:,} events")
    if found.head is not None:
        print(f"Keep this to verify only what follows: --after {found.events}:{found.head.hex()}")


def _tell_missing(found: Verification) -> None:
    if found.missing_numbers:
        numbers = ", ".join(str(each) for each in found.missing_numbers[:10])
        more = " and others" if len(found.missing_numbers) > 10 else ""
        why = (
            "transactions were cut off" if found.ok else "a transaction was cut off, or an event was deleted"
        )
        print(f"No event came with the numbers {numbers}{more}: {why}.", file=sys.stderr)


def _head(written: str) -> LogHead:
    match = _HEAD.fullmatch(written)
    if match is None:
        raise CommandError("--after is what an earlier 'parley verify' printed: POSITION:HEAD")
    return LogHead(int(match[1]), bytes.fromhex(match[2]))
