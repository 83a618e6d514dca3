"""The organisation, its departments and its cost centres, on the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.contract.people import Zone
from api.contract.preferences import LocaleTag
from api.contract.values import (
    Country,
    Currency,
    Flag,
    InputModel,
    Line,
    OutputModel,
    SearchText,
    WholeNumber,
    Word,
)

UnitName = Annotated[Line, Field(examples=["Technology"])]


class OrganisationOut(OutputModel):
    """``vendors_need_approval``: only vendors whose approval is in force are asked. ``duplicate_days``: for how
    long an earlier request for the same is warned of before a request is submitted; 0: never.
    """

    name: str
    base_currency: str
    locale: str
    zone: str
    vendors_need_approval: bool
    duplicate_days: int
    country: str | None


class OrganisationIn(InputModel):
    """The base currency is set once, because all rates and limits are in it."""

    name: Annotated[Line, Field(examples=["Northwind Trading"])]
    base_currency: Currency
    locale: LocaleTag
    zone: Zone
    vendors_need_approval: Flag | None = None
    duplicate_days: Annotated[WholeNumber, Field(ge=0, le=365, examples=[14])] | None = None
    country: Annotated[Country, Field(description="Whose working days count", examples=["DE"])] | None = None


class DepartmentIn(InputModel):
    name: UnitName
    head_id: UUID | None = None


class CostCentreIn(InputModel):
    name: UnitName
    department: Annotated[Word, Field(examples=["IT"])]
    head_id: UUID | None = None


class BelongsToIn(InputModel):
    """To which cost centre a colleague belongs; null: to none."""

    cost_centre: Word | None


class DepartmentOut(OutputModel):
    code: str
    name: str
    head_id: UUID | None
    head_name: str | None


class UnitOut(OutputModel):
    """A cost centre; a deactivated one cannot be named by new requests."""

    code: str
    name: str
    department: str
    head_id: UUID | None
    head_name: str | None
    active: bool


class DepartmentQuery(InputModel):
    """``q`` is in the code or the name."""

    q: SearchText | None = None
    head_id: UUID | None = None


class CostCentreQuery(DepartmentQuery):
    department: Word | None = None
    active: bool | None = None
