"""Fifty people deciding at once, half of them in Telegram: one decision, and everybody else is told who won."""

import asyncio
import itertools
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.access.roles import Role
from core.approvals.model import Approval
from core.approvals.tables import approvals as approval_table
from core.decisions.tables import approval_logs
from core.orders.tables import purchase_orders
from core.people.model import Person
from tests.bots.bot_env import BotEnv, ChatUser
from tests.support.api import ProblemError
from tests.support.world import World

APPROVALS, BY_API, BY_TAP, BY_REASON = 20, 25, 15, 10
STATE_AFTER = {"approve": "approved", "reject": "rejected"}
_keys = itertools.count()


@dataclass
class DecisionReply:
    """What one decider was answered."""

    who: Person
    text: str
    won: bool


async def decided_by_api(bot_env: BotEnv, who: Person, approval: Approval, verb: str) -> DecisionReply:
    body = {"approval_id": str(approval.id), "verb": verb, "expected_version": approval.version}
    body |= {"comment": "Not now."} if verb == "reject" else {}
    try:
        await bot_env.api.as_(who).call(e.decide, body, key=f"race-{next(_keys)}")
    except ProblemError as refused:
        told = str(refused.problem.facts["by"]) if refused.code == "approvals.decided" else refused.code
        return DecisionReply(who, told, won=False)
    return DecisionReply(who, verb, won=True)


async def approved_by_tap(user: ChatUser, card: int) -> DecisionReply:
    answer = await user.press("Approve", card)
    return DecisionReply(user.person, answer["text"], won=answer["text"].startswith("Approved:"))


async def rejected_by_tap(user: ChatUser, card: int) -> DecisionReply:
    answer = await user.press("Reject…", card)
    if not answer["text"]:
        answer = await user.press("Budget is used up")
    return DecisionReply(user.person, answer["text"], won=answer["text"].startswith("Rejected:"))


async def raced(
    bot_env: BotEnv, world: World, approval: Approval, managers: list[Person], crowd: list[ChatUser]
) -> str:
    """Everybody decides about one approval; the verb that won."""
    cards = [await bot_env.card(user, CardKind.approval, approval.id) for user in crowd]
    taps = zip(crowd, cards, strict=True)
    said = await asyncio.gather(
        *(
            decided_by_api(bot_env, managers[turn % len(managers)], approval, ("approve", "reject")[turn % 2])
            for turn in range(BY_API)
        ),
        *(
            approved_by_tap(user, card) if turn < BY_TAP else rejected_by_tap(user, card)
            for turn, (user, card) in enumerate(taps)
        ),
    )
    won = [each for each in said if each.won]
    assert len(won) == 1, [each.text for each in said]
    winner = won[0].who.name
    assert all(winner in each.text for each in said if not each.won), (winner, {each.text for each in said})
    async with world.engine.connect() as connection:
        verdicts = await connection.scalars(
            select(approval_logs.c.verb).where(approval_logs.c.approval_id == approval.id)
        )
        (verdict,) = verdicts
        return str(verdict)


@pytest.mark.journey  # a minute: .ci/run plays it, tests/api/test_races.py holds the rule in every run
@pytest.mark.timeout(600)
async def test_fifty_decisions_at_once_on_each_of_twenty_approvals(bot_env: BotEnv, world: World) -> None:
    managers = [await world.a_person(Role.manager) for _ in range(5)]
    crowd = [await bot_env.a_user(await world.a_person(Role.manager)) for _ in range(BY_TAP + BY_REASON)]
    approvals = [(await world.an_open_approval()).approval for _ in range(APPROVALS)]

    won = {each.id: await raced(bot_env, world, each, managers, crowd) for each in approvals}

    async with world.engine.connect() as connection:
        states = await connection.execute(select(approval_table.c.id, approval_table.c.state))
        ordered = await connection.scalars(select(purchase_orders.c.request_id))
        assert {row.id: row.state for row in states} == {
            approval_id: STATE_AFTER[verb] for approval_id, verb in won.items()
        }
        assert sorted(ordered) == sorted(each.request_id for each in approvals if won[each.id] == "approve")
