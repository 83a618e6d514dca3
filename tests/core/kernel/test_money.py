"""One rule of rounding: each line is rounded, and a total is the sum of what was rounded."""

from decimal import Decimal

import pytest

from core.kernel.money import line_total, total_of

D = Decimal


@pytest.mark.parametrize(
    ("lines", "currency", "shipping", "total"),
    [
        ([("1", "0.335")] * 3, "USD", "0", "1.02"),
        ([("3", "0.335")], "USD", "0", "1.01"),
        ([("1", "0.005")], "USD", "0.005", "0.02"),
        ([("1", "0.5")] * 2, "JPY", "0", "2"),
        ([("2.5", "0.0001")], "KWD", "0", "0.000"),
        ([("5", "0.0001")], "KWD", "0", "0.001"),
        ([("999999999999.999999", "999999999999.999999")], "USD", "0", "999999999999999998000000.00"),
        ([], "EUR", "12.345", "12.35"),
    ],
)
def test_a_total_is_the_sum_of_rounded_lines_and_the_rounded_shipping(
    lines: list[tuple[str, str]], currency: str, shipping: str, total: str
) -> None:
    priced = [(D(quantity), D(price)) for quantity, price in lines]
    assert total_of(priced, currency, D(shipping)) == D(total)
    assert sum((line_total(*line, currency) for line in priced), total_of([], currency, D(shipping))) == D(
        total
    )


def test_half_a_cent_is_rounded_up_whatever_stands_before_it() -> None:
    assert [line_total(D(1), D(price), "USD") for price in ("0.125", "0.135", "0.145")] == [
        D("0.13"),
        D("0.14"),
        D("0.15"),
    ]
