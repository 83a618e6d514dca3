"""Imports aiogram so that pydantic builds each of its 600 models when it is first used.

One rule: this must run before anything else imports aiogram; ``bots/telegram/__init__.py`` sees to it.

aiogram builds all of them while it is imported, which takes 3 seconds and 100 MB. A bot needs an ``Update`` and a
dozen of the methods.
"""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import BaseModel, ConfigDict


def import_aiogram() -> None:
    """Import it once; its models then find each other's names in their own modules."""
    if "aiogram" in sys.modules:
        return
    names_of: dict[str, Mapping[str, Any]] = {}
    with _building_deferred(names_of):
        importlib.import_module("aiogram")
    for module, names in names_of.items():
        for name, value in names.items():
            vars(sys.modules[module]).setdefault(name, value)


@contextmanager
def _building_deferred(names_of: dict[str, Mapping[str, Any]]) -> Iterator[None]:
    """Within it a model is only declared; what ``model_rebuild`` is given goes into ``names_of``, by module."""

    def remember_names(
        model: type[BaseModel], /, *, _types_namespace: Mapping[str, Any] | None = None, **_: Any
    ) -> None:
        names_of[model.__module__] = _types_namespace or {}

    rebuild, config = BaseModel.__dict__["model_rebuild"], BaseModel.model_config
    BaseModel.model_rebuild = classmethod(remember_names)  # type: ignore[method-assign, assignment]
    BaseModel.model_config = ConfigDict(**config, defer_build=True)
    try:
        yield
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
        BaseModel.model_config = config
