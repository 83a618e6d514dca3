"""Undo from a chat: the button stands on the decided card, and pressing it opens the decision again."""

from uuid import UUID

from sqlalchemy import select

from bots.cards.drawing import CardKind
from core.decisions.tables import approval_logs
from core.people.model import Person
from core.policies import service as policies
from core.policies.commands import SetPolicy
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import ADMINISTRATOR, POLICY, World


@BOTH
async def test_an_approval_is_undone_by_a_tap_and_a_second_tap_is_told(bot_env: BotEnv, world: World) -> None:
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 60))
    manager: Person = await world.a_manager()
    user = await bot_env.a_user(manager)
    approval = (await world.an_open_approval()).approval
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await user.press("Approve", card)

    decided = await bot_env.card(user, CardKind.approval, approval.id)
    [shown] = [each for each in await user.chat() if each["id"] == decided]
    assert labels(shown) == ["Undo (60 s)"]
    assert (await user.press("Undo (60 s)", decided))["text"].startswith("The approval was undone")
    assert (await user.press("Undo (60 s)", decided))["text"].startswith(
        "The approval was undone"
    )  # the same press

    again = await bot_env.card(user, CardKind.approval, approval.id)
    [shown] = [each for each in await user.chat() if each["id"] == again]
    assert "Approve" in labels(shown)
    assert (await user.press("Approve", again))["text"].startswith("Approved")
    late = await bot_env.card(user, CardKind.approval, approval.id)
    assert labels(next(each for each in await user.chat() if each["id"] == late)) == ["Undo (60 s)"]
    assert await rounds_of(world, approval.id) == [1, 2]


@BOTH
async def test_the_same_button_on_the_same_message_approves_again_after_an_undo(
    bot_env: BotEnv, world: World
) -> None:
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 60))
    manager: Person = await world.a_manager()
    user = await bot_env.a_user(manager)
    approval = (await world.an_open_approval()).approval
    card = await bot_env.card(user, CardKind.approval, approval.id)
    for _ in range(2):
        await user.press("Approve", card)
        await bot_env.redraw(user, card, CardKind.approval, approval.id)
        await user.press("Undo (60 s)", card)
        await bot_env.redraw(user, card, CardKind.approval, approval.id)
    assert await rounds_of(world, approval.id) == [1, 2]


async def rounds_of(world: World, approval_id: UUID) -> list[int]:
    log = approval_logs.c
    async with world.engine.connect() as connection:
        found = await connection.scalars(
            select(log.round).where(log.approval_id == approval_id).order_by(log.id)
        )
        return list(found)
