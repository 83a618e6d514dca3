"""A file with its content, on its way from a chat to the API or from the API into a chat."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """``media_type`` as whoever gave it says; the API tells the kind by the content."""

    name: str
    content: bytes
    media_type: str
