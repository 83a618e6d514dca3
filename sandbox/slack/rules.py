"""The kinds of rule that Block Kit is made of; ``kit.py`` writes Slack's tables with them.

    Str(most=255)                     a string
    Obj({"text": need(PLAIN(75))})    an object with these fields and no others
    Items(rule, least=1, most=25)     an array
    OneOf({"button": Obj(…)})         an object whose ``type`` chooses the rule

One rule: a rule names everything that is wrong, each with its JSON pointer, in Slack's sentences.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.slack.words import Problem


class Rule(Protocol):
    """What a value must be."""

    def check(self, value: Any, pointer: str) -> Iterator[Problem]: ...


@dataclass(frozen=True)
class Str:
    """A string of so many characters."""

    most: int | None = None
    least: int = 0
    choices: tuple[str, ...] = ()

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(pointer, "must provide a string", "type", {"expected": "string"})
            return
        if len(value) < self.least:
            yield Problem(
                pointer, f"must be more than {self.least - 1} characters", "min_length", {"min": self.least}
            )
        if self.most is not None and len(value) > self.most:
            yield Problem(
                pointer, f"must be less than {self.most + 1} characters", "max_length", {"max": self.most}
            )
        if self.choices and value not in self.choices:
            # From memory: the sentence for a value that is none of the choices.
            yield Problem(pointer, "must be a valid enum value", "enum", {"expected": list(self.choices)})


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, bool):
            yield Problem(pointer, "must provide a boolean", "type", {"expected": "boolean"})


@dataclass(frozen=True)
class Int:
    """A whole number in bounds."""

    least: int | None = None
    most: int | None = None

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(pointer, "must provide an integer", "type", {"expected": "integer"})
        elif self.least is not None and value < self.least:
            yield Problem(pointer, f"must be greater than {self.least - 1}", "minimum", {"min": self.least})
        elif self.most is not None and value > self.most:
            yield Problem(pointer, f"must be less than {self.most + 1}", "maximum", {"max": self.most})


@dataclass(frozen=True)
class Anything:
    """What nobody looks into."""

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        yield from ()


@dataclass(frozen=True)
class Need:
    """A field that must be there."""

    rule: Rule

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        yield from self.rule.check(value, pointer)


@dataclass(frozen=True)
class Maybe:
    """Something, or null."""

    rule: Rule

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if value is not None:
            yield from self.rule.check(value, pointer)


@dataclass(frozen=True)
class Obj:
    """An object; ``either`` is a group of fields of which one must be there."""

    fields: Mapping[str, Rule]
    either: tuple[str, ...] = ()
    at: str = "type"

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer, "must provide an object", "type", {"expected": "object"})
            return
        for name in value:
            if name not in self.fields:
                yield Problem(pointer, f"invalid additional property: {name}", "additional_property")
        for name, rule in self.fields.items():
            if value.get(name) is not None:
                yield from rule.check(value[name], f"{pointer}/{name}")
            elif isinstance(rule, Need):
                yield Problem(pointer, f"missing required field: {name}", "required", {"field": name})
        if self.either and not any(value.get(name) for name in self.either):
            named = " or ".join(f"`{name}`" for name in self.either)
            yield Problem(f"{pointer}/{self.at}", f"must define either {named}", "required")


@dataclass(frozen=True)
class Items:
    """An array of so many."""

    rule: Rule
    least: int = 0
    most: int | None = None

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(pointer, "must provide an array", "type", {"expected": "array"})
            return
        if len(value) < self.least:
            yield Problem(
                pointer, f"must provide at least {self.least} items", "min_items", {"min": self.least}
            )
        if self.most is not None and len(value) > self.most:
            yield Problem(pointer, f"no more than {self.most} items allowed", "max_items", {"max": self.most})
        for index, item in enumerate(value):
            yield from self.rule.check(item, f"{pointer}/{index}")


@dataclass(frozen=True)
class OneOf:
    """An object whose ``type`` says what it is; ``loose`` ones are told to match no schema when they are wrong."""

    table: Mapping[str, Rule]
    allowed: frozenset[str] = field(default_factory=frozenset)
    loose: bool = False

    def check(self, value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(pointer, "must provide an object", "type", {"expected": "object"})
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(pointer, "missing required field: type", "required", {"field": "type"})
            return
        rule = self.table.get(str(kind)) if not self.allowed or kind in self.allowed else None
        if rule is None:
            expected = {"expected": sorted(self.allowed or self.table)}
            yield Problem(f"{pointer}/type", f"unsupported type: {kind}", "enum", expected)
            return
        found = list(rule.check(value, pointer))
        if found and self.loose:
            yield Problem(pointer, "failed to match all allowed schemas", "schema")
        yield from found
