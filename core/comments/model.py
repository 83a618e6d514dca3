"""A comment as the slice's functions pass it around; never a database row."""

import datetime as dt
from dataclasses import dataclass

from core.kernel.ids import CommentId, PersonId, RequestId


@dataclass(frozen=True)
class Comment:
    """What somebody wrote about a request; like the log, it is never changed."""

    id: CommentId
    request_id: RequestId
    author: PersonId
    author_name: str
    text: str
    made_at: dt.datetime
