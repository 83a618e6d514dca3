"""``parley-verify``: checks an exported bundle on any machine, without a database and without Parley.

    parley-verify bundle.json --key parley/log+1a2b3c4d+AbC… --checkpoint kept.txt

One rule: it believes the keys and checkpoints that its reader kept, and nothing else in the file.
"""

import argparse
import json
import sys
from pathlib import Path

from core.log.bundle import NotProven, Proven, check
from core.log.notes import parse_verifier_key


def main(argv: list[str] | None = None) -> int:
    """0 when everything is proven, 1 when something is not, 2 when a file cannot be read."""
    args = _parser().parse_args(argv)
    try:
        bundle = json.loads(args.bundle.read_text(encoding="utf-8"))
        kept = [file.read_text(encoding="utf-8") for file in args.checkpoint]
    except (OSError, ValueError) as error:
        print(f"parley-verify: {error}", file=sys.stderr)
        return 2
    try:
        proven = check(bundle, [parse_verifier_key(each) for each in args.key], kept)
    except NotProven as error:
        print(f"NOT PROVEN: {error}", file=sys.stderr)
        return 1
    _tell(proven, trusts_file=not args.key)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley-verify", description="check an exported bundle of events")
    parser.add_argument("bundle", type=Path, help="the file that GET /audit/bundles/{id} answered")
    parser.add_argument("--key", action="append", default=[], type=_key, help="a public key that you trust")
    parser.add_argument(
        "--checkpoint", action="append", default=[], type=Path, help="a file with a checkpoint that you kept"
    )
    return parser


def _key(written: str) -> str:
    try:
        parse_verifier_key(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; one looks like parley/log+1a2b3c4d+AbC…") from error
    return written


def _tell(proven: Proven, *, trusts_file: bool) -> None:
    print(f"{proven.events} events stand in the log of {proven.checkpoint.size} events, word for word.")
    if proven.pending:
        print(f"{proven.pending} came after its checkpoint and are not proven yet.")
    if proven.earlier:
        sizes = ", ".join(str(size) for size in proven.earlier)
        print(f"The log begins with what its earlier checkpoints covered: {sizes} events.")
    if trusts_file:
        print("The key is the file's own: give --key with one that you got elsewhere to know who signed.")


if __name__ == "__main__":
    raise SystemExit(main())
