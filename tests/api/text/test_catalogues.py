"""The catalogues against each other and against the code that speaks through them."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import core
from api.text import SUPPORTED, all_keys, commands_in, placeholders
from api.text.catalogues import FOLDER, read
from api.text.people import WHO_CAN
from bots.dialog.menu import KNOWN
from core.kernel.errors import DomainError, Invalid
from tests.architecture.source_files import sources, tree

ROOT = Path(__file__).parents[3]
SPEAKERS = ("api", "bots", "workers")
BUTTON_LIMIT = 24
COMMAND_LIMIT = 256
MESSAGE_LIMIT = 4096


def forms(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Every key with its forms: one, or one per plural."""
    found: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        if message.id:
            key = message.id[0] if message.pluralizable else message.id
            text = message.string
            found[str(key)] = tuple(text) if isinstance(text, list | tuple) else (str(text),)
    return found


CATALOGUES = {locale: forms(read(locale)) for locale in SUPPORTED}


def beginning(text: ast.JoinedStr) -> str:
    """The words of an f-string before its first placeholder."""
    first = text.values[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def spoken() -> Iterator[tuple[str, str]]:
    """(place, key) of every ``translate("key", …)`` and its plural; ``key*`` for a put-together one."""
    for path in sources(*SPEAKERS):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in {"translate", "translate_plural"}:
                continue
            place, key = f"{path.relative_to(ROOT)}:{node.lineno}", node.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield place, key.value
            elif isinstance(key, ast.JoinedStr) and (start := beginning(key)):
                yield place, f"{start}*"


@cache
def mentioned() -> tuple[frozenset[str], frozenset[str]]:
    """Every string of the code, the units of the readers and the pages; what keys that are put together begin with."""
    strings, beginnings = set(), set()
    for path in sources(*SPEAKERS, "core"):
        for node in ast.walk(tree(path)):
            match node:
                case ast.Constant(value=str(text)):
                    strings.add(text)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    strings.add(name)
                case ast.keyword(arg=str(name)):
                    strings.add(name)
                case ast.JoinedStr() if _BEGINNING.match(beginning(node)):
                    beginnings.add(beginning(node))
    for path in sorted((ROOT / "api" / "language" / "words").glob("*.toml")):
        strings |= set(tomllib.loads(path.read_text(encoding="utf-8"))["units"])
    for path in sorted((ROOT / "api" / "web" / "templates").rglob("*.html")):
        template = path.read_text(encoding="utf-8")
        strings |= set(re.findall(r"'([a-z_.]+)'", template))
        beginnings |= set(re.findall(r"'([a-z]+\.[a-z_.]*\.)' ~", template))
    return frozenset(strings), frozenset(beginnings)


_BEGINNING = re.compile(r"[a-z]+\.")
_ENDINGS = re.compile(r"_(roles|nobody)$")
"""Of a refusal that says who can do it instead."""


def is_used(key: str, strings: frozenset[str], beginnings: frozenset[str]) -> bool:
    """Whether the code says this key whole, or the rest of it behind what keys of its family begin with."""
    if key in strings:
        return True
    for start in beginnings:
        rest = key.removeprefix(start)
        if rest != key:
            code = _ENDINGS.sub("", rest)
            if rest in strings or (code in WHO_CAN and code != rest):
                return True
            if start == "forms.settings." and rest.removesuffix("_which") in strings:
                return True
            if start != "errors." and all(part in strings for part in rest.split(".")):
                return True
    return False


def refusals() -> Iterator[type[DomainError]]:
    """Every refusal class of the core that has a code."""
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if module.name.endswith((".errors", ".idempotency")):
            importlib.import_module(module.name)
    waiting: list[type[DomainError]] = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "code" in vars(kind) and kind.__module__.startswith("core."):
            yield kind


def state_enums() -> Iterator[type[StrEnum]]:
    """Every slice's but the groups', whose two have names of their own."""
    for name in sorted({path.parent.name for path in (ROOT / "core").glob("*/states.py")} - {"groups"}):
        module = importlib.import_module(f"core.{name}.states")
        yield from (
            each for each in vars(module).values() if isinstance(each, type) and issubclass(each, StrEnum)
        )


def test_every_key_that_is_spoken_has_a_sentence() -> None:
    known = all_keys()
    lost = [
        f"{place} {key}"
        for place, key in spoken()
        if not (any(each.startswith(key[:-1]) for each in known) if key.endswith("*") else key in known)
    ]
    assert lost == []


def test_every_refusal_has_a_sentence_that_needs_only_its_facts() -> None:
    english, wrong = CATALOGUES["en"], []
    for kind in refusals():
        known = {each.name for each in fields(kind)}
        known |= {"ago"} if "at" in known else set()
        known |= {"field", "message", "example"} if kind is Invalid else set()
        sentence = english.get(f"errors.{kind.code}")
        if sentence is None or not placeholders(sentence[0]) <= known:
            wrong.append(f"{kind.code} {sorted(known)}")
    assert wrong == []


OF_INSIGHTS = {"Feature", "RunStatus", "HintPlace", "ScorePart", "StandingKind", "StandingStep"}
"""What history is asked about; their words are those of pages (``web.admin.insight``, ``scores.part``)."""


def test_every_state_and_verb_has_a_word() -> None:
    known, lost = all_keys(), []
    for enum in state_enums():
        if enum.__name__ in {"StrEnum", "Verdict", *OF_INSIGHTS}:
            continue
        family = re.sub(r"(State|Verb)$", "", enum.__name__).lower()
        prefix = f"states.{family}" if enum.__name__.endswith("State") else "verbs"
        lost += [f"{prefix}.{value}" for value in enum if f"{prefix}.{value}" not in known]
    assert lost == []


@pytest.mark.parametrize("locale", SUPPORTED)
def test_catalogues_have_the_same_keys_and_plural_forms_everywhere(locale: str) -> None:
    english, other = CATALOGUES["en"], CATALOGUES[locale]
    assert sorted(set(english) ^ set(other)) == []
    assert [key for key in english if (len(english[key]) > 1) != (len(other[key]) > 1)] == []
    assert [key for key, texts in other.items() if not all(text.strip() for text in texts)] == []


@pytest.mark.parametrize("locale", SUPPORTED)
def test_placeholders_are_plain_names_and_equal_in_every_language(locale: str) -> None:
    wrong = []
    for key, texts in CATALOGUES[locale].items():
        expected = placeholders(CATALOGUES["en"][key][-1])
        found = [placeholders(text) for text in texts]
        if any(each != expected for each in found) or not all(
            re.fullmatch(r"[a-z_]+", name) for name in expected
        ):
            wrong.append(key)
    assert wrong == []


@pytest.mark.parametrize("locale", SUPPORTED)
def test_keys_stand_sorted_in_sections_and_once(locale: str) -> None:
    path = FOLDER / locale / "LC_MESSAGES" / "parley.po"
    order = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [key for key, following in pairwise(order) if key >= following] == []


@pytest.mark.parametrize("locale", SUPPORTED)
def test_labels_and_descriptions_fit_the_platforms(locale: str) -> None:
    texts = CATALOGUES[locale]
    labels = [
        key for key in texts if key.startswith(("buttons.", "forms.reject.")) and key != "forms.reject.reason"
    ]
    assert [key for key in labels if len(texts[key][0].replace("{line}", "12")) > BUTTON_LIMIT] == []
    menu = [key for key in texts if key.startswith("commands.") and key != "commands.unknown"]
    assert [key for key in menu if not 3 <= len(texts[key][0]) <= COMMAND_LIMIT] == []
    assert [key for key, each in texts.items() if len(max(each, key=len)) > MESSAGE_LIMIT // 2] == []


def test_no_sentence_is_unused() -> None:
    strings, beginnings = mentioned()
    assert [key for key in sorted(all_keys()) if not is_used(key, strings, beginnings)] == []


@pytest.mark.parametrize(
    "key",
    ["errors.not_linked", "buttons.agree_all", "things.cost_center", "states.order.stolen", "units.barrel"],
)
def test_a_sentence_that_nobody_says_is_found(key: str) -> None:
    assert not is_used(key, *mentioned())


def things_named() -> set[str]:
    """What refusals say was not found, changed meanwhile or in the wrong state."""
    return {
        word
        for path in (ROOT / "core").rglob("*.py")
        for word in re.findall(r'\bwhat="(\w+)"', path.read_text(encoding="utf-8"))
    }


def test_every_thing_that_a_refusal_names_has_a_word() -> None:
    assert "delivery" in things_named()
    assert {f"things.{word}" for word in things_named()} - set(all_keys()) == set()


def test_german_addresses_people_formally() -> None:
    informal = re.compile(r"\b(du|dein|deine|deinen|deiner|dir|dich)\b", re.IGNORECASE)
    assert [
        key for key, texts in CATALOGUES["de"].items() if any(informal.search(text) for text in texts)
    ] == []


def test_help_of_every_role_has_examples() -> None:
    for role in ("requester", "officer", "manager", "finance", "vendor", "admin", "auditor", "unlinked"):
        assert all(commands_in(text) for locale in SUPPORTED for text in CATALOGUES[locale][f"help.{role}"])


@pytest.mark.parametrize("locale", SUPPORTED)
def test_commands_are_placeholders_of_commands_that_exist(locale: str) -> None:
    typed = re.compile(rf"(?<![\w/:.])/(?:{'|'.join(KNOWN)})\b")
    for key, texts in CATALOGUES[locale].items():
        assert not any(typed.search(text) for text in texts), f"{key}: write {{command.name}}"
        assert all(commands_in(text) <= set(KNOWN) for text in texts), key
        assert {commands_in(text) for text in texts} == {commands_in(CATALOGUES["en"][key][-1])}, key


def test_notices_name_no_command() -> None:
    """They are stored until quiet hours end, when it is not known yet which platform they go to."""
    notices = [key for key in CATALOGUES["en"] if key.startswith("notices.")]
    assert [key for key in notices if commands_in(CATALOGUES["en"][key][-1])] == []
