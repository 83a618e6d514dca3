"""The use case of comments: comment on a request."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.comments import repo
from core.comments.commands import AddComment
from core.comments.events import RequestCommented
from core.comments.model import Comment
from core.kernel.errors import NotFound
from core.kernel.ids import CommentId, new_id
from core.requests import repo as requests
from core.uow import Uow


@requires(Permission.requests_comment)
async def add_comment(uow: Uow, actor: Actor, command: AddComment) -> Comment:
    """Comment on a visible request in any state; NotFound for any other request."""
    request = await requests.visible_to(uow, actor, command.request_id)
    if actor.person_id is None:
        raise NotFound(what="person")
    comment = Comment(
        id=CommentId(new_id()),
        request_id=request.id,
        author=actor.person_id,
        author_name=actor.name,
        text=command.text,
        made_at=uow.now,
    )
    await repo.add(uow, comment)
    await uow.record(
        RequestCommented(
            subject_id=request.id,
            subject_version=request.version,
            request_id=request.id,
            number=request.number,
            state=request.state.value,
            comment_id=comment.id,
            text=comment.text,
        )
    )
    return comment
