"""The kinds of rule that Block Kit consists of; ``block_kit.py`` writes Slack's tables with them.

    String(most=255)                        a string
    Object({"text": Required(PLAIN(75))})   an object with these fields and no others
    Array(rule, least=1, most=25)           an array
    OneOfTypes({"button": Object(…)})       an object whose ``type`` chooses the rule

One rule: a rule reports every problem with its JSON pointer, in Slack's own sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.slack.errors import BlockProblem


class Rule(Protocol):
    """What a value must look like."""

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]: ...


@dataclass(frozen=True)
class String:
    """A string within a length."""

    maximum: int | None = None
    minimum: int = 0
    choices: tuple[str, ...] = ()

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, str):
            yield BlockProblem(pointer, "must provide a string", "type", {"expected": "string"})
            return
        if len(value) < self.minimum:
            yield BlockProblem(
                pointer,
                f"must be more than {self.minimum - 1} characters",
                "min_length",
                {"min": self.minimum},
            )
        if self.maximum is not None and len(value) > self.maximum:
            yield BlockProblem(
                pointer,
                f"must be less than {self.maximum + 1} characters",
                "max_length",
                {"max": self.maximum},
            )
        if self.choices and value not in self.choices:
            # From memory: the sentence for a value that is not one of the choices.
            yield BlockProblem(
                pointer, "must be a valid enum value", "enum", {"expected": list(self.choices)}
            )


@dataclass(frozen=True)
class Boolean:
    """True or false."""

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, bool):
            yield BlockProblem(pointer, "must provide a boolean", "type", {"expected": "boolean"})


@dataclass(frozen=True)
class Integer:
    """An integer within limits."""

    minimum: int | None = None
    maximum: int | None = None

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield BlockProblem(pointer, "must provide an integer", "type", {"expected": "integer"})
        elif self.minimum is not None and value < self.minimum:
            yield BlockProblem(
                pointer, f"must be greater than {self.minimum - 1}", "minimum", {"min": self.minimum}
            )
        elif self.maximum is not None and value > self.maximum:
            yield BlockProblem(
                pointer, f"must be less than {self.maximum + 1}", "maximum", {"max": self.maximum}
            )


@dataclass(frozen=True)
class AnyValue:
    """A value that is not checked."""

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        yield from ()


@dataclass(frozen=True)
class Required:
    """A required field."""

    rule: Rule

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        yield from self.rule.check(value, pointer)


@dataclass(frozen=True)
class Nullable:
    """A value, or null."""

    rule: Rule

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if value is not None:
            yield from self.rule.check(value, pointer)


@dataclass(frozen=True)
class Object:
    """An object; ``either`` is a group of fields of which one is required."""

    fields: Mapping[str, Rule]
    one_required: tuple[str, ...] = ()
    at: str = "type"

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, dict):
            yield BlockProblem(pointer, "must provide an object", "type", {"expected": "object"})
            return
        for name in value:
            if name not in self.fields:
                yield BlockProblem(pointer, f"invalid additional property: {name}", "additional_property")
        for name, rule in self.fields.items():
            if value.get(name) is not None:
                yield from rule.check(value[name], f"{pointer}/{name}")
            elif isinstance(rule, Required):
                yield BlockProblem(pointer, f"missing required field: {name}", "required", {"field": name})
        if self.one_required and not any(value.get(name) for name in self.one_required):
            named = " or ".join(f"`{name}`" for name in self.one_required)
            yield BlockProblem(f"{pointer}/{self.at}", f"must define either {named}", "required")


@dataclass(frozen=True)
class Array:
    """An array within a length."""

    rule: Rule
    minimum: int = 0
    maximum: int | None = None

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, list):
            yield BlockProblem(pointer, "must provide an array", "type", {"expected": "array"})
            return
        if len(value) < self.minimum:
            yield BlockProblem(
                pointer, f"must provide at least {self.minimum} items", "min_items", {"min": self.minimum}
            )
        if self.maximum is not None and len(value) > self.maximum:
            yield BlockProblem(
                pointer, f"no more than {self.maximum} items allowed", "max_items", {"max": self.maximum}
            )
        for index, item in enumerate(value):
            yield from self.rule.check(item, f"{pointer}/{index}")


@dataclass(frozen=True)
class OneOfTypes:
    """An object whose ``type`` says what it is; a wrong ``loose`` one is reported as matching no schema."""

    table: Mapping[str, Rule]
    allowed: frozenset[str] = field(default_factory=frozenset)
    reports_schema: bool = False

    def check(self, value: Any, pointer: str) -> Iterator[BlockProblem]:
        if not isinstance(value, dict):
            yield BlockProblem(pointer, "must provide an object", "type", {"expected": "object"})
            return
        kind = value.get("type")
        if kind is None:
            yield BlockProblem(pointer, "missing required field: type", "required", {"field": "type"})
            return
        rule = self.table.get(str(kind)) if not self.allowed or kind in self.allowed else None
        if rule is None:
            expected = {"expected": sorted(self.allowed or self.table)}
            yield BlockProblem(f"{pointer}/type", f"unsupported type: {kind}", "enum", expected)
            return
        found = list(rule.check(value, pointer))
        if found and self.reports_schema:
            yield BlockProblem(pointer, "failed to match all allowed schemas", "schema")
        yield from found
