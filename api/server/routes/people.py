"""Accounts, for administrators: the staff, their roles, and whether they may come in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import people as wire
from api.present import people as present
from api.server.deps.call import CallDep
from api.server.rate_limits import LOGIN, host_of
from api.server.routes.auth import AnonymousDep
from api.server.routes.serve import serve
from core.access.roles import Role
from core.accounts import password_links
from core.accounts import team as staff
from core.accounts.commands import MakePasswordLink, UsePasswordLink
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.erasures import service as erasures
from core.erasures.commands import ErasePerson
from core.kernel.ids import PersonId
from core.people import queries, service
from core.people.commands import AddPerson, ChangeRoles, DisablePerson, EditPerson, EnablePerson
from core.people.queries import ShowPerson

router = APIRouter()


@serve(router, e.list_people, tag="people")
async def team(call: CallDep, query: Annotated[wire.StaffQuery, Query()]) -> Response:
    """Staff by name or role, and the chats where they can be reached."""
    role = Role(query.role) if query.role else None
    page = PageQuery(query.cursor, query.limit, query.counted)
    return await call.read(staff.listing, StaffFilter(query.q, role, page, query.active), present.staff)


@serve(router, e.add_person, tag="people")
async def add(call: CallDep, body: wire.PersonIn) -> Response:
    """Add a member of the staff; they come in by a chat link or a password link."""
    roles = tuple(Role(role) for role in body.roles)
    command = AddPerson(body.name, body.email, roles, body.locale or "", body.zone or "", None, None)
    return await call.proved().run(service.add_person, command, present.account, 201)


@serve(router, e.show_person, tag="people")
async def show(call: CallDep, id: UUID) -> Response:
    """One account, active or not; a vendor's contact too."""
    return await call.read(queries.show_person, ShowPerson(PersonId(id)), present.account)


@serve(router, e.edit_person, tag="people")
async def edit(call: CallDep, id: UUID, body: wire.PersonPatch) -> Response:
    """Correct name, address, language or time zone; rights stay as they are."""
    removed = frozenset(body.model_fields_set & {"email", "locale"})
    command = EditPerson(
        PersonId(id),
        removed | frozenset(body.model_dump(exclude_none=True)),
        name=body.name or "",
        email=body.email,
        locale=body.locale or "",
        zone=body.zone or "",
    )
    return await call.run(service.edit_person, command, present.account)


@serve(router, e.change_roles, tag="people")
async def change_roles(call: CallDep, id: UUID, body: wire.RolesIn) -> Response:
    """All roles from now on; every earlier token ends."""
    command = ChangeRoles(PersonId(id), tuple(Role(role) for role in body.roles))
    return await call.proved().run(service.change_roles, command, present.account)


@serve(router, e.disable_person, tag="people")
async def disable(call: CallDep, id: UUID) -> Response:
    """End a person's access; what they did is kept."""
    return await call.proved().run(service.disable_person, DisablePerson(PersonId(id)), present.account)


@serve(router, e.erase_person, tag="people")
async def erase(call: CallDep, id: UUID) -> Response:
    """Erase a person for good: name, address, chats, and what the log can show of them."""
    return await call.proved().run(erasures.erase_person, ErasePerson(PersonId(id)), present.account)


@serve(router, e.enable_person, tag="people")
async def enable(call: CallDep, id: UUID) -> Response:
    """Let a disabled person in again, with the roles and chats they had."""
    return await call.proved().run(service.enable_person, EnablePerson(PersonId(id)), present.account)


@serve(router, e.make_password_link, tag="people")
async def make_password_link(call: CallDep, id: UUID) -> Response:
    """A one-time code with which this person sets a password; valid for a day, and only the newest counts."""
    command = MakePasswordLink(PersonId(id))
    return (
        await call.proved()
        .without_key()
        .run(password_links.make_password_link, command, present.password_link, 201)
    )


@serve(router, e.set_password, tag="auth", public=True)
async def set_password(call: AnonymousDep, body: wire.PasswordIn) -> Response:
    """Set one's password with a one-time code; sessions of the old password end."""
    host = host_of(call.request.client)
    await call.services.shared_limits.check(f"password:{host}", LOGIN)
    command = UsePasswordLink(body.code, body.password)
    return await call.run(password_links.use_password_link, command, lambda _: None, 204)
