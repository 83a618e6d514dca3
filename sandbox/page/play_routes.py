"""Plays a scenario step by step on the page, with a person who can pause it.

    GET  /play/scenarios            the scenarios to choose from
    GET  /play/scenarios/{name}     its text, to read or to edit
    POST /play                      {text, cast}: start playing this text, which need not be a file
    POST /play/{id}/next            {by_hand}: the next step; if it was done by hand, only its outcome is
    checked

One rule: the page decides when, and the server knows which step is next, so a pause may last any time.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.player import ScenarioFailed, ScenarioPlayer, Transcript
from sandbox.scenario import initial_values
from sandbox.scenario_schema import Cast, Scenario, ScenarioStep, load, parse

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SANDBOX_TIMEOUT = aiohttp.ClientTimeout(total=60)
MAX_PLAYS = 20


class NewPlay(BaseModel):
    text: str
    values: dict[str, str] = {}
    cast: Cast = "telegram"


class NextStep(BaseModel):
    by_hand: bool = False


@dataclass
class ScenarioPlay:
    """A scenario that is being played: the steps before ``at`` are done."""

    scenario: Scenario
    ids: dict[str, str]
    transcript: Transcript
    at: int = 0

    def as_json(self, key: str) -> dict[str, Any]:
        """Everything that the page needs when it opens it."""
        steps = [self._step_json(step) for step in self.scenario.steps]
        data = {"id": key, "about": self.scenario.about, "people": self.ids}
        return data | {"steps": steps, "at": self.at, "values": self.transcript.values}

    def _step_json(self, step: ScenarioStep) -> dict[str, Any]:
        data = step.model_dump(exclude_defaults=True, mode="json")
        return data | {"person": self.ids.get(step.who)}


class PlayRoutes:
    """The scenarios being played in this process; the oldest is dropped when there are too many."""

    def __init__(self) -> None:
        self._plays: OrderedDict[str, ScenarioPlay] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/play/scenarios", self.scenarios),
            web.get("/play/scenarios/{name:[a-z0-9-]+}", self.text),
            web.post("/play", self.begin),
            web.post("/play/{id:[0-9a-f]+}/next", self.next),
        ]

    async def scenarios(self, request: web.Request) -> web.Response:
        found = [(path.stem, load(path)) for path in sorted(SCENARIOS.glob("*.yaml"))]
        listing = [
            {"name": name, "about": scenario.about, "steps": len(scenario.steps)} for name, scenario in found
        ]
        return web.json_response(listing)

    async def text(self, request: web.Request) -> web.Response:
        path = SCENARIOS / f"{request.match_info['name']}.yaml"
        if not path.is_file():
            raise web.HTTPNotFound
        return web.Response(text=path.read_text(encoding="utf-8"), content_type="text/plain")

    async def begin(self, request: web.Request) -> web.Response:
        """Parse the text; an error names its position, and nothing starts."""
        try:
            new = NewPlay.model_validate_json(await request.read())
            scenario = parse(new.text)
        except (ValidationError, yaml.YAMLError) as error:
            return web.json_response({"error": _error_location(error)}, status=422)
        key = secrets.token_hex(8)
        self._plays[key] = ScenarioPlay(
            scenario, scenario.ids(new.cast), Transcript(initial_values(scenario) | new.values)
        )
        while len(self._plays) > MAX_PLAYS:
            self._plays.popitem(last=False)
        return web.json_response(self._plays[key].as_json(key))

    async def next(self, request: web.Request) -> web.Response:
        """Play one step; a failed one stays the next one, so that it can be corrected and repeated."""
        play = self._plays.get(request.match_info["id"])
        if play is None or play.at >= len(play.scenario.steps):
            raise web.HTTPNotFound
        body = NextStep.model_validate_json(await request.read() or b"{}")
        step = play.scenario.steps[play.at]
        error = await _play_step(
            play, only_expectation(step) if body.by_hand else step, str(request.url.origin())
        )
        if error is None:
            play.at += 1
        return web.json_response({"at": play.at, "error": error, "values": play.transcript.values})


async def _play_step(play: ScenarioPlay, step: ScenarioStep, url: str) -> str | None:
    """Act and wait; returns what went wrong, or None."""
    if step.do is not None:
        return None  # a step that only a journey can do, such as killing a process
    async with aiohttp.ClientSession(timeout=SANDBOX_TIMEOUT) as session:
        try:
            await ScenarioPlayer(session, url, play.ids, play.transcript).play(step, {})
        except ScenarioFailed as error:
            return str(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"the sandbox did not answer: {error!r}"
        except KeyError as error:
            return f"nobody in this scenario is called {error}"
    return None


def only_expectation(step: ScenarioStep) -> ScenarioStep:
    """The step without its action: somebody did it by hand, so only its outcome is checked."""
    expect = step.expect.model_copy(update={"answer": None}) if step.expect else None
    return ScenarioStep(who=step.who, do=step.do, expect=expect, within=step.within, save=step.save)


def _error_location(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'/'.join(str(part) for part in first['loc']) or 'the file'}: {first['msg']}"
    return str(error)
