"""Scenarios: who writes or presses what, and what must appear; the same files for people, CI and demos.

python -m sandbox.scenario sandbox/scenarios/rejected.yaml --url http://127.0.0.1:8090 --cast mixed
"""

import argparse
import asyncio
import datetime as dt
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from pydantic import ValidationError

from sandbox.player import Hook, ScenarioFailed, ScenarioPlayer, Transcript
from sandbox.scenario_schema import Cast, Scenario, ScenarioStep, load

__all__ = [
    "Cast",
    "Hook",
    "Scenario",
    "ScenarioFailed",
    "ScenarioStep",
    "Transcript",
    "default_values",
    "initial_values",
    "load",
    "run",
]


def _day(value: str) -> str:
    """``+30 days`` as a date; any other text as it is."""
    found = re.fullmatch(r"\+(\d+) days", value)
    return str(dt.date.today() + dt.timedelta(days=int(found[1]))) if found else value  # noqa: DTZ011


def default_values() -> dict[str, str]:
    """Values that every scenario may use: dates in the future, and a text that differs from run to run."""
    today = dt.date.today()  # noqa: DTZ011
    return {
        "needed": str(today + dt.timedelta(days=30)),
        "valid": str(today + dt.timedelta(days=60)),
        "run": secrets.token_hex(3),
    }


def initial_values(scenario: Scenario) -> dict[str, str]:
    """The values with which a scenario starts."""
    base = default_values()
    own = {name: _day(value.replace("${run}", base["run"])) for name, value in scenario.values.items()}
    return base | own


async def run(
    scenario: Scenario,
    url: str,
    values: dict[str, str] | None = None,
    hooks: Mapping[str, Hook] | None = None,
    cast: Cast = "telegram",
) -> Transcript:
    """Play all steps; raises ScenarioFailed at the first expectation that is not met."""
    transcript = Transcript(initial_values(scenario) | (values or {}))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        player = ScenarioPlayer(session, url, scenario.ids(cast), transcript)
        for number, step in enumerate(scenario.steps, start=1):
            try:
                await player.play(step, hooks or {})
            except ScenarioFailed as error:
                steps_before = "\n".join(transcript.lines)
                raise ScenarioFailed(f"step {number}: {error}\nbefore that:\n{steps_before}") from None
    return transcript


def main() -> int:
    parser = argparse.ArgumentParser(description="Play a scenario against a running sandbox.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8081")
    parser.add_argument("--cast", choices=("telegram", "slack", "mixed"), default="telegram")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    args = parser.parse_args()
    values = dict(item.split("=", 1) for item in args.set)
    try:
        transcript = asyncio.run(run(load(args.file), args.url, values, cast=args.cast))
    except (ScenarioFailed, ValidationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("\n".join(transcript.lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
