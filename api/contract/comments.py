"""Comments on the wire: what people say about a request."""

from uuid import UUID

from api.contract.values import Comment, Given, Moment, Taken


class CommentIn(Taken):
    text: Comment


class CommentOut(Given):
    """Written once: a comment is never changed, and never taken back."""

    id: UUID
    request_id: UUID
    author: UUID
    author_name: str
    text: str
    made_at: Moment
