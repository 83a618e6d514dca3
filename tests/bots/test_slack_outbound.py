"""What Slack's refusals mean for us, each in Slack's own word, over HTTP."""

import pytest
from slack_sdk.errors import SlackApiError

from bots.cards.card import Card
from bots.cards.sending import Blocked, Gone, RetryLater, Uninstalled
from bots.slack import outbound
from bots.slack.outbound import SlackOutbound
from bots.slack.workspace_tokens import InstalledWorkspace, TokensUnavailable, WorkspaceTokens
from tests.bots.slack_env import BOT_USER, TEAM, TOKEN, SlackEnv, installed_workspace
from tests.support.sandbox_client import Json
from tests.support.world import World

CARD = Card("Look")


async def chat(slack: SlackEnv, world: World) -> str:
    return slack.chat_of(await slack.a_user(await world.a_requester(), linked=False))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("channel_not_found", Blocked),
        ("is_archived", Blocked),
        ("not_in_channel", Blocked),
        ("user_disabled", Blocked),
        ("user_not_found", Blocked),
        ("cannot_dm_bot", Blocked),
        ("account_inactive", Blocked),
        ("token_revoked", Blocked),
        ("invalid_auth", Blocked),
        ("message_not_found", Gone),
        ("cant_update_message", Gone),
        ("edit_window_closed", Gone),
        ("ratelimited", RetryLater),
        ("internal_error", RetryLater),
        ("fatal_error", RetryLater),
        ("service_unavailable", RetryLater),
        ("request_timeout", RetryLater),
        ("invalid_blocks", SlackApiError),
        ("a_word_of_next_year", SlackApiError),
    ],
)
async def test_each_word_of_slacks_has_one_meaning(
    slack: SlackEnv, world: World, word: str, kind: type[Exception]
) -> None:
    there = await chat(slack, world)
    message_id = await slack.outbound.post(there, CARD)
    await slack.set_fault("refuse", error=word, method="chat.update", next=1)
    with pytest.raises(kind):
        await slack.outbound.edit(there, message_id, CARD)


async def test_a_pause_is_as_long_as_slack_asks_for(slack: SlackEnv, world: World) -> None:
    there = await chat(slack, world)
    await slack.set_fault("429", retry_after=7, method="chat.postMessage", next=1)
    with pytest.raises(RetryLater) as pause:
        await slack.outbound.post(there, CARD)
    assert pause.value.seconds == 7.0
    await slack.set_fault("500", method="conversations.open", next=1)
    with pytest.raises(RetryLater):
        await slack.outbound.post(
            slack.chat_of(await slack.a_user(await world.an_officer(), linked=False)), CARD
        )


@pytest.mark.parametrize("fault", [{"kind": "drop"}, {"kind": "drop", "after": True}, {"kind": "500"}])
async def test_an_answer_that_never_comes_is_a_pause_and_the_call_is_not_made_twice(
    slack: SlackEnv, world: World, fault: Json
) -> None:
    there = await chat(slack, world)
    await slack.set_fault(method="chat.postMessage", next=1, **fault)
    with pytest.raises(RetryLater):
        await slack.outbound.post(there, CARD)
    calls = await slack.sandbox.calls()
    posted = [each for each in calls if each["method"] == "chat.postMessage" and "Look" in str(each["args"])]
    assert len(posted) == 1


async def test_a_slow_slack_is_a_pause(
    slack: SlackEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await chat(slack, world)
    monkeypatch.setattr(outbound, "TIMEOUT_SECONDS", 0.2)
    sending = SlackOutbound(WorkspaceTokens(installed_workspace), f"{slack.sandbox.url}/slack/api/")
    await slack.set_fault("delay", seconds=2, next=1)
    with pytest.raises(RetryLater):
        await sending.post(there, CARD)
    await sending.close()


async def test_slacks_own_refusals_are_met_as_they_come(slack: SlackEnv, world: World) -> None:
    there = await chat(slack, world)
    message_id = await slack.outbound.post(there, CARD)
    with pytest.raises(Gone, match="message_not_found"):
        await slack.outbound.edit(there, f"{message_id.partition(':')[0]}:1.000001", CARD)
    with pytest.raises(Blocked, match="user_not_found"):
        await slack.outbound.post(f"{TEAM}:U0NOBODY", CARD)
    with pytest.raises(Blocked, match="not installed"):
        await slack.outbound.post("T0ELSEWHERE:U1", CARD)
    await slack.set_fault("deactivated", person=there.partition(":")[2])
    fresh = SlackOutbound(WorkspaceTokens(installed_workspace), f"{slack.sandbox.url}/slack/api/")
    with pytest.raises(Blocked, match="user_disabled"):
        await fresh.post(there, CARD)
    await fresh.close()
    await slack.sandbox.clear_faults()
    await slack.expect_refusals("message_not_found", "user_not_found", "user_disabled")


async def test_a_dead_token_is_told_once_and_not_used_again(slack: SlackEnv, world: World) -> None:
    there, lost = await chat(slack, world), []
    kept = {TEAM: InstalledWorkspace(TEAM, BOT_USER, TOKEN)}

    async def look(team_id: str) -> InstalledWorkspace | None:
        return kept.get(team_id)

    async def lose(team_id: str, token: str) -> None:
        lost.append((team_id, token))
        kept.clear()

    workspaces = WorkspaceTokens(look, lose)
    sending = SlackOutbound(workspaces, f"{slack.sandbox.url}/slack/api/")
    await slack.set_fault("refuse", error="token_revoked")
    for _ in range(3):
        with pytest.raises(Uninstalled):
            await sending.post(there, CARD)
    assert lost == [(TEAM, TOKEN)]
    assert await workspaces.get(TEAM) is None
    await slack.sandbox.clear_faults()
    kept[TEAM] = InstalledWorkspace(TEAM, BOT_USER, TOKEN)
    assert await sending.post(there, CARD)
    await sending.close()


async def test_a_token_that_is_remembered_is_used_while_nobody_says_whether_it_still_holds() -> None:
    asked, now = [], 0.0

    async def look(team_id: str) -> InstalledWorkspace | None:
        asked.append(team_id)
        raise TokensUnavailable

    workspaces = WorkspaceTokens(look, clock=lambda: now)
    with pytest.raises(TokensUnavailable):
        await workspaces.get(TEAM)
    workspaces.remember(InstalledWorkspace(TEAM, BOT_USER, TOKEN))
    now = 1_000.0
    for _ in range(3):
        found = await workspaces.get(TEAM)
        assert found is not None
        assert found.bot_token == TOKEN
    assert len(asked) < 4
