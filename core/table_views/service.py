"""Arranging a list, and saving and removing views of it.

One rule: people change only what is their own; a shared view is removed by whoever saved it.
"""

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.kernel.errors import NotFound, invalid
from core.kernel.ids import new_id
from core.table_views import repo
from core.table_views.commands import ArrangeTable, RemoveView, SaveView
from core.table_views.errors import TooManyViews
from core.table_views.events import TableArranged, ViewRemoved, ViewSaved
from core.uow import Uow

MOST_VIEWS = 20
"""Of one list, per person."""
ROWS = (25, 50, 100, 200)


@requires(Permission.me_change)
async def arrange(uow: Uow, actor: Actor, command: ArrangeTable) -> None:
    """From now on this person sees the list so."""
    if command.rows not in ROWS:
        raise invalid("/rows", "value_error", "25, 50, 100 or 200", "50")
    person_id = person_of(actor)
    await repo.store_settings(uow.connection, person_id, command)
    await uow.record(TableArranged(subject_id=person_id, subject_version=actor.epoch, list=command.list))


@requires(Permission.me_change)
async def save_view(uow: Uow, actor: Actor, command: SaveView) -> None:
    """Keep filters and order under a name."""
    person_id = person_of(actor)
    if await repo.count_own(uow.connection, person_id, command) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    view_id = await repo.store_view(uow.connection, new_id(), person_id, command, uow.now)
    await uow.record(
        ViewSaved(
            subject_id=person_id,
            subject_version=actor.epoch,
            view_id=view_id,
            list=command.list,
            shared=command.shared,
        )
    )


@requires(Permission.me_change)
async def remove_view(uow: Uow, actor: Actor, command: RemoveView) -> None:
    """Forget one of one's own views."""
    person_id = person_of(actor)
    name = await repo.remove_view(uow.connection, command.view_id, person_id)
    if name is None:
        raise NotFound(what="view")
    await uow.record(
        ViewRemoved(subject_id=person_id, subject_version=actor.epoch, view_id=command.view_id, list=name)
    )
