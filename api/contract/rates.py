"""Exchange rates on the wire."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from api.contract.problems import FieldProblem
from api.contract.values import Day, InputModel, Number, OutputModel

MAX_RATES_IN_A_BODY = 5000


class RateIn(InputModel):
    """What one unit of the currency is worth in the base currency.

    All three are texts, so that a wrong row is told by itself and keeps no other one out.
    """

    currency: Annotated[str, Field(max_length=20, examples=["EUR"])]
    day: Annotated[str, Field(max_length=20, examples=["2026-11-23"])]
    rate: Annotated[str, Field(max_length=40, examples=["1.09"])]


class RatesIn(InputModel):
    """A currency's rate of the same day is replaced."""

    rates: Annotated[tuple[RateIn, ...], Field(min_length=1, max_length=MAX_RATES_IN_A_BODY)]
    source: Annotated[str, Field(max_length=60, examples=["European Central Bank"])] = "api"


class RatesLoadedOut(OutputModel):
    """How many rates were stored, and the first wrong rows, each by its place: in a file, its line."""

    loaded: int
    refused: tuple[FieldProblem, ...]


class RateOut(OutputModel):
    currency: str
    day: Day
    rate: Number
    source: str


class RateQuery(InputModel):
    """Both days count; newest day first."""

    currency: Annotated[str, Field(max_length=3, examples=["EUR"])] | None = None
    from_: dt.date | None = Field(None, alias="from", description="The first day, 2026-11-01")
    until: Annotated[dt.date, Field(description="The last day, 2026-11-30")] | None = None
    limit: Annotated[int, Field(ge=1, le=200, description="Rows on a page")] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
