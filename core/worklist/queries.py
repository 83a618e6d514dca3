"""The read models of the worklist: what waits in one purchase, and what waits for one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.approval_facts import queries as approvals
from core.approval_facts.model import ApprovalWithFacts
from core.approvals import repo as approval_repo
from core.approvals.model import ApprovalFilter
from core.kernel.errors import NotFound
from core.kernel.pagination import Page
from core.uow import Uow
from core.worklist import repo
from core.worklist.model import WhereNow, WorkFound, WorkItem, WorkKind

MAX_ITEMS = 30
"""How many of a person's items are read; the rest is only counted."""


async def of_purchase(uow: Uow, request_id: UUID) -> Sequence[WorkItem]:
    """Everything that waits in one purchase, for whomever; for Parley itself."""
    parameters = {"request_id": request_id, "now": uow.now}
    return [repo.item_of(row) for row in await uow.connection.execute(repo.OF_PURCHASE, parameters)]


@requires(Permission.requests_read)
async def where_now(
    uow: Uow, actor: Actor, request_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[WhereNow, ...]]:
    """What these purchases wait for, the most urgent first; the caller has read them with the reader's rights."""
    rows = await uow.connection.execute(repo.OF_PURCHASES, {"request_ids": list(request_ids), "now": uow.now})
    found: dict[UUID, dict[WorkKind, WhereNow]] = {}
    for row in rows:
        waits = found.setdefault(row.request_id, {})
        kind = WorkKind(row.kind)
        known = waits.get(kind) or WhereNow(kind, (), row.since, row.due, row.due_on)
        names = known.names if row.name is None or row.name in known.names else (*known.names, row.name)
        waits[kind] = replace(known, names=names)
    return {request_id: tuple(waits.values()) for request_id, waits in found.items()}


@dataclass(frozen=True)
class WorkQuery:
    """A part of somebody's worklist: ``limit`` items after the first ``offset``."""

    limit: int = MAX_ITEMS
    offset: int = 0


FIRST = WorkQuery()


@requires(Permission.me_read)
async def of_person(uow: Uow, actor: Actor, query: WorkQuery = FIRST) -> WorkFound:
    """What waits for this person, the most urgent first; behind the end, the last items."""
    found = await _found(uow, actor, query)
    if found.items or query.offset == 0:
        return found
    total = sum((await counts(uow, actor)).values())
    return await _found(uow, actor, WorkQuery(query.limit, max(0, total - query.limit)))


async def _found(uow: Uow, actor: Actor, query: WorkQuery) -> WorkFound:
    statement = repo.OF_VENDOR if actor.is_vendor else repo.OF_STAFF
    parameters = {**_whose(uow, actor), "limit": query.limit, "offset": query.offset}
    rows = (await uow.connection.execute(statement, parameters)).all()
    items = tuple(repo.item_of(row) for row in rows)
    return WorkFound(uow.now, items, query.offset + 1 if items else 0, rows[0].in_all if rows else 0)


@requires(Permission.me_read)
async def counts(uow: Uow, actor: Actor) -> Mapping[WorkKind, int]:
    """How much of each kind waits for this person; a kind of which nothing waits is absent."""
    statement = repo.COUNTS_OF_VENDOR if actor.is_vendor else repo.COUNTS_OF_STAFF
    rows = await uow.connection.execute(statement, _whose(uow, actor))
    return {WorkKind(kind): count for kind, count in rows}


@requires(Permission.approvals_read)
async def to_decide(uow: Uow, actor: Actor, filters: ApprovalFilter) -> Page[ApprovalWithFacts]:
    """The approvals that this person is asked to decide, with all that is decided, newest first."""
    asked = await uow.connection.scalars(repo.TO_DECIDE, _whose(uow, actor))
    page = await approval_repo.page_of_listed(uow, repo.is_one_of(asked), filters)
    return page.with_items(await approvals.with_facts(uow, actor, page.items))


def _whose(uow: Uow, actor: Actor) -> dict[str, Any]:
    if actor.person_id is None:
        raise NotFound(what="person")
    return {"person_id": actor.person_id, "now": uow.now}
