"""An approval that was withdrawn for a new proposal leads to the one that waits now."""

from bots.cards.drawing import CardKind
from core.quotes import service as quotes
from core.quotes.commands import WithdrawQuote
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.support.world import World


@BOTH
async def test_a_press_on_a_withdrawn_approval_opens_the_new_one(bot_env: BotEnv, world: World) -> None:
    await leads_to_the_new_one(bot_env, world, "Approve")


async def test_a_rejection_of_a_withdrawn_approval_opens_the_new_one(bot_env: BotEnv, world: World) -> None:
    await leads_to_the_new_one(bot_env, world, "Reject…")


async def leads_to_the_new_one(bot_env: BotEnv, world: World, button: str) -> None:
    (best, seller), (other, rival) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(to=[best, other])
    chosen = await world.a_quote(rfq, seller, price="1100")
    next_best = await world.a_quote(rfq, rival, price="1150")
    approval = (await world.open_approval_of(chosen.quote.id)).approval
    user = await bot_env.a_user(await world.a_manager())
    card = await bot_env.card(user, CardKind.approval, approval.id)
    await world.act(seller, quotes.withdraw_quote, WithdrawQuote(chosen.quote.id, "sold out", None))
    await world.open_approval_of(next_best.quote.id)
    await user.press(button, card)
    shown = await user.sees("This approval was replaced")
    (label,) = labels(shown)
    await user.press(label, shown["id"])
    assert "Approve" in labels(await user.sees(other.name))
