"""Pure rules of a copy: what of a request holds for the next one."""

import datetime as dt
from dataclasses import replace

from core.requests.commands import CreateRequest, RequestLineDraft
from core.requests.model import Request


def copied(request: Request, today: dt.date) -> CreateRequest:
    """The same lines, currency, cost centre and note as a draft of one's own; a day that is past is left open."""
    past = request.needed_by is None or request.needed_by < today
    return CreateRequest(
        lines=tuple(
            RequestLineDraft(line.description, line.quantity, line.unit, line.estimated_unit_price)
            for line in request.lines
        ),
        currency=request.currency,
        needed_by=None if past else request.needed_by,
        cost_centre=request.cost_centre,
        note=request.note,
        submit=False,
        copied_from=request.number,
    )


def with_given(copy: CreateRequest, needed_by: dt.date | None, cost_centre: str | None) -> CreateRequest:
    """What was said about the copy wins over what the original says."""
    return replace(copy, needed_by=needed_by or copy.needed_by, cost_centre=cost_centre or copy.cost_centre)
