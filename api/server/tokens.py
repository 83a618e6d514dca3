"""Access tokens: ten minutes, EdDSA, every claim required (RFC 8725, RFC 9068).

One rule: a token is a snapshot of rights under an epoch, and the edge checks the epoch in the acting
transaction.

So a right that was taken away is gone at once.
"""

import datetime as dt
import hashlib
import secrets
from uuid import UUID

import jwt
from pydantic import BaseModel, ConfigDict, ValidationError

from api.server.signing_keys import KeyRing
from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.kernel.clock import Clock
from core.kernel.errors import Unauthenticated
from core.kernel.ids import PersonId, VendorId
from core.people.model import Person

ISSUER, AUDIENCE, TYPE = "parley", "parley-api", "at+jwt"
LIFE = dt.timedelta(minutes=10)
CACHE_SECONDS = 30
MAX_CACHED = 10_000
LEEWAY = 30
MAX_TOKEN_LENGTH = 4096
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti"]


class AccessClaims(BaseModel):
    """The claims of a token; an unknown claim makes the token invalid."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    iss: str
    aud: str
    sub: str
    exp: int
    iat: int
    jti: str
    roles: tuple[Role, ...]
    name: str
    locale: str = "en"
    epoch: int = 0
    vendor: UUID | None = None
    auth_time: int | None = None
    """When the person proved who they are, if this token was given for that proof."""
    ch: Channel = Channel.api


class AccessTokens:
    """Makes and reads access tokens."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._known: dict[bytes, tuple[AccessClaims, float]] = {}

    @property
    def seconds(self) -> int:
        """The lifetime of a token in seconds."""
        return int(LIFE.total_seconds())

    def for_person(self, person: Person, channel: Channel = Channel.api, *, proved: bool = False) -> str:
        """A token with the person's current rights; ``proved``: they have just proved who they are."""
        return self._sign(
            {
                "auth_time": int(self._clock.now().timestamp()) if proved else None,
                "sub": str(person.id),
                "roles": sorted(role.value for role in person.roles),
                "name": person.name,
                "locale": person.locale,
                "epoch": person.epoch,
                "vendor": str(person.vendor_id) if person.vendor_id else None,
                "ch": channel.value,
            }
        )

    def for_service(self, role: Role) -> str:
        """A token for a service of Parley, such as a bot; it has that role's few rights."""
        return self._sign({"sub": role.value, "roles": [role.value], "name": role.value})

    def _sign(self, claims: dict[str, object]) -> str:
        now = self._clock.now()
        whole = {
            **claims,
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "jti": secrets.token_urlsafe(12),
        }
        key = self._keys.current
        return jwt.encode(whole, key.private, algorithm="EdDSA", headers={"kid": key.kid, "typ": TYPE})

    def read(self, token: str) -> AccessClaims:
        """The claims of a valid token; Unauthenticated for any other, without saying why."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated()
        mark, now = hashlib.sha256(token.encode()).digest(), self._clock.now().timestamp()
        claims, until = self._known.get(mark, (None, 0.0))
        if claims is None or until <= now:
            claims = self._verified(token)
            if len(self._known) >= MAX_CACHED:
                self._known.clear()
            self._known[mark] = (claims, min(now + CACHE_SECONDS, claims.exp + LEEWAY))
        return claims

    def seconds_left(self, token: str) -> float:
        """How long a valid token still counts."""
        return max(0.0, self.read(token).exp - self._clock.now().timestamp())

    def _verified(self, token: str) -> AccessClaims:
        """Check the signature and every claim; the caller caches the result for half a minute."""
        try:
            header = jwt.get_unverified_header(token)
            public = self._keys.public(str(header.get("kid", "")))
            if public is None or header.get("typ") != TYPE:
                raise Unauthenticated()
            claims = jwt.decode(
                token,
                public,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": _REQUIRED, "strict_aud": True, "verify_exp": False, "verify_iat": False},
            )
            return self._in_time(AccessClaims.model_validate(claims))
        except (jwt.PyJWTError, ValidationError, ValueError) as error:
            raise Unauthenticated() from error

    def _in_time(self, claims: AccessClaims) -> AccessClaims:
        """By our clock, not by this machine's."""
        now = self._clock.now().timestamp()
        if not claims.iat - LEEWAY <= now < claims.exp + LEEWAY:
            raise Unauthenticated()
        return claims


def actor_of(claims: AccessClaims) -> Actor:
    """The actor that a token stands for."""
    roles = frozenset(claims.roles)
    if roles == {Role.service_bot}:
        return Actor.service(Role.service_bot)
    try:
        person_id = PersonId(UUID(claims.sub))
    except ValueError as error:
        raise Unauthenticated() from error
    return Actor(
        ActorKind.person,
        str(person_id),
        claims.name,
        roles,
        person_id=person_id,
        vendor_id=VendorId(claims.vendor) if claims.vendor else None,
        epoch=claims.epoch,
        locale=claims.locale,
        channel=claims.ch,
        proved_at=dt.datetime.fromtimestamp(claims.auth_time, dt.UTC)
        if claims.auth_time is not None
        else None,
    )
