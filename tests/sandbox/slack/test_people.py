"""A person in Slack: what they do reaches the app in Slack's shapes, and what the app answers is seen."""

from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack.conftest import BOT, ROSA, TOKEN, Workspace

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
