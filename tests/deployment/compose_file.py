"""deploy/compose.yaml as the tests read it: what each service runs, with which variables, ports, volumes and checks.

One rule: nothing that the file says is repeated in a test, so that the tests run what people deploy.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "compose.yaml"
OURS = ("init", "migrate", "api", "relay", "worker", "telegram", "slack", "backup")
"""The services that run a command of the wheel."""
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class ComposeService:
    """One service."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str]
    health: Sequence[str]
    ports: Sequence[str]
    folders: Mapping[str, str]
    """Where a volume, or a folder of one, is seen inside: ``/run/secrets`` to ``secrets/api``."""
    stop_seconds: float
    written: Mapping[str, Any]
    """The service as the file has it."""

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Its variables, with what ``docker compose`` puts in from its own environment."""
        return {name: interpolated(value, given) for name, value in self.variables.items()}


def interpolated(text: str, given: Mapping[str, str]) -> str:
    """``${NAME:-usual}`` replaced."""
    return _VARIABLE.sub(lambda found: given.get(found[1]) or found[2] or "", text)


@cache
def compose_services() -> Mapping[str, ComposeService]:
    """All services of the file, by name."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return {name: _service(name, written) for name, written in found.items()}


def _service(name: str, written: Mapping[str, Any]) -> ComposeService:
    return ComposeService(
        name=name,
        command=tuple(map(str, written.get("command", ()))),
        variables={key: str(value) for key, value in written.get("environment", {}).items()},
        health=tuple(written.get("healthcheck", {}).get("test", ())),
        ports=tuple(written.get("expose", ())),
        folders=dict(_folder(each) for each in written.get("volumes", ())),
        stop_seconds=float(written["stop_grace_period"].removesuffix("s")),
        written=written,
    )


def _folder(volume: Mapping[str, Any]) -> tuple[str, str]:
    below = volume.get("volume", {}).get("subpath", "")
    return volume["target"], f"{volume['source']}/{below}".rstrip("/")
