"""Exchange rates: loading them as JSON or as a CSV file, and reading them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import rates as wire
from api.present import rates as present
from api.server.deps.call import Call, CallDep
from api.server.errors import locale_from
from api.server.routes.documents import FORM, UploadedFile, uploaded_file
from api.server.routes.serve import refusals, serve
from core.rates import queries, reading, service
from core.rates.model import RateFilter

router = APIRouter()
FileDep = Annotated[tuple[Call, UploadedFile], Depends(uploaded_file)]


@serve(router, e.list_rates, tag="rates")
async def listing(call: CallDep, query: Annotated[wire.RateQuery, Query()]) -> Response:
    """Stored exchange rates, newest day first."""
    currency = query.currency.upper() if query.currency else None
    wanted = RateFilter(currency, query.from_, query.until, query.limit, query.offset)
    return await call.read(queries.list_rates, wanted, present.rates)


@serve(router, e.load_rates, tag="rates")
async def load(call: CallDep, body: wire.RatesIn) -> Response:
    """Store the rates that can be stored; the answer names each row that cannot."""
    command = reading.read_rows(enumerate(row.model_dump() for row in body.rates), body.source)
    return await call.run(service.load_rates, command, present.loaded(locale_from(call.request)))


@router.post(
    "/rates/csv",
    response_model=wire.RatesLoadedOut,
    responses=refusals(403, 413, 415),
    operation_id="post_rates_csv",
    summary="Load a CSV file with the columns currency, day and rate.",
    tags=["rates"],
    openapi_extra={"requestBody": FORM},
)
async def load_file(form: FileDep) -> Response:
    """The same from a file; each wrong row is named by its line."""
    call, file = form
    command = reading.read_csv(file.content, file.name)
    return await call.run(service.load_rates, command, present.loaded(locale_from(call.request)))
