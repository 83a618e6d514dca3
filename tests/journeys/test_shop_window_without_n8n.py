"""The shop window as a visitor finds it without n8n, on an installation of its own: every scenario and the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.scenario import Cast
from tests.journeys.running_installation import RunningInstallation
from tests.journeys.shop_window import CASTS, PLAYED, played, played_on_the_page

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def without_n8n(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningInstallation]:
    created = RunningInstallation(tmp_path_factory.mktemp("no-n8n") / "var", n8n=False)
    try:
        created.up()
        yield created
    finally:
        created.down()


@PLAYED
@CASTS
async def test_every_scenario_plays_to_its_end_without_n8n(
    without_n8n: RunningInstallation, file: Path, cast: Cast
) -> None:
    await played(without_n8n, file, cast)


async def test_the_pages_demo_plays_to_its_end_without_n8n(without_n8n: RunningInstallation) -> None:
    await played_on_the_page(without_n8n)
