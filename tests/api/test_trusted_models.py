"""Answers made without validation: what they say is what a validated model of the same values says."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from api.contract.actions import ActionOut
from api.contract.requests import RequestLineOut, RequestOut
from api.present.trusted import trusted
from core.kernel.actions import ActionVerb, Needs
from core.requests.states import RequestState

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
LINE = {
    "id": UUID(int=1),
    "description": 'Laptop "Dell" é',
    "quantity": Decimal("2.5"),
    "unit": "pcs",
    "estimated_unit_price": Decimal("1180.00"),
}
REQUEST = {
    "id": UUID(int=2),
    "number": "REQ-1",
    "state": RequestState.draft,
    "version": 1,
    "requested_by": UUID(int=3),
    "requested_by_name": "Mara",
    "cost_centre": "IT",
    "cost_centre_name": "Computers",
    "currency": "EUR",
    "needed_by": NOW.date(),
    "note": "",
    "total_estimate": None,
    "created_at": NOW,
    "updated_at": NOW,
    "actions": (ActionOut(verb=ActionVerb.edit, needs=Needs.nothing, until=NOW),),
}


def test_a_trusted_model_is_written_and_compares_like_a_validated_one() -> None:
    lines = trusted(RequestLineOut)(**LINE), RequestLineOut(**LINE)
    made = trusted(RequestOut)(**REQUEST, lines=(lines[0],))
    validated = RequestOut(**REQUEST, lines=(lines[1],))
    assert made == validated
    assert made.model_dump_json() == validated.model_dump_json()
    assert RequestOut.model_validate_json(made.model_dump_json()) == validated
    assert made.model_copy(update={"number": "REQ-2"}).number == "REQ-2"


def test_what_is_not_given_has_its_default() -> None:
    made = trusted(RequestOut)(**REQUEST, lines=())
    assert (made.rfq_id, made.reason, made.siblings) == (None, None, ())
