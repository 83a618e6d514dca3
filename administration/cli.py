"""``python -m administration``: the administrator's commands on an installation that others keep running.

One rule: nothing heavy is imported before the command is known, so that ``--help`` answers at once.

``./parley`` has the same commands, on the installation in its folder.
"""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from administration.backup_options import add_backup_options, add_restore_options
from administration.errors import CommandError, DatabaseAway

ROLES = ("requester", "officer", "manager", "finance", "vendor", "admin", "auditor")
CommandFunction = Callable[[argparse.Namespace], int]
OnTarget = Callable[[str, str], CommandFunction]
"""A function of one of our modules, by both names, as a command on some installation."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    args = _parser().parse_args(argv)
    try:
        command: CommandFunction = args.command
        return command(args)
    except DatabaseAway as error:
        print(f"parley: {error}: check that it runs, and its PARLEY_DB_…_URL", file=sys.stderr)
    except CommandError as error:
        print(f"parley: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley", description="Procurement where people already talk.")
    add = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _add_init(add.add_parser("init", help="make the secrets of a new installation, as files"))
    doctor = add.add_parser(
        "doctor", help="check what an installation needs, and say how to fix what is wrong"
    )
    doctor.set_defaults(command=_on_environment("doctor", "doctor"))
    add_commands(add, _on_environment)
    made = add.add_parser("backup", help="back up everything while it runs, and verify the copy")
    add_backup_options(made)
    made.add_argument("--every", type=_hours, metavar="HOURS", help="go on: another one whenever it is due")
    made.set_defaults(command=_on_environment("backups", "backup"))
    restored = add.add_parser("restore", help="make a data folder of a backup, or mark that it is in use")
    add_restore_options(restored)
    restored.set_defaults(command=_on_environment("backups", "restore"))
    return parser


def _hours(text: str) -> dt.timedelta:
    try:
        hours = dt.timedelta(hours=float(text))
    except (ValueError, OverflowError):
        hours = dt.timedelta()
    if hours <= dt.timedelta():
        raise argparse.ArgumentTypeError("give hours above 0, such as 1 or 0.5")
    return hours


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--database", default=os.environ.get("DATABASE_URL"), help="PostgreSQL; its login may create roles"
    )
    parser.add_argument("--redis", default=os.environ.get("REDIS_URL"), help="Redis or Valkey")
    parser.add_argument("--by-process", action="store_true", help="also a folder for each process")
    parser.set_defaults(command=_init)


def _init(args: argparse.Namespace) -> int:
    from administration.initialise import initialise

    return initialise(args)


def _on_environment(module: str, function: str) -> CommandFunction:
    """On the installation that the environment describes."""

    def run(args: argparse.Namespace) -> int:
        from administration.target import target_from_environment

        command = getattr(import_module(f"administration.{module}"), function)
        return int(command(target_from_environment(), args))

    return run


def add_commands(add: "argparse._SubParsersAction[argparse.ArgumentParser]", on_target: OnTarget) -> None:
    """Every command that needs an installation's database or folders, and nothing of how it is kept running."""
    _add_people(add, on_target)
    _add_company(add, on_target)
    _add_log(add, on_target)


def _add_people(add: "argparse._SubParsersAction[argparse.ArgumentParser]", on_target: OnTarget) -> None:
    person = add.add_parser(
        "person", help="add a person, change roles, disable, enable, erase"
    ).add_subparsers(required=True, metavar="add|role|disable|enable|erase")
    new = person.add_parser("add", help="add a person")
    new.add_argument("name")
    new.add_argument("--email")
    new.add_argument("--role", action="append", choices=ROLES, default=[], dest="roles")
    new.set_defaults(command=on_target("commands", "person_add"))
    role = person.add_parser("role", help="set all roles of a person")
    role.add_argument("person", help="e-mail or id")
    role.add_argument("roles", nargs="+", choices=ROLES)
    role.set_defaults(command=on_target("commands", "person_role"))
    off = person.add_parser("disable", help="end a person's access")
    off.add_argument("person", help="e-mail or id")
    off.set_defaults(command=on_target("commands", "person_disable"))
    on = person.add_parser("enable", help="give a disabled person access again")
    on.add_argument("person", help="e-mail or id")
    on.set_defaults(command=on_target("commands", "person_enable"))
    erase = person.add_parser("erase", help="destroy what is personal about a person, for good")
    erase.add_argument("person", help="e-mail or id")
    erase.add_argument("--name", help="their name, to confirm it; without it you are asked")
    erase.set_defaults(command=on_target("erase_person", "person_erase"))
    password = add.add_parser("password", help="make a one-time code with which a person sets a password")
    password.add_argument("person", help="e-mail or id")
    password.set_defaults(command=on_target("commands", "password"))
    link = add.add_parser("link", help="make a one-time code that links a chat account to a person")
    link.add_argument("person", help="e-mail or id")
    link.set_defaults(command=on_target("commands", "link"))


def _add_company(add: "argparse._SubParsersAction[argparse.ArgumentParser]", on_target: OnTarget) -> None:
    company = add.add_parser("organisation", help="set the organisation and its cost centres").add_subparsers(
        required=True, metavar="set"
    )
    named = company.add_parser("set", help="set it from a YAML file")
    named.add_argument("file", type=Path)
    named.set_defaults(command=on_target("organisation", "organisation_set"))
    policy = add.add_parser("policy", help="show, set or try the approval policy").add_subparsers(
        required=True, metavar="show|set|try"
    )
    policy.add_parser("show", help="print it as YAML").set_defaults(
        command=on_target("commands", "policy_show")
    )
    put = policy.add_parser("set", help="set it from a YAML or JSON file")
    put.add_argument("file", type=Path)
    put.set_defaults(command=on_target("commands", "policy_set"))
    tried = policy.add_parser("try", help="show whom a file's policy would have asked, without setting it")
    tried.add_argument("file", type=Path)
    tried.set_defaults(command=on_target("commands", "policy_try"))
    rates = add.add_parser("rates", help="load exchange rates from a CSV file (currency,day,rate)")
    rates.add_argument("file", type=Path)
    rates.set_defaults(command=on_target("commands", "rates"))


def _add_log(add: "argparse._SubParsersAction[argparse.ArgumentParser]", on_target: OnTarget) -> None:
    migrate = add.add_parser("migrate", help="bring the database to the newest revision")
    migrate.set_defaults(command=on_target("migrate", "migrate"))
    verify = add.add_parser(
        "verify", help="verify the log, also against the checkpoints outside the database"
    )
    verify.add_argument("--after", metavar="POSITION:HEAD", help="compare only the texts of later events")
    verify.add_argument(
        "--checkpoint", metavar="FILE", type=Path, action="append", help="a checkpoint that you kept yourself"
    )
    verify.set_defaults(command=on_target("verify_log", "verify"))
    figures = add.add_parser("analytics", help="make the figures anew from the log").add_subparsers(
        required=True, metavar="rebuild"
    )
    figures.add_parser("rebuild", help="measure every purchase anew").set_defaults(
        command=on_target("analytics", "rebuild")
    )
