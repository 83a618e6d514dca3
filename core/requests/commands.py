"""The commands of a procurement request; quantities and prices are exact decimals."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.ids import PersonId, RequestId


@dataclass(frozen=True)
class RequestLineDraft:
    """One requested item: how much of what, and the expected unit price."""

    description: str
    quantity: Decimal
    unit: str
    estimated_unit_price: Decimal | None


@dataclass(frozen=True)
class CreateRequest:
    """A draft or a submitted request; only a copy may leave the day open, as a draft."""

    lines: tuple[RequestLineDraft, ...]
    currency: str
    needed_by: dt.date | None
    cost_centre: str
    note: str
    submit: bool
    on_behalf_of: PersonId | None = None
    accept_duplicate: bool = False
    copied_from: str | None = None


@dataclass(frozen=True)
class EditRequest:
    """Change a draft; None leaves a field as it is. ``submit``: and submit it as it is then."""

    request_id: RequestId
    lines: tuple[RequestLineDraft, ...] | None
    currency: str | None
    needed_by: dt.date | None
    cost_centre: str | None
    note: str | None
    expected_version: int | None
    submit: bool = False
    accept_duplicate: bool = False


@dataclass(frozen=True)
class SubmitRequest:
    request_id: RequestId
    expected_version: int
    accept_duplicate: bool = False


@dataclass(frozen=True)
class TakeBackRequest:
    request_id: RequestId
    expected_version: int


@dataclass(frozen=True)
class WithdrawRequest:
    request_id: RequestId
    expected_version: int
    reason: str | None


@dataclass(frozen=True)
class CancelRequest:
    request_id: RequestId
    expected_version: int
    reason: str
