"""Makes answers of what the core has already checked, without checking it again: lists have hundreds of models.

One rule: only values of a read model go into a trusted model, each of the type that its field has.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from api.contract.values import OutputModel

P = ParamSpec("P")
M = TypeVar("M", bound=OutputModel)


def trusted(model: Callable[P, M]) -> Callable[P, M]:
    """The constructor of a model, by name and with the same types, without its validators."""
    made_of = cast("type[M]", model)
    template: dict[str, Any] = {name: field.get_default() for name, field in made_of.model_fields.items()}
    given = set(template)

    def make(*args: P.args, **values: P.kwargs) -> M:
        made = made_of.__new__(made_of)
        object.__setattr__(made, "__dict__", template | values)
        object.__setattr__(made, "__pydantic_fields_set__", given)
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made

    return make
