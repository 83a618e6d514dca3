"""Comments on the wire: what people say about a request."""

from uuid import UUID

from api.contract.values import Comment, InputModel, Moment, OutputModel


class CommentIn(InputModel):
    text: Comment


class CommentOut(OutputModel):
    """Written once: a comment is never changed, and never taken back."""

    id: UUID
    request_id: UUID
    author: UUID
    author_name: str
    text: str
    made_at: Moment
