"""Procurement requests."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import requests as wire
from api.present import requests as present
from api.present import split_awards as split_awards_present
from api.server import parsing
from api.server.deps.call import CallDep
from api.server.parsing import FreeText
from api.server.routes.serve import narrowed, serve
from core.copies import queries as copy_queries
from core.copies import service as copies
from core.copies.commands import CopyRequest
from core.kernel.ids import PersonId, RequestId, RequestLineId
from core.proxies import queries as proxies
from core.proxies.commands import FindColleagues
from core.purchases import request_queries as queries
from core.rejections import service as rejections
from core.rejections.commands import RejectRequest
from core.removals import service as removals
from core.removals.commands import DropLines
from core.requests import service
from core.requests.commands import (
    CancelRequest,
    CreateRequest,
    EditRequest,
    RequestLineDraft,
    SubmitRequest,
    TakeBackRequest,
    WithdrawRequest,
)
from core.requests.model import RequestFilter
from core.split_awards import queries as split_awards

router = APIRouter()


def _lines(lines: wire.Lines) -> tuple[RequestLineDraft, ...]:
    return tuple(
        RequestLineDraft(line.description, line.quantity, line.unit, line.estimated_unit_price)
        for line in lines
    )


@serve(router, e.create_request, tag="requests")
async def create(call: CallDep, body: wire.RequestIn) -> Response:
    """Create a request as a draft or submitted."""
    command = CreateRequest(
        _lines(body.lines),
        body.currency,
        body.needed_by,
        body.cost_centre,
        body.note,
        body.submit,
        on_behalf_of=PersonId(body.on_behalf_of) if body.on_behalf_of else None,
        accept_duplicate=body.accept_duplicate,
    )
    return await call.run(service.create, command, present.request, 201)


@serve(router, e.parse_request, tag="requests")
async def parse(call: CallDep, body: wire.ParseRequestIn) -> Response:
    """What a free text would mean; nothing is stored."""
    return await call.read(parsing.request_line, FreeText(body.text, body.locale), wire.ParsedOut.model_copy)


@serve(router, e.list_requests, tag="requests")
async def listing(call: CallDep, query: Annotated[wire.RequestQuery, Query()]) -> Response:
    """The requests that the caller may see, newest first."""
    wanted = RequestFilter(state=query.state, mine=query.mine, **narrowed(query))
    return await call.read(queries.listing, wanted, present.requests)


@serve(router, e.show_request, tag="requests")
async def show(call: CallDep, id: UUID) -> Response:
    """One request."""
    return await call.read(queries.show, RequestId(id), present.request)


@serve(router, e.edit_request, tag="requests")
async def edit(call: CallDep, id: UUID, body: wire.RequestPatch) -> Response:
    """Change a draft, and submit it if wanted."""
    command = EditRequest(
        request_id=RequestId(id),
        lines=_lines(body.lines) if body.lines is not None else None,
        currency=body.currency,
        needed_by=body.needed_by,
        cost_centre=body.cost_centre,
        note=body.note,
        expected_version=body.expected_version,
        submit=body.submit,
        accept_duplicate=body.accept_duplicate,
    )
    return await call.run(service.edit, command, present.request)


@serve(router, e.submit_request, tag="requests")
async def submit(call: CallDep, id: UUID, body: wire.SubmitIn) -> Response:
    """Submit a draft to procurement; to correct it afterwards, take it back."""
    command = SubmitRequest(RequestId(id), body.expected_version, body.accept_duplicate)
    return await call.run(service.submit, command, present.request)


@serve(router, e.take_back_request, tag="requests")
async def take_back(call: CallDep, id: UUID, body: wire.TakeBackIn) -> Response:
    """The requester makes it a draft again to correct it, before vendors are asked."""
    command = TakeBackRequest(RequestId(id), body.expected_version)
    return await call.run(service.take_back, command, present.request)


@serve(router, e.withdraw_request, tag="requests")
async def withdraw(call: CallDep, id: UUID, body: wire.WithdrawIn) -> Response:
    """The requester withdraws the request, before it is approved."""
    command = WithdrawRequest(RequestId(id), body.expected_version, body.reason)
    return await call.run(service.withdraw, command, present.request)


@serve(router, e.reject_request, tag="requests")
async def reject(call: CallDep, id: UUID, body: wire.RejectIn) -> Response:
    """Procurement rejects the request as such, before it is approved; its RFQ is cancelled."""
    command = RejectRequest(RequestId(id), body.expected_version, body.reason)
    return await call.run(rejections.reject, command, present.request)


@serve(router, e.cancel_request, tag="requests")
async def cancel(call: CallDep, id: UUID, body: wire.CancelIn) -> Response:
    """Procurement cancels the purchase, before the vendor has acknowledged the order."""
    command = CancelRequest(RequestId(id), body.expected_version, body.reason)
    return await call.run(service.cancel, command, present.request)


@serve(router, e.drop_lines, tag="requests")
async def drop_lines(call: CallDep, id: UUID, body: wire.DropLinesIn) -> Response:
    """Take single lines out, before vendors are asked; an officer also later, with a correction of the open RFQ."""
    line_ids = tuple(RequestLineId(each) for each in body.line_ids)
    command = DropLines(RequestId(id), line_ids, body.reason, body.expected_version)
    return await call.run(removals.drop_lines, command, present.request)


@serve(router, e.copy_request, tag="requests")
async def copy(call: CallDep, id: UUID, body: wire.CopyIn) -> Response:
    """A draft of one's own with the same lines; a day that is past is left open."""
    command = CopyRequest(RequestId(id), body.needed_by, body.cost_centre)
    return await call.run(copies.copy, command, present.request, 201)


@serve(router, e.preview_copy, tag="requests")
async def preview_copy(call: CallDep, id: UUID) -> Response:
    """What a copy would say; nothing is stored."""
    return await call.read(copy_queries.preview, RequestId(id), present.copy)


@serve(router, e.find_colleagues, tag="requests")
async def colleagues(call: CallDep, query: Annotated[wire.ColleagueQuery, Query()]) -> Response:
    """For whom the caller may ask, by name."""
    return await call.read(proxies.find, FindColleagues(query.q or ""), present.colleagues)


@serve(router, e.timeline, tag="requests")
async def timeline(call: CallDep, id: UUID) -> Response:
    """Everything that happened to this purchase, on every channel."""
    return await call.read(queries.timeline, RequestId(id), present.timeline)


@serve(router, e.comparison, tag="sourcing")
async def comparison(call: CallDep, id: UUID) -> Response:
    """All quotes side by side; sealed while the RFQ is open."""
    return await call.read(split_awards.compare, RequestId(id), split_awards_present.with_splits)
