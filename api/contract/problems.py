"""Refusals on the wire: RFC 9457 problem details with a stable code."""

from api.contract.values import OutputModel


class FieldProblem(OutputModel):
    """One wrong value: ``field`` is a JSON pointer."""

    field: str
    code: str
    message: str
    example: str | None = None


class Problem(OutputModel):
    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, object]
    errors: tuple[FieldProblem, ...] = ()
