"""The OpenAPI document: FastAPI's, with problem details in their own media type.

One rule: there is an example wherever a reader would otherwise have to guess.
"""

import asyncio
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema

from api.contract.problems import Problem

_REF = "#/components/schemas/{model}"
_STALE = {
    "type": "urn:parley:problem:approvals.stale",
    "title": "Conflict",
    "status": 409,
    "code": "approvals.stale",
    "detail": "The approval has changed since you saw it.",
    "facts": {"what": "approval", "expected": 1, "current": 2},
    "errors": [],
}
BODIES: dict[str, dict[str, Any]] = {
    "RequestIn": {
        "lines": [
            {
                "description": "Laptop 14 inch",
                "quantity": "3",
                "unit": "pcs",
                "estimated_unit_price": "1200.00",
            }
        ],
        "currency": "USD",
        "needed_by": "2027-01-15",
        "cost_centre": "IT",
        "note": "",
        "submit": True,
    },
    "RfqIn": {
        "vendor_ids": ["01939d0c-7a10-7000-8000-000000000001"],
        "quote_by": "2026-12-01T16:00:00Z",
        "note": "",
    },
    "QuoteIn": {
        "rfq_id": "01939d0c-7a10-7000-8000-000000000002",
        "currency": "EUR",
        "valid_until": "2026-12-31",
        "lead_time_days": 10,
        "shipping": "40.00",
        "lines": [{"rfq_line_id": "01939d0c-7a10-7000-8000-000000000003", "unit_price": "1080.00"}],
    },
    "DecisionIn": {
        "approval_id": "01939d0c-7a10-7000-8000-000000000004",
        "verb": "reject",
        "expected_version": 1,
        "comment": "Too dear this quarter.",
    },
    "ReceiptIn": {
        "lines": [{"line_id": "01939d0c-7a10-7000-8000-000000000005", "accepted": "2", "rejected": "1"}],
        "note": "One came broken.",
    },
    "PolicyIn": {
        "currency": "USD",
        "undo_seconds": 60,
        "tiers": [
            {
                "name": "small",
                "below": "500",
                "steps": [{"name": "head", "approvers": [{"head_of": "cost_centre"}]}],
            },
            {"name": "rest", "steps": [{"name": "manager", "approvers": [{"role": "manager"}]}]},
        ],
    },
}
"""Examples for the structured bodies; the others are explained by their fields."""


def describe(app: FastAPI) -> None:
    """Serve the document. It takes seconds to make, so it is made once, beside the event loop, when first asked for."""
    plain, making = app.openapi, asyncio.Lock()

    def whole() -> dict[str, Any]:
        known = app.openapi_schema is not None
        document = plain()
        if not known:
            _complete(document["components"]["schemas"])
        return document

    async def document(_: Request) -> JSONResponse:
        async with making:
            made = app.openapi_schema or await asyncio.to_thread(app.openapi)
        return JSONResponse(made)

    app.openapi = whole  # type: ignore[method-assign]
    app.add_route("/openapi.json", document, include_in_schema=False)


def _complete(schemas: dict[str, Any]) -> None:
    _, made = models_json_schema([(Problem, "serialization")], ref_template=_REF)
    schemas.update(made["$defs"])
    schemas["Problem"]["examples"] = [_STALE]
    for name, example in BODIES.items():
        schemas[name]["examples"] = [example]
