"""How long it takes to score all vendors of a large history, once the facts are read.

One rule: the facts are made by a fixed seed, so that only the time differs between runs.
"""

import datetime as dt
import random
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from core.vendor_facts.model import AnswerFact, DeliveryFact, FactColumns, PriceFact, VendorFacts
from core.vendor_scores.scoring import score_vendors
from stack.evaluate.figure import Figure
from stack.evaluate.vendor_lateness import FEATURE

SEED, LINES, VENDORS, PLACES = 7, 100_000, 1_000, 40
TODAY = dt.date(2026, 1, 1)
MOST_SECONDS, AIM_SECONDS = 10.0, 5.0


def many_facts() -> VendorFacts:
    """Two years of deliveries with their answers and prices."""
    chance = random.Random(SEED)
    vendors = [UUID(int=number + 1) for number in range(VENDORS)]
    deliveries, answers, prices = [], [], []
    for number in range(LINES):
        vendor = chance.choice(vendors)
        issued = TODAY - dt.timedelta(chance.randint(30, 730))
        promised = issued + dt.timedelta(chance.randint(5, 25))
        arrived = promised + dt.timedelta(chance.randint(-5, 3))
        late = float(arrived > promised)
        known = min(arrived, promised + dt.timedelta(1))
        order = UUID(int=VENDORS + number + 1)
        place = f"C{chance.randrange(PLACES)}"
        deliveries.append(
            DeliveryFact(
                *(order, vendor, place, issued, promised, False, arrived, known, late, True, True, 0.0)
            )
        )
        if number % 4 == 0:
            answers.append(AnswerFact(vendor, issued, chance.random() < 0.9, chance.uniform(1, 90)))
            prices.append(PriceFact(vendor, issued, chance.uniform(0.9, 1.4)))
    return VendorFacts(TODAY, deliveries, answers, prices)


def measure(data: Path | None) -> list[Figure]:
    """The time of one run, with the comparison to what was known before."""
    facts = many_facts()
    before = replace(facts, day=TODAY - dt.timedelta(90))
    begun = time.process_time()
    score_vendors(FactColumns.of(facts), FactColumns.of(before))
    seconds = time.process_time() - begun
    return [
        Figure(
            name="all vendors scored, seconds of one processor",
            feature=FEATURE,
            dataset="made",
            value=seconds,
            must=MOST_SECONDS,
            aim=AIM_SECONDS,
            better="lower",
            n=LINES,
            window=f"two years to {TODAY}",
            seconds=seconds,
        )
    ]
