"""Changes of an RFQ after it was sent, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import MAX_LINES, InputModel, Line, Moment, Note, Quantity, Reason, Version, Word


class DeadlineIn(InputModel):
    quote_by: Moment
    expected_version: Version | None = None


class AddVendorsIn(InputModel):
    vendor_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]
    expected_version: Version | None = None


class LineCorrectionIn(InputModel):
    """What is left out stays as it is."""

    rfq_line_id: UUID
    description: Line | None = None
    quantity: Quantity | None = None
    unit: Word | None = None


class CorrectionIn(InputModel):
    """A new version of the RFQ: quotes that are there have to be confirmed or revised."""

    note: Note | None = None
    lines: Annotated[tuple[LineCorrectionIn, ...], Field(max_length=MAX_LINES)] = ()
    document_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    files: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """Those of the request's files that the vendors get as well."""
    expected_version: Version | None = None


class CancelRfqIn(InputModel):
    reason: Reason
    expected_version: Version | None = None


class ConfirmIn(InputModel):
    expected_version: Version | None = None
