"""The forms of the administration: which fields one has, which route of the API it runs, and how it is read.

One rule: a form has no rule of its own; the route checks rights, versions and values, and the form shows what it says.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from api.server.errors import field_error
from api.web.typed_numbers import whole
from api.web.visitors import Visitor
from core.access.permissions import Permission
from core.kernel.errors import Invalid, NotFound, invalid

Handler = Callable[..., Awaitable[Response]]
Choice = tuple[str, str]
"""What is sent, and the words of it."""


@dataclass(frozen=True)
class AdminField:
    """One field: ``kind`` is text · email · number · date · area · code · tick · ticks · choice · file.

    An empty field that is not ``required`` is not sent, or sent as null where that ``clears`` what was there.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    clears: bool = False
    hint: str = ""


@dataclass(frozen=True)
class AdminAction:
    """What one form does: the route it runs, and the right without which it is not even drawn.

    ``places`` are the fields that belong into the route's path; ``whole`` is the field that holds the body as JSON.
    ``reads`` makes the body where fields alone do not; ``upload`` runs the route with a file.
    """

    verb: str
    label: str
    handler: Handler
    right: Permission
    fields: tuple[AdminField, ...] = ()
    model: type[BaseModel] | None = None
    places: tuple[str, ...] = ()
    whole: str = ""
    reads: Callable[[Visitor], dict[str, Any]] | None = None
    dangerous: bool = False
    primary: bool = False
    shows: bool = False
    """It answers something that is shown once, instead of going back to the page."""
    upload: bool = False
    button: str = ""
    """The words of its button where they differ from those that unfold it."""


@dataclass(frozen=True)
class DrawnForm:
    """One form on a page, with what its fields hold, what can be chosen, and what goes with it unseen."""

    action: AdminAction
    address: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    opened: bool = False
    also: tuple[AdminAction, ...] = ()
    """What else can be done with the same fields."""

    @property
    def key(self) -> str:
        """Which form this is, so that a refused one is found again."""
        here = self.address.strip("/").replace("/", "-")
        about = [value for name, value in self.hidden.items() if name != "version"]
        place = "-".join([here, self.action.verb, *about])
        return "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in place)

    @staticmethod
    def ticked(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
        """What was ticked in a form that comes back."""
        begin = f"{name}."
        return tuple(each.removeprefix(begin) for each in typed if each.startswith(begin))


async def run(visitor: Visitor, action: AdminAction) -> Response:
    """Do what the form says by the API's own route; the form's number makes the second press harmless."""
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    if call.key is not None and not (call.key.isascii() and call.key.isprintable() and len(call.key) <= 200):
        raise NotFound(what="path")
    places = {name: _place(visitor, name) for name in action.places}
    if action.model is None:
        return await action.handler(call, **places)
    return await action.handler(call, **places, body=_body(visitor, action))


def _place(visitor: Visitor, name: str) -> Any:
    """A part of the route's path: the id of the page's address, or a field."""
    if name != "id":
        return visitor.typed.get(name, "").strip() or "-"
    try:
        return UUID(str(visitor.request.path_params.get("id") or visitor.typed.get("id", "")))
    except ValueError as error:
        raise NotFound(what="path") from error


def _body(visitor: Visitor, action: AdminAction) -> BaseModel:
    assert action.model is not None
    if action.reads is not None:
        values = action.reads(visitor)
    elif action.whole:
        values = _json(visitor.typed.get(action.whole, ""), action.whole)
    else:
        values = {}
        for each in action.fields:
            if each.name not in action.places:
                values |= _value(visitor.typed, each)
    if "version" in visitor.typed and isinstance(values, dict):
        values["expected_version"] = whole(visitor.typed["version"])
    return validated(action.model, values)


def validated(model: type[BaseModel], values: Any) -> BaseModel:
    """The contract's body; Invalid names each field of it that cannot be taken."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(tuple(field_error(each, "body") for each in error.errors()[:50])) from error


def _value(typed: Mapping[str, str], wanted: AdminField) -> dict[str, Any]:
    """What one field says, if it says anything."""
    if wanted.kind == "tick":
        return {wanted.name: wanted.name in typed}
    if wanted.kind == "ticks":
        begin = f"{wanted.name}."
        return {wanted.name: [name.removeprefix(begin) for name in typed if name.startswith(begin)]}
    text = typed.get(wanted.name, "").strip()
    if text or wanted.required:
        return {wanted.name: whole(text) if wanted.kind == "number" else text}
    return {wanted.name: None} if wanted.clears else {}


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise invalid(f"/{name}", "json.unreadable", "this is not JSON", '{"currency": "USD"}') from error


def id_in_path(visitor: Visitor, what: str) -> UUID:
    """Which person or vendor the page is about; NotFound for what is no id."""
    try:
        return UUID(str(visitor.request.path_params["id"]))
    except ValueError as error:
        raise NotFound(what=what) from error
