"""Pure rules of dropping lines: which ones, and what is left."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from core.kernel.errors import invalid
from core.requests.commands import RequestLineDraft
from core.requests.errors import LastLine
from core.requests.model import Request
from core.requests.policy import estimate


def without(request: Request, line_ids: Sequence[UUID]) -> Request:
    """The request without these lines, with its new estimate; at least one stays."""
    known = {line.id: line for line in request.lines}
    for index, line_id in enumerate(line_ids):
        field = f"/line_ids/{index}"
        if line_id not in known:
            raise invalid(
                field, "line.unknown", f"is not a line of {request.number}", str(request.lines[0].id)
            )
        if line_id in line_ids[:index]:
            raise invalid(field, "line.twice", "this line is named twice", None)
    left = tuple(line for line in request.lines if line.id not in line_ids)
    if not left:
        raise LastLine(number=request.number)
    drafts = [
        RequestLineDraft(line.description, line.quantity, line.unit, line.estimated_unit_price)
        for line in left
    ]
    return replace(request, lines=left, total_estimate=estimate(drafts, request.currency))
