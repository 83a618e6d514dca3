"""The commands of delegations: who decides for whom, until when, and up to which amount."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import DelegationId, PersonId


@dataclass(frozen=True)
class DelegationLimit:
    """Amounts up to and including this one, in the organisation's currency, as in the policy."""

    amount: Decimal
    currency: str

    def covers(self, amounts: Mapping[str, Decimal]) -> bool:
        """Amounts by currency; one in another currency than the limit's counts as over the limit."""
        return self.currency in amounts and amounts[self.currency] <= self.amount


@dataclass(frozen=True)
class Delegate:
    """``giver`` None: for oneself; an administrator may name somebody who is already away."""

    deputy: PersonId
    giver: PersonId | None
    until: dt.datetime
    limit: DelegationLimit | None
    reason: str


@dataclass(frozen=True)
class EndDelegation:
    delegation_id: DelegationId
