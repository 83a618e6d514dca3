"""The argument of every route: the checked caller, and the edge that runs a use case.

One rule: a route builds a command and calls ``run`` or ``read``; it contains no rule and no transaction.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from starlette.responses import Response

from api.quote_files.child import FileReader
from api.server.deps.actor import CredentialsDep, caller
from api.server.deps.known_parameters import check_parameters
from api.server.edge import Edge, Operation, Present
from api.server.log_watch import LogWatch
from api.server.rate_limits import RateLimit, RateLimiter
from api.server.shared_limits import SharedRateLimiter
from core.access.actor import Actor, ActorKind, Channel
from core.access.guard import Changed, check_proved, needed_by
from core.access.permissions import Permission
from core.documents.scan import Scanner
from core.documents.store import DocumentStore
from core.kernel.errors import invalid
from core.log.verify_helpers import VerifyHelpers
from core.uow import Uow

C = TypeVar("C")
R = TypeVar("R")

_READS = frozenset({"GET", "HEAD"})
_CODES = "/chat/links"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

UseCase = Callable[[Uow, Actor, C], Awaitable[R]]


@dataclass(frozen=True)
class Services:
    """What one process of the API holds; created by the lifespan."""

    edge: Edge
    limits: RateLimiter
    shared_limits: SharedRateLimiter
    store: DocumentStore
    scanner: Scanner
    writes: RateLimit
    verify_helpers: VerifyHelpers
    log_watch: LogWatch
    file_reader: FileReader
    archive_reader: FileReader
    """With places of its own: what is uploaded does not wait for files that are slow to read."""


@dataclass(frozen=True)
class Call:
    """One request of one caller."""

    actor: Actor
    services: Services
    request: Request
    key: str | None
    body: bytes
    must_have_key: bool = False
    must_be_proved: bool = False
    needed_too: tuple[Permission, ...] = ()
    """Rights that the command needs beside its use case's; whoever lacks one is told that, and not to log in."""

    async def run(
        self, use_case: UseCase[C, R], command: C, present: Present[R], status: int = 200
    ) -> Response:
        """Run a command: one transaction, one answer under the key."""
        if self.must_have_key and self.key is None:
            raise invalid(
                "/Idempotency-Key", "key.missing", "a bot sends a key with every command", "tg:4711"
            )

        async def work(uow: Uow, actor: Actor) -> R:
            needed = (needed_by(use_case), *self.needed_too) if self.must_be_proved else ()
            if needed and all(map(actor.may, needed)):
                check_proved(actor, uow.now)
            return await use_case(uow, actor, command)

        return await self.services.edge.run(self._operation(use_case, command, status), work, present)

    async def read(self, query: UseCase[C, R], argument: C, present: Present[R]) -> Response:
        """Run a query."""
        return await self.services.edge.read(
            self._operation(query, argument, 200), lambda uow, actor: query(uow, actor, argument), present
        )

    async def read_for_caller(
        self, query: Callable[[Uow, Actor], Awaitable[R]], present: Present[R]
    ) -> Response:
        """Run a query that needs nothing but the caller."""
        return await self.services.edge.read(self._operation(query, None, 200), query, present)

    def without_key(self) -> "Call":
        """For answers that must not be stored, such as a code, and for steps next to the keyed one."""
        return replace(self, key=None, must_have_key=False)

    def proved(self, *needed_too: Permission) -> "Call":
        """For dangerous commands: only with a token that was given for a proof, minutes ago."""
        return replace(self, must_be_proved=True, needed_too=needed_too)

    @property
    def sender(self) -> str:
        """Whose files wait for each other: those of one vendor, or of one person."""
        return str(self.actor.vendor_id or self.actor.label)

    def limit(self, what: str, limit: RateLimit) -> None:
        """Count this call against a limit."""
        self.services.limits.check(f"{what}:{self.actor.label}", limit)

    def with_body(self, content: bytes) -> "Call":
        """The same call with its key bound to this content."""
        return replace(self, body=content)

    def _operation(self, use_case: Callable[..., object], command: object, status: int) -> Operation:
        slice_name = use_case.__module__.split(".")[1]
        name = f"{self.request.method} {self.request.url.path}"
        changes: Changed | None = getattr(use_case, "changes", None)
        return Operation(self.actor, name, slice_name, command, status, self.key, self.body, changes)


async def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _in_chat(actor: Actor) -> bool:
    """Whether a bot calls, for itself or a person: chats deliver twice, so its commands need a key."""
    return actor.channel in (Channel.telegram, Channel.slack) or actor.kind is ActorKind.service


async def call(
    request: Request,
    credentials: CredentialsDep,
    idempotency_key: Annotated[
        str | None,
        Header(description="Same key and body: same answer. Kept 24 hours.", examples=["order-7-approve"]),
    ] = None,
) -> Call:
    """The checked caller, with the body's bytes for the idempotency key's fingerprint.

    It calls the other dependencies itself: each that FastAPI solves costs as much as a statement.
    """
    services: Services = request.app.state.services
    actor = caller(request, request.app.state.tokens, credentials)
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise invalid(
            "/Idempotency-Key", "key.unreadable", "1 to 200 visible ASCII characters", "order-7-approve"
        )
    check_parameters(request)
    must_have_key = request.method == "POST" and _in_chat(actor) and not request.url.path.startswith(_CODES)
    made = Call(actor, services, request, idempotency_key, await request.body(), must_have_key)
    if request.method not in _READS and actor.kind is ActorKind.person:
        made.limit("write", services.writes)
    return made


CallDep = Annotated[Call, Depends(call)]


def is_call(annotation: object) -> bool:
    """Whether a handler's parameter is the checked caller."""
    return annotation is CallDep or annotation == CallDep
