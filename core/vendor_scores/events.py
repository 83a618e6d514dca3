"""What happens with vendors' scores."""

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.subjects import SubjectKind
from core.log.events import Event


@dataclass(frozen=True, kw_only=True)
class VendorScoringBegun(Event):
    """A run was begun; ``subject_id`` is its id, and a worker carries it out."""

    type: ClassVar[str] = "vendors.scoring_begun"
    subject_kind: ClassVar[str] = SubjectKind.organisation
