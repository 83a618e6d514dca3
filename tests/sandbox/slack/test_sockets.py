"""Socket Mode: what an app without an address hears, by the library that the bot uses."""

import asyncio
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.conftest import poll_until
from tests.sandbox.slack.conftest import BOT, ROSA, SECRET, TOKEN, SlackSandbox

APP_TOKEN = "xapp-of-the-sandbox-tests"


async def test_an_app_on_a_socket_hears_and_answers(workspace: SlackSandbox) -> None:
    app = {"app_id": "A0PARLEY", "signing_secret": SECRET, "bot_token": TOKEN, "bot_user": BOT}
    await workspace.set_slack_app(app | {"app_token": APP_TOKEN})
    web = AsyncWebClient(TOKEN, base_url=f"{workspace.url}/slack/api/")
    client = SocketModeClient(app_token=APP_TOKEN, web_client=web)
    received: list[SocketModeRequest] = []

    async def listen(on: Any, request: SocketModeRequest) -> None:
        received.append(request)
        payload = {"text": "I heard"} if request.type == "slash_commands" else None
        await on.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(listen)
    await client.connect()  # type: ignore[no-untyped-call]
    try:
        result = await workspace.act(ROSA, "send", text="/parley my")
        assert (result["answered"], result["text"]) == (True, "I heard")
        await workspace.act(ROSA, "send", text="Hello")

        async def event() -> bool:
            return any(each.type == "events_api" for each in received)

        await poll_until(event, 8)
    finally:
        await client.close()  # type: ignore[no-untyped-call]
    assert [each.payload.get("text") for each in received if each.type == "slash_commands"] == ["my"]
    assert await workspace.refusals() == []


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xapp-none", "invalid_auth"), (TOKEN, "not_allowed_token_type")]
)
async def test_a_socket_wants_an_apps_own_token(workspace: SlackSandbox, token: str, error: str) -> None:
    assert (await workspace.ask("apps.connections.open", {}, token))["error"] == error


async def test_a_ticket_counts_once(workspace: SlackSandbox) -> None:
    workspace.store.world.apps[TOKEN].app_token = APP_TOKEN
    url = (await workspace.ask("apps.connections.open", {}, APP_TOKEN))["url"]
    async with workspace.http.ws_connect(url) as socket:
        assert (await asyncio.wait_for(socket.receive_json(), 3))["type"] == "hello"
    async with workspace.http.get(url.replace("ws://", "http://")) as answer:
        assert answer.status == 404
