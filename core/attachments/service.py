"""The use case of a request's files: attach some.

One rule: a file goes to vendors only when an officer chooses it for an RFQ, and never when it is for those who decide.
"""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.attachments import repo
from core.attachments.commands import AttachFiles
from core.attachments.events import RequestFilesAttached
from core.attachments.model import RequestFile
from core.documents import service as documents
from core.documents.policy import INSIDE, RELEASED
from core.requests import repo as requests
from core.uow import Uow


@requires(Permission.requests_comment)
async def attach(uow: Uow, actor: Actor, command: AttachFiles) -> tuple[RequestFile, ...]:
    """Attach one's own uploads to a visible request, in any state; all of its files that one may read."""
    request = await requests.visible_to(uow, actor, command.request_id)
    kind = INSIDE if command.inside else RELEASED
    await documents.attach(uow, actor, command.document_ids, request.id, kind)
    await uow.record(
        RequestFilesAttached(
            subject_id=request.id,
            subject_version=request.version,
            request_id=request.id,
            number=request.number,
            state=request.state.value,
            documents=command.document_ids,
            inside=command.inside,
        )
    )
    return await repo.files_of(uow, actor, request.id)
