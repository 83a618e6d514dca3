"""A person at a telephone, and the knobs that make things go wrong for them and for the bot."""

import asyncio
import json

import aiohttp
import pytest

from sandbox.control import telegram_people
from tests.sandbox.conftest import BEN, GROUP, NINA, ROSA, TOKEN, TelegramSandbox, poll_until
from tests.sandbox.telegram_case import KEYBOARD, TOO_OLD

BOT = 7700


async def send_card(sandbox: TelegramSandbox, **more: object) -> int:
    sent = await sandbox.call("sendMessage", chat_id=ROSA, text="Pick", reply_markup=KEYBOARD, **more)
    return int(sent["message_id"])


async def waiting_updates(sandbox: TelegramSandbox, count: int = 1) -> list[dict[str, object]]:
    """The updates that wait, once there are so many."""

    async def look() -> list[dict[str, object]]:
        found = await sandbox.updates()
        return found if len(found) >= count else []

    found: list[dict[str, object]] = await poll_until(look)
    return found


async def test_what_a_person_says_reaches_the_bot(sandbox: TelegramSandbox) -> None:
    sent = await sandbox.send(ROSA, "  /request 3x laptop  ")
    [update] = await sandbox.updates()
    message = update["message"]
    assert update["update_id"] == sent["update_id"]
    assert (message["text"], message["from"]["language_code"]) == ("/request 3x laptop", "de")
    assert message["chat"] == {"id": ROSA, "first_name": "Rosa", "type": "private"}
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 8}]
    assert [(each["from"], each["text"]) for each in await sandbox.messages(ROSA)] == [
        ("me", "/request 3x laptop")
    ]


async def test_an_answer_shows_what_it_answers(sandbox: TelegramSandbox) -> None:
    card = await send_card(sandbox)
    await sandbox.send(ROSA, "1200 each", reply_to=card)
    [update] = await sandbox.updates()
    assert update["message"]["reply_to_message"]["message_id"] == card
    assert (await sandbox.messages(ROSA))[-1]["reply_to"] == card


