"""Converts split awards between rows and models.

One rule: only this module knows how the columns are laid out.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.db.connection import Row
from core.kernel.ids import PersonId, RequestId, RfqId, RfqLineId, SplitAwardId
from core.split_awards.model import SplitAward


def award_columns(award: SplitAward) -> dict[str, Any]:
    return {
        "id": award.id,
        "rfq_id": award.rfq_id,
        "request_id": award.request_id,
        "currency": award.currency,
        "total": award.total,
        "reason": award.reason,
        "proposed_by": award.proposed_by,
        "created_at": award.created_at,
    }


def line_columns(award: SplitAward) -> list[dict[str, Any]]:
    return [
        {
            "split_award_id": award.id,
            "rfq_line_id": line_id,
            "quote_id": quote_id,
            "alternative": line_id in award.alternatives,
        }
        for line_id, quote_id in award.lines.items()
    ]


def awards_of(found: Iterable[Row]) -> list[SplitAward]:
    """Split awards from rows that each have the award and one of its lines; in the order of the rows."""
    lines: dict[UUID, dict[RfqLineId, UUID | None]] = {}
    others: dict[UUID, set[RfqLineId]] = {}
    heads: dict[UUID, Row] = {}
    for row in found:
        heads.setdefault(row.id, row)
        lines.setdefault(row.id, {})[RfqLineId(row.rfq_line_id)] = row.quote_id
        if row.alternative:
            others.setdefault(row.id, set()).add(RfqLineId(row.rfq_line_id))
    return [_award(row, lines[row.id], frozenset(others.get(row.id, ()))) for row in heads.values()]


def _award(row: Row, lines: dict[RfqLineId, UUID | None], alternatives: frozenset[RfqLineId]) -> SplitAward:
    return SplitAward(
        id=SplitAwardId(row.id),
        rfq_id=RfqId(row.rfq_id),
        request_id=RequestId(row.request_id),
        currency=row.currency,
        total=row.total,
        reason=row.reason,
        proposed_by=PersonId(row.proposed_by),
        created_at=row.created_at,
        lines=lines,
        alternatives=alternatives,
    )
