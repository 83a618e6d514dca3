"""Whatever a person sends is answered: voices, places, edited messages, forwarded commands."""

import asyncio
from typing import Any

import pytest

from api.contract import endpoints as e
from api.text import translate
from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.approvals.states import ApprovalState
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.telegram_env import TelegramEnv
from tests.bots.test_real_quote_lines import reviewed
from tests.support.world import World

FILE = {"file_id": "f1", "file_unique_id": "u1", "file_size": 10}
TIMED = {**FILE, "duration": 3}
PICTURE = {**TIMED, "width": 10, "height": 10}
POLL = {
    "id": "1",
    "question": "Which?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
PLACE = {"latitude": 1.0, "longitude": 2.0}
STICKER = {**FILE, "type": "regular", "width": 10, "height": 10, "is_animated": False, "is_video": False}
KINDS: dict[str, dict[str, Any]] = {
    "voice": {"voice": TIMED},
    "audio": {"audio": TIMED},
    "video": {"video": PICTURE},
    "video note": {"video_note": {**TIMED, "length": 10}},
    "sticker": {"sticker": STICKER},
    "contact": {"contact": {"phone_number": "+1", "first_name": "Ada"}},
    "location": {"location": PLACE},
    "venue": {"venue": {"location": PLACE, "title": "Here", "address": "There"}, "location": PLACE},
    "poll": {"poll": POLL},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
}
NOT_READ = translate("forms.kind_not_read", "en")
ONLY_WORDS = translate("forms.only_words_read", "en")
NO_EFFECT = translate("forms.edit_counts_for_nothing", "en")


async def a_vendor_who_is_asked(bot_env: BotEnv, world: World) -> tuple[ChatUser, Any]:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, (await world.a_vendor())[0]])
    return await bot_env.a_user(contact), rfq.rfq


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_neither_words_nor_a_file_gets_a_sentence(
    telegram: TelegramEnv, world: World, kind: str
) -> None:
    user, _ = await a_vendor_who_is_asked(telegram, world)
    await telegram.update(user, **KINDS[kind])
    await user.sees(NOT_READ)


@pytest.mark.parametrize("kind", ["voice", "video"])
async def test_the_words_below_a_voice_or_a_video_are_read(
    telegram: TelegramEnv, world: World, kind: str
) -> None:
    user, _ = await a_vendor_who_is_asked(telegram, world)
    await telegram.update(user, caption="450 10d", **KINDS[kind])
    await user.sees(ONLY_WORDS)
    await user.sees("Until when is the quote valid?")


