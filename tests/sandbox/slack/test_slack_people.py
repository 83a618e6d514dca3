"""A person in Slack: what they do reaches the app in Slack's shapes, and what the app answers is seen."""

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import delivery
from tests.sandbox.slack.conftest import BOT, MARA, ROSA, TOKEN, SlackSandbox

CARD: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*REQ-104* · 3 × Laptop &lt;Dell&gt;"}},
    {
        "type": "actions",
        "block_id": "choose",
        "elements": [
            {
                "type": "button",
                "action_id": "approve",
                "text": {"type": "plain_text", "text": "Approve"},
                "value": "ap:7",
                "style": "primary",
            },
            {
                "type": "button",
                "action_id": "reject",
                "text": {"type": "plain_text", "text": "Reject…"},
                "value": "rj:7",
            },
        ],
    },
]


async def test_what_a_person_says_reaches_the_app(workspace: SlackSandbox) -> None:
    sent = await workspace.act(ROSA, "send", text="3 laptops & <b>")
    request = await workspace.app.wait_for("message")
    event = request.body["event"]
    assert (event["user"], event["text"], event["channel_type"]) == (ROSA, "3 laptops &amp; &lt;b&gt;", "im")
    assert (event["ts"], request.body["event_id"]) == (sent["message_id"], sent["event_id"])
    [seen] = await workspace.messages(ROSA)
    assert (seen["from"], seen["text"]) == ("me", "3 laptops & <b>")


async def test_a_press_is_told_with_all_that_belongs_to_it(workspace: SlackSandbox) -> None:
    client = AsyncWebClient(TOKEN, base_url=f"{workspace.url}/slack/api/")
    sent = await client.chat_postMessage(channel=ROSA, text="REQ-104", blocks=CARD)
    assert sent["channel"].startswith("D")
    [seen] = await workspace.messages(ROSA)
    assert seen["text"] == "REQ-104 · 3 × Laptop <Dell>"
    assert [button["text"] for row in seen["buttons"] for button in row] == ["Approve", "Reject…"]
    result = await workspace.act(ROSA, "press", message_id=seen["id"], button="Approve")
    assert result["answered"]
    payload = (await workspace.app.wait_for("block_actions")).body
    [action] = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("approve", "choose", "ap:7")
    assert (payload["user"]["id"], payload["message"]["user"]) == (ROSA, BOT)
    assert await workspace.refusals() == []


async def send_card(workspace: SlackSandbox) -> str:
    sent = await workspace.call("chat.postMessage", channel=ROSA, text="REQ-104", blocks=CARD)
    return str(sent["ts"])


async def test_a_command_is_answered_for_the_person_only(workspace: SlackSandbox) -> None:
    workspace.app.answer = lambda body: {"text": f"I heard {body['text']}"}
    result = await workspace.act(ROSA, "send", text="/parley request 3x laptop")
    assert (result["answered"], result["text"]) == (True, "I heard request 3x laptop")
    body = (await workspace.app.wait_for("/parley")).body
    assert (body["command"], body["text"], body["channel_name"]) == (
        "/parley",
        "request 3x laptop",
        "directmessage",
    )
    [seen] = await workspace.messages(ROSA)
    assert (seen["text"], seen["ephemeral"], seen["from"]) == ("I heard request 3x laptop", True, "bot")


async def test_a_command_that_is_none_is_told(workspace: SlackSandbox) -> None:
    result = await workspace.act(ROSA, "send", text="/request 3x laptop")
    assert not result["answered"]
    assert result["text"].startswith("`/request` is not a valid command.")
    assert workspace.app.received == []


async def test_a_late_answer_is_shown_as_slack_shows_it(
    workspace: SlackSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "ACK_DEADLINE_SECONDS", 0.1)
    workspace.app.delay_seconds = 0.4
    result = await workspace.act(ROSA, "send", text="/parley my")
    assert (result["answered"], result["text"]) == (
        False,
        '/parley failed with the error "operation_timeout"',
    )
    pressed = await workspace.act(ROSA, "press", message_id=await send_card(workspace), button="Approve")
    assert (pressed["answered"], pressed["text"]) == (False, "operation_timeout")
    answers = [(each["method"], each["description"]) for each in await workspace.refusals()]
    assert answers == [
        ("acknowledge /parley", "operation_timeout"),
        ("acknowledge block_actions", "operation_timeout"),
    ]


