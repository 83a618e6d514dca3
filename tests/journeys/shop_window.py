"""What a visitor of the shop window does: plays every scenario to its end, and the page's demo.

With n8n ready, its words replace ours; no scenario may wait for a sentence that only one of the two tells.
"""

from pathlib import Path

import aiohttp
import pytest

from sandbox import scenario
from sandbox.page.play_routes import SCENARIOS
from sandbox.scenario import Cast
from tests.journeys.running_installation import RunningInstallation

FILES = sorted(SCENARIOS.glob("*.yaml"))
PLAYED = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
CASTS = pytest.mark.parametrize("cast", ["mixed"])


async def played(installation: RunningInstallation, file: Path, cast: Cast) -> None:
    refused = len(await installation.refusals())
    loaded = scenario.load(file)
    transcript = await scenario.run(loaded, installation.addresses["sandbox"], cast=cast)
    assert len(transcript.lines) == len(loaded.steps)
    assert (await installation.refusals())[refused:] == []
    await installation.record_calls()


async def played_on_the_page(installation: RunningInstallation) -> None:
    """As the button *Play the demo* does it: one call for each step, to the last one."""
    url = installation.addresses["sandbox"]
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(timeout=timeout) as web:
        text = await (await web.get(f"{url}/play/scenarios/purchase")).text()
        play = await (await web.post(f"{url}/play", json={"text": text, "cast": "mixed"})).json()
        for number, step in enumerate(play["steps"], start=1):
            outcome = await (await web.post(f"{url}/play/{play['id']}/next", json={})).json()
            assert (outcome["error"], outcome["at"]) == (None, number), step
    assert outcome["at"] == len(scenario.load(SCENARIOS / "purchase.yaml").steps)
    await installation.record_calls()
