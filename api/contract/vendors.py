"""Vendors on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.contract.values import (
    Country,
    Currency,
    Day,
    InputModel,
    Line,
    ListQuery,
    OutputModel,
    Reason,
    SearchText,
    Version,
    Word,
)
from core.vendors.states import VendorState as VendorState

HeldFrom = Literal["rfq", "order", "everything"]
Category = Annotated[Word, Field(examples=["IT hardware"])]
VendorName = Annotated[Line, Field(examples=["Alder Computing"])]


class ContactIn(InputModel):
    name: Annotated[Line, Field(examples=["Vera Lind"])]
    email: Annotated[str, Field(max_length=254, examples=["sales@vendor.example"])]
    locale: Annotated[str, Field(max_length=20)] = ""


class VendorIn(InputModel):
    name: VendorName
    category: Category
    currency: Currency
    country: Country
    contact: ContactIn


class VendorPatch(InputModel):
    """A field that is not sent stays as it is."""

    name: VendorName | None = None
    category: Category | None = None
    currency: Currency | None = None
    country: Country | None = None
    expected_version: Version | None = None


class VendorApprovalIn(InputModel):
    """``until`` is the last day on which the approval counts."""

    until: Day


class HoldIn(InputModel):
    """No RFQs, no orders, or neither, until the day is over; null: until it is ended."""

    kind: HeldFrom
    reason: Reason
    until: Day | None = None


class HoldOut(OutputModel):
    """``by_score``: it follows from the vendor's score, and ``reason`` has that score, its bound, n and window."""

    kind: HeldFrom
    reason: str
    until: Day | None
    by_score: bool = False


class CategoriesIn(InputModel):
    """The whole list; an empty one lets vendors have any category."""

    names: Annotated[tuple[Category, ...], Field(max_length=500)]


class CategoriesOut(OutputModel):
    names: tuple[str, ...]


class VendorQuery(ListQuery):
    """``q`` searches names and categories."""

    q: SearchText | None = None
    category: SearchText | None = None
    state: VendorState | None = None
    country: Country | None = None
    currency: Currency | None = None


class ContactOut(OutputModel):
    person_id: UUID
    name: str
    email: str | None
    linked: bool


class VendorOut(OutputModel):
    """``state`` is ``on_hold`` while one of the holds counts."""

    id: UUID
    name: str
    category: str
    currency: str
    country: str
    state: VendorState
    contacts: tuple[ContactOut, ...] = ()
    approved_until: Day | None = None
    holds: tuple[HoldOut, ...] = ()
    version: int = 1
