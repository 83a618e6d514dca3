"""The drill: write, back up, write, lose everything, restore, verify, go on.

Without n8n: it has no data that counts, and its flows are set up anew.
"""

import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.journeys.running_installation import RunningInstallation, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

LOST_WITH_THE_SANDBOX = {"message_not_found", "channel_not_found", "Bad Request: message to edit not found"}
"""A card, or a direct message's channel, that the restored database knows and the chats, which are new, do not."""


async def sealed(installation: RunningInstallation) -> int:
    """How many events the log has, once every one has its position."""

    async def all_have_one() -> int:
        found = await installation.get("auditor", "/audit/verify")
        assert found["ok"], found
        return 0 if found["unsealed"] else int(found["events"])

    return int(await wait_for(all_have_one, "everything is sealed"))


async def covered(installation: RunningInstallation) -> int:
    """The same, once a checkpoint outside the database covers them all."""
    newest = installation.var / "checkpoints" / "latest.txt"

    async def is_covered() -> int:
        events = await sealed(installation)
        return events if newest.exists() and int(newest.read_text().split("\n")[1]) >= events else 0

    return int(await wait_for(is_covered, "a checkpoint of everything", 150))


async def kinds_from(installation: RunningInstallation, position: int) -> dict[str, dict[str, Any]]:
    """The newest event of each type after a position."""
    found = await installation.get("auditor", "/audit/events", after=position, limit=100)
    return {each["action"]: each for each in found["items"]}


async def is_refused(installation: RunningInstallation, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{installation.addresses['api']}/me"
    async with aiohttp.ClientSession() as web, web.get(url, headers=headers) as answer:
        return answer.status == 401


async def test_everything_is_lost_and_restored_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backups and a copy of the checkpoints are on another machine; nothing else is left."""
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("PARLEY_BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("PARLEY_BACKUP_PASSPHRASE", "a passphrase for the drill")
    installation = RunningInstallation(tmp_path / "var", n8n=False)
    try:
        installation.up()
        installation.cli("person", "add", "Bea Before", "--email", "before@drill.example")
        assert "(full," in installation.cli("backup")
        backed_up = await sealed(installation)
        assert "(incremental," in installation.cli("backup")
        assert "agree with every checkpoint" in installation.cli("restore", "--verify")
        stolen = installation.token("admin")
        assert not await is_refused(installation, stolen)

        installation.cli("person", "add", "Ada After", "--email", "after@drill.example")
        installation.cli("person", "disable", "before@drill.example")
        lost_to = await covered(installation)
        installation.wait_until((installation.var / "checkpoints" / "disabled.ids").exists, "it is noted")
        shutil.copytree(installation.var / "checkpoints", elsewhere)
        installation.down()
        shutil.rmtree(installation.var)

        shutil.copytree(elsewhere, installation.var / "checkpoints")
        told = installation.cli("restore")
        assert f"positions {backed_up + 1:,} to {lost_to:,} are lost" in told
        assert "Disabled again" in told
        installation.up()
        installation.tokens.clear()

        assert await is_refused(installation, stolen)
        assert await covered(installation) > backed_up
        happened = await kinds_from(installation, backed_up)
        mark = happened["log.restored"]["data"]
        assert mark["epoch"] == 2
        assert mark["checkpoint_size"] == mark["lost_to"] == lost_to
        assert len(mark["disabled_again"]) == 1
        assert {each["kind"] for each in mark["skipped_numbers"]} >= {"REQ", "RFQ"}
        assert "person.disabled" in happened
        assert "are intact" in installation.cli("verify")
        assert "(full," in installation.cli("backup"), "none may stand on a backup of the time that was lost"
        refused = {each["description"] for each in await installation.refusals()}
        assert refused <= LOST_WITH_THE_SANDBOX
    finally:
        installation.down()
