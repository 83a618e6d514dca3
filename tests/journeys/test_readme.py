"""What the README promises a newcomer: its own words, typed as they stand there, lead to received goods.

One rule: what is typed is read from the README, so that the page cannot promise what does not work.
"""

import re
from pathlib import Path

import pytest

from sandbox import scenario
from tests.journeys.running_installation import ROOT, RunningInstallation

pytestmark = [pytest.mark.journey, pytest.mark.n8n, pytest.mark.timeout(1800)]

README = (ROOT / "README.md").read_text(encoding="utf-8")
STEPS = Path(__file__).with_name("readme.yaml")


def found(pattern: str) -> str:
    """The part of the README in the pattern's group."""
    match = re.search(pattern, README, re.MULTILINE)
    assert match is not None, f"the README no longer says {pattern}"
    return match[1]


async def test_the_readmes_words_lead_from_a_line_in_chat_to_received_goods(
    installation: RunningInstallation,
) -> None:
    typed = {
        "asked": found(r"^    (/request .+)$"),
        "answered": found(r"play a vendor and answer `([^`]+)`"),
    }
    refused = len(await installation.refusals())
    await scenario.run(scenario.load(STEPS), installation.addresses["sandbox"], typed)
    assert (await installation.refusals())[refused:] == []
