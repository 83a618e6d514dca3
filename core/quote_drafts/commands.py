"""The command of quote drafts."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel.ids import RfqId


@dataclass(frozen=True)
class SaveQuoteDraft:
    """The fields as they were typed, right or wrong."""

    rfq_id: RfqId
    typed: Mapping[str, str]
