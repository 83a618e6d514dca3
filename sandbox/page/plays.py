"""Plays: a scenario that the page walks through step by step, with a person at the pause button.

    GET  /play/scenarios            what can be picked
    GET  /play/scenarios/{name}     its text, to read or to edit
    POST /play                      {text, cast}: a play of this text, which need not be a file
    POST /play/{id}/next            {by_hand}: the next step; done by hand, it only looks whether it came true

One rule: the page sets the pace and the server knows the place, so a play survives a pause of any length.
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

from sandbox.player import Player, ScenarioFailed, Transcript
from sandbox.scenario import values_of
from sandbox.story import Cast, Scenario, Step, load, read

HERE = Path(__file__).parent.parent / "scenarios"
PATIENCE = aiohttp.ClientTimeout(total=60)
REMEMBERED = 20


class NewPlay(BaseModel):
    text: str
    values: dict[str, str] = {}
    cast: Cast = "telegram"


class Turn(BaseModel):
    by_hand: bool = False


@dataclass
class Play:
    """A scenario under way: the steps before ``at`` are done."""

    story: Scenario
    ids: dict[str, str]
    transcript: Transcript
    at: int = 0

    def told(self, key: str) -> dict[str, Any]:
        """The whole of it, for a page that opens it."""
        steps = [self._step(step) for step in self.story.steps]
        told = {"id": key, "about": self.story.about, "people": self.ids}
        return told | {"steps": steps, "at": self.at, "values": self.transcript.values}

    def _step(self, step: Step) -> dict[str, Any]:
        told = step.model_dump(exclude_defaults=True, mode="json")
        return told | {"person": self.ids.get(step.who)}


class Plays:
    """The plays of this process; the oldest is forgotten when there are too many."""

    def __init__(self) -> None:
        self._plays: OrderedDict[str, Play] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/play/scenarios", self.scenarios),
            web.get("/play/scenarios/{name:[a-z0-9-]+}", self.text),
            web.post("/play", self.begin),
            web.post("/play/{id:[0-9a-f]+}/next", self.next),
        ]

    async def scenarios(self, request: web.Request) -> web.Response:
        found = [(path.stem, load(path)) for path in sorted(HERE.glob("*.yaml"))]
        listing = [{"name": name, "about": story.about, "steps": len(story.steps)} for name, story in found]
        return web.json_response(listing)

    async def text(self, request: web.Request) -> web.Response:
        path = HERE / f"{request.match_info['name']}.yaml"
        if not path.is_file():
            raise web.HTTPNotFound
        return web.Response(text=path.read_text(encoding="utf-8"), content_type="text/plain")

    async def begin(self, request: web.Request) -> web.Response:
        """Read the text; a mistake in it is named by its place, and nothing begins."""
        try:
            new = NewPlay.model_validate_json(await request.read())
            story = read(new.text)
        except (ValidationError, yaml.YAMLError) as error:
            return web.json_response({"error": _place(error)}, status=422)
        key = secrets.token_hex(8)
        self._plays[key] = Play(story, story.ids(new.cast), Transcript(values_of(story) | new.values))
        while len(self._plays) > REMEMBERED:
            self._plays.popitem(last=False)
        return web.json_response(self._plays[key].told(key))

    async def next(self, request: web.Request) -> web.Response:
        """One step; a failed one stays the next one, so that it can be mended and tried again."""
        play = self._plays.get(request.match_info["id"])
        if play is None or play.at >= len(play.story.steps):
            raise web.HTTPNotFound
        turn = Turn.model_validate_json(await request.read() or b"{}")
        step = play.story.steps[play.at]
        error = await _walk(play, looked_for(step) if turn.by_hand else step, str(request.url.origin()))
        if error is None:
            play.at += 1
        return web.json_response({"at": play.at, "error": error, "values": play.transcript.values})


async def _walk(play: Play, step: Step, url: str) -> str | None:
    """Act and wait; what went wrong, or nothing."""
    if step.do is not None:
        return None  # a journey's own doing, such as killing a process: a page has no such hands
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        try:
            await Player(session, url, play.ids, play.transcript).play(step, {})
        except ScenarioFailed as error:
            return str(error)
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"the sandbox did not answer: {error!r}"
        except KeyError as error:
            return f"nobody in this scenario is called {error}"
    return None


def looked_for(step: Step) -> Step:
    """The step without its deed: somebody did it by hand, so only its outcome is looked for."""
    expect = step.expect.model_copy(update={"answer": None}) if step.expect else None
    return Step(who=step.who, do=step.do, expect=expect, within=step.within, save=step.save)


def _place(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'/'.join(str(part) for part in first['loc']) or 'the file'}: {first['msg']}"
    return str(error)
