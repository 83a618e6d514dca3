"""An approver's question is answered by a reply to its notice, and by a reply to nothing else."""

from uuid import UUID

from api.contract import endpoints as e
from api.text import say
from core.identity.model import Person
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, Stage, labels
from tests.support.world import World


async def asked_why(stage: Stage, world: World) -> tuple[UUID, str, Person]:
    """An approval in which somebody asked "Why?", the request's number, and who asked."""
    approval = (await world.an_open_approval()).approval
    manager = await world.a_manager()
    body = {"approval_id": str(approval.id), "verb": "ask", "expected_version": approval.version}
    await stage.api.as_(manager).call(e.decide, body | {"comment": "Why?"})
    return approval.id, approval.title.split()[0], manager


async def answers(stage: Stage, manager: Person, approval: UUID) -> list[str | None]:
    found = await stage.api.as_(manager).call(e.show_approval, path={"id": approval})
    return [each.answer for each in found.questions]


@BOTH
async def test_a_reply_to_the_notice_of_a_question_answers_it(stage: Stage, world: World) -> None:
    approval, number, manager = await asked_why(stage, world)
    player = await stage.play(await world.a_requester())
    notice = say("notices.approval_asked", "en", person=manager.name, number=number, text="Why?")
    await stage.outbound.text(stage.chat_of(player), notice)
    await player.say("Ten are broken", reply_to=(await player.sees("asks about"))["id"])
    await player.sees("Your answer")
    assert await answers(stage, manager, approval) == ["Ten are broken"]


@BOTH
async def test_a_reply_to_a_comment_with_the_same_words_does_not(stage: Stage, world: World) -> None:
    approval, number, manager = await asked_why(stage, world)
    player = await stage.play(await world.a_requester())
    notice = say("notices.request_commented", "en", person="Rosa", number=number, text="Why? Ten are new.")
    await stage.outbound.text(stage.chat_of(player), notice)
    await player.say("Ten are broken", reply_to=(await player.sees("Ten are new"))["id"])
    await player.with_button("Add as comment")
    assert await answers(stage, manager, approval) == [None]


async def test_an_answer_that_slack_brings_again_is_not_offered_as_a_comment(
    slack: SlackStage, world: World
) -> None:
    """It was taken, but the thanks did not get through, so that Slack heard that it was not done."""
    approval, number, manager = await asked_why(slack, world)
    player = await slack.play(await world.a_requester())
    notice = say("notices.approval_asked", "en", person=manager.name, number=number, text="Why?")
    await slack.outbound.text(slack.chat_of(player), notice)
    await player.say("Ten are broken", reply_to=(await player.sees("asks about"))["id"])
    await player.sees("Your answer")
    again = {**await slack.heard("event message"), "event_id": "Ev0AGAIN"}
    before = len(await player.chat())
    assert (await slack.send(again, retry=1))[0] == 200
    added = (await player.chat())[before:]
    assert [each["text"] for each in added if "Your answer" in each["text"]] != []
    assert [label for each in added for label in labels(each)] == []
    assert await answers(slack, manager, approval) == ["Ten are broken"]
