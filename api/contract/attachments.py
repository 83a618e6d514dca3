"""The files of a request, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.quotes import DocumentOut
from api.contract.values import Flag, InputModel, OutputModel

MAX_ATTACHED = 20
"""Files in one call."""


class AttachIn(InputModel):
    """``inside``: for those who decide; such a file never goes to a vendor."""

    document_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MAX_ATTACHED)]
    inside: Flag = False


class RequestFileOut(DocumentOut):
    """A file that is not ``inside`` may be chosen for an RFQ (``files``)."""

    inside: bool


class RequestFilesOut(OutputModel):
    items: tuple[RequestFileOut, ...]
