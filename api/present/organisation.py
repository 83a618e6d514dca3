"""Converts the organisation and its units from read model to wire."""

from dataclasses import asdict

from api.contract import organisation as wire
from api.contract.values import Listing
from core.kernel.pagination import Page
from core.organisation.model import Unit
from core.people.model import Organisation


def organisation(source: Organisation) -> wire.OrganisationOut:
    return wire.OrganisationOut(**asdict(source))


def department(source: Unit) -> wire.DepartmentOut:
    return wire.DepartmentOut(
        code=source.code, name=source.name, head_id=source.head_id, head_name=source.head_name
    )


def cost_centre(source: Unit) -> wire.UnitOut:
    return wire.UnitOut(
        code=source.code,
        name=source.name,
        department=source.department or "",
        head_id=source.head_id,
        head_name=source.head_name,
        active=source.active,
    )


def departments(page: Page[Unit]) -> Listing[wire.DepartmentOut]:
    return Listing(items=tuple(department(each) for each in page.items))


def cost_centres(page: Page[Unit]) -> Listing[wire.UnitOut]:
    return Listing(items=tuple(cost_centre(each) for each in page.items))
