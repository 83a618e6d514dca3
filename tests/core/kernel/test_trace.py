"""A caller's trace goes on; what is no trace begins a new one."""

import re

import pytest

from core.kernel.trace import continued

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_trace_goes_on_with_a_span_of_our_own() -> None:
    version, trace, span, flags = continued(f"00-{TRACE}-{SPAN}-01").split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != SPAN
    assert re.fullmatch("[0-9a-f]{16}", span)


def test_a_later_version_is_read_as_far_as_the_standard_goes() -> None:
    assert continued(f"cc-{TRACE}-{SPAN}-ff-what-comes-later").startswith(f"00-{TRACE}-")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        TRACE,
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
        f"cc-{TRACE}-{SPAN}-01-{'x' * 600}",
        "'; DROP TABLE audit_events; --",
    ],
)
def test_anything_else_begins_a_new_trace(header: str | None) -> None:
    made = continued(header)
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-00", made)
    assert TRACE not in made
