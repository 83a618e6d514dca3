"""The canonical text is RFC 8785 whatever stands in an event, also where the usual encoder would write it otherwise."""

import datetime as dt

import pytest
import rfc8785

from core.kernel.ids import new_id
from core.log.append import canonical_text

VALUES = (
    "plain",
    'quote " backslash \\ slash / tab \t line \n return \r feed \f back \b bell \x07 delete \x7f',
    "Grüße, 東京, \u2028 and \ufeff",
    "an emoji 🖨 beyond the first plane",
    {"é": 1, "z": 2, "\ufb33": 3, "😀": 4, "a": [None, True, False, "", {}, []]},
    [0, -1, 999_999_999_999_999, 9_007_199_254_740_991],
    [0.1, 1e21, 1e-7, 100.0, -0.0],
    'looks like a number: ":1234567890123456789, 1.5, NaN',
)


@pytest.mark.parametrize("value", VALUES)
def test_text_is_canonical(value: object) -> None:
    assert canonical_text({"data": value}) == rfc8785.dumps({"data": value}).decode()  # type: ignore[dict-item]


def test_ids_and_times_are_strings() -> None:
    made, at = new_id(), dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    expected = f'{{"at":"2026-11-23T08:30:00+00:00","id":"{made}"}}'
    assert canonical_text({"id": made, "at": at}) == expected
