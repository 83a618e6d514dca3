"""The guard: a use case declares the right it needs, and callers without that right are refused.

One rule: it fails closed, so a use case or query without ``@requires`` fails an architecture test.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Table

from core.access.actor import Actor
from core.access.permissions import Permission
from core.access.roles import roles_with
from core.kernel.errors import MissingPermission, NotFound, RecentLoginNeeded
from core.kernel.ids import PersonId

P = ParamSpec("P")
R = TypeVar("R")
U = TypeVar("U")


class Guarded(Protocol):
    """What the decorators leave on a use case, for the architecture tests and the edge to read."""

    needs: Permission
    changes: "Changed | None"


@dataclass(frozen=True)
class Changed:
    """The row whose purchase a use case changes: its table, and the attribute of the command that names it."""

    table: Table
    attribute: str


PROVED_FOR = dt.timedelta(minutes=10)
"""How long it counts that somebody proved who they are; then a dangerous call asks again."""
USE_CASES: dict[str, Permission] = {}


def needed_by(use_case: Callable[..., object]) -> Permission:
    """The right that a use case declares."""
    needed: Permission = use_case.__dict__["needs"]
    return needed


def check_permission(actor: Actor, permission: Permission) -> None:
    """Refuse an actor without the right; the refusal names the right and the roles that have it."""
    if not actor.may(permission):
        who = ", ".join(role.value for role in roles_with(permission)) or "nobody but the system"
        raise MissingPermission(permission=permission.value, who=who)


def check_proved(actor: Actor, now: dt.datetime) -> None:
    """Refuse a caller who did not prove within the last minutes who they are."""
    if actor.proved_at is None or actor.proved_at < now - PROVED_FOR:
        raise RecentLoginNeeded(minutes=PROVED_FOR // dt.timedelta(minutes=1))


def person_of(actor: Actor) -> PersonId:
    """The person who acts, for use cases that only a person can call; NotFound for a service."""
    if actor.person_id is None:
        raise NotFound(what="person")
    return actor.person_id


def requires(
    permission: Permission, changes: Changed | None = None
) -> Callable[
    [Callable[Concatenate[U, Actor, P], Awaitable[R]]],
    Callable[Concatenate[U, Actor, P], Awaitable[R]],
]:
    """Declare the right that a use case ``verb(uow, actor, ...)`` needs, and whose purchase it locks first.

    The edge then takes that lock in its own first statement; the use case takes it in any case.
    """

    def declare(
        use_case: Callable[Concatenate[U, Actor, P], Awaitable[R]],
    ) -> Callable[Concatenate[U, Actor, P], Awaitable[R]]:
        USE_CASES[f"{use_case.__module__}.{use_case.__qualname__}"] = permission

        @wraps(use_case)
        async def guarded(uow: U, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            check_permission(actor, permission)
            return await use_case(uow, actor, *args, **kwargs)

        guarded.__dict__["needs"] = permission
        guarded.__dict__["changes"] = changes
        return guarded

    return declare
