"""Vendors on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.values import Currency, InputModel, Line, OutputModel, Word


class ContactIn(InputModel):
    name: Line
    email: Annotated[str, Field(max_length=254, examples=["sales@vendor.example"])]
    locale: Annotated[str, Field(max_length=20)] = ""


class VendorIn(InputModel):
    name: Line
    category: Annotated[Word, Field(examples=["IT hardware"])]
    currency: Currency
    country: Annotated[str, Field(min_length=2, max_length=2, examples=["DE"])]
    contact: ContactIn


class ContactOut(OutputModel):
    person_id: UUID
    name: str
    email: str | None
    linked: bool


class VendorOut(OutputModel):
    id: UUID
    name: str
    category: str
    currency: str
    country: str
    state: str
    contacts: tuple[ContactOut, ...] = ()
