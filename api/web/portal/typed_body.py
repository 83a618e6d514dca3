"""A body of the contract from what a form sent; what it lacks is named as the API names it.

One rule: no field is checked here: the contract's model says what may be in it.
"""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from api.server.errors import field_error
from core.kernel.errors import Invalid

BodyT = TypeVar("BodyT", bound=BaseModel)


def body_of(model: type[BodyT], **values: object) -> BodyT:
    """The body, or Invalid with the field at fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid(tuple(field_error(each, "body") for each in error.errors())) from error
