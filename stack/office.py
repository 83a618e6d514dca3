"""Runs one use case from the command line: in one transaction, as the installation's administrator.

One rule: whoever can read this installation's secrets is its administrator; what they do is in the log like
everybody's, under the name "command line".
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from api.text.refusals import refusal
from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.db.engine import make_engine
from core.kernel.clock import SystemClock
from core.kernel.errors import DomainError, Invalid
from core.uow import Uow
from core.wiring import REACTIONS
from stack import plan
from stack.paths import Paths
from stack.problem import StackProblem

T = TypeVar("T")
Work = Callable[[Uow, Actor], Awaitable[T]]
COMMAND_LINE = Actor(
    ActorKind.service,
    "command line",
    "command line",
    frozenset({Role.admin}),
    channel=Channel.system,
)


def run(paths: Paths, work: Work[T]) -> T:
    """Do it and commit, or say in a sentence why not."""
    try:
        return asyncio.run(_inside(plan.present(paths).databases.app, work))
    except Invalid as problem:
        raise StackProblem("; ".join(f"{one.field}: {one.message}" for one in problem.errors)) from None
    except DomainError as problem:
        raise StackProblem(refusal(problem.code, problem.facts(), "en")) from None
    except OSError as problem:
        raise StackProblem(f"the database does not answer ({problem}): type './parley up' first") from None
    except DBAPIError as problem:
        reason = str(problem.orig).rpartition(">: ")[2]
        raise StackProblem(f"the database refuses ({reason}): type './parley doctor'") from None


async def _inside(url: str, work: Work[T]) -> T:
    engine = make_engine(url, size=1, name="parley command line")
    try:
        async with engine.begin() as connection:
            uow = Uow(connection, actor=COMMAND_LINE, clock=SystemClock(), reactions=REACTIONS)
            done = await work(uow, COMMAND_LINE)
            await uow.finish()
        return done
    finally:
        await engine.dispose()
