"""Whatever can be done on one platform can be done on the other; the page says so, and is what the tables say."""

from bots import parity
from bots.dialog.registry import COMMANDS, UNLINKED_COMMANDS
from core.access.roles import PEOPLE, Role
from tests.bots.bot_env import BotEnv
from tests.bots.slack_env import SlackEnv
from tests.support.world import World

WANTED = {
    "start", "help", "settings", "language", "cancel", "whoami", "request", "my", "status", "comment", "withdraw",
    "copy", "approvals", "delegate", "compare", "rfq", "vendors", "invite", "award", "po", "rfqs", "quote", "nobid",
    "question", "profile", "receive", "report", "team", "audit",
}  # fmt: skip
"""Whatever was asked for; what is not there has its reason."""
UNKNOWN = "I don’t know"


def test_there_is_no_hole_without_a_reason() -> None:
    assert parity.gaps() == []
    assert WANTED - set(COMMANDS) - set(UNLINKED_COMMANDS) <= set(parity.NOT_YET)
    assert all(len(why) > 20 for why in (*parity.FORBIDDEN.values(), *parity.NOT_YET.values()))
    assert set(parity.ROLES) == {role.value for role in PEOPLE}


def test_the_page_is_up_to_date() -> None:
    written = parity.PAGE.read_text(encoding="utf-8")
    assert written == parity.page(), "run python -m bots.parity --write"


async def test_every_command_is_heard_on_telegram(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_person(Role.officer))
    for name in sorted(COMMANDS):
        await user.say(f"/{name}")
    await user.say("/no_such_command")
    await user.sees(UNKNOWN)
    assert [each["text"] for each in await user.chat() if UNKNOWN in each["text"]] == [
        (await user.sees("no_such_command"))["text"]
    ]


async def test_every_command_is_heard_on_slack(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_person(Role.officer))
    for name in sorted(COMMANDS):
        answer = await user.say(f"/parley {name}")
        assert answer["answered"], name
        if COMMANDS[name].asks:
            await user.modal()
            await slack.sandbox.act(user.id, "close")
    await user.say("/parley no_such_command")
    await user.sees(UNKNOWN)
    assert len([each for each in await user.chat() if UNKNOWN in each["text"]]) == 1
