"""The guard: a use case declares the right it needs, and callers without that right are refused.

One rule: it fails closed, so a use case or query without ``@requires`` fails an architecture test.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from core.access.actor import Actor
from core.access.permissions import Permission
from core.access.roles import roles_with
from core.kernel.errors import MissingPermission, NotFound
from core.kernel.ids import PersonId

P = ParamSpec("P")
R = TypeVar("R")
U = TypeVar("U")


class Guarded(Protocol):
    """What the decorator leaves on a use case, for the architecture tests to read."""

    needs: Permission


USE_CASES: dict[str, Permission] = {}


def check_permission(actor: Actor, permission: Permission) -> None:
    """Refuse an actor without the right; the refusal names the right and the roles that have it."""
    if not actor.may(permission):
        who = ", ".join(role.value for role in roles_with(permission)) or "nobody but the system"
        raise MissingPermission(permission=permission.value, who=who)


def person_of(actor: Actor) -> PersonId:
    """The person who acts, for use cases that only a person can call; NotFound for a service."""
    if actor.person_id is None:
        raise NotFound(what="person")
    return actor.person_id


def requires(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[U, Actor, P], Awaitable[R]]],
    Callable[Concatenate[U, Actor, P], Awaitable[R]],
]:
    """Declare the right that a use case ``verb(uow, actor, ...)`` needs."""

    def declare(
        use_case: Callable[Concatenate[U, Actor, P], Awaitable[R]],
    ) -> Callable[Concatenate[U, Actor, P], Awaitable[R]]:
        USE_CASES[f"{use_case.__module__}.{use_case.__qualname__}"] = permission

        @wraps(use_case)
        async def guarded(uow: U, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            check_permission(actor, permission)
            return await use_case(uow, actor, *args, **kwargs)

        guarded.__dict__["needs"] = permission
        return guarded

    return declare
