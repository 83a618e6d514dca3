"""A vendor's PDF: every price that it offers is right, or the gap is named and nothing is offered."""

from dataclasses import replace
from decimal import Decimal

import pytest

from api.contract.file_quotes import GapKind
from api.quote_files.one_file import read
from api.quote_files.placing import PlacedFile, place
from tests.api.quote_files.pdf_layouts import LAYOUTS, PdfLayout, asked, pdf

OF_LINES = {GapKind.not_named}
"""Said of each line that the file leaves out."""


def placed(layout: PdfLayout) -> PlacedFile:
    return place(read("pdf", pdf(layout.source)), layout.asked, layout.currency)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_printed_quote_is_read_in_full_or_its_gap_is_named(name: str) -> None:
    layout = LAYOUTS[name]
    found = placed(layout)
    numbers = {line.id: n for n, line in enumerate(layout.asked, start=1)}
    prices = {numbers[line.line_id]: line.unit_price for line in found.lines}
    assert prices == {n: Decimal(price) for n, price in layout.prices.items()}, found.gaps
    named = tuple(gap.kind for gap in found.gaps if gap.kind not in OF_LINES)
    assert named == layout.gaps
    if layout.prices:
        left_out = {str(n) for n in numbers.values() if n not in layout.prices}
        assert {gap.facts["line"] for gap in found.gaps if gap.kind in OF_LINES} == left_out
        assert found.currency == layout.currency
        assert found.shipping == (Decimal(layout.shipping) if layout.shipping else None)
    offered = {numbers[line.line_id]: line.instead for line in found.lines if line.instead is not None}
    assert {n: each.unit_price for n, each in offered.items()} == {
        n: Decimal(price) for n, price in (layout.alternatives or {}).items()
    }


def test_each_row_has_a_box_on_its_page_around_its_price() -> None:
    found = placed(LAYOUTS["two pages with the sum carried over"])
    assert [line.box.page for line in found.lines if line.box] == [1, 1, 2]
    assert len(found.pages) == 2
    for line in found.lines:
        assert line.box is not None
        assert line.price_box is not None
        assert 0 <= line.box.left <= line.price_box.left < line.price_box.right <= line.box.right <= 1
        assert 0 <= line.box.top <= line.price_box.top < line.price_box.bottom <= line.box.bottom <= 1


TABLE = r"""
#table(columns: (auto, 1fr, auto, auto, auto, auto, auto), align: (right, left, right, left, left, right, right),
  [Pos.], [Description], [Qty], [Unit], [Lead time], [Unit price], [Amount],
  [1], [Laptop 14 inch], [3], [%s], [%s], [1,180.00], [3,540.00])
#align(right)[Total 3,540.00]
"""
LAPTOP = [replace(line, unit="pcs") for line in asked(("Laptop 14 inch", "3"))]


@pytest.mark.parametrize(
    ("said", "days"),
    [("14", 14), ("14 days", 14), ("2 weeks", 14), ("2-3 weeks", None), ("3 Werktage", None)],
)
def test_a_printed_lead_time_is_in_days_or_left_open(said: str, days: int | None) -> None:
    found = place(read("pdf", pdf(TABLE % ("pcs", said))), LAPTOP, "EUR")
    assert [(line.unit_price, line.days) for line in found.lines] == [(Decimal(1180), days)], found.gaps


def test_a_printed_price_of_another_unit_is_asked() -> None:
    found = place(read("pdf", pdf(TABLE % ("box", "14"))), LAPTOP, "EUR")
    assert [line.unit_price for line in found.lines] == [None]
    assert [(gap.kind, gap.facts["unit"]) for gap in found.gaps] == [(GapKind.other_unit, "box")]


@pytest.mark.parametrize(
    ("item", "below", "currency"),
    [
        ("BALLPOINT PEN", "TOP QUALITY FOR ALL", "EUR"),
        ("Ballpoint pen", "All prices in USD", "USD"),
        ("Ballpoint pen", "Prices in TRY", "TRY"),
    ],
)
def test_a_currency_is_named_beside_the_rows_and_not_by_an_item(item: str, below: str, currency: str) -> None:
    source = TABLE.replace("Laptop 14 inch", item) % ("pcs", "14") + below
    found = place(read("pdf", pdf(source)), asked(("Ballpoint pen", "3")), "EUR")
    assert ([line.unit_price for line in found.lines], found.currency) == ([Decimal(1180)], currency)


def test_two_hundred_printed_rows_are_read() -> None:
    names = [f"Spare part {n} for a chair" for n in range(1, 201)]
    rows = ", ".join(
        f"[{n}], [{name}], [{n}], [2.50], [{n * 2.5:.2f}]" for n, name in enumerate(names, start=1)
    )
    total = f"{sum(range(1, 201)) * 2.5:.2f}"
    heads = "[Pos.], [Description], [Qty], [Unit price], [Amount]"
    source = f"#table(columns: (auto, 1fr, auto, auto, auto), {heads}, {rows})\nTotal {total}"
    wanted = asked(*((name, str(n)) for n, name in enumerate(names, start=1)))
    found = place(read("pdf", pdf(source)), wanted, "EUR")
    assert [line.unit_price for line in found.lines] == [Decimal("2.5")] * 200, found.gaps
