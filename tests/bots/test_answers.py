"""A reply to a question's notice is its answer; a reply to anything that only quotes the question is none."""

from functools import partial
from uuid import UUID

import pytest

from api.contract import endpoints as e
from api.text import translate
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels, newest
from tests.bots.slack_env import SlackEnv
from tests.support.sandbox_client import Json
from tests.support.world import World

QUESTION = "Why?"


async def asked_why(bot_env: BotEnv, world: World) -> tuple[UUID, str, ChatUser]:
    """An approver asked: the approval, its request's number, and the requester whom the question went to."""
    approval = (await world.an_open_approval()).approval
    body = {
        "approval_id": str(approval.id),
        "verb": "ask",
        "expected_version": approval.version,
        "comment": QUESTION,
    }
    await bot_env.api.as_(await world.a_manager()).call(e.decide, body)
    requester = await world.a_requester()
    shown = await bot_env.api.as_(requester).call(e.show_request, path={"id": approval.request_id})
    return approval.id, shown.number, await bot_env.a_user(requester)


async def notice(world: World, number: str, locale: str) -> str:
    asker = (await world.a_manager()).name
    return translate("notices.approval_asked", locale, person=asker, number=number, text=QUESTION)


async def answers(bot_env: BotEnv, world: World, approval_id: UUID) -> list[str | None]:
    caller = bot_env.api.as_(await world.a_manager())
    shown = await caller.call(e.show_approval, path={"id": approval_id})
    return [each.answer for each in shown.questions]


def offered(seen: Json, words: str) -> Json | None:
    """The bot's message that would make a comment of these words."""
    return newest(seen, lambda each: words in each["text"] and "Add as comment" in labels(each))


@pytest.mark.parametrize("locale", ["en", "ar"])
@BOTH
async def test_a_reply_to_the_notice_answers_in_every_language(
    bot_env: BotEnv, world: World, locale: str
) -> None:
    approval_id, number, user = await asked_why(bot_env, world)
    await user.say(f"/language {locale}")
    await bot_env.outbound.text(bot_env.chat_of(user), await notice(world, number, locale))
    await user.say("The old ones broke", reply_to=(await user.sees(QUESTION))["id"])
    await user.sees(translate("forms.answer.sent", locale))
    assert await answers(bot_env, world, approval_id) == ["The old ones broke"]


@BOTH
async def test_a_reply_to_a_comment_that_quotes_the_question_or_the_whole_notice_is_no_answer(
    bot_env: BotEnv, world: World
) -> None:
    approval_id, number, user = await asked_why(bot_env, world)
    for quoted in (f"{QUESTION} There are ten in the cellar", await notice(world, number, "en")):
        told = translate("notices.request_commented", "en", person="Rosa", number=number, text=quoted)
        sent = await bot_env.outbound.text(bot_env.chat_of(user), told)
        words = f"Broken, as {quoted[:4]}"
        await user.say(words, reply_to=bot_env.seen_as(sent))
        await user.waits(partial(offered, words=words), words)
    assert await answers(bot_env, world, approval_id) == [None]


@BOTH
async def test_a_reply_about_another_request_is_no_answer(bot_env: BotEnv, world: World) -> None:
    approval_id, _, user = await asked_why(bot_env, world)
    other = (await world.a_request()).request.number
    sent = await bot_env.outbound.text(bot_env.chat_of(user), await notice(world, other, "en"))
    await user.say("For the new hires", reply_to=bot_env.seen_as(sent))
    await user.with_button("Add as comment")
    assert await answers(bot_env, world, approval_id) == [None]


async def test_an_answer_that_slack_brings_again_is_not_offered_as_a_comment(
    slack: SlackEnv, world: World
) -> None:
    """It was taken, but the thanks did not get through, so that Slack heard that it was not done."""
    approval_id, number, user = await asked_why(slack, world)
    await slack.outbound.text(slack.chat_of(user), await notice(world, number, "en"))
    await user.say("Ten are broken", reply_to=(await user.sees("asks about"))["id"])
    await user.sees("Your answer")
    again = {**await slack.last_posted("event message"), "event_id": "Ev0AGAIN"}
    before = len(await user.chat())
    assert (await slack.send(again, retry=1))[0] == 200
    added = (await user.chat())[before:]
    assert [each["text"] for each in added if "Your answer" in each["text"]] != []
    assert [label for each in added for label in labels(each)] == []
    assert await answers(slack, world, approval_id) == ["Ten are broken"]
