"""A person in Slack: what they do reaches the app in Slack's shapes, and what the app answers is seen."""

import base64
import json
import time
from urllib.parse import parse_qs, urlparse

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import delivery
from tests.sandbox.slack.conftest import BOT, MARA, ROSA, TOKEN, Workspace

CARD = [
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


async def test_what_a_person_says_reaches_the_app(workspace: Workspace) -> None:
    said = await workspace.does(ROSA, "send", text="3 laptops & <b>")
    heard = await workspace.app.got("message")
    event = heard.body["event"]
    assert (event["user"], event["text"], event["channel_type"]) == (ROSA, "3 laptops &amp; &lt;b&gt;", "im")
    assert (event["ts"], heard.body["event_id"]) == (said["message_id"], said["event_id"])
    [seen] = await workspace.sees(ROSA)
    assert (seen["from"], seen["text"]) == ("me", "3 laptops & <b>")


async def test_a_press_is_told_with_all_that_belongs_to_it(workspace: Workspace) -> None:
    client = AsyncWebClient(TOKEN, base_url=f"{workspace.url}/slack/api/")
    sent = await client.chat_postMessage(channel=ROSA, text="REQ-104", blocks=CARD)
    assert sent["channel"].startswith("D")
    [seen] = await workspace.sees(ROSA)
    assert seen["text"] == "REQ-104 · 3 × Laptop <Dell>"
    assert [button["text"] for row in seen["buttons"] for button in row] == ["Approve", "Reject…"]
    answered = await workspace.does(ROSA, "press", message_id=seen["id"], button="Approve")
    assert answered["answered"]
    payload = (await workspace.app.got("block_actions")).body
    [action] = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("approve", "choose", "ap:7")
    assert (payload["user"]["id"], payload["message"]["user"]) == (ROSA, BOT)
    assert await workspace.refusals() == []


async def carded(workspace: Workspace) -> str:
    sent = await workspace.call("chat.postMessage", channel=ROSA, text="REQ-104", blocks=CARD)
    return str(sent["ts"])


async def test_a_command_is_answered_for_the_person_only(workspace: Workspace) -> None:
    workspace.app.answer = lambda body: {"text": f"I heard {body['text']}"}
    answered = await workspace.does(ROSA, "send", text="/parley request 3x laptop")
    assert (answered["answered"], answered["text"]) == (True, "I heard request 3x laptop")
    body = (await workspace.app.got("/parley")).body
    assert (body["command"], body["text"], body["channel_name"]) == (
        "/parley",
        "request 3x laptop",
        "directmessage",
    )
    [seen] = await workspace.sees(ROSA)
    assert (seen["text"], seen["ephemeral"], seen["from"]) == ("I heard request 3x laptop", True, "bot")


async def test_a_command_that_is_none_is_told(workspace: Workspace) -> None:
    answered = await workspace.does(ROSA, "send", text="/request 3x laptop")
    assert not answered["answered"]
    assert answered["text"].startswith("`/request` is not a valid command.")
    assert workspace.app.heard == []


async def test_a_late_answer_is_shown_as_slack_shows_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PATIENCE", 0.1)
    workspace.app.wait = 0.4
    answered = await workspace.does(ROSA, "send", text="/parley my")
    assert (answered["answered"], answered["text"]) == (
        False,
        '/parley failed with the error "operation_timeout"',
    )
    pressed = await workspace.does(ROSA, "press", message_id=await carded(workspace), button="Approve")
    assert (pressed["answered"], pressed["text"]) == (False, "operation_timeout")
    told = [(each["method"], each["description"]) for each in await workspace.refusals()]
    assert told == [
        ("acknowledge /parley", "operation_timeout"),
        ("acknowledge block_actions", "operation_timeout"),
    ]


async def test_an_app_that_is_away_is_no_refusal(workspace: Workspace) -> None:
    app = workspace.store.world.apps[TOKEN]
    app.urls.commands = "http://127.0.0.1:9/nowhere"
    answered = await workspace.does(ROSA, "send", text="/parley my")
    assert answered["text"] == '/parley failed with the error "dispatch_failed"'
    assert await workspace.refusals() == []


async def test_an_event_that_is_not_taken_comes_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PAUSES", (0.05, 0.05, 0.05))
    workspace.app.status = 500
    await workspace.does(ROSA, "send", text="Hello")
    await workspace.app.got("message", 4)
    retries = [
        (each.headers.get("X-Slack-Retry-Num"), each.headers.get("X-Slack-Retry-Reason"))
        for each in workspace.app.heard
    ]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({each.body["event_id"] for each in workspace.app.heard}) == 1


async def test_an_event_comes_twice_and_in_another_order(workspace: Workspace) -> None:
    await workspace.fault("duplicate", platform="slack", next=1)
    await workspace.does(ROSA, "send", text="first")
    await workspace.app.got("message", 2)
    assert len({each.body["event_id"] for each in workspace.app.heard}) == 1
    workspace.app.heard.clear()
    await workspace.fault("reorder", next=1)
    await workspace.does(ROSA, "send", text="second")
    await workspace.does(ROSA, "send", text="third")
    await workspace.app.got("message", 2)
    assert [each.body["event"]["text"] for each in workspace.app.heard] == ["third", "second"]


async def test_a_response_url_counts_five_times(workspace: Workspace) -> None:
    await workspace.does(ROSA, "press", message_id=await carded(workspace), button="Approve")
    url = (await workspace.app.got("block_actions")).body["response_url"]
    told = []
    for number in range(6):
        async with workspace.http.post(url, json={"text": f"note {number}"}) as answer:
            told.append((answer.status, await answer.text()))
    assert told[:5] == [(200, "ok")] * 5
    assert (told[5][0], json.loads(told[5][1])["error"]) == (404, "used_url")
    assert [each["text"] for each in await workspace.sees(ROSA)][1:] == [f"note {n}" for n in range(5)]


async def test_a_card_is_replaced_through_its_response_url(workspace: Workspace) -> None:
    await workspace.does(ROSA, "press", message_id=await carded(workspace), button="Approve")
    url = (await workspace.app.got("block_actions")).body["response_url"]
    await workspace.http.post(url, json={"replace_original": True, "text": "Approved"})
    [seen] = await workspace.sees(ROSA)
    assert (seen["text"], seen["edits"], seen["buttons"]) == ("Approved", 1, [])


async def test_forged_data_reaches_the_app_as_it_is(workspace: Workspace) -> None:
    await workspace.does(ROSA, "press", message_id=await carded(workspace), data="ap:9999")
    [action] = (await workspace.app.got("block_actions")).body["actions"]
    assert (action["action_id"], action["value"]) == ("approve", "ap:9999")


async def test_a_thread_is_answered_in(workspace: Workspace) -> None:
    card = await carded(workspace)
    await workspace.does(ROSA, "send", text="too dear", reply_to=card)
    event = (await workspace.app.got("message")).body["event"]
    assert event["thread_ts"] == card
    assert [each["reply_to"] for each in await workspace.sees(ROSA)] == [None, card]


async def test_a_dropped_file_is_fetched_with_the_token_only(workspace: Workspace) -> None:
    paper = {"name": "offer.pdf", "base64": base64.b64encode(b"%PDF-1.4 offer").decode()}
    await workspace.does(ROSA, "send", text="our offer", document=paper)
    event = (await workspace.app.got("message")).body["event"]
    assert (event["subtype"], event["files"][0]["name"]) == ("file_share", "offer.pdf")
    await workspace.app.got("file_shared")
    url = event["files"][0]["url_private_download"]
    async with workspace.http.get(url, headers={"Authorization": f"Bearer {TOKEN}"}) as answer:
        assert await answer.read() == b"%PDF-1.4 offer"
    async with workspace.http.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")


async def test_a_mention_in_a_channel_is_told_twice(workspace: Workspace) -> None:
    room = {"platform": "slack", "id": "C0ROOM", "title": "buyers", "members": [ROSA, MARA, BOT]}
    await workspace.control("POST", "/groups", room)
    await workspace.does(ROSA, "send", text="@Parley who decides?", chat_id="C0ROOM")
    mention = (await workspace.app.got("app_mention")).body["event"]
    said = (await workspace.app.got("message")).body["event"]
    assert mention["text"] == said["text"] == f"<@{BOT}> who decides?"
    assert said["channel_type"] == "channel"
    assert [(each["from"], each["name"]) for each in await workspace.sees(MARA)] == [("other", "Rosa")]


async def test_where_the_app_is_not_it_hears_nothing(workspace: Workspace) -> None:
    room = {"platform": "slack", "id": "C0ROOM", "title": "buyers", "members": [ROSA, BOT]}
    await workspace.control("POST", "/groups", room)
    await workspace.fault("not_in_channel", chat_id="C0ROOM")
    await workspace.does(ROSA, "send", text="alone", chat_id="C0ROOM")
    assert (await workspace.ask("chat.postMessage", {"channel": "C0ROOM", "text": "x"}))[
        "error"
    ] == "not_in_channel"
    assert workspace.app.heard == []
    await workspace.control("DELETE", "/faults")
    await workspace.call("chat.postMessage", channel="C0ROOM", text="back")


async def test_a_token_dies_and_comes_back(workspace: Workspace) -> None:
    await workspace.fault("revoke")
    await workspace.app.got("tokens_revoked")
    await workspace.app.got("app_uninstalled")
    assert (await workspace.ask("auth.test", {}))["error"] == "token_revoked"
    await workspace.control("DELETE", "/faults")
    assert (await workspace.ask("auth.test", {}))["ok"]


async def test_too_many_requests_says_how_long_to_wait(workspace: Workspace) -> None:
    await workspace.fault("429", platform="slack", method="chat.postMessage", next=1, retry_after=7)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{workspace.url}/slack/api/chat.postMessage"
    async with workspace.http.post(address, json={"channel": ROSA, "text": "x"}, headers=headers) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
        assert await answer.json() == {"ok": False, "error": "ratelimited"}
    await workspace.call("chat.postMessage", channel=ROSA, text="y")
    assert await workspace.refusals() == []


async def test_a_clock_that_is_wrong_breaks_no_signature(workspace: Workspace) -> None:
    await workspace.fault("clock", seconds=-600)
    await workspace.does(ROSA, "send", text="Hello")
    heard = await workspace.app.got("message")
    assert abs(int(heard.headers["X-Slack-Request-Timestamp"]) - (time.time() - 600)) < 5


async def test_a_form_is_read_as_json_is(workspace: Workspace) -> None:
    form = {"channel": ROSA, "text": "by form", "token": TOKEN, "blocks": json.dumps(CARD)}
    address = f"{workspace.url}/slack/api/chat.postMessage"
    async with workspace.http.post(address, data=form) as answer:
        assert (await answer.json())["ok"]
    by_json = {"channel": ROSA, "text": "x", "token": TOKEN}
    async with workspace.http.post(address, json=by_json) as answer:
        assert (await answer.json())["error"] == "not_authed"


async def test_an_upload_goes_the_way_of_the_library(workspace: Workspace) -> None:
    client = AsyncWebClient(TOKEN, base_url=f"{workspace.url}/slack/api/")
    sent = await client.chat_postMessage(channel=ROSA, text="PO-7")
    await client.files_upload_v2(
        channel=sent["channel"], content=b"%PDF-1.4", filename="PO-7.pdf", thread_ts=sent["ts"]
    )
    seen = await workspace.sees(ROSA)
    assert (seen[-1]["document"], seen[-1]["reply_to"]) == ("PO-7.pdf", sent["ts"])


async def test_an_installation_by_oauth(workspace: Workspace) -> None:
    asked = {"client_id": "11.22", "scope": "chat:write", "state": "s", "redirect_uri": "http://app/back"}
    address = f"{workspace.url}/slack/oauth/v2/authorize"
    async with workspace.http.get(
        address, params=asked | {"team": "T0OTHER"}, allow_redirects=False
    ) as answer:
        back = parse_qs(urlparse(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    exchanged = {"client_id": "11.22", "client_secret": "client-secret", "code": back["code"][0]}
    told = []
    for _ in range(2):
        async with workspace.http.post(
            f"{workspace.url}/slack/api/oauth.v2.access", data=exchanged
        ) as answer:
            told.append(await answer.json())
    assert (told[0]["team"]["id"], told[0]["token_type"]) == ("T0OTHER", "bot")
    assert told[1] == {"ok": False, "error": "invalid_code"}
    assert (await workspace.ask("auth.test", {}, told[0]["access_token"]))["team_id"] == "T0OTHER"
