"""Converts delegations from rows to models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Sequence
from typing import Any

from core.db.connection import Row
from core.delegations.commands import DelegationLimit
from core.delegations.model import Delegation

COLUMNS = (
    "id",
    "giver",
    "giver_name",
    "deputy",
    "deputy_name",
    "made_at",
    "until",
    "limit_amount",
    "limit_currency",
    "reason",
    "ended_at",
)
"""In the order in which another row carries them."""


def delegation_of(row: Row) -> Delegation:
    return delegation_of_values([getattr(row, name) for name in COLUMNS])


def delegation_of_values(values: Sequence[Any]) -> Delegation:
    each = dict(zip(COLUMNS, values, strict=True))
    amount, currency = each.pop("limit_amount"), each.pop("limit_currency")
    return Delegation(**each, limit=None if amount is None else DelegationLimit(amount, currency))
