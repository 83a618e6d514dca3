"""Pure rules of documents: who may read a file."""

from collections.abc import Collection
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission

SEALED, RELEASED, INSIDE = "sealed", "open", "inside"
"""What ``attached_kind`` says of a file: of a quote that is still sealed, one that staff may read, or one that only
staff with oversight may read: no vendor is ever given it, and neither is whoever asked for the goods."""
READABLE = (RELEASED, INSIDE)
"""By staff with oversight."""


def may_read(
    actor: Actor,
    *,
    owner_id: UUID,
    vendor_id: UUID | None,
    released: bool,
    asked_for: bool = False,
    readers: Collection[UUID] = (),
) -> bool:
    """The same as the condition of ``repo``; ``released``: the RFQ of the quote it belongs to is closed.

    ``asked_for``: it belongs to a request that the actor made or entered, and is not kept inside.
    ``readers``: the vendors with whom a file of ours is shared.
    """
    if actor.is_vendor:
        return vendor_id == actor.vendor_id or actor.vendor_id in readers
    own = vendor_id is None and actor.is_person(owner_id)
    return own or asked_for or (released and actor.may(Permission.requests_read_all))
