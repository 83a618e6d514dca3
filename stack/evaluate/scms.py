"""Purchase lines with their dates, as every evaluation reads them; and the file of real ones.

One rule: whatever is known on a day is asked of ``known_by``, so nothing sees the future.

The file is a health-supply programme's delivery history, 2006 to 2015; without it, ``synthetic.py`` makes lines of the
same shape.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SCMS_FILE = "scms_delivery_history.csv"
FROM_WAREHOUSE = "From RDC"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One delivered order line. ``direct``: the vendor delivered it, not a warehouse of the buyer's own.

    ``quoted_on`` and ``ordered_on`` are None where they were not recorded.
    """

    id: int
    order: str
    quote: str
    place: str
    vendor: str
    direct: bool
    group: str
    category: str
    item: str
    molecule: str
    brand: str
    dosage: str
    form: str
    pack: int
    mode: str
    terms: str
    site: str
    quantity: int
    value: float
    pack_price: float
    unit_price: float
    quoted_on: dt.date | None
    ordered_on: dt.date | None
    promised_on: dt.date
    delivered_on: dt.date
    recorded_on: dt.date

    @property
    def late(self) -> bool:
        return self.delivered_on > self.promised_on


def read_scms(folder: Path) -> list[HistoryLine]:
    """The real lines, in the order of the file."""
    with (folder / SCMS_FILE).open(encoding="utf-8", newline="") as file:
        return [_line(row) for row in csv.DictReader(file)]


def known_by(lines: Iterable[HistoryLine], day: dt.date) -> list[HistoryLine]:
    """The lines that had been delivered by the end of this day: all that anybody could have learned from."""
    return [line for line in lines if line.delivered_on <= day]


def _line(row: dict[str, str]) -> HistoryLine:
    return HistoryLine(
        id=int(row["ID"]),
        order=row["PO / SO #"],
        quote=row["PQ #"],
        place=row["Country"],
        vendor=row["Vendor"],
        direct=row["Fulfill Via"] != FROM_WAREHOUSE,
        group=row["Product Group"],
        category=row["Sub Classification"],
        item=row["Item Description"],
        molecule=row["Molecule/Test Type"],
        brand=row["Brand"],
        dosage=row["Dosage"],
        form=row["Dosage Form"],
        pack=int(row["Unit of Measure (Per Pack)"]),
        mode=row["Shipment Mode"],
        terms=row["Vendor INCO Term"],
        site=row["Manufacturing Site"],
        quantity=int(row["Line Item Quantity"]),
        value=float(row["Line Item Value"]),
        pack_price=float(row["Pack Price"]),
        unit_price=float(row["Unit Price"]),
        quoted_on=_day(row["PQ First Sent to Client Date"]),
        ordered_on=_day(row["PO Sent to Vendor Date"]),
        promised_on=dt.date.fromisoformat(row["Scheduled Delivery Date"]),
        delivered_on=dt.date.fromisoformat(row["Delivered to Client Date"]),
        recorded_on=dt.date.fromisoformat(row["Delivery Recorded Date"]),
    )


def _day(text: str) -> dt.date | None:
    """A day, or None for words such as "Date Not Captured"."""
    return dt.date.fromisoformat(text) if text[:1].isdigit() else None
