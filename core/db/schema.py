"""Every table of the core in one MetaData, for migrations and for the test that models match the head.

One rule: a slice's tables are found by their file, ``core/<slice>/tables.py``, and not listed anywhere.
"""

from core.db import attempts, counters, idempotency
from core.db.base import metadata
from core.slice_files import modules_of_slices

SLICES = (idempotency, counters, attempts, *modules_of_slices("tables"))

__all__ = ["SLICES", "metadata"]
