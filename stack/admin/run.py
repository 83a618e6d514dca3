"""Runs one use case from the command line: in one transaction, as the installation's administrator.

One rule: whoever can read this installation's secrets is its administrator.

Like everybody's, their actions are in the log, under the name "command line".
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from api.text import fill_commands, refusal
from core.access.actor import Actor, ActorKind, Channel
from core.access.roles import Role
from core.db.engine import make_engine
from core.kernel.clock import SystemClock
from core.kernel.errors import DomainError, Invalid
from core.uow import Uow
from core.wiring import REACTIONS
from stack import installation
from stack.errors import StackError
from stack.paths import Paths

T = TypeVar("T")
UseCaseCall = Callable[[Uow, Actor], Awaitable[T]]
COMMAND_LINE = Actor(
    ActorKind.service,
    "command line",
    "command line",
    frozenset({Role.admin}),
    channel=Channel.system,
)


def run_use_case(paths: Paths, use_case: UseCaseCall[T]) -> T:
    """Run it and commit, or print in one sentence why not."""
    try:
        return asyncio.run(_run_in_transaction(installation.load(paths).databases.app, use_case))
    except Invalid as error:
        raise StackError("; ".join(f"{one.field}: {one.message}" for one in error.errors)) from None
    except DomainError as error:
        raise StackError(fill_commands(refusal(error.code, error.facts(), "en"))) from None
    except OSError as error:
        raise StackError(f"the database does not answer ({error}): type './parley up' first") from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StackError(f"the database refuses ({error}): type './parley doctor'") from None


async def _run_in_transaction(url: str, use_case: UseCaseCall[T]) -> T:
    engine = make_engine(url, size=1, name="parley command line")
    try:
        async with engine.begin() as connection:
            uow = Uow(connection, actor=COMMAND_LINE, clock=SystemClock(), reactions=REACTIONS)
            result = await use_case(uow, COMMAND_LINE)
            await uow.finish()
        return result
    finally:
        await engine.dispose()
