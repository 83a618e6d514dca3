"""Printed quotes that nobody wrote by hand: no price that is offered is wrong, and what is not offered is named."""

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from api.quote_files.one_file import read
from api.quote_files.placing import place
from tests.api.quote_files.pdf_layouts import asked, pdf

ITEMS = (
    "Laptop 14 inch",
    "HDMI cable 2 m",
    "Desk 160 x 80 cm",
    "Paper A4 80 g 500 sheets",
    "Screw M6x20",
    "Toner 59X",
)
HEADS = {"pos": "Pos", "item": "Description", "quantity": "Qty", "price": "Unit price", "amount": "Amount"}
STYLES = (",.", ".,", " ,", "'.")
"""The sign between thousands, and the one before cents."""
PER_SEED = 6


def written(value: Decimal, style: str) -> str:
    return f"{value:,.2f}".replace(",", "|").replace(".", style[1]).replace("|", style[0])


def source(
    chance: random.Random, items: Sequence[str], quantities: Sequence[int], prices: Sequence[Decimal]
) -> tuple[str, bool]:
    """A table with its columns and its numbers in any style; whether its sum is printed and none of its rows lost."""
    style, columns = chance.choice(STYLES), list(HEADS)
    if chance.random() < 0.3:
        chance.shuffle(columns)
    cells = [HEADS[each] for each in columns] if chance.random() < 0.6 else []
    total = Decimal(0)
    rows = list(zip(items, quantities, prices, strict=True))
    for n, (item, quantity, price) in enumerate(rows, start=1):
        total += quantity * price
        says = {"pos": str(n), "item": item, "quantity": str(quantity)}
        says |= {"price": written(price, style), "amount": written(quantity * price, style)}
        cells += [says[each] for each in columns]
    is_short = len(rows) > 1 and chance.random() < 0.15
    table = ", ".join(f"[{cell}]" for cell in (cells[: -len(columns)] if is_short else cells))
    vat = (total * Decimal("0.19")).quantize(Decimal("0.01"))
    foot, has_sum = chance.choice(
        [
            (f"Total {written(total, style)}", True),
            (f"Subtotal {written(total, style)} \\ VAT 19 % {written(vat, style)}", True),
            (f"Shipping 45 \\ Total {written(total + 45, style)}", True),
            ("Prices are net.", False),
        ]
    )
    return (
        f"= Offer 77\n#table(columns: 5, align: right, {table})\n#align(right)[{foot}]",
        has_sum and not is_short,
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_generated_quote_is_read_rightly_or_its_gap_is_named(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(PER_SEED):
        items = chance.sample(ITEMS, chance.randint(1, len(ITEMS)))
        quantities = [chance.choice((1, 2, 3, 5, 10, 12, 25, 100, 250)) for _ in items]
        prices = [
            Decimal(chance.choice((chance.randint(1, 99) * 100, chance.randint(100, 200_000)))) / 100
            for _ in items
        ]
        printed, is_whole = source(chance, items, quantities, prices)
        lines = asked(*((item, str(many)) for item, many in zip(items, quantities, strict=True)))
        found = place(read("pdf", pdf(printed)), lines, "EUR")
        wanted = dict(zip((line.id for line in lines), prices, strict=True))
        offered = {line.line_id: line.unit_price for line in found.lines if line.unit_price is not None}
        assert offered.items() <= wanted.items(), printed
        assert offered == wanted if is_whole else found.gaps, printed
