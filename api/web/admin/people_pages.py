"""People: who works here, their roles, whether they may come in, and the link with which they set a password.

One rule: roles, access, password links and erasing are dangerous, and asked for once more before they are changed.
"""

from uuid import UUID

from starlette.responses import Response

from api.contract import organisation as unit_wire
from api.contract import people as wire
from api.contract.values import InputModel
from api.present import people as present
from api.server.deps.call import Call
from api.server.routes import chat as chat_routes
from api.server.routes import organisation as unit_routes
from api.server.routes import people as routes
from api.web.admin.admin_forms import AdminAction, AdminField, Choice, DrawnForm, id_in_path
from api.web.admin.organisation_page import languages
from api.web.admin.page_content import (
    AdminPage,
    Cell,
    ContentRow,
    PageContent,
    SearchField,
    Section,
    forms_for,
    plain,
)
from api.web.phrasing import Phrasing
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.access.roles import PEOPLE, Role
from core.accounts import links, team
from core.accounts.commands import ShowChats
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.erasures import service as erasures
from core.erasures.commands import ErasePerson
from core.erasures.events import PersonErased
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.organisation import queries as organisation
from core.organisation.model import UnitFilter
from core.people import queries
from core.people.queries import ShowPerson
from core.uow import Uow

ADDRESS = "/administration/people"
ROWS = 50
STAFF_ROLES = tuple(role for role in PEOPLE if role is not Role.vendor)
_NAME = AdminField("name", "fields.name")
_EMAIL = AdminField("email", "fields.email", "email", required=False, clears=True)
_LANGUAGE = AdminField("locale", "fields.locale", "choice", required=False, clears=True)
_ZONE = AdminField("zone", "fields.zone", hint="web.admin.hint.zone")
_ROLES = AdminField("roles", "fields.roles", "ticks")

INVITE = AdminAction(
    "invite",
    "web.admin.invite",
    routes.add,
    Permission.people_manage,
    (_NAME, _EMAIL, _LANGUAGE, _ZONE, _ROLES),
    wire.PersonIn,
    dangerous=True,
    primary=True,
)
EDIT = AdminAction(
    "edit",
    "buttons.save",
    routes.edit,
    Permission.people_manage,
    (_NAME, _EMAIL, _LANGUAGE, _ZONE),
    wire.PersonPatch,
    ("id",),
    primary=True,
)
ROLES = AdminAction(
    "roles",
    "web.admin.change_roles",
    routes.change_roles,
    Permission.people_roles,
    (_ROLES,),
    wire.RolesIn,
    ("id",),
    dangerous=True,
)
BELONGS = AdminAction(
    "cost-centre",
    "web.admin.assign_centre",
    unit_routes.assign,
    Permission.people_manage,
    (AdminField("cost_centre", "fields.cost_centre", "choice", required=False, clears=True),),
    unit_wire.BelongsToIn,
    ("id",),
)
DISABLE = AdminAction(
    "disable",
    "web.admin.disable_person",
    routes.disable,
    Permission.people_disable,
    places=("id",),
    dangerous=True,
)
ENABLE = AdminAction(
    "enable",
    "web.admin.enable_person",
    routes.enable,
    Permission.people_disable,
    places=("id",),
    dangerous=True,
)
LINK = AdminAction(
    "password-link",
    "web.admin.password_link",
    routes.make_password_link,
    Permission.passwords_link,
    places=("id",),
    dangerous=True,
    shows=True,
)


class TypedName(InputModel):
    """The name of whoever is to be erased, typed by whoever wants it."""

    name: str


async def erase(call: Call, id: UUID, body: TypedName) -> Response:
    """As the API's own route does, but only for the name that was typed."""
    return await call.proved().run(
        erasures.erase_person, ErasePerson(PersonId(id), body.name), present.account
    )


ERASE = AdminAction(
    "erase",
    "web.admin.erase_person",
    erase,
    Permission.people_erase,
    (AdminField("name", "web.admin.erase.name"),),
    TypedName,
    ("id",),
    dangerous=True,
)


async def unlink(call: Call, link: str) -> Response:
    """End one linked chat: the API's own route, for the link that the form names."""
    try:
        return await chat_routes.revoke_link(call, UUID(link))
    except ValueError as error:
        raise NotFound(what="link") from error


UNLINK = AdminAction("unlink", "web.admin.unlink_chat", unlink, Permission.people_manage, places=("link",))


def _roles(p: Phrasing) -> tuple[Choice, ...]:
    return tuple((role.value, p.say(f"roles.{role.value}")) for role in STAFF_ROLES)


