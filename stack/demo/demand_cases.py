"""What the demo company needs again and again, so that there is something to forecast.

One rule: it is bought as everything else is, step by step; only what and when is planned here.
"""

import datetime as dt
from random import Random

from stack.demo.demo_history import next_working_hour
from stack.demo.purchase_steps import PurchasePlan, RegularNeed

SEED = 41
FIRST = dt.timedelta(days=370)
EVERY = dt.timedelta(days=30)
LAST = dt.timedelta(days=20)
REGULAR = (
    (
        "Office supplies",
        "Toner, black",
        ("Toner, black", "toner, black"),
        (3, 4, 2, 6, 0, 3, 5, 2, 4, 0, 6, 3, 2),
    ),
    (
        "Office supplies",
        "Copy paper, A4",
        ("Copy paper, A4",),
        (12, 20, 9, 14, 25, 10, 0, 18, 11, 22, 8, 15, 12),
    ),
    (
        "Packaging",
        "Stretch film",
        ("Stretch film", "STRETCH film"),
        (30, 0, 55, 25, 40, 60, 0, 35, 50, 20, 45, 30, 65),
    ),
)
"""Category, the good, how people write it, and how many are needed month after month."""


def regular_purchases(now: dt.datetime) -> list[PurchasePlan]:
    """One a month of each for the last year; none in some months."""
    dice, plans = Random(SEED), []
    for category, item, spellings, quantities in REGULAR:
        for place, quantity in enumerate(quantities):
            at = next_working_hour(now - FIRST + place * EVERY, 8 + dice.random() * 8)
            if quantity and at <= now - LAST:
                need = RegularNeed(item, spellings[place % len(spellings)], quantity)
                plans.append(
                    PurchasePlan(dice.choice(("lucia", "requester")), category, at, 1.0, regular=need)
                )
    return plans
