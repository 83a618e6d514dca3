"""The organisation, its departments and its cost centres."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import organisation as wire
from api.present import organisation as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.kernel.ids import PersonId
from core.organisation import queries, service
from core.organisation.commands import (
    ActivateCostCentre,
    AddCostCentre,
    AddDepartment,
    AssignCostCentre,
    DeactivateCostCentre,
    SetOrganisation,
)
from core.organisation.model import UnitFilter

router = APIRouter()


@serve(router, e.show_organisation, tag="organisation")
async def show(call: CallDep) -> Response:
    """The organisation's name, base currency and switches."""
    return await call.read_for_caller(queries.show_organisation, present.organisation)


@serve(router, e.set_organisation, tag="organisation")
async def set_organisation(call: CallDep, body: wire.OrganisationIn) -> Response:
    """Set name, language, zone and switches; the base currency can be set once."""
    command = SetOrganisation(
        body.name,
        body.base_currency,
        body.locale,
        body.zone,
        body.vendors_need_approval,
        body.duplicate_days,
        body.country,
    )
    return await call.run(service.set_organisation, command, present.organisation)


@serve(router, e.list_departments, tag="organisation")
async def departments(call: CallDep, query: Annotated[wire.DepartmentQuery, Query()]) -> Response:
    """Departments by code."""
    wanted = UnitFilter(query.q or "", head=query.head_id)
    return await call.read(queries.list_departments, wanted, present.departments)


@serve(router, e.set_department, tag="organisation")
async def set_department(call: CallDep, code: str, body: wire.DepartmentIn) -> Response:
    """Add a department, or change its name and head."""
    command = AddDepartment(code, body.name, PersonId(body.head_id) if body.head_id else None)
    return await call.run(service.add_department, command, present.department)


@serve(router, e.list_cost_centres, tag="organisation")
async def cost_centres(call: CallDep, query: Annotated[wire.CostCentreQuery, Query()]) -> Response:
    """Cost centres by code, deactivated ones too."""
    wanted = UnitFilter(query.q or "", head=query.head_id, department=query.department, active=query.active)
    return await call.read(queries.list_cost_centres, wanted, present.cost_centres)


@serve(router, e.set_cost_centre, tag="organisation")
async def set_cost_centre(call: CallDep, code: str, body: wire.CostCentreIn) -> Response:
    """Add a cost centre, or change its name, department and head."""
    head = PersonId(body.head_id) if body.head_id else None
    command = AddCostCentre(code, body.name, body.department, head)
    return await call.run(service.add_cost_centre, command, present.cost_centre)


@serve(router, e.deactivate_cost_centre, tag="organisation")
async def deactivate(call: CallDep, code: str) -> Response:
    """From now on no request can name it; purchases under way go on."""
    return await call.run(service.deactivate_cost_centre, DeactivateCostCentre(code), present.cost_centre)


@serve(router, e.activate_cost_centre, tag="organisation")
async def activate(call: CallDep, code: str) -> Response:
    """Requests can name it again."""
    return await call.run(service.activate_cost_centre, ActivateCostCentre(code), present.cost_centre)


@serve(router, e.assign_cost_centre, tag="organisation")
async def assign(call: CallDep, id: UUID, body: wire.BelongsToIn) -> Response:
    """Say to which cost centre a colleague belongs; null: to none."""
    command = AssignCostCentre(PersonId(id), body.cost_centre)
    return await call.run(service.assign_cost_centre, command, lambda _: None, 204)
