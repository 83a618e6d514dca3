"""What happens to Telegram chats without anybody saying anything: a bot is blocked, a group moves, an emoji appears."""

from tests.sandbox.conftest import GROUP, ROSA, TelegramSandbox
from tests.sandbox.telegram_case import KEYBOARD

BOT = 7700


async def test_a_bot_hears_that_it_was_blocked_and_taken_back(sandbox: TelegramSandbox) -> None:
    await sandbox.set_fault("blocked", person=ROSA)
    await sandbox.clear_faults()
    found = [update["my_chat_member"] for update in await sandbox.updates()]
    assert [(each["old_chat_member"]["status"], each["new_chat_member"]["status"]) for each in found] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert {each["from"]["id"] for each in found} == {ROSA}


async def test_a_group_that_moves_says_where(sandbox: TelegramSandbox) -> None:
    group = {"id": GROUP, "title": "Buyers", "members": [ROSA, BOT]}
    await sandbox.set_group(group)
    supergroup = await sandbox.migrate_group(GROUP)
    code, body = await sandbox.ask("sendMessage", {"chat_id": GROUP, "text": "Are you there?"})
    assert (code, body["description"]) == (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    )
    assert body["parameters"] == {"migrate_to_chat_id": supergroup}
    old, new = [update["message"] for update in await sandbox.updates() if "message" in update]
    assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (GROUP, supergroup)
    assert (new["chat"]["id"], new["migrate_from_chat_id"]) == (supergroup, GROUP)
    sent = await sandbox.call("sendMessage", chat_id=supergroup, text="Here I am")
    assert sent["chat"]["type"] == "supergroup"


async def test_an_emoji_under_a_message_is_told(sandbox: TelegramSandbox) -> None:
    card = await sandbox.call("sendMessage", chat_id=ROSA, text="Pick", reply_markup=KEYBOARD)
    await sandbox.act(ROSA, "react", message_id=card["message_id"], name="👍")
    [update] = await sandbox.updates()
    assert update["message_reaction"]["old_reaction"] == []
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_words_that_are_edited_are_told_again(sandbox: TelegramSandbox) -> None:
    sent = await sandbox.send(ROSA, "3 laptop")
    body = {"message_id": sent["message_id"], "text": "4 laptops"}
    await sandbox.act(ROSA, "edit", **body)
    edited = (await sandbox.updates())[-1]["edited_message"]
    assert (edited["text"], "edit_date" in edited) == ("4 laptops", True)
    assert [(each["text"], each["edits"]) for each in await sandbox.messages(ROSA)] == [("4 laptops", 1)]


async def test_a_reaction_of_the_bot_is_seen(sandbox: TelegramSandbox) -> None:
    sent = await sandbox.send(ROSA, "Our offer")
    emoji = [{"type": "emoji", "emoji": "👀"}]
    await sandbox.call("setMessageReaction", chat_id=ROSA, message_id=sent["message_id"], reaction=emoji)
    assert [each["reactions"] for each in await sandbox.messages(ROSA)] == [["👀"]]
