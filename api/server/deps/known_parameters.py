"""Refuses query parameters that the route does not have, so that a typing error never widens a list."""

from functools import cache
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from core.kernel.errors import invalid


def check_parameters(request: Request) -> None:
    """Name the first unknown parameter and show those that exist."""
    sent = request.query_params
    if not sent:
        return
    known = known_parameters(request.scope["route"].dependant)
    unknown = next((name for name in sent if name not in known), None)
    if unknown is not None:
        shown = ", ".join(known)
        if not known:
            why = "this address takes no parameters"
            raise invalid(f"/{unknown}", "query.none", why, request.url.path)
        why = f"there is no such parameter; there are: {shown}"
        raise invalid(f"/{unknown}", "query.unknown", why, known[0], expected=shown)


@cache
def _of_model(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


def known_parameters(dependant: Dependant) -> tuple[str, ...]:
    """The names of a route's query parameters, those of its dependencies included."""
    found: list[str] = []
    for parameter in dependant.query_params:
        kind: Any = parameter.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        found += _of_model(kind) if is_model else (parameter.alias,)
    for inner in dependant.dependencies:
        found += known_parameters(inner)
    return tuple(dict.fromkeys(found))
