"""Comments on requests, on the wire."""

from uuid import UUID

from api.contract.values import Comment, InputModel, Moment, OutputModel


class CommentIn(InputModel):
    text: Comment


class CommentOut(OutputModel):
    """A comment is never changed or deleted."""

    id: UUID
    request_id: UUID
    author: UUID
    author_name: str
    text: str
    made_at: Moment
