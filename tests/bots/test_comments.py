"""Comments: a command says them at once, words in reply to a card bring the button that does; on both platforms."""

import datetime as dt
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.contract.comments import CommentIn
from api.text import translate
from bots.cards.deck import CardKind
from bots.forms.form import Asking
from bots.forms.saying import PROMPTS, Saying
from bots.slack.texts import escaped
from bots.telegram.render import as_text
from core.access.roles import Role
from core.requests import service as requests
from core.requests.commands import WithdrawRequest
from tests.bots.injections import INJECTIONS
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, Json, Player, Stage, labels, newest
from tests.bots.test_renderers import clean_enough
from tests.support.world import World

ADD = "Add as comment"


async def kept(stage: Stage, world: World, request_id: UUID) -> list[str]:
    """What was said about a request, oldest first."""
    caller = stage.api.as_(await world.an_auditor())
    return [item.text for item in (await caller.call(e.list_comments, path={"id": request_id})).items]


@BOTH
async def test_a_command_with_words_comments_at_once(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    player = await stage.play(await world.a_requester())
    await player.say(f"/comment {request.number.lower()} the old ones go to the workshop\nall three")
    await player.sees(f"Your comment on {request.number} is kept")
    assert await kept(stage, world, request.id) == ["the old ones go to the workshop\nall three"]
    await player.say(f"/audit {request.number}")
    history = (await player.sees("request.commented"))["text"]
    assert "the old ones go to the workshop" in history


@BOTH
async def test_a_command_without_words_shows_what_was_said_whole(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    officer = stage.api.as_(await world.an_officer())
    texts = [f"{number}: " + "word " * 390 for number in range(3)]
    for text in texts:
        await officer.call(e.comment, {"text": text}, path={"id": request.id})
    player = await stage.play(await world.a_requester())
    await player.say(f"/comment {request.number}")
    await player.sees("What would you like to say")
    seen = "\n".join(each["text"] for each in await player.chat())
    assert [text for text in texts if text.strip() not in seen] == []


@BOTH
async def test_a_command_without_words_is_asked_for_them(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    player = await stage.play(await world.an_officer())
    await player.say(f"/comment {request.number}")
    asked = await player.sees("What would you like to say")
    assert request.number in asked["text"]
    assert await kept(stage, world, request.id) == []
    await player.say("x" * 2_001)
    await player.sees("at most 2000")
    await player.say("Grey is all they have.")
    await player.sees("is kept")
    assert await kept(stage, world, request.id) == ["Grey is all they have."]


@BOTH
async def test_words_in_reply_to_a_card_bring_a_button_and_the_button_comments_once(
    stage: Stage, world: World
) -> None:
    request = (await world.a_request()).request
    player = await stage.play(await world.a_requester())
    card = await stage.card(player, CardKind.request, request.id)
    await player.say("Blue, please.", reply_to=card)
    asked = await player.sees(f"Add this to {request.number} as a comment?")
    assert "Blue, please." in asked["text"]
    assert labels(asked) == [ADD, "Cancel"]
    assert await kept(stage, world, request.id) == []
    await player.press(ADD, asked["id"])
    await player.sees("is kept")
    await pressed_again(stage, player, asked)
    assert await kept(stage, world, request.id) == ["Blue, please."]


async def pressed_again(stage: Stage, player: Player, asked: Json) -> None:
    """The same press once more; on Slack as it is delivered, since the button itself is gone."""
    if isinstance(stage, SlackStage):
        assert (await stage.send(await stage.heard("block_actions")))[0] == 200
        return
    told = await player.forge(asked["id"], asked["buttons"][0][0]["data"])
    assert "is kept" in told or "not open any more" in told


@BOTH
async def test_what_was_understood_can_be_said_better_or_left(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    player = await stage.play(await world.a_requester())
    card = await stage.card(player, CardKind.request, request.id)
    await player.say("Blue", reply_to=card)
    await player.with_button(ADD)
    await player.say("Blue or grey")
    await player.press(ADD, (await player.sees("Blue or grey"))["id"])
    await player.sees("is kept")
    await player.say("Never mind", reply_to=card)
    await player.press("Cancel", (await player.sees("Never mind"))["id"])
    await player.sees("Nothing was sent")
    assert await kept(stage, world, request.id) == ["Blue or grey"]


@BOTH
async def test_an_approver_comments_under_the_approval_card_with_words_that_decide_nothing(
    stage: Stage, world: World
) -> None:
    approval = (await world.an_open_approval()).approval
    player = await stage.play(await world.a_manager())
    card = await stage.card(player, CardKind.approval, approval.id)
    await player.say("ok, but only in January", reply_to=card)
    assert ADD in labels(await player.with_button(ADD))
    await player.press(ADD)
    await player.sees("is kept")
    assert await kept(stage, world, approval.request_id) == ["ok, but only in January"]
    shown = await stage.api.as_(player.person).call(e.show_approval, path={"id": approval.id})
    assert shown.state.value == "pending"


@BOTH
async def test_a_card_without_buttons_and_the_words_about_a_comment_can_be_replied_to(
    stage: Stage, world: World
) -> None:
    requester = await world.a_requester()
    request = (await world.a_request()).request
    await world.act(requester, requests.withdraw, WithdrawRequest(request.id, request.version, None))
    player = await stage.play(requester)
    card = await stage.card(player, CardKind.request, request.id)
    await player.say("We found three in the cellar.", reply_to=card)
    first = await player.with_button(ADD)
    await player.press(ADD, first["id"])
    await player.sees("is kept")
    await player.say("Four, even.", reply_to=first["id"])
    second = await player.with_button(ADD)
    await player.press(ADD, second["id"])
    await player.waits(
        lambda seen: newest(seen, lambda each: each["id"] == second["id"] and not labels(each)), ""
    )
    assert await kept(stage, world, request.id) == ["We found three in the cellar.", "Four, even."]


@BOTH
async def test_who_may_not_see_a_request_or_is_no_staff_gets_no_button(stage: Stage, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = (await world.an_rfq(to=[vendor])).rfq
    shown = await stage.api.as_(await world.an_officer()).call(e.show_request, path={"id": rfq.request_id})
    stranger = await stage.play(await world.a_person(Role.requester))
    await stranger.say(f"/comment {shown.number} let me see")
    hint = await stranger.sees(f"I cannot find {shown.number}")
    await stranger.say("let me see", reply_to=hint["id"])
    assert labels(await stranger.sees("no free text")) == []
    auditor = await stage.play(await world.an_auditor())
    card = await stage.card(auditor, CardKind.request, rfq.request_id)
    await auditor.say("let me see", reply_to=card)
    assert labels(await auditor.sees("no free text")) == []
    await auditor.say(f"/comment {shown.number} let me see")
    await auditor.sees("requests:comment")
    seller = await stage.play(contact)
    await seller.say(f"/comment {shown.number} let me see")
    await seller.sees("requests:read")
    await seller.say("what is it for?", reply_to=await stage.card(seller, CardKind.vendor_rfq, rfq.id))
    await seller.say("/whoami")
    await seller.sees("acts as")
    assert ADD not in [label for each in await seller.chat() for label in labels(each)]
    assert await kept(stage, world, rfq.request_id) == []


async def test_whoever_was_asked_why_gives_the_reason_by_a_reply(stage: Stage, world: World) -> None:
    """Slack asks it in a window, where nobody can reply to a card."""
    approval = (await world.an_open_approval()).approval
    player = await stage.play(await world.a_manager())
    card = await stage.card(player, CardKind.approval, approval.id)
    await player.press("Reject…", card)
    await player.with_button("Budget is used up")
    await player.say("We bought the like in spring.", reply_to=card)
    await player.sees("Rejected:")
    shown = await stage.api.as_(player.person).call(e.show_approval, path={"id": approval.id})
    assert shown.steps[0].comment == "We bought the like in spring."
    assert await kept(stage, world, approval.request_id) == []


@BOTH
async def test_it_is_asked_in_the_readers_language(stage: Stage, world: World) -> None:
    request = (await world.a_request()).request
    player = await stage.play(await world.a_requester())
    await player.say("/language ar")
    card = await stage.card(player, CardKind.request, request.id)
    await player.say("الأزرق من فضلكم", reply_to=card)
    asked = await player.with_button(translate("buttons.add_comment", "ar"))
    await player.press(translate("buttons.add_comment", "ar"), asked["id"])
    await player.sees(translate("forms.comment.sent", "ar", number=request.number))
    assert await kept(stage, world, request.id) == ["الأزرق من فضلكم"]


@pytest.mark.parametrize("text", INJECTIONS, ids=range(len(INJECTIONS)))
def test_whatever_is_typed_is_taken_clean_or_refused_and_stays_words(text: str) -> None:
    asking = Asking("en", "UTC", dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    words = PROMPTS[Saying.comment].read(text, asking)
    if not isinstance(words, str):
        assert len(text) > 2_000 or not text.strip()
        return
    assert CommentIn(text=words).text == words
    told = translate("notices.request_commented", "en", person="Rosa", number="REQ-104", text=words)
    clean_enough([as_text(told), escaped(told)])
    assert not {"<", ">"} & {*as_text(told), *escaped(told)}
