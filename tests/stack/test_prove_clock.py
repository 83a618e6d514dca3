"""The process of a proof whose clock is wrong."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAY = 86_400


@pytest.mark.parametrize("days", [800, -800])
def test_it_goes_by_the_wrong_clock(days: int) -> None:
    """The module calendar prints the year in which it believes to be."""
    words = (sys.executable, "-m", "stack.prove.skewed_process", str(days * DAY), "calendar")
    output = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    expected = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)  # noqa: TID251 the clock that is right
    assert output.split()[0] == str(expected.year)
