"""A body of the contract from what a form sent; what it lacks is named as the API names it.

One rule: no field is checked here: the contract's model says what may be in it.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.server.errors import pointer
from core.kernel.errors import FieldError, Invalid

BodyT = TypeVar("BodyT", bound=BaseModel)


def body_of(model: type[BodyT], **values: object) -> BodyT:
    """The body, or Invalid with the field at fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(tuple(_field_error(dict(each)) for each in error.errors())) from error


def _field_error(error: Mapping[str, Any]) -> FieldError:
    context = error.get("ctx") or {}
    name = pointer(("body", *error["loc"]))
    return FieldError(name, str(error["type"]), str(error["msg"])[:300], context.get("example"), context)
