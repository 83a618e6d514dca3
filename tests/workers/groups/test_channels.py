"""A Slack channel: one thread per request, whose first message is the title and follows the state."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bots.slack.outbound import SlackOutbound
from bots.slack.workspace_tokens import WorkspaceTokens
from core.groups.commands import BindGroup, GroupChat
from core.groups.service import bind_group
from core.groups.states import GroupKind, PlaceKind
from tests.bots.slack_env import BOT_USER, TEAM, TOKEN, installed_workspace
from tests.workers.delivery.worker_env import WorkerEnv
from tests.workers.groups.test_topics import SECRETS, laptops, repeated, taken_back

CHANNEL, MEMBER = "C0ITBUYERS", "U8001"
APP = {"app_id": "A0PARLEY", "signing_secret": "s" * 32, "bot_token": TOKEN, "bot_user": BOT_USER}


@dataclass
class SlackChannelEnv:
    """A channel that the app is in, and somebody who reads it."""

    worker_env: WorkerEnv

    async def messages(self) -> list[dict[str, Any]]:
        seen = await self.worker_env.sandbox.messages(MEMBER)
        return [each for each in seen if each["chat_id"] == CHANNEL]

    async def members(self, *members: str) -> None:
        body = {"platform": "slack", "id": CHANNEL, "title": "it", "team_id": TEAM, "members": members}
        await self.worker_env.sandbox.set_group(body)


@pytest.fixture
async def channel(worker_env: WorkerEnv) -> AsyncIterator[SlackChannelEnv]:
    """Bound to the department IT."""
    await worker_env.sandbox.set_slack_app({**APP, "team_id": TEAM, "urls": {}})
    person = {"id": MEMBER, "team_id": TEAM, "first_name": "Member", "platform": "slack"}
    await worker_env.sandbox.set_person(person)
    outbound = SlackOutbound(
        WorkspaceTokens(installed_workspace), f"{worker_env.sandbox.url}/slack/api/", rate_limited=False
    )
    worker_env.runtime = replace(worker_env.runtime, chats={**worker_env.runtime.chats, "slack": outbound})
    made = SlackChannelEnv(worker_env)
    await made.members(MEMBER, BOT_USER)
    chat = GroupChat("slack", f"{TEAM}:{CHANNEL}")
    command = BindGroup(chat, "#it", GroupKind.channel, PlaceKind.department, "IT")
    await worker_env.world.act(await worker_env.world.an_admin(), bind_group, command)
    yield made
    await outbound.close()


async def test_a_request_has_one_thread_whose_first_message_follows_the_state(
    worker_env: WorkerEnv, channel: SlackChannelEnv
) -> None:
    request = await laptops(worker_env)
    await worker_env.settle()
    root, card = await channel.messages()
    assert root["text"] == f"{request.request.number} Laptop 14 inch · submitted"
    assert card["thread"] == root["id"]
    await worker_env.world.an_rfq(request)
    await worker_env.settle()
    await repeated(worker_env)
    await worker_env.settle()
    root, card = await channel.messages()
    assert root["text"].endswith("· collecting quotes")
    assert "collecting quotes" in card["text"]
    await taken_back(worker_env, request)
    await worker_env.settle()
    root, card = await channel.messages()
    assert root["text"].endswith("· withdrawn")
    assert [each for each in (root, card) for secret in SECRETS if secret in each["text"]] == []


async def test_an_app_that_is_not_in_the_channel_tells_the_administrators_and_sends_nothing_more(
    worker_env: WorkerEnv, channel: SlackChannelEnv
) -> None:
    admin = await worker_env.world.an_admin()
    chat = await worker_env.link_chat(admin)
    await channel.members(MEMBER)
    await laptops(worker_env)
    await laptops(worker_env)
    await worker_env.settle()
    assert await channel.messages() == []
    (told,) = [each["text"] for each in await worker_env.sandbox.messages(chat)]
    assert "removed from the group “#it” on Slack" in told
    refusals = await worker_env.sandbox.refusals()
    assert len(refusals) == 1
    await worker_env.sandbox.clear_refusals()
    assert await worker_env.parked_count() == 0
