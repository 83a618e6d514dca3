"""Departments and cost centres, with their heads."""

from api.contract import organisation as wire
from api.present import organisation as present
from api.server.routes import organisation as routes
from api.web.admin.admin_forms import AdminAction, AdminField, Choice, DrawnForm
from api.web.admin.page_content import AdminPage, Cell, ContentRow, PageContent, Section, forms_for, plain
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.accounts import team
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.organisation import queries
from core.organisation.model import UnitFilter
from core.uow import Uow

ADDRESS = "/administration/units"
MOST_CHOICES = 200
_CODE = AdminField("code", "fields.code")
_NAME = AdminField("name", "fields.name")
_HEAD = AdminField("head_id", "fields.head_id", "choice", required=False)
_DEPARTMENT = AdminField("department", "fields.department", "choice")

ADD_DEPARTMENT = AdminAction(
    "add-department",
    "web.admin.add_department",
    routes.set_department,
    Permission.departments_set,
    (_CODE, _NAME, _HEAD),
    wire.DepartmentIn,
    ("code",),
)
EDIT_DEPARTMENT = AdminAction(
    "edit-department",
    "buttons.edit",
    routes.set_department,
    Permission.departments_set,
    (_NAME, _HEAD),
    wire.DepartmentIn,
    ("code",),
    button="buttons.save",
)
ADD_CENTRE = AdminAction(
    "add-centre",
    "web.admin.add_centre",
    routes.set_cost_centre,
    Permission.cost_centres_set,
    (_CODE, _NAME, _DEPARTMENT, _HEAD),
    wire.CostCentreIn,
    ("code",),
)
EDIT_CENTRE = AdminAction(
    "edit-centre",
    "buttons.edit",
    routes.set_cost_centre,
    Permission.cost_centres_set,
    (_NAME, _DEPARTMENT, _HEAD),
    wire.CostCentreIn,
    ("code",),
    button="buttons.save",
)
END_CENTRE = AdminAction(
    "deactivate-centre",
    "web.admin.deactivate",
    routes.deactivate,
    Permission.cost_centres_set,
    places=("code",),
)
START_CENTRE = AdminAction(
    "activate-centre", "web.admin.activate", routes.activate, Permission.cost_centres_set, places=("code",)
)


async def heads(uow: Uow, actor: Actor) -> tuple[Choice, ...]:
    """Who can be a head: everybody who works here; for those who may not read that, nobody."""
    if not actor.may(Permission.people_manage):
        return ()
    found = await team.listing(
        uow, actor, StaffFilter(None, None, PageQuery(None, MOST_CHOICES), active=True)
    )
    return tuple(sorted(((str(each.id), each.name) for each in found.items), key=lambda each: each[1]))


def _with(choices: tuple[Choice, ...], head_id: object, name: str | None) -> tuple[Choice, ...]:
    """A head who is not among the choices stays one."""
    known = {value for value, _ in choices}
    return choices if head_id is None or str(head_id) in known else (*choices, (str(head_id), name or "?"))


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    staff = await heads(uow, actor)
    units = present.departments(await queries.list_departments(uow, actor, UnitFilter())).items
    centres = present.cost_centres(await queries.list_cost_centres(uow, actor, UnitFilter())).items
    named = tuple((each.code, f"{each.code} · {each.name}") for each in units)
    return PageContent(
        (
            Section(
                "fields.departments",
                columns=("fields.code", "fields.name", "fields.head_id"),
                rows=[_department(actor, each, staff) for each in units],
                forms=forms_for(actor, DrawnForm(ADD_DEPARTMENT, ADDRESS, choices={"head_id": staff})),
            ),
            Section(
                "web.admin.centres",
                columns=(
                    "fields.code",
                    "fields.name",
                    "fields.department",
                    "fields.head_id",
                    "web.column.state",
                ),
                rows=[_centre(visitor, actor, each, staff, named) for each in centres],
                forms=forms_for(
                    actor, DrawnForm(ADD_CENTRE, ADDRESS, choices={"head_id": staff, "department": named})
                ),
            ),
        )
    )


def _department(actor: Actor, unit: wire.DepartmentOut, staff: tuple[Choice, ...]) -> ContentRow:
    edit = DrawnForm(
        EDIT_DEPARTMENT,
        ADDRESS,
        {"name": unit.name, "head_id": str(unit.head_id or "")},
        {"head_id": _with(staff, unit.head_id, unit.head_name)},
        {"code": unit.code},
    )
    return ContentRow(plain(unit.code, unit.name, unit.head_name), forms_for(actor, edit))


def _centre(
    visitor: Visitor,
    actor: Actor,
    unit: wire.UnitOut,
    staff: tuple[Choice, ...],
    departments: tuple[Choice, ...],
) -> ContentRow:
    values = {"name": unit.name, "head_id": str(unit.head_id or ""), "department": unit.department}
    choices = {"head_id": _with(staff, unit.head_id, unit.head_name), "department": departments}
    edit = DrawnForm(EDIT_CENTRE, ADDRESS, values, choices, {"code": unit.code})
    turn = DrawnForm(END_CENTRE if unit.active else START_CENTRE, ADDRESS, hidden={"code": unit.code})
    state = Cell(
        visitor.phrases.say("web.admin.active" if unit.active else "web.admin.inactive"),
        tone="good" if unit.active else "bad",
    )
    cells = (*plain(unit.code, unit.name, unit.department, unit.head_name), state)
    return ContentRow(cells, forms_for(actor, edit, turn))


PAGE = AdminPage(
    "units",
    Permission.organisation_read,
    _read,
    (ADD_DEPARTMENT, EDIT_DEPARTMENT, ADD_CENTRE, EDIT_CENTRE, END_CENTRE, START_CENTRE),
)
