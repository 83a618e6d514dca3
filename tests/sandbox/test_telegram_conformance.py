"""The stand-in answers each call of the table as the real server words it."""

import asyncio
import contextlib
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import (
    BEN,
    ELSEWHERE,
    FARAWAY,
    FORUM,
    GRETA,
    GROUP,
    NINA,
    ROSA,
    TOKEN,
    TelegramSandbox,
)
from tests.sandbox.telegram_case import KEYBOARD, TelegramCase
from tests.sandbox.telegram_cases import CASES, PDF

LOGIN = "https://parley.example/login?next=/home"
BOT = int(TOKEN.partition(":")[0])


async def prepare(sandbox: TelegramSandbox, wanted: str) -> dict[str, Any]:
    """What the table's names stand for; only what this case speaks of is made."""
    names: dict[str, Any] = {"$me": ROSA, "$me as text": str(ROSA), "$login": LOGIN}
    await sandbox.send(ROSA, "Is anybody there?")
    names["$theirs"] = (await sandbox.send(ROSA, "Good morning"))["message_id"]
    if any(name in wanted for name in ("$never", "$blocked", "$gone")):
        names |= await add_people(sandbox)
    if any(name in wanted for name in ("$group", "$elsewhere", "$forum", "$faraway")):
        names |= await add_groups(sandbox)
    if any(name in wanted for name in ("$mine", "$card", "$paper", "$file", "$press")):
        names |= await send_messages(sandbox)
    if "$press" in wanted:
        names["$press"] = await press_card(sandbox, names["$card"])
    return names


async def add_people(sandbox: TelegramSandbox) -> dict[str, Any]:
    for number, name in ((NINA, "Nina"), (BEN, "Ben"), (GRETA, "Greta")):
        await sandbox.add_person(number, name, started=number != NINA)
    sandbox.store.world.people[BEN].blocked = [BOT]
    sandbox.store.world.people[GRETA].deactivated = True
    return {"$never": NINA, "$blocked": BEN, "$gone": GRETA}


async def add_groups(sandbox: TelegramSandbox) -> dict[str, Any]:
    for number, forum, members in (
        (GROUP, False, [ROSA, BOT]),
        (ELSEWHERE, False, [ROSA]),
        (FORUM, True, [ROSA, BOT]),
        (FARAWAY, True, [ROSA]),
    ):
        group = {"id": number, "title": "Buyers", "forum": forum, "members": members}
        await sandbox.set_group(group)
    await sandbox.add_person(NINA, "Nina")
    topic = await sandbox.call("createForumTopic", chat_id=FORUM, name="Desks")
    made = {"$group": GROUP, "$elsewhere": ELSEWHERE, "$forum": FORUM, "$faraway": FARAWAY, "$never": NINA}
    return made | {"$topic": topic["message_thread_id"]}


async def send_messages(sandbox: TelegramSandbox) -> dict[str, Any]:
    mine = await sandbox.call("sendMessage", chat_id=ROSA, text="Hello")
    card = await sandbox.call("sendMessage", chat_id=ROSA, text="Pick", reply_markup=KEYBOARD)
    _, paper = await sandbox.ask("sendDocument", {"chat_id": ROSA}, {"document": PDF})
    return {
        "$mine": mine["message_id"],
        "$card": card["message_id"],
        "$paper": paper["result"]["message_id"],
        "$file": paper["result"]["document"]["file_id"],
    }


