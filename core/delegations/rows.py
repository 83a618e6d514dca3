"""Converts delegations from rows to models.

One rule: only this module knows how the columns are laid out.
"""

from core.db.connection import Row
from core.delegations.commands import DelegationLimit
from core.delegations.model import Delegation
from core.kernel.ids import DelegationId, PersonId


def delegation_of(row: Row) -> Delegation:
    return Delegation(
        id=DelegationId(row.id),
        giver=PersonId(row.giver),
        giver_name=row.giver_name,
        deputy=PersonId(row.deputy),
        deputy_name=row.deputy_name,
        made_at=row.made_at,
        until=row.until,
        limit=None if row.limit_amount is None else DelegationLimit(row.limit_amount, row.limit_currency),
        reason=row.reason,
        ended_at=row.ended_at,
    )
