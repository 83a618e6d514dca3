"""Refusals of the duplicates slice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.duplicates.model import EarlierRequest
from core.kernel.errors import Conflict


@dataclass(eq=False)
class ResemblesEarlier(Conflict):
    """Somebody has asked for one of the same things lately; who means it submits it all the same."""

    earlier: tuple[EarlierRequest, ...]
    code: ClassVar[str] = "requests.resembles"

    def facts(self) -> Mapping[str, object]:
        return {"numbers": ", ".join(each.number for each in self.earlier), "earlier": self.earlier}
