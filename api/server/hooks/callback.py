"""Call-back tokens: each is sent with one event and is valid for that event's call-backs only.

One rule: only Parley knows the key; n8n passes the token on and cannot make one.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.contract.operations import NoticesIn
from api.server.deps.actor import correlation_of, trace_of
from api.server.deps.call import Call, Services, services_of
from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.automations.callback_token import BadCallbackToken, CallbackClaims, person_mark, read
from core.kernel.errors import MissingPermission, Unauthenticated, invalid
from core.kernel.ids import EventId

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="CallBack", description="The token that came with the event."
)


@dataclass(frozen=True)
class CallBack:
    """A checked call-back."""

    call: Call
    claims: CallbackClaims

    def authorize(self, event_id: UUID, action: str) -> Call:
        """The call, if the token is for this event and action."""
        if event_id != self.claims.event_id or action not in self.claims.actions:
            raise MissingPermission(permission=f"hooks:{action}", who="the flow of that event")
        return self.call

    def authorize_notices(self, body: NoticesIn) -> Call:
        """The call, if the event concerns everybody who is to be told, and if it is told as what it is."""
        call = self.authorize(body.event_id, "notices")
        if body.kind != self.claims.kind:
            raise invalid(
                "/kind", "enum", f"must be {self.claims.kind}", self.claims.kind, expected=self.claims.kind
            )
        for index, recipient in enumerate(body.recipients):
            if person_mark(recipient.person_id) not in self.claims.people:
                field = f"/recipients/{index}/person_id"
                raise invalid(field, "person.unknown", "is not concerned", "one of data.recipients")
        return call


async def call_back(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> CallBack:
    """Who calls back; Unauthenticated without a valid token, or when this installation has no n8n."""
    secret = request.app.state.settings.callback_secret
    if credentials is None or secret is None:
        raise Unauthenticated()
    try:
        claims = read(credentials.credentials, secret.get_secret_value(), services.edge.now)
    except BadCallbackToken as error:
        raise Unauthenticated() from error
    actor = Actor.system(Role.system_n8n, cause=EventId(claims.event_id), channel=Channel.n8n)
    actor = actor.with_call(
        Channel.n8n, None, claims.correlation_id or correlation_of(request), trace_of(request)
    )
    return CallBack(Call(actor, services, request, None, b""), claims)


CallBackDep = Annotated[CallBack, Depends(call_back)]
