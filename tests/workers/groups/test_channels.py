"""A Slack channel: one thread per request, whose first message is the title and follows the state."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bots.slack.outbound import Outbound
from bots.slack.workspaces import Workspaces
from core.groups.commands import BindGroup, GroupChat
from core.groups.service import bind_group
from core.groups.states import GroupKind, PlaceKind
from tests.bots.slack_stage import BOT_USER, TEAM, TOKEN, known
from tests.workers.delivery.shop import Shop
from tests.workers.groups.test_topics import SECRETS, laptops, repeated, taken_back

CHANNEL, MEMBER = "C0ITBUYERS", "U8001"
APP = {"app_id": "A0PARLEY", "signing_secret": "s" * 32, "bot_token": TOKEN, "bot_user": BOT_USER}


@dataclass
class Channel:
    """A channel that the app is in, and somebody who reads it."""

    shop: Shop

    async def messages(self) -> list[dict[str, Any]]:
        seen = await self.shop.control("GET", f"/control/people/{MEMBER}/chat")
        return [each for each in seen["messages"] if each["chat_id"] == CHANNEL]

    async def members(self, *members: str) -> None:
        body = {"platform": "slack", "id": CHANNEL, "title": "it", "team_id": TEAM, "members": members}
        await self.shop.control("POST", "/control/groups", body)


@pytest.fixture
async def channel(shop: Shop) -> AsyncIterator[Channel]:
    """Bound to the department IT."""
    await shop.control("POST", "/control/slack/apps", {**APP, "team_id": TEAM, "urls": {}})
    person = {"id": MEMBER, "team_id": TEAM, "first_name": "Member", "platform": "slack"}
    await shop.control("POST", "/control/people", person)
    outbound = Outbound(Workspaces(known), f"{shop.url}/slack/api/", paced=False)
    shop.runtime = replace(shop.runtime, chats={**shop.runtime.chats, "slack": outbound})
    made = Channel(shop)
    await made.members(MEMBER, BOT_USER)
    chat = GroupChat("slack", f"{TEAM}:{CHANNEL}")
    command = BindGroup(chat, "#it", GroupKind.channel, PlaceKind.department, "IT")
    await shop.world.act(await shop.world.an_admin(), bind_group, command)
    yield made
    await outbound.close()


async def test_a_request_has_one_thread_whose_first_message_follows_the_state(
    shop: Shop, channel: Channel
) -> None:
    request = await laptops(shop)
    await shop.settled()
    root, card = await channel.messages()
    assert root["text"] == f"{request.request.number} Laptop 14 inch · submitted"
    assert card["thread"] == root["id"]
    await shop.world.an_rfq(request)
    await shop.settled()
    await repeated(shop)
    await shop.settled()
    root, card = await channel.messages()
    assert root["text"].endswith("· asking vendors")
    assert "asking vendors" in card["text"]
    await taken_back(shop, request)
    await shop.settled()
    root, card = await channel.messages()
    assert root["text"].endswith("· withdrawn")
    assert [each for each in (root, card) for secret in SECRETS if secret in each["text"]] == []


async def test_an_app_that_is_not_in_the_channel_tells_the_administrators_and_sends_nothing_more(
    shop: Shop, channel: Channel
) -> None:
    admin = await shop.world.an_admin()
    chat = await shop.chat(admin)
    await channel.members(MEMBER)
    await laptops(shop)
    await laptops(shop)
    await shop.settled()
    assert await channel.messages() == []
    (told,) = [each["text"] for each in await shop.sees(chat)]
    assert "no longer in the group “#it” on Slack" in told
    refusals = await shop.control("GET", "/control/refusals")
    assert len(refusals) == 1
    await shop.control("DELETE", "/control/refusals")
    assert await shop.parked() == 0
