"""Words in reply to an approval card: a button for whoever may decide, and no verdict from anybody else."""

import pytest

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.approvals.states import ApprovalState
from core.people.model import Person
from tests.bots.bot_env import BOTH, BotEnv, ChatUser, labels
from tests.support.world import World


async def shown(bot_env: BotEnv, who: Person, approval_id: object) -> ApprovalOut:
    return await bot_env.api.as_(who).call(e.show_approval, path={"id": approval_id})


async def told(user: ChatUser) -> int:
    """How much the bot has said in this chat."""
    return len([each for each in await user.chat() if each["from"] == "bot"])


@pytest.mark.parametrize("words", ["ok", "Approved, thank you!"])
@BOTH
async def test_a_yes_brings_a_button_and_the_button_decides(
    bot_env: BotEnv, world: World, words: str
) -> None:
    manager = await world.a_manager()
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(manager)
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.say(words, reply_to=card)
    asked = await user.sees(f"You wrote “{words}”")
    assert labels(asked) == ["Approve"]
    assert (await shown(bot_env, manager, approval.id)).state is ApprovalState.pending
    answer = await user.press("Approve", asked["id"])
    assert answer["text"].startswith("Approved:")
    assert labels(await user.sees("Approved:")) == []
    assert (await shown(bot_env, manager, approval.id)).state is ApprovalState.approved


@BOTH
async def test_a_no_brings_a_button_and_its_words_become_the_comment(bot_env: BotEnv, world: World) -> None:
    manager = await world.a_manager()
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(manager)
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.say("no, too dear", reply_to=card)
    asked = await user.sees("You wrote “too dear”")
    assert labels(asked) == ["Reject", "Cancel"]
    await user.say("much too dear")
    await user.sees("You wrote “much too dear”")
    assert (await shown(bot_env, manager, approval.id)).state is ApprovalState.pending
    await user.press("Reject")
    await user.sees("Rejected:")
    now = await shown(bot_env, manager, approval.id)
    assert now.state is ApprovalState.rejected
    assert now.steps[0].comment == "much too dear"


@BOTH
async def test_a_bare_no_is_asked_why(bot_env: BotEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    before = await world.events_of(approval.id)
    await user.say("no", reply_to=card)
    asked = await user.with_button("Budget is used up")
    assert "Cancel" in labels(asked)
    assert await world.events_of(approval.id) == before


@BOTH
async def test_the_words_of_another_language_decide_nothing(bot_env: BotEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.say("ja, passt", reply_to=card)
    assert labels(await user.with_button("Add as comment")) == ["Add as comment", "Cancel"]


@BOTH
async def test_the_words_of_somebody_who_may_not_decide_do_nothing(bot_env: BotEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await bot_env.a_user(await world.a_manager())
    late = await bot_env.a_user(await world.a_person(Role.manager))
    card = await bot_env.card(manager, CardKind.approval, approval.id)
    await manager.press("Approve", card)
    before = await world.events_of(approval.id)
    seen = await told(manager)
    await manager.say("no, too dear", reply_to=card)
    await manager.say("/status REQ-0")
    await manager.sees("I can’t find REQ-0")
    assert await told(manager) == seen + 1
    await late.say("ok")
    await late.sees("didn’t understand that as a command")
    assert await world.events_of(approval.id) == before


@BOTH
async def test_a_doubt_in_reply_to_a_card_decides_nothing(bot_env: BotEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.say("ok, but only in January", reply_to=card)
    assert labels(await user.with_button("Add as comment")) == ["Add as comment", "Cancel"]
