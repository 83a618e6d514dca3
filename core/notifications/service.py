"""The use case behind n8n's notices.

One rule: a person is notified once per event and kind, whoever sends the notice.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.notifications import repo
from core.notifications.events import NoticesAccepted
from core.people.tables import people
from core.uow import Uow


@dataclass(frozen=True)
class SendNotices:
    """A flow's text per recipient, about one event."""

    event_id: UUID
    kind: str
    texts: dict[UUID, str]
    execution_id: str | None


@dataclass(frozen=True)
class NoticesResult:
    """How many people will be notified because of this call, and how many had been notified before."""

    accepted: int
    known: int


@requires(Permission.notices_send)
async def send_notices(uow: Uow, actor: Actor, command: SendNotices) -> NoticesResult:
    """Accept a flow's notices; a second call for the same event, person and kind sends nothing."""
    known = set(
        await uow.connection.scalars(
            select(people.c.id).where(people.c.id.in_(list(command.texts)), people.c.active)
        )
    )
    for index, recipient in enumerate(command.texts):
        if recipient not in known:
            raise invalid(
                f"/recipients/{index}/person_id",
                "person.unknown",
                "there is no such active person",
                "GET /people",
            )
    accepted = await repo.accept_texts(uow.connection, command.event_id, command.kind, command.texts, uow.now)
    if accepted:
        await uow.record(
            NoticesAccepted(
                subject_id=command.event_id,
                subject_version=1,
                kind=command.kind,
                recipients=tuple(command.texts),
                execution_id=command.execution_id,
            )
        )
    return NoticesResult(accepted, len(command.texts) - accepted)
