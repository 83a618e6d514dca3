"""A Slack token that dies: the installation is taken back, nobody is called unreachable for it, and nothing is lost."""

from core.access.actor import Actor
from core.access.roles import Role
from core.installations import service as installations
from core.installations.commands import KeepInstallation, Workspace
from core.kernel.sealing import Seal
from tests.bots.slack_stage import BOT_USER, SIGNING_SECRET, TEAM
from tests.workers.chats.floor import CHAT_KEY, Floor

OTHER = "xoxb-7700-another-token-of-the-tests"
BOT = Actor.service(Role.service_bot)


async def dies(floor: Floor) -> None:
    await floor.fault(kind="revoke")


async def installed(floor: Floor, token: str) -> None:
    """What the install page keeps, for an app that Slack gave this token."""
    app = {"app_id": "A0PARLEY", "signing_secret": SIGNING_SECRET, "bot_token": token, "bot_user": BOT_USER}
    await floor.control("POST", "/control/slack/apps", {**app, "team_id": TEAM, "urls": {}})
    sealed = Seal.of(CHAT_KEY).close(token, f"slack:{TEAM}")
    kept = KeepInstallation(Workspace("slack", TEAM), "Northwind", BOT_USER, sealed, (), "U1")
    await floor.world.act(BOT, installations.keep_installation, kept)


async def events(floor: Floor, kind: str) -> int:
    found: int = await floor.scalar("SELECT count(*) FROM audit_events WHERE type = :kind", kind=kind)
    return found


async def is_installed(floor: Floor) -> bool:
    query = "SELECT revoked_at IS NULL AND length(sealed_token) > 0 FROM chat_installations"
    return bool(await floor.scalar(query))


async def texts(floor: Floor, who: int | str) -> list[str]:
    return [each["text"] for each in await floor.sees(who)]


async def test_a_dead_token_is_told_once_and_a_new_one_brings_everything_up_to_date(floor: Floor) -> None:
    officer, admin = await floor.world.an_officer(), await floor.world.an_admin()
    officers, admins = await floor.phones(officer), await floor.phones(admin)
    await dies(floor)
    async with floor.busy():
        for _ in range(3):
            await floor.world.a_request()
        await floor.done()
        assert not await is_installed(floor)
        assert await texts(floor, officers.slack) == []
        assert len(await texts(floor, officers.telegram)) == 3
        told = [each for each in await texts(floor, admins.telegram) if "Northwind" in each]
        assert len(told) == await events(floor, "installation.revoked") == 1
        assert "no longer in the workspace “Northwind” on Slack" in told[0]

        await installed(floor, OTHER)
        await floor.done()
        assert len(await texts(floor, officers.slack)) == 3
    assert await events(floor, "chat.unreachable") == 0
    assert await floor.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'") == 0


async def test_a_token_that_died_when_another_was_installed_takes_nothing_back(floor: Floor) -> None:
    officers = await floor.phones(await floor.world.an_officer())
    async with floor.busy():
        await floor.world.a_request()
        await floor.done()
        assert (
            len(await texts(floor, officers.slack)) == 1
        )  # each worker may hold the first token from now on
        await dies(floor)
        await installed(floor, OTHER)
        for _ in range(3):
            await floor.world.a_request()
        await floor.done()
        assert len(await texts(floor, officers.slack)) == 4
    assert await is_installed(floor)
    assert await events(floor, "installation.revoked") == 0
