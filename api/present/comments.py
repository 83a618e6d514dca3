"""Converts comments from read model to wire."""

from api.contract import comments as wire
from api.contract.values import Listing
from api.present.listing import listing
from core.comments.model import Comment
from core.kernel.pagination import Page


def comment(source: Comment) -> wire.CommentOut:
    return wire.CommentOut(
        id=source.id,
        request_id=source.request_id,
        author=source.author,
        author_name=source.author_name,
        text=source.text,
        made_at=source.made_at,
    )


def comments(page: Page[Comment]) -> Listing[wire.CommentOut]:
    return listing(page, comment, lambda row: row)
