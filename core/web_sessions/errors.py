"""Why a ticket lets nobody in."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.errors import Conflict


@dataclass(eq=False)
class TicketSpent(Conflict):
    """Unknown, used, too old, or of a person whose rights have changed since: the same answer."""

    code: ClassVar[str] = "web_ticket"
