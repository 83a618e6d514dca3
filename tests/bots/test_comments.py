"""Comments: a command says them at once, words in reply to a card bring the button that does; on both platforms."""

import datetime as dt
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.contract.comments import CommentIn
from api.text import translate
from bots.cards.drawing import CardKind
from bots.forms.form import FormContext
from bots.forms.reason import PROMPTS, ReasonKind
from bots.slack.text_objects import escape_mrkdwn
from bots.telegram.render import as_text
from core.access.roles import Role
from core.requests import service as requests
from core.requests.commands import WithdrawRequest
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels, newest
from tests.bots.injections import INJECTIONS
from tests.bots.slack_env import SlackEnv
from tests.bots.test_renderers import clean_enough
from tests.support.sandbox_client import Json
from tests.support.world import World

ADD = "Add as comment"


async def kept(bot_env: BotEnv, world: World, request_id: UUID) -> list[str]:
    """What was said about a request, oldest first."""
    caller = bot_env.api.as_(await world.an_auditor())
    return [item.text for item in (await caller.call(e.list_comments, path={"id": request_id})).items]


@BOTH
async def test_a_command_with_words_comments_at_once(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/comment {request.number.lower()} the old ones go to the workshop\nall three")
    await user.sees(f"Your comment on {request.number} was saved")
    assert await kept(bot_env, world, request.id) == ["the old ones go to the workshop\nall three"]
    await user.say(f"/audit {request.number}")
    history = (await user.sees("request.commented"))["text"]
    assert "the old ones go to the workshop" in history


@BOTH
async def test_a_command_without_words_shows_what_was_said_whole(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    officer = bot_env.api.as_(await world.an_officer())
    texts = [f"{number}: " + "word " * 390 for number in range(3)]
    for text in texts:
        await officer.call(e.comment, {"text": text}, path={"id": request.id})
    user = await bot_env.a_user(await world.a_requester())
    await user.say(f"/comment {request.number}")
    await user.sees("What would you like to say")
    seen = "\n".join(each["text"] for each in await user.chat())
    assert [text for text in texts if text.strip() not in seen] == []


@BOTH
async def test_a_command_without_words_is_asked_for_them(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/comment {request.number}")
    asked = await user.sees("What would you like to say")
    assert request.number in asked["text"]
    assert await kept(bot_env, world, request.id) == []
    await user.say("x" * 2_001)
    await user.sees("the limit is 2000")
    await user.say("Grey is all they have.")
    await user.sees("was saved")
    assert await kept(bot_env, world, request.id) == ["Grey is all they have."]


@BOTH
async def test_words_in_reply_to_a_card_bring_a_button_and_the_button_comments_once(
    bot_env: BotEnv, world: World
) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.a_requester())
    card = await bot_env.card(user, CardKind.request, request.id)
    await user.say("Blue, please.", reply_to=card)
    asked = await user.sees(f"Do you want to add this to {request.number} as a comment?")
    assert "Blue, please." in asked["text"]
    assert labels(asked) == [ADD, "Cancel"]
    assert await kept(bot_env, world, request.id) == []
    await user.press(ADD, asked["id"])
    await user.sees("was saved")
    await pressed_again(bot_env, user, asked)
    assert await kept(bot_env, world, request.id) == ["Blue, please."]


async def pressed_again(bot_env: BotEnv, user: ChatUser, asked: Json) -> None:
    """The same press once more; on Slack as it is delivered, since the button itself is gone."""
    if isinstance(bot_env, SlackEnv):
        assert (await bot_env.send(await bot_env.last_posted("block_actions")))[0] == 200
        return
    told = await user.forge(asked["id"], asked["buttons"][0][0]["data"])
    assert "was saved" in told or "no longer open" in told


@BOTH
async def test_what_was_understood_can_be_said_better_or_left(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.a_requester())
    card = await bot_env.card(user, CardKind.request, request.id)
    await user.say("Blue", reply_to=card)
    await user.with_button(ADD)
    await user.say("Blue or grey")
    await user.press(ADD, (await user.sees("Blue or grey"))["id"])
    await user.sees("was saved")
    await user.say("Never mind", reply_to=card)
    await user.press("Cancel", (await user.sees("Never mind"))["id"])
    await user.sees("Nothing was sent")
    assert await kept(bot_env, world, request.id) == ["Blue or grey"]


@BOTH
async def test_an_approver_comments_under_the_approval_card_with_words_that_decide_nothing(
    bot_env: BotEnv, world: World
) -> None:
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.say("ok, but only in January", reply_to=card)
    assert ADD in labels(await user.with_button(ADD))
    await user.press(ADD)
    await user.sees("was saved")
    assert await kept(bot_env, world, approval.request_id) == ["ok, but only in January"]
    shown = await bot_env.api.as_(user.person).call(e.show_approval, path={"id": approval.id})
    assert shown.state.value == "pending"


@BOTH
async def test_a_card_without_buttons_and_the_words_about_a_comment_can_be_replied_to(
    bot_env: BotEnv, world: World
) -> None:
    requester = await world.a_requester()
    request = (await world.a_request()).request
    await world.act(requester, requests.withdraw, WithdrawRequest(request.id, request.version, None))
    user = await bot_env.a_user(requester)
    card = await bot_env.card(user, CardKind.request, request.id)
    await user.say("We found three in the cellar.", reply_to=card)
    first = await user.with_button(ADD)
    await user.press(ADD, first["id"])
    await user.sees("was saved")
    await user.say("Four, even.", reply_to=first["id"])
    second = await user.with_button(ADD)
    await user.press(ADD, second["id"])
    await user.waits(
        lambda seen: newest(seen, lambda each: each["id"] == second["id"] and not labels(each)), ""
    )
    assert await kept(bot_env, world, request.id) == ["We found three in the cellar.", "Four, even."]


@BOTH
async def test_who_may_not_see_a_request_or_is_no_staff_gets_no_button(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    shown = await bot_env.api.as_(await world.an_officer()).call(e.show_request, path={"id": rfq.request_id})
    stranger = await bot_env.a_user(await world.a_person(Role.requester))
    await stranger.say(f"/comment {shown.number} let me see")
    hint = await stranger.sees(f"I can’t find {shown.number}")
    await stranger.say("let me see", reply_to=hint["id"])
    assert labels(await stranger.sees("didn’t understand that as a command")) == []
    auditor = await bot_env.a_user(await world.an_auditor())
    card = await bot_env.card(auditor, CardKind.request, rfq.request_id)
    await auditor.say("let me see", reply_to=card)
    assert labels(await auditor.sees("didn’t understand that as a command")) == []
    await auditor.say(f"/comment {shown.number} let me see")
    await auditor.sees("It takes one of these roles: requester,")
    seller = await bot_env.a_user(contact)
    await seller.say(f"/comment {shown.number} let me see")
    await seller.sees("It takes one of these roles: requester,")
    await seller.say("what is it for?", reply_to=await bot_env.card(seller, CardKind.vendor_rfq, rfq.id))
    await seller.say("/whoami")
    await seller.sees("acts as")
    assert ADD not in [label for each in await seller.chat() for label in labels(each)]
    assert await kept(bot_env, world, rfq.request_id) == []


async def test_whoever_was_asked_why_gives_the_reason_by_a_reply(bot_env: BotEnv, world: World) -> None:
    """Slack asks it in a window, where nobody can reply to a card."""
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.press("Reject…", card)
    await user.with_button("Budget is used up")
    await user.say("We bought the like in spring.", reply_to=card)
    await user.sees("Rejected:")
    shown = await bot_env.api.as_(user.person).call(e.show_approval, path={"id": approval.id})
    assert shown.steps[0].comment == "We bought the like in spring."
    assert await kept(bot_env, world, approval.request_id) == []


@BOTH
async def test_it_is_asked_in_the_readers_language(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.a_requester())
    await user.say("/language ar")
    card = await bot_env.card(user, CardKind.request, request.id)
    await user.say("الأزرق من فضلكم", reply_to=card)
    asked = await user.with_button(translate("buttons.add_comment", "ar"))
    await user.press(translate("buttons.add_comment", "ar"), asked["id"])
    await user.sees(translate("forms.comment.sent", "ar", number=request.number))
    assert await kept(bot_env, world, request.id) == ["الأزرق من فضلكم"]


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_whatever_is_typed_is_taken_clean_or_refused_and_stays_words(text: str) -> None:
    asking = FormContext("en", "UTC", dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    words = PROMPTS[ReasonKind.comment].read(text, asking)
    if not isinstance(words, str):
        assert len(text) > 2_000 or not text.strip()
        return
    assert CommentIn(text=words).text == words
    told = translate("notices.request_commented", "en", person="Rosa", number="REQ-104", text=words)
    clean_enough([as_text(told), escape_mrkdwn(told)])
    assert not {"<", ">"} & {*as_text(told), *escape_mrkdwn(told)}
