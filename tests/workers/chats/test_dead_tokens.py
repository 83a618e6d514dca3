"""A Slack token that dies: the installation is taken back, nobody is called unreachable for it, and nothing is lost."""

from core.access.actor import Actor
from core.access.roles import Role
from core.installations import service as installations
from core.installations.commands import SaveInstallation, Workspace
from core.kernel.encryption import SecretBox
from tests.bots.slack_env import BOT_USER, SIGNING_SECRET, TEAM
from tests.workers.chats.live_env import CHAT_KEY, LiveEnv

OTHER = "xoxb-7700-another-token-of-the-tests"
BOT = Actor.service(Role.service_bot)


async def dies(live_env: LiveEnv) -> None:
    await live_env.sandbox.set_fault(kind="revoke")


async def installed(live_env: LiveEnv, token: str) -> None:
    """What the install page keeps, for an app that Slack gave this token."""
    app = {"app_id": "A0PARLEY", "signing_secret": SIGNING_SECRET, "bot_token": token, "bot_user": BOT_USER}
    await live_env.sandbox.set_slack_app({**app, "team_id": TEAM, "urls": {}})
    sealed = SecretBox.from_hex(CHAT_KEY).encrypt(token, f"slack:{TEAM}")
    kept = SaveInstallation(Workspace("slack", TEAM), "Northwind", BOT_USER, sealed, (), "U1")
    await live_env.world.act(BOT, installations.save_installation, kept)


async def events(live_env: LiveEnv, kind: str) -> int:
    found: int = await live_env.scalar("SELECT count(*) FROM audit_events WHERE type = :kind", kind=kind)
    return found


async def is_installed(live_env: LiveEnv) -> bool:
    query = "SELECT revoked_at IS NULL AND length(sealed_token) > 0 FROM chat_installations"
    return bool(await live_env.scalar(query))


async def texts(live_env: LiveEnv, who: int | str) -> list[str]:
    return [each["text"] for each in await live_env.sandbox.messages(who)]


async def test_a_dead_token_is_told_once_and_a_new_one_brings_everything_up_to_date(
    live_env: LiveEnv,
) -> None:
    officer, admin = await live_env.world.an_officer(), await live_env.world.an_admin()
    officers, admins = await live_env.link_chats(officer), await live_env.link_chats(admin)
    await dies(live_env)
    async with live_env.running():
        for _ in range(3):
            await live_env.world.a_request()
        await live_env.wait_until_done()
        assert not await is_installed(live_env)
        assert await texts(live_env, officers.slack) == []
        assert len(await texts(live_env, officers.telegram)) == 3
        told = [each for each in await texts(live_env, admins.telegram) if "Northwind" in each]
        assert len(told) == await events(live_env, "installation.revoked") == 1
        assert "was removed from the workspace “Northwind” on Slack" in told[0]

        await installed(live_env, OTHER)
        await live_env.wait_until_done()
        assert len(await texts(live_env, officers.slack)) == 3
    assert await events(live_env, "chat.unreachable") == 0
    assert await live_env.scalar("SELECT count(*) FROM deliveries WHERE state = 'parked'") == 0


async def test_a_token_that_died_when_another_was_installed_takes_nothing_back(live_env: LiveEnv) -> None:
    officers = await live_env.link_chats(await live_env.world.an_officer())
    async with live_env.running():
        await live_env.world.a_request()
        await live_env.wait_until_done()
        assert (
            len(await texts(live_env, officers.slack)) == 1
        )  # each worker may hold the first token from now on
        await dies(live_env)
        await installed(live_env, OTHER)
        for _ in range(3):
            await live_env.world.a_request()
        await live_env.wait_until_done()
        assert len(await texts(live_env, officers.slack)) == 4
    assert await is_installed(live_env)
    assert await events(live_env, "installation.revoked") == 0
