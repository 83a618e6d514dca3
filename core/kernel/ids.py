"""Identifiers: UUIDv7 made in Python, so that any database from PostgreSQL 16 on can be used.

One rule: ids are made only here, and each kind of object has its own type.
"""

import datetime as dt
import os
import threading
import time
from typing import NewType
from uuid import UUID

PersonId = NewType("PersonId", UUID)
VendorId = NewType("VendorId", UUID)
RequestId = NewType("RequestId", UUID)
RequestLineId = NewType("RequestLineId", UUID)
RfqId = NewType("RfqId", UUID)
RfqLineId = NewType("RfqLineId", UUID)
InvitationId = NewType("InvitationId", UUID)
QuoteId = NewType("QuoteId", UUID)
SplitAwardId = NewType("SplitAwardId", UUID)
ApprovalId = NewType("ApprovalId", UUID)
StepId = NewType("StepId", UUID)
OrderId = NewType("OrderId", UUID)
OrderLineId = NewType("OrderLineId", UUID)
DocumentId = NewType("DocumentId", UUID)
EventId = NewType("EventId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
LinkId = NewType("LinkId", UUID)
DelegationId = NewType("DelegationId", UUID)
CommentId = NewType("CommentId", UUID)

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then a counter that orders the ids of one process."""
    global _last
    with _lock:
        stamp = max(_last + 1, (time.time_ns() // 1_000_000) << 12)
        _last = stamp
    millis, counter = stamp >> 12, stamp & 0xFFF
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(millis << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)


def first_id_at(moment: dt.datetime) -> UUID:
    """The lowest id that could have been made at this moment, to find what is newer by its id."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62))
