"""Pure rules of documents: who may read a file."""

from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission

SEALED, RELEASED = "sealed", "open"
"""What ``attached_kind`` says of a quote's file."""


def may_read(actor: Actor, *, owner_id: UUID, vendor_id: UUID | None, released: bool) -> bool:
    """The same as the condition of ``repo``; ``released``: the RFQ of the quote it belongs to is closed."""
    if actor.is_vendor:
        return vendor_id == actor.vendor_id
    own = vendor_id is None and actor.is_person(owner_id)
    return own or (released and actor.may(Permission.requests_read_all))
