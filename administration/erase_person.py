"""The command ``person erase``: destroys what is personal about somebody, for good.

One rule: it says what is lost and what stays, and nothing is done before the person's name was typed.
"""

import argparse
import sys
from collections.abc import Mapping

from administration.commands import find_person
from administration.errors import CommandError
from administration.run import run_use_case
from administration.target import Target
from api.text import translate
from core.access.actor import Actor
from core.erasures import service
from core.erasures.commands import ErasePerson
from core.erasures.events import PersonErased
from core.people.model import Person
from core.uow import Uow


def person_erase(target: Target, args: argparse.Namespace) -> int:
    """Erase a person; what they did is kept under a name that says nothing."""

    async def find(uow: Uow, actor: Actor) -> Person:
        return await find_person(uow, args.person)

    person = run_use_case(target.database_url, find)
    name = args.name if args.name is not None else _typed_name(person)

    async def work(uow: Uow, actor: Actor) -> tuple[Person, PersonErased | None]:
        erased = await service.erase_person(uow, actor, ErasePerson(person.id, name))
        made = (each.event for each in uow.recorded_events)
        return erased, next((each for each in made if isinstance(each, PersonErased)), None)

    erased, event = run_use_case(target.database_url, work)
    if event is None:
        print(f"{erased.name} was erased before.")
        return 0
    print(f"Erased {erased.name}, id {erased.id}. Replaced in {_counted(event.replaced)}.")
    print(f"Kept as evidence ({event.ground}) in {_counted(event.kept)}.")
    return 0


def _typed_name(person: Person) -> str:
    if not sys.stdin.isatty():
        raise CommandError("give the person's name with --name, because nobody can be asked here")
    print(translate("web.admin.erase.lost", "en"))
    print(translate("web.admin.erase.kept", "en"))
    return input(f"Type the name ({person.name}) to erase this person: ")


def _counted(rows: Mapping[str, int]) -> str:
    """``no row``, or how many rows of which table."""
    told = ", ".join(f"{table} {count}" for table, count in sorted(rows.items()))
    return f"rows of {told}" if told else "no row"
