"""The staff, for administrators; oneself: what waits, and how one wants to be spoken to."""

from fastapi import APIRouter
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import settings as wire
from api.contract.values import Words
from api.present import digest as present_digest
from api.present import people as present_people
from api.present import settings as present
from api.server.deps.call import CallDep
from api.server.routes.serve import LIMIT, Cursor, Limit, serve
from core.access.roles import Role
from core.accounts import team as staff
from core.accounts.team import MemberFilter
from core.notifications import agenda, settings
from core.notifications.hours import Quiet
from core.notifications.settings import ChangeSettings, Snooze

router = APIRouter()


@serve(router, e.list_people, tag="people")
async def team(
    call: CallDep,
    q: Words | None = None,
    role: Role | None = None,
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Response:
    """Staff by name or role, and on which chats they are reached."""
    return await call.read(staff.listing, MemberFilter(q, role, cursor, limit), present_people.team)


@serve(router, e.my_digest, tag="people")
async def my_digest(call: CallDep) -> Response:
    """What waits for me, what of mine moved since yesterday, what closes soon."""
    return await call.ask(agenda.agenda, present_digest.digest)


@serve(router, e.my_settings, tag="people")
async def my_settings(call: CallDep) -> Response:
    """Language, zone, digest hour, quiet hours, snooze."""
    return await call.ask(settings.my_settings, present.settings)


@serve(router, e.change_settings, tag="people")
async def change_settings(call: CallDep, body: wire.SettingsPatch) -> Response:
    """Change what is sent; null takes the digest or the quiet hours away."""
    command = ChangeSettings(
        named=frozenset(body.model_fields_set),
        locale=body.locale,
        zone=body.zone,
        digest_hour=body.digest_hour,
        quiet=Quiet(body.quiet.begins, body.quiet.ends) if body.quiet else None,
        snooze=Snooze(body.snooze) if body.snooze else None,
    )
    return await call.run(settings.change_settings, command, present.settings)
