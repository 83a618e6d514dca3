"""The command line: one command per task.

One rule: an error that a person can fix is one sentence on stderr and exit code 1.

Nothing heavy is imported before the command is known, so that ``--help`` answers at once.
"""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from administration.backup_options import add_backup_options, add_restore_options
from administration.cli import ROLES, CommandFunction, add_commands
from administration.errors import CommandError, DatabaseAway
from stack.paths import OWNER_ONLY, Paths

BENCH_MEASUREMENTS = ("cycle", "calls", "events", "deliveries", "verify", "scale", "pages", "start", "fill")
PROOFS = ("delivery", "races", "access", "audit", "uploads", "chats", "all")
DELIVERY_PARTS = ("kills", "redis", "postgres", "receiver", "restarts", "clocks", "disk", "restore")


def main(argv: list[str]) -> int:
    """Run one command; returns its exit code."""
    own_args, pytest_args = (argv[:1], argv[1:]) if argv[:1] == ["test"] else (argv, [])
    args = _parser().parse_args(own_args)
    args.pytest = pytest_args
    try:
        command: CommandFunction = args.command
        return command(args)
    except DatabaseAway as error:
        print(f"parley: {error}: type './parley up' first", file=sys.stderr)
        return 1
    except CommandError as error:
        print(f"parley: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # "./parley logs | head"
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./parley", description="Procurement where people already talk.")
    add = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for name, text, command in _SIMPLE_COMMANDS:
        add.add_parser(name, help=text, description=text).set_defaults(command=command)
    _add_up(add.add_parser("up", help="start everything; does nothing when it is running"), "up")
    _add_up(add.add_parser("supervise"), "supervise")
    status = add.add_parser("status", help="what is running, and where")
    status.add_argument("--json", action="store_true", help="for programs")
    status.set_defaults(command=_status)
    logs = add.add_parser("logs", help="show the log of one service, or the last lines of all")
    logs.add_argument("part", nargs="?")
    logs.add_argument("-f", "--follow", action="store_true", help="follow the log until Ctrl-C")
    logs.set_defaults(command=_logs)
    reset = add.add_parser("reset", help="stop everything and delete all data of this installation")
    reset.add_argument("--yes", action="store_true", help="do not ask")
    reset.set_defaults(command=_reset)
    _add_bench(add.add_parser("bench", help="measure what this clone costs, on an installation of its own"))
    _add_prove(add.add_parser("prove", help="try what is promised, on an installation of its own"))
    _add_evaluate(
        add.add_parser(
            "evaluate", help="measure what is worked out from history, and how lines of people are read"
        )
    )
    test = add.add_parser("test", help="run the tests (arguments are passed to pytest)", add_help=False)
    test.set_defaults(command=_test)
    _add_token(add.add_parser("token", help="print an access token of a demo person with a role"))
    add_commands(add, _on_clone)
    _add_backups(add)
    return parser


def _add_up(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--without", action="append", choices=["n8n"], default=[], help="leave a service out")
    parser.add_argument("--no-demo", action="store_true", help="start without the demo company")
    if name == "up":
        parser.add_argument(
            "--foreground", action="store_true", help="stay attached; Ctrl-C stops everything"
        )
    parser.set_defaults(command=_up if name == "up" else _supervise)


def _add_bench(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("measurement", choices=BENCH_MEASUREMENTS)
    parser.add_argument("count", nargs="?", type=int, help="how many requests fill makes")
    parser.add_argument("--short", action="store_true", help="fewer purchases, for a check")
    parser.add_argument("--check", action="store_true", help="fail when docs/bench/limits.json is exceeded")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(command=_bench)


def _add_prove(parser: argparse.ArgumentParser) -> None:
    parts = [f"delivery:{part}" for part in DELIVERY_PARTS]
    shown = f"{', '.join(PROOFS)}; or parts of one: {', '.join(parts)}"
    parser.add_argument("subjects", nargs="+", choices=(*PROOFS, *parts), metavar="SUBJECT", help=shown)
    parser.add_argument("--seed", type=int, help="the seed of an earlier run, to try the same again")
    parser.add_argument("--short", action="store_true", help="fewer attempts of each promise, for a check")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(command=_prove)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", choices=("insight", "language"))
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE.jsonl", help="language: other lines to read"
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--data", type=Path, metavar="DIR", help="insight: a folder with the real data files")
    source.add_argument("--history", action="store_true", help="insight: this installation's own purchases")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(command=_evaluate)


def _add_token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("role", choices=ROLES)
    parser.set_defaults(command=_token)


def _add_backups(add: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    made = add.add_parser("backup", help="back up everything while it runs, and verify the copy")
    add_backup_options(made)
    made.set_defaults(command=_backups("backup"))
    restored = add.add_parser("restore", help="restore a backup, verify the log, and mark in it what is lost")
    restored.add_argument("--verify", action="store_true", help="only try it, in a folder of its own")
    add_restore_options(restored)
    restored.set_defaults(command=_backups("restore"))


def _up(args: argparse.Namespace) -> int:
    from stack.options import Options
    from stack.supervisor.up import up

    options = Options(n8n="n8n" not in args.without, demo=not args.no_demo)
    return up(Paths.here(), options, attached=args.foreground)


def _supervise(args: argparse.Namespace) -> int:
    from stack.options import Options
    from stack.supervisor.supervise import supervise

    os.umask(OWNER_ONLY)
    return supervise(Paths.here(), Options(n8n="n8n" not in args.without, demo=not args.no_demo))


def _down(args: argparse.Namespace) -> int:
    from stack.supervisor.up import down

    return down(Paths.here())


def _status(args: argparse.Namespace) -> int:
    from stack.admin.status import status

    return status(Paths.here(), as_json=args.json)


def _doctor(args: argparse.Namespace) -> int:
    from stack.admin.doctor import doctor

    return doctor(Paths.here())


def _logs(args: argparse.Namespace) -> int:
    from stack.admin.service_logs import logs

    return logs(Paths.here(), args.part, follow=args.follow)


def _reset(args: argparse.Namespace) -> int:
    from stack.admin.reset import reset

    return reset(Paths.here(), confirmed=args.yes)


def _bench(args: argparse.Namespace) -> int:
    from stack.bench.run_bench import bench

    return bench(Paths.here(), args)


def _prove(args: argparse.Namespace) -> int:
    from stack.prove.run_prove import prove

    return prove(Paths.here(), args)


def _evaluate(args: argparse.Namespace) -> int:
    if args.subject == "language":
        from stack.evaluate.run_language import evaluate_language

        return evaluate_language(args)
    from stack.evaluate.run_evaluate import evaluate

    return evaluate(Paths.here(), args)


def _test(args: argparse.Namespace) -> int:
    from stack.dev_checks import test

    return test(Paths.here(), args.pytest)


def _check(args: argparse.Namespace) -> int:
    from stack.dev_checks import check

    return check(Paths.here())


def _token(args: argparse.Namespace) -> int:
    from stack.admin.demo_token import token

    return token(Paths.here(), args)


def _on_clone(module: str, function: str) -> CommandFunction:
    """A command of ``administration`` on the installation of this clone, imported only when it is called."""

    def run(args: argparse.Namespace) -> int:
        from stack.admin.clone_target import clone_target

        command = getattr(import_module(f"administration.{module}"), function)
        return int(command(clone_target(Paths.here()), args))

    return run


def _backups(name: str) -> CommandFunction:
    def run(args: argparse.Namespace) -> int:
        from stack.admin import backups

        command = getattr(backups, name)
        return int(command(Paths.here(), args))

    return run


_SIMPLE_COMMANDS: tuple[tuple[str, str, CommandFunction], ...] = (
    ("down", "stop everything", _down),
    ("doctor", "check everything and say how to fix what is wrong", _doctor),
    ("check", "format, lint, types, contracts and architecture tests", _check),
)
