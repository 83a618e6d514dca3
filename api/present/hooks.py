"""Converts n8n's call-backs from wire to command, and their results back."""

from collections.abc import Callable
from uuid import UUID

from api.contract.operations import AcceptedOut, NoticesIn
from core.approvals.model import Approval
from core.automations.flow_routing import RouteByFlow
from core.db.idempotency import StoredResponse
from core.kernel.errors import invalid
from core.notifications.service import NoticesResult, SendNotices


def notices(body: NoticesIn) -> SendNotices:
    """One text per person: their own, or the one for all; the title precedes a text that does not contain it."""
    texts: dict[UUID, str] = {}
    for index, recipient in enumerate(body.recipients):
        text = recipient.text or body.text
        if not text:
            field = f"/recipients/{index}/text"
            raise invalid(field, "text.empty", "must not be empty", "Acme has sent a quote.")
        named = body.title and body.title not in text
        texts[recipient.person_id] = f"{body.title}\n{text}" if named else text
    return SendNotices(body.event_id, body.kind, texts, body.execution_id)


def notices_accepted(source: NoticesResult) -> StoredResponse:
    """202 when somebody will be notified because of this call, 200 when all had been notified before."""
    answer = AcceptedOut(accepted=source.accepted, known=source.known)
    return StoredResponse(202 if source.accepted else 200, answer.model_dump_json())


def flow_reported(is_new: bool) -> StoredResponse:
    answer = AcceptedOut(accepted=int(is_new), known=int(not is_new))
    return StoredResponse(202 if is_new else 200, answer.model_dump_json())


def approval_routed(command: RouteByFlow) -> Callable[[Approval], AcceptedOut]:
    """Whether the person named is the one who is asked first now."""

    def present(source: Approval) -> AcceptedOut:
        first = any(step.asked_first == command.ask_first for step in source.steps)
        return AcceptedOut(accepted=int(first), known=int(not first), detail=source.state.value)

    return present
