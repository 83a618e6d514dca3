"""The policy as the slice's functions pass it around."""

import datetime as dt
from dataclasses import dataclass

from core.policies.commands import NO_SPLITS, SplitRule, Tier


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