def _state(p: Phrasing, active: bool) -> Cell:
    told = p.say("web.admin.active" if active else "web.admin.inactive")
    return Cell(told, tone="good" if active else "bad")


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p, sent = visitor.phrases, visitor.request.query_params
    text, role = sent.get("q", "").strip()[:100], sent.get("role", "")
    wanted = Role(role) if role in {each.value for each in STAFF_ROLES} else None
    page = PageQuery(sent.get("cursor") or None, ROWS)
    found = present.staff(await team.listing(uow, actor, StaffFilter(text or None, wanted, page)))
    rows = [
        ContentRow(
            (
                Cell(each.name, f"{ADDRESS}/{each.id}"),
                *plain(
                    each.email,
                    ", ".join(p.say(f"roles.{name}") for name in each.roles),
                    ", ".join(chat.capitalize() for chat in each.chats),
                ),
                _state(p, each.active),
            )
        )
        for each in found.items
    ]
    invite = DrawnForm(INVITE, ADDRESS, {"zone": p.zone}, {"locale": languages(), "roles": _roles(p)})
    older = f"{ADDRESS}?cursor={found.next_cursor}" if found.next_cursor else ""
    columns = (
        "web.column.name",
        "web.column.email",
        "web.column.roles",
        "web.column.chats",
        "web.column.state",
    )
    section = Section(
        "web.admin.people", columns=columns, rows=rows, forms=forms_for(actor, invite), older=older
    )
    search = (
        SearchField("q", "web.filter.q", text),
        SearchField("role", "fields.role", wanted.value if wanted else "", _roles(p)),
    )
    return PageContent((section,), search=search)


async def _read_one(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    found = present.account(await queries.show_person(uow, actor, ShowPerson(_id(visitor))))
    here = f"{ADDRESS}/{found.id}"
    held = frozenset(found.roles)
    values = {"name": found.name, "email": found.email or "", "locale": found.locale, "zone": found.zone}
    forms = [DrawnForm(EDIT, here, values, {"locale": languages()}, opened=True)]
    if found.vendor_id is None:
        centres = await organisation.list_cost_centres(uow, actor, UnitFilter(active=True))
        named = tuple((each.code, f"{each.code} · {each.name}") for each in centres.items)
        belongs = await organisation.cost_centre_of(uow, actor, ShowPerson(_id(visitor)))
        if belongs and belongs not in dict(named):
            named += ((belongs, belongs),)
        forms.append(DrawnForm(ROLES, here, {"roles": held}, {"roles": _roles(p)}))
        forms.append(DrawnForm(BELONGS, here, {"cost_centre": belongs or ""}, {"cost_centre": named}))
    forms.append(DrawnForm(LINK, here))
    forms.append(DrawnForm(DISABLE if found.active else ENABLE, here))
    erased = await queries.was_erased(uow, actor, ShowPerson(_id(visitor)))
    told = ", ".join(p.say(f"roles.{name}") for name in found.roles)
    rows = [
        ContentRow(
            (*plain(found.name, found.email, told), _state(p, found.active)),
        )
    ]
    columns = ("web.column.name", "web.column.email", "web.column.roles", "web.column.state")
    section = Section(
        "web.admin.person", columns=columns, rows=rows, forms=() if erased else forms_for(actor, *forms)
    )
    ending = _erased(p, found.id) if erased else _erasing(actor, p, here)
    return PageContent((section, *await _chats(visitor, uow, actor), *ending), found.name)


def _erasing(actor: Actor, p: Phrasing, here: str) -> tuple[Section, ...]:
    """What is lost for good when this person is erased, what stays, and the form."""
    forms = forms_for(actor, DrawnForm(ERASE, here))
    words = (p.say("web.admin.erase.lost"), p.say("web.admin.erase.kept"))
    return (Section(ERASE.label, words, forms=forms),) if forms else ()


def _erased(p: Phrasing, person_id: UUID) -> tuple[Section, ...]:
    """What the log says of it."""
    log = f"/audit-log?subject={person_id}&action={PersonErased.type}"
    told = (p.say("web.admin.erase.done"), p.say("web.admin.erase.kept"))
    return (Section(ERASE.label, told, links=(Cell(p.say("web.nav.audit_log"), log),)),)


async def _chats(visitor: Visitor, uow: Uow, actor: Actor) -> tuple[Section, ...]:
    """The chats that are linked, each with the form that ends it."""
    p, person_id = visitor.phrases, _id(visitor)
    found = present.linked_chats(await links.linked_chats(uow, actor, ShowChats(person_id)))
    rows = [
        ContentRow(
            (
                *plain(each.platform.capitalize(), each.display_name, p.moment(each.linked_at)),
                Cell(
                    p.say("web.admin.chat_open" if each.reachable else "web.admin.chat_closed"),
                    tone="good" if each.reachable else "bad",
                ),
            ),
            forms_for(actor, DrawnForm(UNLINK, f"{ADDRESS}/{person_id}", hidden={"link": str(each.id)})),
        )
        for each in found.items
    ]
    columns = ("web.admin.platform", "web.column.account", "web.column.linked", "web.column.state")
    told = (p.say("web.admin.chats_end"),) if rows else (p.cap(p.say("web.admin.no_chat")),)
    return (Section("web.admin.chats", told, columns, rows),)


def _show(visitor: Visitor, body: bytes) -> Section:
    """The code of a password link; it is told this once."""
    made = wire.PasswordLinkOut.model_validate_json(body)
    told = visitor.phrases.say("web.admin.link_until", moment=visitor.phrases.moment(made.expires_at))
    return Section(LINK.label, (told,), secret=made.code)


def _id(visitor: Visitor) -> PersonId:
    return PersonId(id_in_path(visitor, "person"))


PAGE = AdminPage(
    "people",
    Permission.people_manage,
    _read,
    (INVITE, EDIT, ROLES, BELONGS, DISABLE, ENABLE, LINK, ERASE, UNLINK),
    _read_one,
    _show,
)