def substitute(value: Any, names: dict[str, Any]) -> Any:
    """The value with every ``$name`` replaced."""
    if isinstance(value, dict):
        return {key: substitute(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [substitute(inner, names) for inner in value]
    return names.get(value, value) if isinstance(value, str) else value


def contains(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is found; more may be there."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            contains(found.get(key), value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(
            contains(one, two) for one, two in zip(found, wanted, strict=True)
        )
    return bool(found == wanted)


async def press_card(sandbox: TelegramSandbox, card: int) -> str:
    """Rosa presses the card's button; the press as the bot hears of it. She does not wait for the answer."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(sandbox.press(ROSA, card, "Yes"), 0.05)
    updates = await sandbox.updates()
    return str(updates[-1]["callback_query"]["id"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method}: {case.about}")
async def test_answers_as_the_real_server_does(sandbox: TelegramSandbox, case: TelegramCase) -> None:
    names = await prepare(sandbox, str(case))
    payload = substitute(case.payload, names)
    code, body = await sandbox.ask(case.method, payload, case.files or None, payload.pop("$token", ""))
    if "$press" in names:
        await sandbox.ask("answerCallbackQuery", {"callback_query_id": names["$press"]})
    refusals = [(each["code"], each["description"]) for each in await sandbox.refusals()]
    if case.code == 200:
        assert (code, body["ok"]) == (200, True), body
        assert contains(body["result"], substitute(case.expected, names)), body["result"]
        assert refusals == []
    else:
        refused = {"ok": False, "error_code": case.code, "description": case.description}
        assert (code, body) == (case.code, refused)
        assert refusals == [(case.code, case.description)]


def test_the_table_is_large_and_says_each_thing_once() -> None:
    named = [(case.method, case.about) for case in CASES]
    assert len(named) == 186
    assert len(set(named)) == len(named)


async def test_a_form_and_a_query_are_read_as_json_is(sandbox: TelegramSandbox) -> None:
    form = aiohttp.FormData({"chat_id": str(ROSA), "text": "by form", "disable_notification": "true"})
    for method, more in (
        ("POST", {"data": form}),
        ("GET", {"params": {"chat_id": ROSA, "text": "by query"}}),
    ):
        async with sandbox.http.request(method, f"{sandbox.url}/bot{TOKEN}/sendMessage", **more) as answer:
            assert answer.status == 200, await answer.text()
    assert [each["text"] for each in await sandbox.messages(ROSA)] == ["by form", "by query"]


async def test_an_uploaded_file_can_be_fetched(sandbox: TelegramSandbox) -> None:
    _, sent = await sandbox.ask("sendDocument", {"chat_id": ROSA}, {"document": PDF})
    found = await sandbox.call("getFile", file_id=sent["result"]["document"]["file_id"])
    async with sandbox.http.get(f"{sandbox.url}/file/bot{TOKEN}/{found['file_path']}") as answer:
        assert await answer.read() == PDF
    async with sandbox.http.get(f"{sandbox.url}/file/bot{TOKEN}/documents/other") as answer:
        assert answer.status == 404


async def test_a_file_over_twenty_megabytes_is_not_handed_out(sandbox: TelegramSandbox) -> None:
    _, sent = await sandbox.ask(
        "sendDocument", {"chat_id": ROSA}, {"document": b"x" * (20 * 1024 * 1024 + 1)}
    )
    _, body = await sandbox.ask("getFile", {"file_id": sent["result"]["document"]["file_id"]})
    assert body["description"] == "Bad Request: file is too big"


async def test_a_command_menu_is_kept_by_language_and_scope(sandbox: TelegramSandbox) -> None:
    await sandbox.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    await sandbox.call(
        "setMyCommands", commands=[{"command": "help", "description": "Hilfe"}], language_code="de"
    )
    mine = {"type": "chat", "chat_id": ROSA}
    await sandbox.call("setMyCommands", commands=[{"command": "approve", "description": "Yes"}], scope=mine)
    menus = [
        await sandbox.call("getMyCommands"),
        await sandbox.call("getMyCommands", language_code="de"),
        await sandbox.call("getMyCommands", scope=mine),
    ]
    assert [each[0]["description"] for each in menus] == ["Help", "Hilfe", "Yes"]
    shown = await sandbox.chat(ROSA)
    assert shown["commands"] == [{"command": "approve", "description": "Yes"}]
    await sandbox.call("deleteMyCommands", scope=mine)
    shown = await sandbox.chat(ROSA)
    assert shown["commands"] == [{"command": "help", "description": "Hilfe"}]
    await sandbox.call("deleteMyCommands", language_code="de")
    shown = await sandbox.chat(ROSA)
    assert shown["commands"] == [{"command": "help", "description": "Help"}]
