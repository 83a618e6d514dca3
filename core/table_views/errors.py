"""Why a view is not saved."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class TooManyViews(Conflict):
    """So many that nobody finds one among them."""

    code: ClassVar[str] = "views.too_many"
    most: int