async def test_an_app_that_is_away_is_no_refusal(workspace: SlackSandbox) -> None:
    app = workspace.store.world.apps[TOKEN]
    app.urls.commands = "http://127.0.0.1:9/nowhere"
    result = await workspace.act(ROSA, "send", text="/parley my")
    assert result["text"] == '/parley failed with the error "dispatch_failed"'
    assert await workspace.refusals() == []


async def test_an_event_that_is_not_taken_comes_again(
    workspace: SlackSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RETRY_DELAYS_SECONDS", (0.05, 0.05, 0.05))
    workspace.app.status = 500
    await workspace.act(ROSA, "send", text="Hello")
    await workspace.app.wait_for("message", 4)
    retries = [
        (each.headers.get("X-Slack-Retry-Num"), each.headers.get("X-Slack-Retry-Reason"))
        for each in workspace.app.received
    ]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({each.body["event_id"] for each in workspace.app.received}) == 1


async def test_an_event_comes_twice_and_in_another_order(workspace: SlackSandbox) -> None:
    await workspace.set_fault("duplicate", platform="slack", next=1)
    await workspace.act(ROSA, "send", text="first")
    await workspace.app.wait_for("message", 2)
    assert len({each.body["event_id"] for each in workspace.app.received}) == 1
    workspace.app.received.clear()
    await workspace.set_fault("reorder", next=1)
    await workspace.act(ROSA, "send", text="second")
    await workspace.act(ROSA, "send", text="third")
    await workspace.app.wait_for("message", 2)
    assert [each.body["event"]["text"] for each in workspace.app.received] == ["third", "second"]


async def test_a_response_url_counts_five_times(workspace: SlackSandbox) -> None:
    await workspace.act(ROSA, "press", message_id=await send_card(workspace), button="Approve")
    url = (await workspace.app.wait_for("block_actions")).body["response_url"]
    answers = []
    for number in range(6):
        async with workspace.http.post(url, json={"text": f"note {number}"}) as answer:
            answers.append((answer.status, await answer.text()))
    assert answers[:5] == [(200, "ok")] * 5
    assert (answers[5][0], json.loads(answers[5][1])["error"]) == (404, "used_url")
    assert [each["text"] for each in await workspace.messages(ROSA)][1:] == [f"note {n}" for n in range(5)]


async def test_a_card_is_replaced_through_its_response_url(workspace: SlackSandbox) -> None:
    await workspace.act(ROSA, "press", message_id=await send_card(workspace), button="Approve")
    url = (await workspace.app.wait_for("block_actions")).body["response_url"]
    await workspace.http.post(url, json={"replace_original": True, "text": "Approved"})
    [seen] = await workspace.messages(ROSA)
    assert (seen["text"], seen["edits"], seen["buttons"]) == ("Approved", 1, [])


async def test_forged_data_reaches_the_app_as_it_is(workspace: SlackSandbox) -> None:
    await workspace.act(ROSA, "press", message_id=await send_card(workspace), data="ap:9999")
    [action] = (await workspace.app.wait_for("block_actions")).body["actions"]
    assert (action["action_id"], action["value"]) == ("approve", "ap:9999")


async def test_a_thread_is_answered_in(workspace: SlackSandbox) -> None:
    card = await send_card(workspace)
    await workspace.act(ROSA, "send", text="too dear", reply_to=card)
    event = (await workspace.app.wait_for("message")).body["event"]
    assert event["thread_ts"] == card
    assert [each["reply_to"] for each in await workspace.messages(ROSA)] == [None, card]


async def test_a_dropped_file_is_fetched_with_the_token_only(workspace: SlackSandbox) -> None:
    document = {"name": "offer.pdf", "base64": base64.b64encode(b"%PDF-1.4 offer").decode()}
    await workspace.act(ROSA, "send", text="our offer", document=document)
    event = (await workspace.app.wait_for("message")).body["event"]
    assert (event["subtype"], event["files"][0]["name"]) == ("file_share", "offer.pdf")
    await workspace.app.wait_for("file_shared")
    url = event["files"][0]["url_private_download"]
    async with workspace.http.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert await answer.read() == b"%PDF-1.4 offer"
    async with workspace.http.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_a_mention_in_a_channel_is_told_twice(workspace: SlackSandbox) -> None:
    channel = {"platform": "slack", "id": "C0ROOM", "title": "buyers", "members": [ROSA, MARA, BOT]}
    await workspace.set_group(channel)
    await workspace.act(ROSA, "send", text="@Parley who decides?", chat_id="C0ROOM")
    mention = (await workspace.app.wait_for("app_mention")).body["event"]
    sent = (await workspace.app.wait_for("message")).body["event"]
    assert mention["text"] == sent["text"] == f"<@{BOT}> who decides?"
    assert sent["channel_type"] == "channel"
    assert [(each["from"], each["name"]) for each in await workspace.messages(MARA)] == [("other", "Rosa")]


async def test_where_the_app_is_not_it_hears_nothing(workspace: SlackSandbox) -> None:
    channel = {"platform": "slack", "id": "C0ROOM", "title": "buyers", "members": [ROSA, BOT]}
    await workspace.set_group(channel)
    await workspace.set_fault("not_in_channel", chat_id="C0ROOM")
    await workspace.act(ROSA, "send", text="alone", chat_id="C0ROOM")
    assert (await workspace.ask("chat.postMessage", {"channel": "C0ROOM", "text": "x"}))[
        "error"
    ] == "not_in_channel"
    assert workspace.app.received == []
    await workspace.clear_faults()
    await workspace.call("chat.postMessage", channel="C0ROOM", text="back")


async def test_a_token_dies_and_comes_back(workspace: SlackSandbox) -> None:
    await workspace.set_fault("revoke")
    await workspace.app.wait_for("tokens_revoked")
    await workspace.app.wait_for("app_uninstalled")
    assert (await workspace.ask("auth.test", {}))["error"] == "token_revoked"
    await workspace.clear_faults()
    assert (await workspace.ask("auth.test", {}))["ok"]


async def test_too_many_requests_says_how_long_to_wait(workspace: SlackSandbox) -> None:
    await workspace.set_fault("429", platform="slack", method="chat.postMessage", next=1, retry_after=7)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{workspace.url}/slack/api/chat.postMessage"
    async with workspace.http.post(address, json={"channel": ROSA, "text": "x"}, headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
        assert await answer.json() == {"ok": False, "error": "ratelimited"}
    await workspace.call("chat.postMessage", channel=ROSA, text="y")
    assert await workspace.refusals() == []


async def test_a_clock_that_is_wrong_breaks_no_signature(workspace: SlackSandbox) -> None:
    await workspace.set_fault("clock", seconds=-600)
    await workspace.act(ROSA, "send", text="Hello")
    request = await workspace.app.wait_for("message")
    assert abs(int(request.headers["X-Slack-Request-Timestamp"]) - (time.time() - 600)) < 5


async def test_a_form_is_read_as_json_is(workspace: SlackSandbox) -> None:
    form = {"channel": ROSA, "text": "by form", "token": TOKEN, "blocks": json.dumps(CARD)}
    address = f"{workspace.url}/slack/api/chat.postMessage"
    async with workspace.http.post(address, data=form) as answer:
        assert (await answer.json())["ok"]
    by_json = {"channel": ROSA, "text": "x", "token": TOKEN}
    async with workspace.http.post(address, json=by_json) as answer:
        assert (await answer.json())["error"] == "not_authed"


async def test_an_upload_goes_the_way_of_the_library(workspace: SlackSandbox) -> None:
    client = AsyncWebClient(TOKEN, base_url=f"{workspace.url}/slack/api/")
    sent = await client.chat_postMessage(channel=ROSA, text="PO-7")
    await client.files_upload_v2(
        channel=sent["channel"], content=b"%PDF-1.4", filename="PO-7.pdf", thread_ts=sent["ts"]
    )
    seen = await workspace.messages(ROSA)
    assert (seen[-1]["document"], seen[-1]["reply_to"]) == ("PO-7.pdf", sent["ts"])


async def test_an_installation_by_oauth(workspace: SlackSandbox) -> None:
    asked = {"client_id": "11.22", "scope": "chat:write", "state": "s", "redirect_uri": "http://app/back"}
    address = f"{workspace.url}/slack/oauth/v2/authorize"
    async with workspace.http.get(
        address, params=asked | {"team": "T0OTHER"}, allow_redirects=False
    ) as answer:
        back = parse_qs(urlparse(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    exchanged = {"client_id": "11.22", "client_secret": "client-secret", "code": back["code"][0]}
    answers = []
    for _ in range(2):
        async with workspace.http.post(
            f"{workspace.url}/slack/api/oauth.v2.access", data=exchanged
        ) as answer:
            answers.append(await answer.json())
    assert (answers[0]["team"]["id"], answers[0]["token_type"]) == ("T0OTHER", "bot")
    assert answers[1] == {"ok": False, "error": "invalid_code"}
    assert (await workspace.ask("auth.test", {}, answers[0]["access_token"]))["team_id"] == "T0OTHER"
