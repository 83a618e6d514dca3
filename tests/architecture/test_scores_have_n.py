"""No answer of the API has a score without the number of facts behind it and the days that they are from."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from api.contract import endpoints
from api.contract.endpoints import Endpoint
from api.contract.vendor_scores import ScoredPartOut

FIGURES = frozenset({"score", "value"})
RESTS_ON = frozenset({"n", "window_from", "window_to"})


def definitions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in any answer, by name, with its properties."""
    for endpoint in vars(endpoints).values():
        model = getattr(endpoint, "response", None)
        if isinstance(endpoint, Endpoint) and isinstance(model, type) and issubclass(model, BaseModel):
            yield from of_model(model)


def of_model(model: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = model.model_json_schema(mode="serialization")
    yield model.__name__, schema.get("properties", {})
    for name, each in schema.get("$defs", {}).items():
        yield name, each.get("properties", {})


def is_number(schema: dict[str, Any]) -> bool:
    """A bare figure: a number, or one that may be missing."""
    kinds = [schema, *schema.get("anyOf", ())]
    return any(each.get("type") in ("number", "integer") for each in kinds)


def bare(properties: dict[str, Any]) -> bool:
    figures = {name for name, each in properties.items() if name in FIGURES and is_number(each)}
    return bool(figures) and not properties.keys() >= RESTS_ON


def test_no_answer_has_a_score_without_n_and_window() -> None:
    found = dict(definitions())
    assert {"ScoredPartOut", "TieOut", "WarnedOut", "VendorStandingOut"} <= found.keys()
    assert sorted(name for name, properties in found.items() if bare(properties)) == []


@pytest.mark.parametrize("left_out", sorted(RESTS_ON))
def test_a_score_without_one_of_them_would_be_found(left_out: str) -> None:
    properties = dict(of_model(ScoredPartOut))["ScoredPartOut"]
    assert not bare(properties)
    assert bare({name: each for name, each in properties.items() if name != left_out})
