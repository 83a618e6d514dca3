"""The shop window as a visitor finds it while n8n is ready: every scenario and the page's demo."""

from pathlib import Path

import pytest

from sandbox.scenario import Cast
from tests.journeys.running_installation import RunningInstallation
from tests.journeys.shop_window import CASTS, PLAYED, played, played_on_the_page

pytestmark = [pytest.mark.journey, pytest.mark.n8n, pytest.mark.timeout(1800)]


@PLAYED
@CASTS
async def test_every_scenario_plays_to_its_end_while_n8n_is_ready(
    installation: RunningInstallation, file: Path, cast: Cast
) -> None:
    await played(installation, file, cast)


async def test_the_pages_demo_plays_to_its_end_while_n8n_is_ready(installation: RunningInstallation) -> None:
    before = len(installation.executions("quote-submitted"))
    await played_on_the_page(installation)
    assert len(installation.executions("quote-submitted")) > before, "n8n told the officer"
