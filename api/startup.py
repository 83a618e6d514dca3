"""Starts every process: its settings from the environment, its imports, its event loop.

One rule: a wrong value of a variable is named, never shown.

Every variable may be given as a file instead: ``BOT_KEY_FILE`` names a file that holds what ``BOT_KEY`` would.
"""

import gc
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import uvloop
from pydantic import AliasChoices, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

FILE_SUFFIX = "_FILE"


class FileSource(PydanticBaseSettingsSource):
    """Reads what a variable holds from the file that the variable with ``_FILE`` behind its name names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:
        """The text of the file without the line's end; ValueError when it cannot be read."""
        for name in _variables(field):
            path = os.environ.get(f"{name}{FILE_SUFFIX}")
            if path:
                return _text_of(Path(path), f"{name}{FILE_SUFFIX}"), name, False
        return None, field_name, False

    def __call__(self) -> dict[str, str]:
        """By variable; an empty file gives nothing, as an empty variable does."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {name: text for text, name, _ in found if text}


def _variables(field: FieldInfo) -> tuple[str, ...]:
    alias = field.validation_alias
    names = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return tuple(name for name in names if isinstance(name, str))


def _text_of(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{variable}: {path} cannot be read ({type(error).__name__})") from None


class UnreadableFile(Exception):
    """A variable names a file that is not there, or is not ours to read."""


class ProcessSettings(BaseSettings):
    """The settings of one process; a variable itself wins over the file that it may name."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, FileSource(settings_cls)


Settings = TypeVar("Settings", bound=ProcessSettings)


def settings_or_exit(settings: type[Settings], process: str) -> Settings:
    """The settings of this process, or its end; ``process`` is its name for people."""
    try:
        return settings()
    except UnreadableFile as error:
        raise SystemExit(f"{process} does not start:\n{error}") from None
    except ValidationError as error:
        found = [("/".join(map(str, item["loc"])), item["msg"]) for item in error.errors(include_input=False)]
        wrong = [f"{name}: {what}" if name else what for name, what in found]
        raise SystemExit(f"{process} does not start:\n" + "\n".join(wrong)) from None


@contextmanager
def importing() -> Iterator[None]:
    """Import a process's code: it stays until the end, so the garbage collector need never look at it."""
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def run(process: Coroutine[object, object, None]) -> None:
    """Run an asynchronous process on uvloop, to its end."""
    uvloop.run(process)
