"""Call-back tokens: each is sent with one event and is valid for that event's call-backs only.

One rule: only Parley knows the key; n8n passes the token on and cannot make one.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, ValidationError

from api.server.deps.actor import correlation_of
from api.server.deps.call import Call, Services, services_of
from core.access.actor import Actor, Channel
from core.access.roles import Role
from core.kernel.errors import MissingPermission, Unauthenticated
from core.kernel.ids import EventId

AUDIENCE = "parley-hooks"
MAX_TOKEN_LENGTH = 4096
LEEWAY = 30
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="CallBack", description="The token that came with the event."
)


class CallbackClaims(BaseModel):
    """The claims of a call-back token."""

    model_config = ConfigDict(frozen=True)

    sub: UUID
    act: tuple[str, ...]
    cor: str = ""


@dataclass(frozen=True)
class CallBack:
    """A checked call-back."""

    call: Call
    claims: CallbackClaims

    def authorize(self, event_id: UUID, action: str) -> Call:
        """The call, if the token is for this event and action."""
        if event_id != self.claims.sub or action not in self.claims.act:
            raise MissingPermission(permission=f"hooks:{action}", who="the flow of that event")
        return self.call


def read_claims(token: str, secret: str) -> CallbackClaims:
    """The claims of a valid token; Unauthenticated for any other."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated()
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            leeway=LEEWAY,
            options={"require": ["exp", "aud", "sub"], "strict_aud": True},
        )
        return CallbackClaims.model_validate(claims)
    except (jwt.PyJWTError, ValidationError, ValueError) as error:
        raise Unauthenticated() from error


async def call_back(
    request: Request,
    services: Annotated[Services, Depends(services_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> CallBack:
    """Who calls back; Unauthenticated without a valid token, or when this installation has no n8n."""
    secret = request.app.state.settings.callback_secret
    if credentials is None or secret is None:
        raise Unauthenticated()
    claims = read_claims(credentials.credentials, secret.get_secret_value())
    actor = Actor.system(Role.system_n8n, cause=EventId(claims.sub), channel=Channel.n8n)
    actor = actor.with_call(Channel.n8n, None, claims.cor or correlation_of(request))
    return CallBack(Call(actor, services, request, None, b""), claims)


CallBackDep = Annotated[CallBack, Depends(call_back)]
