"""What an officer enters for a vendor, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.quotes import QuoteIn
from api.contract.values import InputModel, Note, OutputModel, Version


class EnterQuoteIn(QuoteIn):
    """``document_ids`` are the evidence: the mail, the PDF, a note of the call."""

    vendor_id: UUID


class EntryOut(OutputModel):
    """An officer may enter this vendor's quote; ``again``: one was entered for it already."""

    vendor_name: str
    again: bool


class EnterAcknowledgementIn(InputModel):
    note: Note = ""
    document_ids: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    expected_version: Version | None = None
