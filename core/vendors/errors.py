"""Refusals of the vendors slice."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class VendorExists(Conflict):
    """A vendor of this name is there already."""

    name: str
    code: ClassVar[str] = "vendors.exists"
