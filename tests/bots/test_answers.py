"""A reply to a question's notice is its answer; a reply to anything that only quotes the question is none."""

from functools import partial
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.text import translate
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, Json, Player, Stage, labels, newest
from tests.support.world import World

QUESTION = "Why?"


async def asked_why(stage: Stage, world: World) -> tuple[UUID, str, Player]:
    """An approver asked: the approval, its request's number, and the requester whom the question went to."""
    approval = (await world.an_open_approval()).approval
    body = {
        "approval_id": str(approval.id),
        "verb": "ask",
        "expected_version": approval.version,
        "comment": QUESTION,
    }
    await stage.api.as_(await world.a_manager()).call(e.decide, body)
    requester = await world.a_requester()
    shown = await stage.api.as_(requester).call(e.show_request, path={"id": approval.request_id})
    return approval.id, shown.number, await stage.play(requester)


async def notice(world: World, number: str, locale: str) -> str:
    asker = (await world.a_manager()).name
    return translate("notices.approval_asked", locale, person=asker, number=number, text=QUESTION)


async def answers(stage: Stage, world: World, approval_id: UUID) -> list[str | None]:
    caller = stage.api.as_(await world.a_manager())
    shown = await caller.call(e.show_approval, path={"id": approval_id})
    return [each.answer for each in shown.questions]


def offered(seen: Json, words: str) -> Json | None:
    """The bot's message that would make a comment of these words."""
    return newest(seen, lambda each: words in each["text"] and "Add as comment" in labels(each))


@pytest.mark.parametrize("locale", ["en", "ar"])
@BOTH
async def test_a_reply_to_the_notice_answers_in_every_language(
    stage: Stage, world: World, locale: str
) -> None:
    approval_id, number, player = await asked_why(stage, world)
    await player.say(f"/language {locale}")
    await stage.outbound.text(stage.chat_of(player), await notice(world, number, locale))
    await player.say("The old ones broke", reply_to=(await player.sees(QUESTION))["id"])
    await player.sees(translate("forms.answer.sent", locale))
    assert await answers(stage, world, approval_id) == ["The old ones broke"]


@BOTH
async def test_a_reply_to_a_comment_that_quotes_the_question_or_the_whole_notice_is_no_answer(
    stage: Stage, world: World
) -> None:
    approval_id, number, player = await asked_why(stage, world)
    for quoted in (f"{QUESTION} There are ten in the cellar", await notice(world, number, "en")):
        told = translate("notices.request_commented", "en", person="Rosa", number=number, text=quoted)
        sent = await stage.outbound.text(stage.chat_of(player), told)
        words = f"Broken, as {quoted[:4]}"
        await player.say(words, reply_to=stage.seen_as(sent))
        await player.waits(partial(offered, words=words), words)
    assert await answers(stage, world, approval_id) == [None]


@BOTH
async def test_a_reply_about_another_request_is_no_answer(stage: Stage, world: World) -> None:
    approval_id, _, player = await asked_why(stage, world)
    other = (await world.a_request()).request.number
    sent = await stage.outbound.text(stage.chat_of(player), await notice(world, other, "en"))
    await player.say("For the new hires", reply_to=stage.seen_as(sent))
    await player.with_button("Add as comment")
    assert await answers(stage, world, approval_id) == [None]


async def test_an_answer_that_slack_brings_again_is_not_offered_as_a_comment(
    slack: SlackStage, world: World
) -> None:
    """It was taken, but the thanks did not get through, so that Slack heard that it was not done."""
    approval_id, number, player = await asked_why(slack, world)
    await slack.outbound.text(slack.chat_of(player), await notice(world, number, "en"))
    await player.say("Ten are broken", reply_to=(await player.sees("asks about"))["id"])
    await player.sees("Your answer")
    again = {**await slack.heard("event message"), "event_id": "Ev0AGAIN"}
    before = len(await player.chat())
    assert (await slack.send(again, retry=1))[0] == 200
    added = (await player.chat())[before:]
    assert [each["text"] for each in added if "Your answer" in each["text"]] != []
    assert [label for each in added for label in labels(each)] == []
    assert await answers(slack, world, approval_id) == ["Ten are broken"]