async def test_telegrams_own_notes_about_a_chat_are_not_answered(telegram: TelegramEnv, world: World) -> None:
    user, _ = await a_vendor_who_is_asked(telegram, world)
    before = len(await user.chat())
    await telegram.update(user, message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    await telegram.settled()
    assert len(await user.chat()) == before


@BOTH
async def test_an_edited_answer_is_read_again_while_the_form_is_open(bot_env: BotEnv, world: World) -> None:
    user, rfq = await a_vendor_who_is_asked(bot_env, world)
    await user.say(f"/quote {rfq.number}")
    await user.sees("Line 1")
    said = await user.say("450 10d")
    await user.sees("valid")
    await bot_env.sandbox.act(user.id, "edit", message_id=said["message_id"], text="540 10d")
    await bot_env.settled()
    await user.say("in 30 days")
    review = await reviewed(user)
    assert "540.00" in review["text"]
    assert "450.00" not in review["text"]


@BOTH
async def test_an_edit_of_what_is_done_is_told_to_change_nothing(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    said = await user.say("/help" if bot_env.platform == "telegram" else "hello")
    await bot_env.settled()
    await bot_env.sandbox.act(user.id, "edit", message_id=said["message_id"], text="something else")
    await user.sees(NO_EFFECT)


async def test_an_edited_request_begins_anew(telegram: TelegramEnv, world: World) -> None:
    user = await telegram.a_user(await world.a_requester())
    said = await user.say("/request 3x laptop @1200 needed 24 Dec for IT")
    await user.sees("3 × laptop")
    text = "/request 30x laptop @1200 needed 24 Dec for IT"
    await telegram.sandbox.act(user.id, "edit", message_id=said["message_id"], text=text)
    await user.sees("30 × laptop")
    drafts = [each for each in await user.chat() if "Submit" in labels(each)]
    assert len(drafts) == 1, "the first draft cannot be submitted any more"


async def test_a_file_stays_with_the_request_when_its_words_are_edited(slack: SlackEnv, world: World) -> None:
    user = await slack.a_user(await world.a_requester())
    said = await user.drop("offer.pdf", PDF, "3x laptop @1200 needed 24 Dec for IT")
    await user.sees("3 × laptop")
    text = "30x laptop @1200 needed 24 Dec for IT"
    await slack.sandbox.act(user.id, "edit", message_id=said["message_id"], text=text)
    assert "offer.pdf" in (await user.sees("30 × laptop"))["text"]


@BOTH
async def test_a_file_that_followed_a_request_is_not_lost_by_an_edit(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    said = await user.say("3x laptop @1200 needed 24 Dec for IT")
    await user.with_button("Submit")
    await user.drop("offer.pdf", PDF)
    await user.sees("I received offer.pdf")
    text = "30x laptop @1200 needed 24 Dec for IT"
    await bot_env.sandbox.act(user.id, "edit", message_id=said["message_id"], text=text)
    await user.sees(NO_EFFECT)
    assert "offer.pdf" in (await user.with_button("Submit"))["text"]


@BOTH
async def test_an_edited_reply_to_a_card_answers_no_open_form(bot_env: BotEnv, world: World) -> None:
    manager = await world.a_manager()
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(manager)
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await bot_env.settled()
    await user.say("3x laptop @1200 needed 24 Dec for IT")
    await user.with_button("Submit")
    await asyncio.sleep(1.1)  # Telegram's clock has seconds only
    said = await user.say("ok", reply_to=card)
    await user.sees("You wrote “ok”")
    await bot_env.sandbox.act(user.id, "edit", message_id=said["message_id"], text="ok, go on")
    await user.sees(NO_EFFECT)


async def test_what_another_bot_edits_answers_nothing(telegram: TelegramEnv, world: World) -> None:
    user, rfq = await a_vendor_who_is_asked(telegram, world)
    await user.say(f"/quote {rfq.number}")
    await user.sees("Line 1")
    said = await user.say("450 10d")
    await user.sees("valid")
    other = {"id": 8, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    told = {"message_id": said["message_id"], "text": "45 10d", "via_bot": other, "edit_date": 1}
    await telegram.update(user, "edited_message", **told)
    await user.sees(NO_EFFECT)
    await user.press("30 days")
    assert "450.00" in (await reviewed(user))["text"]


async def test_an_edit_after_a_press_takes_nothing_back(telegram: TelegramEnv, world: World) -> None:
    user, rfq = await a_vendor_who_is_asked(telegram, world)
    await user.say(f"/quote {rfq.number}")
    await user.sees("Line 1")
    said = await user.say("450 10d")
    await user.sees("valid")
    await user.press("30 days")
    await telegram.sandbox.act(user.id, "edit", message_id=said["message_id"], text="540 10d")
    await user.sees(NO_EFFECT)


@pytest.mark.parametrize(
    "origin",
    [
        {
            "forward_origin": {
                "type": "user",
                "date": 1,
                "sender_user": {"id": 7, "is_bot": False, "first_name": "Eve"},
            }
        },
        {"via_bot": {"id": 8, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
    ],
    ids=["forwarded", "through another bot"],
)
async def test_a_command_in_others_words_only_brings_a_button(
    telegram: TelegramEnv, world: World, origin: dict[str, Any]
) -> None:
    manager = await world.a_manager()
    approval = (await world.an_open_approval()).approval
    user = await telegram.a_user(manager)
    number = approval.title.split()[0]

    async def state() -> ApprovalState:
        caller = telegram.api.as_(manager)
        return (await caller.call(e.show_approval, path={"id": approval.id})).state

    await telegram.update(user, text=f"/approve {number}", **origin)
    await user.sees(f"/approve {number}")
    assert await state() is ApprovalState.pending
    await user.press("Do it")
    await user.sees("Approved:")
    assert await state() is ApprovalState.approved


async def test_a_long_command_in_others_words_is_offered_without_its_words(
    telegram: TelegramEnv, world: World
) -> None:
    user = await telegram.a_user(await world.a_manager())
    number = (await world.an_open_approval()).approval.title.split()[0]
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    words = "because it is far too dear for what it is"
    await telegram.update(user, text=f"/reject {number} {words}", forward_origin=origin)
    assert words not in (await user.with_button("Do it"))["text"]
    await user.press("Do it")
    await user.with_button("Budget is used up")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("/request 3x laptop Dell Latitude 5450 with a German keyboard by Friday", "/request"),
        (f"/status {'Ж' * 60}", "/status"),
        ("/comment req-104 it is, as was said before, far too dear", "/comment req-104"),
    ],
)
async def test_of_a_long_command_no_half_words_are_offered(
    telegram: TelegramEnv, world: World, text: str, offered: str
) -> None:
    user = await telegram.a_user(await world.a_requester())
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    await telegram.update(user, text=text, forward_origin=origin)
    assert (await user.with_button("Do it"))["text"].split(": ")[1].startswith(f"{offered}.")


async def test_a_command_in_others_words_is_done_once_however_often_it_is_pressed(
    telegram: TelegramEnv, world: World
) -> None:
    requester = await world.a_requester()
    request = (await world.a_request(requester)).request
    user = await telegram.a_user(requester)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    await telegram.update(user, text=f"/comment {request.number} спасибо", forward_origin=origin)
    for _ in range(2):
        await user.press("Do it")
        await telegram.settled()
    caller = telegram.api.as_(requester)
    comments = (await caller.call(e.list_comments, path={"id": request.id})).items
    assert [each.text for each in comments] == ["спасибо"]


@BOTH
async def test_commands_are_heard_in_capitals(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/REQUEST 3x laptop @1200 needed 24 Dec for IT")
    await user.sees("3 × laptop")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We need 3 laptops by 24 Dec for IT"),
        ("en", "3x laptop @1200 needed 24 Dec for IT"),
        ("de", "Ich brauche 3 Laptops bis 24. Dezember für IT"),
    ],
)
@BOTH
async def test_plain_words_that_read_as_a_request_bring_its_draft(
    bot_env: BotEnv, world: World, locale: str, text: str
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/language {locale}")
    await bot_env.settled()
    await user.say(text)
    await user.sees("3 × ")
    await user.with_button({"en": "Submit", "de": "Einreichen"}[locale])


@pytest.mark.parametrize(
    "text",
    [
        "good morning",
        "thanks 2 you",
        "5 people are ill today",
        "call me in 5 min",
        "I need 5 minutes please",
        "Please cancel 3 laptops",
        "3 boxes arrived",
    ],
)
async def test_other_words_bring_none(telegram: TelegramEnv, world: World, text: str) -> None:
    user = await telegram.a_user(await world.a_requester())
    await user.say(text)
    await user.sees("understand that as a command")


async def test_an_auditor_who_may_not_ask_gets_no_draft(telegram: TelegramEnv, world: World) -> None:
    user = await telegram.a_user(await world.a_person(Role.auditor))
    await user.say("We need 3 laptops by 24 Dec for IT")
    await user.sees("understand that as a command")


@BOTH
async def test_a_question_that_was_answered_by_typing_loses_its_buttons(
    bot_env: BotEnv, world: World
) -> None:
    user, rfq = await a_vendor_who_is_asked(bot_env, world)
    await user.say(f"/quote {rfq.number}")
    first = await user.sees("Line 1")
    assert labels(first)
    await user.say("450 10d")
    await user.sees("valid")
    await user.say("/cancel")
    await user.sees("Nothing was sent")
    for _ in range(100):
        asked = [each for each in await user.chat() if "Cancel" in labels(each)]
        if not asked:
            return
        await asyncio.sleep(0.05)
    raise AssertionError([each["text"] for each in asked])


async def test_a_vendors_card_stays_as_it_was(slack: SlackEnv, world: World) -> None:
    """Only questions lose their buttons; a card keeps what may still be done."""
    user, rfq = await a_vendor_who_is_asked(slack, world)
    card = await slack.card(user, CardKind.vendor_rfq, rfq.id)
    await user.say("450 10d", reply_to=card)
    await user.sees("valid")
    shown = next(each for each in await user.chat() if each["id"] == card)
    assert labels(shown)


async def test_an_answer_that_becomes_a_command_is_told_to_change_nothing(
    telegram: TelegramEnv, world: World
) -> None:
    user, rfq = await a_vendor_who_is_asked(telegram, world)
    await user.say(f"/quote {rfq.number}")
    await user.sees("Line 1")
    said = await user.say("450 10d")
    await user.sees("valid")
    await telegram.sandbox.act(user.id, "edit", message_id=said["message_id"], text=f"/nobid {rfq.number} no")
    await user.sees(NO_EFFECT)
    await user.press("30 days")
    assert "450.00" in (await reviewed(user))["text"]
