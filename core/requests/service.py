"""The use cases of a procurement request."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import Invalid, NotFound, Stale, invalid
from core.kernel.ids import RequestId, RequestLineId, new_id
from core.people import directory
from core.requests import policy, repo
from core.requests.actions import actions_of
from core.requests.commands import (
    CancelRequest,
    CreateRequest,
    EditRequest,
    RequestLineDraft,
    SubmitRequest,
    TakeBackRequest,
    WithdrawRequest,
)
from core.requests.events import (
    RequestCancelled,
    RequestCreated,
    RequestEdited,
    RequestSubmitted,
    RequestTakenBack,
    RequestWithdrawn,
    request_event,
)
from core.requests.model import Progress, Request, RequestDetails, RequestLine
from core.requests.states import RequestState, RequestVerb, after
from core.uow import Uow


@requires(Permission.requests_create)
async def create(uow: Uow, actor: Actor, command: CreateRequest) -> RequestDetails:
    """Create a request as a draft or submitted. Refuses unknown cost centres and past days."""
    policy.check_needed_by(command.needed_by, uow.now.date())
    policy.check_quantities(command.lines)
    total = policy.estimate(command.lines, command.currency)
    if actor.person_id is None:
        raise NotFound(what="person")
    prepared = await repo.prepare(uow, actor.person_id, command.cost_centre)
    if prepared is None:
        raise await _unknown_cost_centre(uow, command.cost_centre)
    request = Request(
        id=RequestId(new_id()),
        number=prepared.number,
        state=RequestState.draft,
        version=1,
        requested_by=actor.person_id,
        cost_centre=command.cost_centre,
        currency=command.currency,
        needed_by=command.needed_by,
        note=command.note,
        total_estimate=total,
        reason=None,
        rfq_id=None,
        approval_id=None,
        order_id=None,
        created_at=uow.now,
        updated_at=uow.now,
        lines=_lines(command.lines),
    )
    if command.submit:
        request = replace(request, state=after(request.state, RequestVerb.submit))
    await repo.add(uow, request)
    await uow.record(_created(request))
    if command.submit:
        await uow.record(request_event(RequestSubmitted, request))
    actions = actions_of(actor, request, Progress(), uow.now.date())
    return RequestDetails(request, prepared.requested_by_name, prepared.cost_centre_name, actions)


@requires(Permission.requests_create)
async def edit(uow: Uow, actor: Actor, command: EditRequest) -> RequestDetails:
    """Change a draft, and submit it if wanted; a submitted request cannot be edited."""
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    policy.check_may_edit(actor, before)
    if command.needed_by is not None:
        policy.check_needed_by(command.needed_by, uow.now.date())
    if command.cost_centre is not None:
        await _check_cost_centre(uow, command.cost_centre)
    changes: dict[str, object] = {
        name: value
        for name in ("currency", "needed_by", "cost_centre", "note")
        if (value := getattr(command, name)) is not None
    }
    changed = replace(before, **changes)  # type: ignore[arg-type]
    if command.lines is not None:
        policy.check_quantities(command.lines)
        changed = replace(changed, lines=_lines(command.lines))
        changes["lines"] = command.lines
    drafts = tuple(
        RequestLineDraft(line.description, line.quantity, line.unit, line.estimated_unit_price)
        for line in changed.lines
    )
    changed = replace(changed, total_estimate=policy.estimate(drafts, changed.currency))
    if command.submit:
        changed = replace(changed, state=policy.check_may_submit(actor, changed, uow.now.date()))
    edited = await repo.swap(uow, before, changed)
    if command.lines is not None:
        await repo.replace_lines(uow, edited)
    await uow.record(request_event(RequestEdited, edited, changed=tuple(sorted(changes))))
    if command.submit:
        await uow.record(request_event(RequestSubmitted, edited))
    return await _details(uow, actor, edited)


@requires(Permission.requests_create)
async def submit(uow: Uow, actor: Actor, command: SubmitRequest) -> RequestDetails:
    """Submit a draft to procurement; to correct it afterwards, the requester takes it back."""
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    state = policy.check_may_submit(actor, before, uow.now.date())
    submitted = await repo.swap(uow, before, replace(before, state=state))
    await uow.record(request_event(RequestSubmitted, submitted))
    return await _details(uow, actor, submitted)


@requires(Permission.requests_create)
async def take_back(uow: Uow, actor: Actor, command: TakeBackRequest) -> RequestDetails:
    """Make a submitted request a draft again, so that it can be corrected, if no vendor was asked yet."""
    await uow.lock_purchase(command.request_id)
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    draft = await repo.swap(uow, before, replace(before, state=policy.check_may_take_back(actor, before)))
    await uow.record(request_event(RequestTakenBack, draft))
    return await _details(uow, actor, draft)


@requires(Permission.requests_withdraw)
async def withdraw(uow: Uow, actor: Actor, command: WithdrawRequest) -> RequestDetails:
    """The requester withdraws the request, if nobody has approved it yet."""
    await uow.lock_purchase(command.request_id)
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    state = policy.check_may_withdraw(actor, before)
    withdrawn = await repo.swap(uow, before, replace(before, state=state, reason=command.reason))
    await uow.record(request_event(RequestWithdrawn, withdrawn, reason=command.reason))
    return await _details(uow, actor, withdrawn)


@requires(Permission.requests_cancel)
async def cancel(uow: Uow, actor: Actor, command: CancelRequest) -> RequestDetails:
    """An officer or administrator cancels the purchase, until the vendor has acknowledged the order."""
    await uow.lock_purchase(command.request_id)
    before = await repo.visible_to(uow, actor, command.request_id)
    _check_version(before, command.expected_version)
    # Whether its order is final, the order itself says: its reaction refuses.
    state = policy.check_may_cancel(before, Progress())
    cancelled = await repo.swap(uow, before, replace(before, state=state, reason=command.reason))
    await uow.record(request_event(RequestCancelled, cancelled, reason=command.reason))
    return await _details(uow, actor, cancelled)


async def _details(uow: Uow, actor: Actor, request: Request) -> RequestDetails:
    """The request as its own use cases leave it: not sourced yet, or ended."""
    found = await repo.details(uow, request)
    return replace(found, actions=actions_of(actor, request, Progress(), uow.now.date()))


async def _own_request(
    uow: Uow, actor: Actor, request_id: RequestId, expected_version: int | None
) -> Request:
    request = await repo.visible_to(uow, actor, request_id)
    if not actor.is_person(request.requested_by):
        policy.check_owner(actor, request, (await repo.details(uow, request)).requested_by_name)
    _check_version(request, expected_version)
    return request


def _check_version(request: Request, expected: int | None) -> None:
    if expected is not None and expected != request.version:
        raise Stale(what="request", expected=expected, current=request.version)


async def _check_cost_centre(uow: Uow, code: str) -> None:
    if await directory.cost_centre(uow.connection, code) is None:
        raise await _unknown_cost_centre(uow, code)


async def _unknown_cost_centre(uow: Uow, code: str) -> Invalid:
    known = await directory.cost_centre_codes(uow.connection)
    return invalid(
        "/cost_centre", "cost_centre.unknown", f"there is no cost centre {code}", ", ".join(known[:5])
    )


def _lines(drafts: tuple[RequestLineDraft, ...]) -> tuple[RequestLine, ...]:
    return tuple(
        RequestLine(
            RequestLineId(new_id()),
            position,
            draft.description,
            draft.quantity,
            draft.unit,
            draft.estimated_unit_price,
        )
        for position, draft in enumerate(drafts, start=1)
    )


def _created(request: Request) -> RequestCreated:
    return RequestCreated(
        subject_id=request.id,
        subject_version=request.version,
        request_id=request.id,
        number=request.number,
        state=RequestState.draft.value,
        cost_centre=request.cost_centre,
        currency=request.currency,
        needed_by=request.needed_by,
        lines=request.lines,
    )
