"""The use cases of a procurement request."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.duplicates import repo as duplicates
from core.duplicates.policy import accepted
from core.kernel.errors import Invalid, Stale, invalid
from core.kernel.ids import RequestId, RequestLineId, new_id
from core.kernel.needed_days import check_needed_by
from core.people import directory
from core.proxies import service as proxies
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
from core.requests.errors import NotRequestOwner
from core.requests.events import (
    RequestCancelled,
    RequestCreated,
    RequestEdited,
    RequestEntered,
    RequestEvent,
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
    if command.needed_by is not None or command.submit or command.copied_from is None:
        check_needed_by(command.needed_by, uow.now.date())
    policy.check_quantities(command.lines)
    total = policy.estimate(command.lines, command.currency)
    author = person_of(actor)
    requester = command.on_behalf_of or author
    if requester != author:
        await proxies.check(uow, actor, requester)
    prepared = await repo.prepare(uow, requester, command)
    if prepared is None:
        raise await _unknown_cost_centre(uow, command.cost_centre)
    resembles = accepted(prepared.earlier, accept=command.accept_duplicate)
    request = Request(
        id=RequestId(new_id()),
        number=prepared.number,
        state=RequestState.draft,
        version=1,
        requested_by=requester,
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
        entered_by=author if requester != author else None,
        resembles=resembles,
    )
    if command.submit:
        request = replace(request, state=after(request.state, RequestVerb.submit))
    await repo.add(uow, request)
    await uow.record(_created(request, command.copied_from))
    if request.entered_by is not None:
        entered = request_event(RequestEntered, request, on_behalf_of=requester, entered_by=author)
        await uow.record(entered)
    if command.submit:
        await uow.record(_submitted(actor, request))
    actions = actions_of(actor, request, Progress(), uow.now.date())
    names = prepared.requested_by_name, prepared.cost_centre_name
    return RequestDetails(request, *names, actions, actor.name if request.entered_by else None)


@requires(Permission.requests_create)
async def edit(uow: Uow, actor: Actor, command: EditRequest) -> RequestDetails:
    """Change a draft, and submit it if wanted; a submitted request cannot be edited."""
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    policy.check_may_edit(actor, before)
    if command.needed_by is not None:
        check_needed_by(command.needed_by, uow.now.date())
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
    edited = await repo.swap(uow, before, changed)
    if command.lines is not None:
        await repo.replace_lines(uow, edited)
    await uow.record(request_event(RequestEdited, edited, changed=tuple(sorted(changes))))
    if command.submit:
        return await submit(uow, actor, SubmitRequest(edited.id, edited.version, command.accept_duplicate))
    return await _details(uow, actor, edited)


@requires(Permission.requests_create)
async def submit(uow: Uow, actor: Actor, command: SubmitRequest) -> RequestDetails:
    """Submit a draft to procurement; to correct it afterwards, the requester takes it back."""
    before, earlier = await repo.to_submit(uow, actor, command.request_id)
    await _check_author(uow, actor, before, command.expected_version)
    state = policy.check_may_submit(actor, before, uow.now.date())
    resembles = accepted(earlier, accept=command.accept_duplicate)
    submitted = await repo.swap(uow, before, replace(before, state=state, resembles=resembles))
    await duplicates.ask(uow, submitted.id)
    await uow.record(_submitted(actor, submitted))
    return await _details(uow, actor, submitted)


@requires(Permission.requests_create)
async def take_back(uow: Uow, actor: Actor, command: TakeBackRequest) -> RequestDetails:
    """Make a submitted request a draft again, so that it can be corrected, if no vendor was asked yet."""
    await uow.lock_purchase(command.request_id)
    before = await _own_request(uow, actor, command.request_id, command.expected_version)
    state = policy.check_may_take_back(actor, before)
    draft = await repo.swap(uow, before, replace(before, state=state, resembles=()))
    await uow.record(request_event(RequestTakenBack, draft))
    return await _details(uow, actor, draft)


@requires(Permission.requests_withdraw)
async def withdraw(uow: Uow, actor: Actor, command: WithdrawRequest) -> RequestDetails:
    """The requester withdraws the request, if nobody has approved it yet."""
    await uow.lock_purchase(command.request_id)
    before = await _own_request(uow, actor, command.request_id, command.expected_version, entered=False)
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
    uow: Uow, actor: Actor, request_id: RequestId, expected_version: int | None, *, entered: bool = True
) -> Request:
    request = await repo.visible_to(uow, actor, request_id)
    await _check_author(uow, actor, request, expected_version, entered=entered)
    return request


async def _check_author(
    uow: Uow, actor: Actor, request: Request, expected_version: int | None, *, entered: bool = True
) -> None:
    """The requester, or who ``entered`` it where that is enough."""
    if not (actor.is_person(request.requested_by) or (entered and actor.is_person(request.entered_by))):
        raise NotRequestOwner(request.number, (await repo.details(uow, request)).requested_by_name)
    _check_version(request, expected_version)


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


def _submitted(actor: Actor, request: Request) -> RequestEvent:
    behalf = None if actor.is_person(request.requested_by) else request.requested_by
    return request_event(RequestSubmitted, request, on_behalf_of=behalf, resembles=request.resembles)


def _created(request: Request, copied_from: str | None) -> RequestCreated:
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
        copied_from=copied_from,
        on_behalf_of=request.requested_by if request.entered_by else None,
    )