async def test_a_dropped_file_can_be_fetched_by_the_bot(sandbox: TelegramSandbox) -> None:
    await sandbox.send_file(ROSA, "offer.pdf", b"%PDF-1.4 offer", "/quote see *inside*")
    [update] = await sandbox.updates()
    message = update["message"]
    assert (message["caption"], "text" in message) == ("/quote see *inside*", False)
    assert message["caption_entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["document"]["file_name"] == "offer.pdf"
    found = await sandbox.call("getFile", file_id=message["document"]["file_id"])
    async with sandbox.http.get(f"{sandbox.url}/file/bot{TOKEN}/{found['file_path']}") as answer:
        assert await answer.read() == b"%PDF-1.4 offer"
    [seen] = await sandbox.messages(ROSA)
    assert (seen["document"], seen["text"]) == ("offer.pdf", "/quote see *inside*")


async def test_saying_something_starts_the_bot(sandbox: TelegramSandbox) -> None:
    await sandbox.add_person(NINA, "Nina")
    code, _ = await sandbox.ask("sendMessage", {"chat_id": NINA, "text": "Hello"})
    assert code == 403
    await sandbox.send(NINA, "/start")
    await sandbox.call("sendMessage", chat_id=NINA, text="Hello")
    assert [each["text"] for each in await sandbox.messages(NINA)] == ["/start", "Hello"]


async def test_a_group_is_seen_by_its_members_only(sandbox: TelegramSandbox) -> None:
    await sandbox.add_person(NINA, "Nina")
    await sandbox.add_person(BEN, "Ben")
    group = {"id": GROUP, "title": "Buyers", "members": [ROSA, NINA, BOT]}
    await sandbox.set_group(group)
    await sandbox.send(ROSA, "Who decides?", chat_id=GROUP)
    await sandbox.send(ROSA, "/status", chat_id=GROUP)
    [update] = [each for each in await sandbox.updates() if "message" in each]
    assert (update["message"]["chat"]["id"], update["message"]["from"]["id"]) == (GROUP, ROSA)
    await sandbox.call("sendMessage", chat_id=GROUP, text="Nina does")
    assert update["message"]["text"] == "/status"
    assert [each["text"] for each in await sandbox.messages(NINA)] == ["Who decides?", "/status", "Nina does"]
    assert await sandbox.messages(BEN) == []


async def test_a_press_waits_for_its_answer(sandbox: TelegramSandbox) -> None:
    card = await send_card(sandbox)
    pressing = asyncio.ensure_future(sandbox.press(ROSA, card, "Yes"))
    [update] = await waiting_updates(sandbox)
    query = update["callback_query"]
    assert isinstance(query, dict)
    assert (query["data"], query["message"]["message_id"], query["from"]["id"]) == ("yes", card, ROSA)
    assert not pressing.done()
    await sandbox.call("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    assert await pressing == {"answered": True, "text": "Done", "alert": True}


async def test_a_press_that_nobody_answers_is_told(
    sandbox: TelegramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_people, "ANSWER_TIMEOUT_SECONDS", 0.1)
    answer = await sandbox.press(ROSA, await send_card(sandbox), "Yes")
    assert answer == {"answered": False, "text": "", "alert": False}


async def test_an_expired_press_cannot_be_answered(
    sandbox: TelegramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_people, "ANSWER_TIMEOUT_SECONDS", 0.05)
    await sandbox.press(ROSA, await send_card(sandbox), "Yes")
    [update] = await sandbox.updates()
    await sandbox.set_fault("expire_callbacks")
    query = {"callback_query_id": update["callback_query"]["id"]}
    code, body = await sandbox.ask("answerCallbackQuery", query)
    assert (code, body["description"]) == (400, TOO_OLD)


async def test_a_button_that_is_gone_cannot_be_pressed(sandbox: TelegramSandbox) -> None:
    card = await send_card(sandbox)
    await sandbox.call("editMessageText", chat_id=ROSA, message_id=card, text="Decided")
    body = {"message_id": card, "button": "Yes"}
    refused = await sandbox.attempt("POST", f"/people/{ROSA}/press", body)
    assert refused == (404, {"error": "the message has no button 'Yes'"})
    [seen] = await sandbox.messages(ROSA)
    assert (seen["text"], seen["edits"], seen["buttons"]) == ("Decided", 1, [])


async def test_nobody_presses_in_another_ones_chat(sandbox: TelegramSandbox) -> None:
    await sandbox.add_person(NINA, "Nina", started=True)
    body = {"message_id": await send_card(sandbox), "button": "Yes"}
    status, _ = await sandbox.attempt("POST", f"/people/{NINA}/press", body)
    assert status == 404
    assert await sandbox.updates() == []


async def test_a_blocked_bot_is_refused_until_the_knob_is_cleared(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("blocked", person=ROSA)
    code, body = await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": "Are you there?"})
    assert (code, body["description"]) == (403, "Forbidden: bot was blocked by the user")
    await sandbox.clear_faults()
    await sandbox.call("sendMessage", chat_id=ROSA, text="Welcome back")
    assert [each["text"] for each in await sandbox.messages(ROSA)] == ["Welcome back"]


async def test_an_update_comes_twice(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("duplicate", next=1)
    await sandbox.send(ROSA, "once")
    await sandbox.send(ROSA, "then")
    found = await sandbox.updates()
    assert [each["message"]["text"] for each in found] == ["once", "once", "then"]
    assert found[0] == found[1]
    assert await sandbox.updates(offset=found[2]["update_id"] + 1) == []


async def test_updates_come_in_another_order(sandbox: TelegramSandbox) -> None:
    await sandbox.send(ROSA, "first")
    await sandbox.set_fault("reorder", next=1)
    await sandbox.send(ROSA, "second")
    assert [each["message"]["text"] for each in await sandbox.updates()] == ["second", "first"]


async def test_too_many_requests_says_how_long_to_wait(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("429", next=1, retry_after=7, method="sendMessage", chat_id=ROSA)
    await sandbox.call("getMe")
    code, body = await sandbox.ask("sendMessage", {"chat_id": str(ROSA), "text": "x"})
    assert (code, body) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        },
    )
    await sandbox.call("sendMessage", chat_id=ROSA, text="y")
    assert [each["text"] for each in await sandbox.messages(ROSA)] == ["y"]
    assert await sandbox.refusals() == []


async def test_a_flood_in_one_chat_leaves_the_others_alone(sandbox: TelegramSandbox) -> None:
    await sandbox.add_person(NINA, "Nina", started=True)
    await sandbox.set_fault("429", chat_id=ROSA)
    assert (await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": "x"}))[0] == 429
    assert (await sandbox.ask("sendMessage", {"chat_id": NINA, "text": "x"}))[0] == 200


async def test_an_error_of_the_server_sends_nothing(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("500", next=2)
    answers = [await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": "x"}) for _ in range(3)]
    assert [code for code, _ in answers] == [500, 500, 200]
    assert answers[0][1]["description"] == "Internal Server Error"
    assert len(await sandbox.messages(ROSA)) == 1


@pytest.mark.parametrize(("after", "seen"), [(False, []), (True, ["x"])], ids=["before", "after"])
async def test_a_dropped_connection(sandbox: TelegramSandbox, after: bool, seen: list[str]) -> None:
    """Lost on the way there the message is not; lost on the way back it is, and the bot cannot know."""
    await sandbox.set_fault("drop", next=1, after=after)
    with pytest.raises(aiohttp.ClientError):
        await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": "x"})
    assert [each["text"] for each in await sandbox.messages(ROSA)] == seen


async def test_a_slow_server_answers_late_and_once(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("delay", seconds=0.1)
    began = asyncio.get_running_loop().time()
    await sandbox.call("sendMessage", chat_id=ROSA, text="x")
    assert asyncio.get_running_loop().time() - began >= 0.1
    assert len(await sandbox.messages(ROSA)) == 1


async def test_a_refusal_is_kept_with_the_place_of_the_fault(sandbox: TelegramSandbox) -> None:
    bad = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}], [{"text": "x"}]]}
    await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": "Pick", "reply_markup": bad})
    [refusal] = await sandbox.refusals()
    assert (refusal["method"], refusal["code"]) == ("sendMessage", 400)
    assert refusal["pointer"] == "/reply_markup/inline_keyboard/1/0"
    assert refusal["payload"]["reply_markup"] == bad
    assert [entry.get("refused") for entry in await sandbox.calls()][-1] == refusal["description"]
    await sandbox.clear_refusals()
    assert await sandbox.refusals() == []


async def test_the_page_hears_of_a_refusal_at_once(sandbox: TelegramSandbox) -> None:
    async with sandbox.changes() as stream:
        first = await stream.readuntil(b"\n\n")
        await sandbox.ask("sendMessage", {"chat_id": ROSA, "text": ""})
        then = await asyncio.wait_for(stream.readuntil(b"\n\n"), 2)
    before, after = (json.loads(line.removeprefix(b"data: ")) for line in (first, then))
    assert (before["refusals"], after["refusals"]) == (0, 1)
    assert after["version"] > before["version"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/people", {"first_name": "nobody"}, 422),
        ("/people/4242/send", {"text": "x"}, 404),
        (f"/people/{ROSA}/send", {"document": {"name": "a.pdf", "base64": "%%%"}}, 422),
        (f"/people/{ROSA}/press", {"message_id": 999}, 404),
        ("/bots", {"token": "no-number", "username": "x", "name": "x"}, 422),
        ("/groups", {"title": "x"}, 422),
        ("/faults", {"kind": "earthquake"}, 422),
        ("/faults", {"kind": "429", "share": 2}, 422),
    ],
)
async def test_a_mistake_of_a_test_is_told(
    sandbox: TelegramSandbox, path: str, body: object, status: int
) -> None:
    answered, answer = await sandbox.attempt("POST", path, body)
    assert answered == status, answer
    assert answer
