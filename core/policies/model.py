"""The policies as the slice's functions pass them around."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.policies.commands import NO_SPLITS, SplitRule, Tier, Tolerance


@dataclass(frozen=True)
class Policy:
    """One version of the rules: ordered tiers, amounts in one currency."""

    version: int
    currency: str
    tiers: tuple[Tier, ...]
    undo_seconds: int
    set_by: str
    set_at: dt.datetime
    splits: SplitRule = NO_SPLITS


@dataclass(frozen=True)
class ReceivingPolicy:
    """One version of how goods are received; before an administrator has set one, nobody may do more than usual."""

    version: int = 0
    colleagues: bool = False
    percent: Decimal = Decimal(0)
    tolerances: tuple[Tolerance, ...] = ()
    set_by: str = ""
    set_at: dt.datetime | None = None

    def percent_for(self, description: str, category: str) -> Decimal:
        """How much more of this item may arrive: the item's own rule beats its category's, and that the general one."""
        words = description.casefold()
        for rule in self.tolerances:
            if rule.item is not None and rule.item.casefold() in words:
                return rule.percent
        for rule in self.tolerances:
            if rule.category is not None and rule.category.casefold() == category.casefold():
                return rule.percent
        return self.percent
