"""A file of a request."""

from dataclasses import dataclass

from core.documents.model import Document


@dataclass(frozen=True)
class RequestFile:
    """``inside``: for those who decide; the others may go to vendors when the officer wishes it."""

    document: Document
    inside: bool
