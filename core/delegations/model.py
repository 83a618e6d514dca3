"""A delegation as the slice's functions pass it around; never a database row."""

import datetime as dt
from dataclasses import dataclass

from core.delegations.commands import DelegationLimit
from core.kernel.ids import DelegationId, PersonId


@dataclass(frozen=True)
class Delegation:
    """``deputy`` may decide what ``giver`` could, one hop only, until a moment and up to a limit."""

    id: DelegationId
    giver: PersonId
    giver_name: str
    deputy: PersonId
    deputy_name: str
    made_at: dt.datetime
    until: dt.datetime
    limit: DelegationLimit | None
    reason: str
    ended_at: dt.datetime | None

    def is_active_at(self, now: dt.datetime) -> bool:
        """Whether it is active at this moment, even if the scheduler has not yet recorded its end."""
        return self.ended_at is None and now < self.until
