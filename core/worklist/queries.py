"""The read models of the worklist: what waits in one purchase, and what waits for one person."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound
from core.uow import Uow
from core.worklist import repo
from core.worklist.model import WorkFound, WorkItem, WorkKind

MAX_ITEMS = 30
"""How many of a person's items are read; the rest is only counted."""


async def of_purchase(uow: Uow, request_id: UUID) -> Sequence[WorkItem]:
    """Everything that waits in one purchase, for whomever; for Parley itself."""
    parameters = {"request_id": request_id, "now": uow.now}
    return [repo.item_of(row) for row in await uow.connection.execute(repo.OF_PURCHASE, parameters)]


@requires(Permission.me_read)
async def of_person(uow: Uow, actor: Actor, limit: int = MAX_ITEMS) -> WorkFound:
    """What waits for this person, the most urgent first."""
    statement = repo.OF_VENDOR if actor.is_vendor else repo.OF_STAFF
    rows = (await uow.connection.execute(statement, {**_whose(uow, actor), "limit": limit})).all()
    return WorkFound(tuple(repo.item_of(row) for row in rows), rows[0].in_all if rows else 0)


@requires(Permission.me_read)
async def counts(uow: Uow, actor: Actor) -> Mapping[WorkKind, int]:
    """How much of each kind waits for this person; a kind of which nothing waits is absent."""
    statement = repo.COUNTS_OF_VENDOR if actor.is_vendor else repo.COUNTS_OF_STAFF
    rows = await uow.connection.execute(statement, _whose(uow, actor))
    return {WorkKind(kind): count for kind, count in rows}


def _whose(uow: Uow, actor: Actor) -> dict[str, object]:
    if actor.person_id is None:
        raise NotFound(what="person")
    return {"person_id": actor.person_id, "now": uow.now}
