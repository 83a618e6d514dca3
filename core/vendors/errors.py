"""Refusals of the vendors slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class VendorExists(Conflict):
    """There is already a vendor with this name."""

    name: str
    code: ClassVar[str] = "vendors.exists"
