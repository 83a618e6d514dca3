"""An example of a correct value for any field of any route, read from the contract's own schema.

One rule: a refusal without an example of its own gets the one that the OpenAPI document shows.
"""

import datetime as dt
import json
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter

from core.kernel.clock import SystemClock

Schema = Mapping[str, Any]
UUID_EXAMPLE = "01939d0c-7a10-7000-8000-000000000001"
_DAYS_AHEAD = 14


def example_of(request: Request, pointer: str) -> str | None:
    """The example for the field that a JSON pointer names in this request's body, query or path.

    For a field that nobody knows it is the names of those that are known.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return None
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/") if part]
    for schema in _schemas(route):
        defs = schema.get("$defs", {})
        found = _at(schema, parts, defs)
        if found is not None:
            return _shown(_value(found, defs))
        parent = _at(schema, parts[:-1], defs)
        if parent is not None and parent.get("properties"):
            return ", ".join(parent["properties"])
    return None


def _schemas(route: APIRoute) -> Iterator[Schema]:
    """The body, then all parameters of the query and the path, each as a JSON schema."""
    if route.body_field is not None:
        body: Any = route.body_field.field_info.annotation
        yield _schema(body)
    properties: dict[str, Schema] = {}
    defs: dict[str, Schema] = {}
    for name, schema in _parameters(route.dependant):
        properties |= schema["properties"] if name is None else {name: schema}
        defs |= schema.get("$defs", {})
    yield {"properties": properties, "$defs": defs}


def _parameters(dependant: Dependant) -> Iterator[tuple[str | None, Schema]]:
    """Each parameter's name and schema; without a name a model, whose fields are parameters."""
    for parameter in (*dependant.query_params, *dependant.path_params):
        kind: Any = parameter.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        yield None if is_model else parameter.alias, _schema(kind)
    for inner in dependant.dependencies:
        yield from _parameters(inner)


@cache
def _schema(kind: Hashable) -> Schema:
    return TypeAdapter(kind).json_schema()


def _at(schema: Schema, parts: list[str], defs: Schema) -> Schema | None:
    """The schema of the field at this place, or None."""
    schema = _resolved(schema, defs)
    if not parts:
        return schema
    if parts[0].isdecimal() and "items" in schema:
        return _at(schema["items"], parts[1:], defs)
    known = schema.get("properties", {})
    return _at(known[parts[0]], parts[1:], defs) if parts[0] in known else None


def _resolved(schema: Schema, defs: Schema) -> Schema:
    """Without references, and of what may also be null only the other."""
    if "$ref" in schema:
        return _resolved(defs[schema["$ref"].rpartition("/")[2]], defs)
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return _resolved(choices[0], defs) if choices and "examples" not in schema else schema


def _value(schema: Schema, defs: Schema) -> Any:
    """What a correct value could be: the contract's own example, else the simplest of its kind."""
    schema = _resolved(schema, defs)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    match schema.get("type"):
        case "object":
            known, required = schema.get("properties", {}), schema.get("required", ())
            return {name: _value(known[name], defs) for name in known if name in required}
        case "array":
            return [_value(schema["items"], defs)] if isinstance(schema.get("items"), Mapping) else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return _text(schema)


def _text(schema: Schema) -> str:
    soon = SystemClock().now().replace(microsecond=0) + dt.timedelta(days=_DAYS_AHEAD)
    formats = {"uuid": UUID_EXAMPLE, "date": soon.date().isoformat(), "date-time": soon.isoformat()}
    return formats.get(schema.get("format", ""), "text")


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
