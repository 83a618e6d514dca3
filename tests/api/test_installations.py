"""Installations over HTTP: sealed in the database, plain for a bot, nothing for anybody else."""

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from core.installations.tables import chat_installations
from tests.support.api import Api, ProblemError
from tests.support.world import World

BODY = {
    "team_name": "Northwind",
    "bot_user_id": "U0BOT",
    "bot_token": "xoxb-of-the-workspace",
    "scopes": ["chat:write", "commands"],
    "installed_by": "U1001",
}
TEAM = {"team": "T0NORTHWIND"}


async def test_a_bot_keeps_and_reads_an_installation(api: Api, world: World) -> None:
    bot = api.as_bot()
    await bot.call(e.save_installation, BODY, path=TEAM)
    found = await bot.call(e.installation, path=TEAM)
    assert (found.bot_token, found.team_name, found.scopes) == (
        "xoxb-of-the-workspace",
        "Northwind",
        ("chat:write", "commands"),
    )
    async with world.engine.connect() as connection:
        sealed = await connection.scalar(select(chat_installations.c.sealed_token))
    assert sealed is not None
    assert b"xoxb" not in sealed
    await bot.call(e.revoke_installation, path=TEAM)
    with pytest.raises(ProblemError, match="not_found"):
        await bot.call(e.installation, path=TEAM)


async def test_a_team_is_named_as_slack_names_it(api: Api, world: World) -> None:
    for team in ("t1", "T", "T0-1", "U0NORTHWIND", "T" * 60):
        with pytest.raises(ProblemError) as refusal:
            await api.as_bot().call(e.installation, path={"team": team})
        assert refusal.value.status == 422, team


async def test_nobody_else_reads_it(api: Api, world: World) -> None:
    await api.as_bot().call(e.save_installation, BODY, path=TEAM)
    for caller in (api, api.as_(await world.a_requester()), api.as_(await world.an_officer())):
        answer = await caller.send("GET", "/chat/installations/T0NORTHWIND")
        assert answer.status_code in (401, 403)
        assert "xoxb" not in answer.text
