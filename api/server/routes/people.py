"""The staff, for administrators; for everybody their own digest and preferences."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import preferences as wire
from api.contract.orders import CostCentreIn
from api.contract.values import SearchText
from api.present import digest as present_digest
from api.present import people as present_people
from api.present import preferences as present
from api.server.deps.call import CallDep
from api.server.routes.serve import LIMIT, Counted, Cursor, PageLimit, serve
from core.access.roles import Role
from core.accounts import team as staff
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.kernel.ids import PersonId
from core.notifications import digest_content, preferences
from core.notifications.preferences import ChangePreferences, Snooze
from core.notifications.quiet_hours import QuietPeriod
from core.people import service as people
from core.people.commands import AssignCostCentre
from core.worklist import queries as worklist
from core.worklist.queries import WorkQuery

router = APIRouter()


@serve(router, e.list_people, tag="people")
async def team(
    call: CallDep,
    q: SearchText | None = None,
    role: Role | None = None,
    cursor: Cursor = None,
    limit: PageLimit = LIMIT,
    counted: Counted = False,
) -> Response:
    """Staff by name or role, and the chats where they can be reached."""
    return await call.read(
        staff.listing, StaffFilter(q, role, PageQuery(cursor, limit, counted)), present_people.staff
    )


@serve(router, e.assign_cost_centre, tag="people")
async def assign_cost_centre(call: CallDep, id: UUID, body: CostCentreIn) -> Response:
    """Say to which cost centre a colleague belongs; null: to none."""
    command = AssignCostCentre(PersonId(id), body.cost_centre)
    return await call.run(people.assign_cost_centre, command, lambda _: None, 204)


@serve(router, e.my_worklist, tag="people")
async def my_worklist(
    call: CallDep, limit: PageLimit = LIMIT, offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0
) -> Response:
    """What waits for the caller, the most urgent first."""
    return await call.read(worklist.of_person, WorkQuery(limit, offset), present_digest.worklist)


@serve(router, e.my_digest, tag="people")
async def my_digest(call: CallDep) -> Response:
    """What waits for the caller, what of theirs changed since yesterday, what closes soon."""
    return await call.read_for_caller(digest_content.read_content, present_digest.digest)


@serve(router, e.my_preferences, tag="people")
async def my_preferences(call: CallDep) -> Response:
    """Language, zone, digest hour, quiet hours, snooze."""
    return await call.read_for_caller(preferences.my_preferences, present.preferences)


@serve(router, e.change_preferences, tag="people")
async def change_preferences(call: CallDep, body: wire.PreferencesPatch) -> Response:
    """Change the fields that are sent; null removes the digest or the quiet hours."""
    command = ChangePreferences(
        named=frozenset(body.model_fields_set),
        locale=body.locale,
        zone=body.zone,
        digest_hour=body.digest_hour,
        quiet=QuietPeriod(body.quiet.begins, body.quiet.ends) if body.quiet else None,
        snooze=Snooze(body.snooze) if body.snooze else None,
    )
    return await call.run(preferences.change_preferences, command, present.preferences)
