"""What an operator watches, as it is in the database at one moment."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DueDeliveries:
    """The deliveries of one subscriber whose time has come, and since when the oldest waits."""

    count: int
    oldest_due_at: dt.datetime


@dataclass(frozen=True)
class Vitals:
    """Moments are None when there is nothing of the kind; counts of waiting people's work are of now."""

    log_size: int
    unsealed: int
    oldest_unsealed_at: dt.datetime | None
    oldest_uncovered_at: dt.datetime | None
    """When the oldest event happened that no checkpoint covers yet."""
    parked: int
    approvals_open: int
    approvals_open_a_day: int
    approvals_open_three_days: int
    approvals_dead_end: int
    rfqs_overdue: int
    """Open a minute after their deadline: the clock does not run."""
    quotes_due: int
    """Invitations without an answer to RFQs that close within a day."""
    backed_up_at: dt.datetime | None
    verified_at: dt.datetime | None
    intact: bool | None
    database_bytes: int
    due: Mapping[str, DueDeliveries]
    """By subscriber."""
