"""The shop window as a visitor finds it: every scenario and the page's demo, while n8n is ready and without it.

With n8n ready, its words replace ours; no scenario may wait for a sentence that only one of the two tells.
"""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from sandbox import scenario
from sandbox.page.play_routes import SCENARIOS
from sandbox.scenario import Cast
from tests.journeys.running_installation import RunningInstallation

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]

FILES = sorted(SCENARIOS.glob("*.yaml"))
PLAYED = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
CASTS = pytest.mark.parametrize("cast", ["mixed"])


@pytest.fixture(scope="module")
def without_n8n(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstallation]:
    created = RunningInstallation(tmp_path_factory.mktemp("no-n8n") / "var", n8n=False)
    try:
        created.up()
        yield created
    finally:
        created.down()


async def played(installation: RunningInstallation, file: Path, cast: Cast) -> None:
    refused = len(await installation.refusals())
    loaded = scenario.load(file)
    transcript = await scenario.run(loaded, installation.status()["sandbox"], cast=cast)
    assert len(transcript.lines) == len(loaded.steps)
    assert (await installation.refusals())[refused:] == []
    await installation.record_calls()


async def played_on_the_page(installation: RunningInstallation) -> None:
    """As the button *Play the demo* does it: one call for each step, to the last one."""
    url = installation.status()["sandbox"]
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(timeout=timeout) as web:
        text = await (await web.get(f"{url}/play/scenarios/purchase")).text()
        play = await (await web.post(f"{url}/play", json={"text": text, "cast": "mixed"})).json()
        for number, step in enumerate(play["steps"], start=1):
            outcome = await (await web.post(f"{url}/play/{play['id']}/next", json={})).json()
            assert (outcome["error"], outcome["at"]) == (None, number), step
    assert outcome["at"] == len(scenario.load(SCENARIOS / "purchase.yaml").steps)
    await installation.record_calls()


@pytest.mark.n8n
@PLAYED
@CASTS
async def test_every_scenario_plays_to_its_end_while_n8n_is_ready(
    installation: RunningInstallation, file: Path, cast: Cast
) -> None:
    await played(installation, file, cast)


@PLAYED
@CASTS
async def test_every_scenario_plays_to_its_end_without_n8n(
    without_n8n: RunningInstallation, file: Path, cast: Cast
) -> None:
    await played(without_n8n, file, cast)


@pytest.mark.n8n
async def test_the_pages_demo_plays_to_its_end_while_n8n_is_ready(installation: RunningInstallation) -> None:
    before = len(installation.executions("quote-submitted"))
    await played_on_the_page(installation)
    assert len(installation.executions("quote-submitted")) > before, "n8n told the officer"


async def test_the_pages_demo_plays_to_its_end_without_n8n(without_n8n: RunningInstallation) -> None:
    await played_on_the_page(without_n8n)
