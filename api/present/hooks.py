"""n8n's call-backs: wire to command, and what became of them."""

from collections.abc import Callable
from uuid import UUID

from api.contract.operations import AcceptedOut, NoticesIn
from core.approvals.model import Approval
from core.automations.routing import RouteByFlow
from core.db.idempotency import StoredAnswer
from core.kernel.errors import invalid
from core.notifications.service import SendNotices, Taken


def notices(body: NoticesIn) -> SendNotices:
    """One text per person: their own, else the one for all; the title stands above what does not name it."""
    texts: dict[UUID, str] = {}
    for index, recipient in enumerate(body.recipients):
        words = recipient.text or body.text
        if not words:
            field = f"/recipients/{index}/text"
            raise invalid(field, "text.empty", "must not be empty", "Acme has sent a quote.")
        named = body.title and body.title not in words
        texts[recipient.person_id] = f"{body.title}\n{words}" if named else words
    return SendNotices(body.event_id, body.kind, texts, body.execution_id)


def taken(of: Taken) -> StoredAnswer:
    """202 when somebody will be told because of this call, 200 when all were told already."""
    answer = AcceptedOut(accepted=of.accepted, known=of.known)
    return StoredAnswer(202 if of.accepted else 200, answer.model_dump_json())


def reported(fresh: bool) -> StoredAnswer:
    answer = AcceptedOut(accepted=int(fresh), known=int(not fresh))
    return StoredAnswer(202 if fresh else 200, answer.model_dump_json())


def routed(command: RouteByFlow) -> Callable[[Approval], AcceptedOut]:
    """Whether the person named is the one who is asked first now."""

    def present(of: Approval) -> AcceptedOut:
        first = any(step.asked_first == command.ask_first for step in of.steps)
        return AcceptedOut(accepted=int(first), known=int(not first), detail=of.state.value)

    return present
