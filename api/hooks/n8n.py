"""What n8n's workflows call back: notices, status, and who is asked first.

One rule: the token came with one event and is good for that event and its few actions; a workflow informs and
proposes, and cannot decide.
"""

from typing import Annotated
from uuid import UUID

import jwt
from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import operations as wire
from api.deps.actor import correlation_of
from api.deps.call import Call, Services, services_of
from api.routes.auth import SettingsDep
from api.routes.serve import serve
from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.approvals import service as approvals
from core.approvals.commands import Route
from core.approvals.model import Approval
from core.automations import service as automations
from core.automations.service import ReportFlow
from core.kernel.errors import MissingPermission, Unauthenticated
from core.kernel.ids import ApprovalId, EventId, PersonId
from core.notifications import service as notifications
from core.notifications.service import SendNotices, Taken

router = APIRouter()
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="callback", description="The token that came with the event."
)
AUDIENCE = "parley-hooks"


class Callback(BaseModel):
    """What a call-back token is good for."""

    model_config = ConfigDict(frozen=True)

    sub: UUID
    act: tuple[str, ...]
    cor: str = ""

    def must_allow(self, action: str, event_id: UUID) -> None:
        """This event and this action, or a refusal."""
        if action not in self.act or event_id != self.sub:
            raise MissingPermission(permission=f"hooks:{action}", who="the workflow of that event")


async def callback(
    settings: SettingsDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Callback:
    """The token's claims; Unauthenticated for every other token."""
    if credentials is None or settings.callback_secret is None:
        raise Unauthenticated()
    try:
        claims = jwt.decode(
            credentials.credentials,
            settings.callback_secret.get_secret_value(),
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["exp", "aud", "sub"]},
        )
        return Callback.model_validate(claims)
    except (jwt.PyJWTError, ValidationError) as error:
        raise Unauthenticated() from error


CallbackDep = Annotated[Callback, Depends(callback)]


async def hook_call(
    request: Request, claims: CallbackDep, services: Annotated[Services, Depends(services_of)]
) -> Call:
    """A workflow as an actor: caused by its event, over the channel n8n."""
    actor = Actor.system(Role.system_n8n, cause=EventId(claims.sub), channel=Channel.n8n)
    actor = actor.over(Channel.n8n, None, claims.cor or correlation_of(request))
    return Call(actor, services, request, None, b"")


HookDep = Annotated[Call, Depends(hook_call)]


@serve(router, e.hook_notices, tag="hooks")
async def notices(call: HookDep, claims: CallbackDep, body: wire.NoticesIn) -> Response:
    """Tell these people; whoever was told already is told no more."""
    claims.must_allow("notices", body.event_id)
    texts = {item.person_id: item.text or body.text or body.title or "" for item in body.recipients}
    command = SendNotices(body.event_id, body.kind, texts, body.execution_id)
    return await call.run(notifications.send_notices, command, _taken, 202)


def _taken(of: Taken) -> wire.AcceptedOut:
    return wire.AcceptedOut(accepted=of.accepted, known=of.known)


@serve(router, e.hook_status, tag="hooks")
async def status(call: HookDep, claims: CallbackDep, body: wire.FlowStatusIn) -> Response:
    """What a workflow did with the event."""
    claims.must_allow("status", body.event_id)
    command = ReportFlow(body.event_id, body.status, body.detail or "", body.execution_id)
    return await call.run(automations.report_flow, command, _noted, 202)


def _noted(fresh: bool) -> wire.AcceptedOut:
    return wire.AcceptedOut(accepted=int(fresh), known=int(not fresh))


@serve(router, e.hook_routes, tag="hooks")
async def routes(call: HookDep, claims: CallbackDep, body: wire.RouteIn) -> Response:
    """Who is asked first, among the candidates that the policy allows."""
    claims.must_allow("routes", body.event_id)
    command = Route(ApprovalId(body.approval_id), PersonId(body.ask_first))
    return await call.run(approvals.route, command, _routed, 202)


def _routed(of: Approval) -> wire.AcceptedOut:
    step = of.open_step
    settled = step is not None and step.routed_at is not None
    return wire.AcceptedOut(accepted=int(settled), known=0)
