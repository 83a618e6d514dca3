"""The command ``organisation set FILE``: name, base currency, departments and cost centres.

One rule: what the file leaves out stays as it is, so that the same file can be set again after a change.
"""

import argparse
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from administration.commands import find_person, read_text
from administration.errors import CommandError
from administration.run import run_use_case
from administration.target import Target
from core.access.actor import Actor
from core.kernel.ids import PersonId
from core.organisation import service
from core.organisation.commands import AddCostCentre, AddDepartment, SetOrganisation
from core.uow import Uow

EXAMPLE = """name: Northwind Trading
base_currency: USD
locale: en
zone: Europe/Berlin
departments:
- {code: IT, name: Technology, head: mara@example.test}
cost_centres:
- {code: NET, name: Networks, department: IT}
"""


class _UnitEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str
    name: str
    head: str | None = None


class _CostCentreEntry(_UnitEntry):
    department: str


class OrganisationFile(BaseModel):
    """The content of the file; heads are named by e-mail or id."""

    model_config = ConfigDict(extra="forbid")

    name: str
    base_currency: str
    locale: str = "en"
    zone: str = "UTC"
    departments: tuple[_UnitEntry, ...] = ()
    cost_centres: tuple[_CostCentreEntry, ...] = ()


def organisation_set(target: Target, args: argparse.Namespace) -> int:
    """Set the organisation's name, departments and cost centres; the base currency can be set once."""
    wanted = _read(args.file)

    async def work(uow: Uow, actor: Actor) -> None:
        named = SetOrganisation(wanted.name, wanted.base_currency, wanted.locale, wanted.zone)
        await service.set_organisation(uow, actor, named)
        for one in wanted.departments:
            head = await _head(uow, one)
            await service.add_department(uow, actor, AddDepartment(one.code, one.name, head))
        for centre in wanted.cost_centres:
            head = await _head(uow, centre)
            command = AddCostCentre(centre.code, centre.name, centre.department, head)
            await service.add_cost_centre(uow, actor, command)

    run_use_case(target.database_url, work)
    print(
        f"{wanted.name}: {len(wanted.departments)} departments, {len(wanted.cost_centres)} cost centres "
        f"and base currency {wanted.base_currency} are set."
    )
    return 0


async def _head(uow: Uow, entry: _UnitEntry) -> PersonId | None:
    return (await find_person(uow, entry.head)).id if entry.head else None


def _read(file: Path) -> OrganisationFile:
    try:
        return OrganisationFile.model_validate(yaml.safe_load(read_text(file)))
    except ValidationError as error:
        first = error.errors()[0]
        location = "/".join(str(part) for part in first["loc"])
        raise CommandError(f"{file}: {location}: {first['msg']}. Write it like this:\n{EXAMPLE}") from None
    except yaml.YAMLError:
        raise CommandError(f"{file} is not YAML. Write it like this:\n{EXAMPLE}") from None
