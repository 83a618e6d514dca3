"""The command line: one command per task.

One rule: an error that a person can fix is one sentence on stderr and exit code 1.

Nothing heavy is imported before the command is known, so that ``--help`` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from stack.errors import StackError
from stack.paths import OWNER_ONLY, Paths

CommandFunction = Callable[[argparse.Namespace], int]
BENCH_MEASUREMENTS = ("cycle", "calls", "events", "deliveries", "verify", "scale", "start", "fill")
ROLES = ("requester", "officer", "manager", "finance", "vendor", "admin", "auditor")


def main(argv: list[str]) -> int:
    """Run one command; returns its exit code."""
    own_args, pytest_args = (argv[:1], argv[1:]) if argv[:1] == ["test"] else (argv, [])
    args = _parser().parse_args(own_args)
    args.pytest = pytest_args
    try:
        command: CommandFunction = args.command
        return command(args)
    except StackError as error:
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
    test = add.add_parser("test", help="run the tests (arguments are passed to pytest)", add_help=False)
    test.set_defaults(command=_test)
    _add_admin(add)
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


def _add_admin(add: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    token = add.add_parser("token", help="print an access token of a demo person with a role")
    token.add_argument("role", choices=ROLES)
    token.set_defaults(command=_admin("token"))
    person = add.add_parser("person", help="add a person, change roles, disable, enable").add_subparsers(
        required=True, metavar="add|role|disable|enable"
    )
    new = person.add_parser("add", help="add a person")
    new.add_argument("name")
    new.add_argument("--email")
    new.add_argument("--role", action="append", choices=ROLES, default=[], dest="roles")
    new.set_defaults(command=_admin("person_add"))
    role = person.add_parser("role", help="set all roles of a person")
    role.add_argument("person", help="e-mail or id")
    role.add_argument("roles", nargs="+", choices=ROLES)
    role.set_defaults(command=_admin("person_role"))
    off = person.add_parser("disable", help="end a person's access")
    off.add_argument("person", help="e-mail or id")
    off.set_defaults(command=_admin("person_disable"))
    on = person.add_parser("enable", help="give a disabled person access again")
    on.add_argument("person", help="e-mail or id")
    on.set_defaults(command=_admin("person_enable"))
    password = add.add_parser("password", help="make a one-time code with which a person sets a password")
    password.add_argument("person", help="e-mail or id")
    password.set_defaults(command=_admin("password"))
    link = add.add_parser("link", help="make a one-time code that links a chat account to a person")
    link.add_argument("person", help="e-mail or id")
    link.set_defaults(command=_admin("link"))
    company = add.add_parser("organisation", help="set the organisation and its cost centres").add_subparsers(
        required=True, metavar="set"
    )
    named = company.add_parser("set", help="set it from a YAML file")
    named.add_argument("file", type=Path)
    named.set_defaults(command=_organisation)
    policy = add.add_parser("policy", help="show, set or try the approval policy").add_subparsers(
        required=True, metavar="show|set|try"
    )
    policy.add_parser("show", help="print it as YAML").set_defaults(command=_admin("policy_show"))
    put = policy.add_parser("set", help="set it from a YAML or JSON file")
    put.add_argument("file", type=Path)
    put.set_defaults(command=_admin("policy_set"))
    tried = policy.add_parser("try", help="show whom a file's policy would have asked, without setting it")
    tried.add_argument("file", type=Path)
    tried.set_defaults(command=_admin("policy_try"))
    verify = add.add_parser(
        "verify", help="verify the log, also against the checkpoints outside the database"
    )
    verify.add_argument("--after", metavar="POSITION:HEAD", help="compare only the texts of later events")
    verify.set_defaults(command=_verify)
    figures = add.add_parser("analytics", help="make the figures anew from the log").add_subparsers(
        required=True, metavar="rebuild"
    )
    figures.add_parser("rebuild", help="measure every purchase anew").set_defaults(command=_analytics)
    rates = add.add_parser("rates", help="load exchange rates from a CSV file (currency,day,rate)")
    rates.add_argument("file", type=Path)
    rates.set_defaults(command=_admin("rates"))


def _up(args: argparse.Namespace) -> int:
    from stack.installation import Options
    from stack.supervisor.up import up

    options = Options(n8n="n8n" not in args.without, demo=not args.no_demo)
    return up(Paths.here(), options, attached=args.foreground)


def _supervise(args: argparse.Namespace) -> int:
    from stack.installation import Options
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


def _test(args: argparse.Namespace) -> int:
    from stack.dev_checks import test

    return test(Paths.here(), args.pytest)


def _check(args: argparse.Namespace) -> int:
    from stack.dev_checks import check

    return check(Paths.here())


def _organisation(args: argparse.Namespace) -> int:
    from stack.admin.organisation import organisation_set

    return organisation_set(Paths.here(), args)


def _analytics(args: argparse.Namespace) -> int:
    from stack.admin import analytics

    return analytics.rebuild(Paths.here(), args)


def _verify(args: argparse.Namespace) -> int:
    from stack.admin.verify_log import verify

    return verify(Paths.here(), args)


def _admin(name: str) -> CommandFunction:
    """A command of stack/admin/commands.py, imported only when it is called."""

    def run(args: argparse.Namespace) -> int:
        from stack.admin import commands

        command: Callable[[Paths, argparse.Namespace], int] = getattr(commands, name)
        return command(Paths.here(), args)

    return run


_SIMPLE_COMMANDS: tuple[tuple[str, str, CommandFunction], ...] = (
    ("down", "stop everything", _down),
    ("doctor", "check everything and say how to fix what is wrong", _doctor),
    ("check", "format, lint, types, contracts and architecture tests", _check),
    ("migrate", "bring the database to the newest revision", _admin("migrate")),
)
