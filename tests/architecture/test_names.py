"""One concept, one word: no module name and no class name stands twice without a reason."""

import ast
from collections import defaultdict
from collections.abc import Mapping

from tests.architecture.source_files import OURS, short, sources, tree
from tests.architecture.test_slices import FILE_KINDS, slices

ONE_PER_LAYER = "the same slice in contract, routes, present, client, handlers, cards, forms or notices"
ONE_PER_PLATFORM = "the same thing for Telegram and for Slack"
MODULES_TWICE: Mapping[str, str] = {
    "__main__": "what `python -m` runs",
    "actor": "core's Actor, and the dependency that reads it from a token",
    "api_objects": ONE_PER_PLATFORM,
    "app": "FastAPI, aiogram and Bolt each make theirs",
    "cli": "the wheel's parley, and the clone's ./parley with it",
    "digest": ONE_PER_LAYER,
    "doctor": "of an installation, and of a clone that keeps one running",
    "engine": "SQLAlchemy's, and the one that moves forms",
    "files": ONE_PER_PLATFORM,
    "linking": ONE_PER_LAYER,
    "method_call": ONE_PER_PLATFORM,
    "n8n": "n8n as a service, as a receiver and as a caller",
    "operations": ONE_PER_LAYER,
    "outbound": ONE_PER_PLATFORM,
    "preferences": ONE_PER_LAYER,
    "render": ONE_PER_PLATFORM,
    "rfq": ONE_PER_LAYER,
    "run": "each a `python -m` entry of its own package",
    "server": ONE_PER_PLATFORM,
    "settings": "one class per process, by pydantic-settings' own word",
    "team": ONE_PER_LAYER,
    "views": "Slack's own word for modals and the home tab, and what a reader sees of a purchase",
    "world_store": ONE_PER_PLATFORM,
}
CLASSES_TWICE: Mapping[str, str] = {}


def test_no_module_name_stands_twice_without_a_reason() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sources(*OURS):
        if not (path.stem in FILE_KINDS or "versions" in path.parts):
            places[path.stem].append(short(path))
    per_layer = {folder.name for folder in slices()}
    twice = {name for name, found in places.items() if len(found) > 1} - per_layer
    assert twice == set(MODULES_TWICE), {name: places[name] for name in twice ^ set(MODULES_TWICE)}


def test_no_class_name_stands_twice_without_a_reason() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for path in sources(*OURS):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                places[node.name].add(short(path))
    twice = {name for name, found in places.items() if len(found) > 1}
    assert twice == set(CLASSES_TWICE), {name: places[name] for name in twice ^ set(CLASSES_TWICE)}
