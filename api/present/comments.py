"""Comments: read model to wire."""

from api.contract import comments as wire
from api.contract.values import Listing
from core.comments.model import Comment
from core.kernel.page import Page


def comment(of: Comment) -> wire.CommentOut:
    return wire.CommentOut(
        id=of.id,
        request_id=of.request_id,
        author=of.author,
        author_name=of.author_name,
        text=of.text,
        made_at=of.made_at,
    )


def comments(page: Page[Comment]) -> Listing[wire.CommentOut]:
    return Listing(items=tuple(comment(item) for item in page.items), next_cursor=page.next_cursor)
