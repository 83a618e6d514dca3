"""A small history that is made, not recorded: always the same, for floors that every run of the checks can test.

One rule: what the methods are to find is in it (vendors who grow worse, places that are slow, favourite vendors of an
item and place, seasons), so a method that finds nothing falls below its floor.
"""

import datetime as dt
import math
import random

from stack.evaluate.scms import HistoryLine

SEED = 20_061
FIRST_DAY = dt.date(2019, 1, 7)
DAYS = 5 * 365
VENDORS = 24
PLACES = ("Lyon", "Porto", "Graz", "Ghent", "Turin", "Malmö", "Brno", "Split")
CATEGORIES = {
    "Office": ("paper A4 80 g", "ring binder 80 mm", "toner 26A", "envelopes C5", "label rolls 57 mm"),
    "Cleaning": ("nitrile gloves L", "hand soap 5 l", "floor cleaner 10 l", "bin liners 60 l", "wipes 200"),
    "Workshop": (
        "hex bolt M8x40",
        "drill bit 6 mm",
        "cutting disc 125 mm",
        "cable tie 300 mm",
        "safety glasses",
    ),
    "Laboratory": (
        "pipette tips 200 µl",
        "petri dish 90 mm",
        "test tube 12 ml",
        "filter paper 110 mm",
        "pH strips",
    ),
}
BRANDS = ("plain", "premium", "eco")


def synthetic_lines(count: int = 4_000, seed: int = SEED) -> list[HistoryLine]:
    """Delivered lines by their day of order; the same seed makes the same lines."""
    made = _Maker(random.Random(seed))
    days = sorted(made.chance.randrange(DAYS) for _ in range(count))
    return [made.line(number, FIRST_DAY + dt.timedelta(day)) for number, day in enumerate(days, start=1)]


class _Maker:
    """What is fixed about the vendors, places and items, and the chance that draws each line."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._items = [
            (category, f"{item} {brand}", brand, round(chance.lognormvariate(2.0, 1.0), 2))
            for category, items in CATEGORIES.items()
            for item in items
            for brand in BRANDS
        ]
        categories = list(CATEGORIES)
        self._sells = {vendor: categories[vendor % len(categories)] for vendor in range(VENDORS)}
        self._lateness = [chance.gauss(-2.2, 0.9) for _ in range(VENDORS)]
        self._drift = [chance.choice((-1.2, 0.0, 0.0, 1.6)) for _ in range(VENDORS)]
        self._place_lateness = {place: chance.gauss(0.0, 0.6) for place in PLACES}
        self._lead_days = [chance.randint(8, 40) for _ in range(VENDORS)]
        self._favourite = {
            (item, place): self._preferred(category)
            for category, item, _, _ in self._items
            for place in PLACES
        }

    def _preferred(self, category: str) -> list[int]:
        sellers = [vendor for vendor, sold in self._sells.items() if sold == category]
        return self.chance.sample(sellers, 3)

    def line(self, number: int, ordered: dt.date) -> HistoryLine:
        category, item, brand, price = self.chance.choice(self._items)
        place = self.chance.choice(PLACES)
        vendor = self.chance.choices(self._favourite[item, place], (6, 2, 1))[0]
        quantity = max(1, round(self.chance.lognormvariate(3.0, 0.7)))
        unit_price = round(price * self.chance.lognormvariate(0.0, 0.03), 2)
        promised = ordered + dt.timedelta(max(2, round(self.chance.gauss(self._lead_days[vendor], 4))))
        delivered = promised + dt.timedelta(self._days_late(vendor, place, ordered))
        return HistoryLine(
            id=number,
            order=f"PO-{number // 2}",
            quote=f"Q-{number // 2}",
            place=place,
            vendor=f"Vendor {vendor:02}",
            direct=True,
            group=category,
            category=category,
            item=item,
            molecule=item.removesuffix(f" {brand}"),
            brand=brand,
            dosage="",
            form="",
            pack=1,
            mode="Truck",
            terms="DAP",
            site="",
            quantity=quantity,
            value=round(quantity * unit_price, 2),
            pack_price=unit_price,
            unit_price=unit_price,
            quoted_on=ordered - dt.timedelta(self.chance.randint(2, 12)),
            ordered_on=ordered,
            promised_on=promised,
            delivered_on=delivered,
            recorded_on=delivered,
        )

    def _days_late(self, vendor: int, place: str, ordered: dt.date) -> int:
        """Above zero when late; a vendor's lateness changes over the years, and a place has its own."""
        share = (ordered - FIRST_DAY).days / DAYS
        logit = self._lateness[vendor] + self._drift[vendor] * (share - 0.4) * 2 + self._place_lateness[place]
        if self.chance.random() < 1 / (1 + math.exp(-logit)):
            return 1 + round(self.chance.expovariate(1 / 8))
        return -round(self.chance.expovariate(1 / 3))
