"""The page's server half: its parts, its links, plays that a person may take over, and the view inside."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.page.inside_routes import InsideRoutes, InsideSettings
from sandbox.page.page_routes import ASSETS
from tests.bots.bot_env import free_port
from tests.sandbox.conftest import ROSA, TelegramSandbox

SCENARIO = f"""
people: {{rosa: {ROSA}}}
values: {{what: chair, soon: +30 days}}
steps:
  - {{who: rosa, says: "I need a ${{what}}", caption: Rosa asks.}}
  - {{who: rosa, presses: "Yes", card: "${{what}}", save: {{number: "(REQ-\\\\d+)"}}, within: 2}}
"""
EVENTS = 300


async def get(sandbox: TelegramSandbox, path: str) -> tuple[int, str]:
    async with sandbox.http.get(sandbox.url + path, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def start_play(sandbox: TelegramSandbox, text: str) -> dict[str, Any]:
    async with sandbox.http.post(f"{sandbox.url}/play", json={"text": text}) as answer:
        return {"status": answer.status, **await answer.json()}


async def next_step(sandbox: TelegramSandbox, key: str, *, by_hand: bool = False) -> dict[str, Any]:
    async with sandbox.http.post(f"{sandbox.url}/play/{key}/next", json={"by_hand": by_hand}) as answer:
        data: dict[str, Any] = await answer.json()
        return data


async def answer_presses(sandbox: TelegramSandbox) -> None:
    """A bot that answers one press."""
    offset = 0
    while True:
        for update in await sandbox.updates(offset, timeout=1):
            offset = update["update_id"] + 1
            if query := update.get("callback_query"):
                await sandbox.call("answerCallbackQuery", callback_query_id=query["id"], text="Done")
                return


async def test_every_part_that_the_page_names_is_served(sandbox: TelegramSandbox) -> None:
    _, page = await get(sandbox, "/")
    parts = {path.name: path for path in ASSETS.glob("*.[cjs]*")}
    assert parts.keys() == set(re.findall(r"/page/([\w.-]+)", page))
    for name, path in parts.items():
        assert await get(sandbox, f"/page/{name}") == (200, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/page/routes.py", "/page/../routes.py", "/page/none.js"])
async def test_nothing_else_is_served(sandbox: TelegramSandbox, path: str) -> None:
    assert (await get(sandbox, path))[0] == 404


async def test_the_page_may_load_nothing_from_elsewhere(sandbox: TelegramSandbox) -> None:
    async with sandbox.http.get(sandbox.url + "/") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    for path in ASSETS.iterdir():
        assert re.findall(r"https?://(?!www\.w3\.org)", path.read_text()) == [], path.name


async def test_a_deep_link_leads_to_the_choice_of_a_person(sandbox: TelegramSandbox) -> None:
    async with sandbox.http.get(f"{sandbox.url}/parley_bot?start=inv_a%26b", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/?start=inv_a%26b")


async def test_a_play_goes_step_by_step(sandbox: TelegramSandbox) -> None:
    started = await start_play(sandbox, SCENARIO)
    assert [one.get("caption") for one in started["steps"]] == ["Rosa asks.", None]
    assert started["steps"][0]["person"] == str(ROSA)
    assert len(started["values"]["soon"]) == len("2026-12-24")
    assert await next_step(sandbox, started["id"]) == {"at": 1, "error": None, "values": started["values"]}
    assert [message["text"] for message in await sandbox.messages(ROSA)] == ["I need a chair"]


async def test_a_step_that_fails_is_told_and_can_be_tried_again(sandbox: TelegramSandbox) -> None:
    started = await start_play(sandbox, SCENARIO)
    await next_step(sandbox, started["id"])
    failed = await next_step(sandbox, started["id"])
    assert (failed["at"], failed["error"].split("\n")[0]) == (1, "rosa sees no button 'Yes':")
    await _send_card(sandbox)
    async with asyncio.TaskGroup() as group:
        group.create_task(answer_presses(sandbox))
        done = await next_step(sandbox, started["id"])
    assert (done["at"], done["error"], done["values"]["number"]) == (2, None, "REQ-7")


async def test_a_step_done_by_hand_is_looked_for_and_not_done_again(sandbox: TelegramSandbox) -> None:
    started = await start_play(sandbox, SCENARIO)
    assert (await next_step(sandbox, started["id"], by_hand=True))["at"] == 1
    assert await sandbox.messages(ROSA) == []
    await _send_card(sandbox)
    done = await next_step(sandbox, started["id"], by_hand=True)
    assert (done["at"], done["values"]["number"]) == (2, "REQ-7")
    assert [update for update in await sandbox.updates() if "callback_query" in update] == []


async def _send_card(sandbox: TelegramSandbox) -> None:
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    await sandbox.call("sendMessage", chat_id=ROSA, text="REQ-7 · a chair", reply_markup=buttons)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("steps: []\npeople: {rosa: 1001}", "steps"),
        ("people: {rosa: 1001}\nsteps: [{whom: rosa}]", "steps/0/whom"),
        ("people: [", "line 1"),
        ("", "the file"),
    ],
)
async def test_a_mistake_in_a_scenario_is_named_by_its_place(
    sandbox: TelegramSandbox, text: str, place: str
) -> None:
    data = await start_play(sandbox, text)
    assert data["status"] == 422
    assert place in data["error"]


async def test_the_demos_scenarios_can_be_read_and_each_tells_what_happens(sandbox: TelegramSandbox) -> None:
    _, text = await get(sandbox, "/play/scenarios")
    names = [scenario["name"] for scenario in json.loads(text)]
    assert "purchase" in names
    for name in names:
        started = await start_play(sandbox, (await get(sandbox, f"/play/scenarios/{name}"))[1])
        assert started["status"] == 200, name
        if name == "purchase":
            assert sum("caption" in one for one in started["steps"]) >= len(started["steps"]) // 3


async def test_without_an_address_the_view_inside_says_so(sandbox: TelegramSandbox) -> None:
    status, text = await get(sandbox, "/inside/feed")
    assert (status, json.loads(text)["here"]) == (200, False)


@pytest.fixture
async def api() -> AsyncIterator[str]:
    """What the API promises of its log: pages above a position, no word about its end."""

    async def sign(request: web.Request) -> web.Response:
        asked = await request.json()
        if asked.get("password") not in (None, "open sesame"):
            return web.json_response({}, status=401)
        return web.json_response({"access_token": "t", "refresh_token": "r", "expires_in": 600})

    async def events(request: web.Request) -> web.Response:
        after, limit = int(request.query["after"]), int(request.query["limit"])
        items = [_sample_event(at) for at in range(after + 1, min(EVENTS, after + limit) + 1)]
        return web.json_response({"items": items, "next_cursor": None})

    async def deliveries(request: web.Request) -> web.Response:
        return web.json_response({"items": [], "next_cursor": None})

    async def ticket(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer t"
        return web.json_response({"url": "http://parley.test/enter/x", "expires_at": "2026"}, status=201)

    app, port = web.Application(), free_port()
    app.add_routes([web.post("/auth/login", sign), web.post("/auth/refresh", sign)])
    app.add_routes([web.post("/auth/web-ticket", ticket)])
    app.add_routes([web.get("/audit/events", events), web.get("/deliveries", deliveries)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


def _sample_event(at: int) -> dict[str, Any]:
    data = {"id": f"e{at}", "position": at, "occurred_at": "2026-11-26T07:00:00Z", "actor_name": "Rosa"}
    more = {"actor_kind": "person", "action": "request.created", "subject": {"kind": "request"}}
    return data | more | {"channel": "telegram", "data": {}, "correlation_id": "c"}


async def _read_feed(settings: InsideSettings, *paths: str) -> list[dict[str, Any]]:
    app, port = web.Application(), free_port()
    app.add_routes(InsideRoutes(settings).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            return [await (await http.get(path)).json() for path in paths]
    finally:
        await runner.cleanup()


async def test_the_view_inside_begins_with_the_newest_events(api: str, tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text("open sesame\n")
    settings = InsideSettings(url=api, email="a@b.example", password_file=word)
    first, then = await _read_feed(settings, "/inside/feed", f"/inside/feed?after={EVENTS - 2}")
    assert (first["here"], first["after"], first["events"][-1]["position"]) == (True, EVENTS, EVENTS)
    assert 20 <= len(first["events"]) <= 30
    assert [event["position"] for event in then["events"]] == [EVENTS - 1, EVENTS]


async def test_a_reader_who_may_not_sign_in_is_named(api: str, tmp_path: Path) -> None:
    word = tmp_path / "word"
    word.write_text("a guess")
    [data] = await _read_feed(
        InsideSettings(url=api, email="a@b.example", password_file=word), "/inside/feed"
    )
    assert (data["here"], "a@b.example" in data["why"]) == (False, True)


async def test_an_api_that_is_away_leaves_the_page_alone() -> None:
    [data] = await _read_feed(InsideSettings(url=f"http://127.0.0.1:{free_port()}"), "/inside/feed")
    assert (data["here"], "does not answer" in data["why"]) == (False, True)


@pytest.mark.parametrize(("word", "status"), [("open sesame", 302), ("a guess", 502)])
async def test_a_demo_person_opens_the_dashboard_by_a_one_time_link(
    api: str, tmp_path: Path, word: str, status: int
) -> None:
    (tmp_path / "word").write_text(word)
    settings = InsideSettings(url=api, email="a@b.example", password_file=tmp_path / "word")
    app, port = web.Application(), free_port()
    app.add_routes(InsideRoutes(settings).routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    url = f"http://127.0.0.1:{port}/inside/dashboard?email=mara@northwind.example"
    async with aiohttp.ClientSession() as http, http.get(url, allow_redirects=False) as answer:
        assert answer.status == status
        assert (answer.headers.get("Location") == "http://parley.test/enter/x") == (status == 302)
    await runner.cleanup()
