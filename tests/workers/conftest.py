"""What every test of workers stands in."""

import pytest

from api import logging


@pytest.fixture(autouse=True)
def configure_logging() -> None:
    """A failure in one line, not in a page of everybody's locals."""
    logging.set_up()
