"""What looked unusual in the chats: the card and its buttons, /findings, and the question about a quantity."""

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from api.text import day
from bots.cards.drawing import CardKind
from core.findings import policy
from core.findings.model import KeptFinding
from core.insights.tables import ml_shown
from core.people.model import Person
from core.requests.tables import procurement_requests
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.core.findings.cases import Case
from tests.support.world import World


async def a_finding(world: World) -> KeptFinding:
    """A purchase from a vendor of today."""
    case = await Case.begin(world)
    [finding] = [each for each in await case.found(await case.proposed("1180")) if each.rule == "new_vendor"]
    return finding


async def shown(user: Any, card: Any) -> Any:
    return next(each for each in await user.chat() if each["id"] == card)


@BOTH
async def test_the_card_asks_and_explains_and_is_settled_with_a_reason(bot_env: BotEnv, world: World) -> None:
    finding, finance = await a_finding(world), await world.a_finance()
    user = await bot_env.a_user(finance)
    card = await bot_env.card(user, CardKind.finding, finding.id)
    drawn = await shown(user, card)
    assert labels(drawn) == ["Explain", "Fine because…", "Hold for review"]
    assert f"{finding.request_number} · Vendor of this week" in drawn["text"]
    assert f"{finding.facts['vendor']} was added on" in drawn["text"]
    assert "the purchase goes on" in drawn["text"]
    async with world.engine.connect() as connection:
        seen = (await connection.execute(select(ml_shown).where(ml_shown.c.person_id == finance.id))).all()
    assert [(each.feature, each.place, each.subject_id, each.request_id) for each in seen] == [
        ("findings", "findings", str(finding.id), finding.request_id)
    ]
    assert seen[0].figures == dict(policy.hint_of(finding).figures), "what the page notes is the same"
    await user.press("Explain", card)
    await user.sees("Less than 7 days passed")
    await user.say(f"/findings {finding.request_number}")
    await user.sees("Vendor of this week")
    assert (await user.press("Hold for review", card))["text"].endswith("The purchase goes on.")
    held = await bot_env.card(user, CardKind.finding, finding.id)
    drawn = await shown(user, held)
    assert labels(drawn) == ["Explain", "Fine because…", "Worth checking"]
    assert f"{finance.name} has been looking into it since" in drawn["text"]
    assert (await user.press("Worth checking", held))["text"].endswith("noted as worth checking.")
    done = await shown(user, await bot_env.card(user, CardKind.finding, finding.id))
    assert labels(done) == ["Explain"]
    assert f"Confirmed by {finance.name}" in done["text"]


@BOTH
async def test_nothing_waits_is_said(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.a_finance())
    await user.say("/findings")
    await user.sees("Nothing waits to be looked at.")


async def test_why_it_is_fine_is_asked_and_kept(telegram: Any, world: World) -> None:
    finding, finance = await a_finding(world), await world.a_finance()
    user = await telegram.a_user(finance)
    card = await telegram.card(user, CardKind.finding, finding.id)
    await user.press("Fine because…", card)
    await user.sees("Why is it fine?")
    await user.press("I have checked it")
    await user.sees("noted as fine")
    done = await shown(user, await telegram.card(user, CardKind.finding, finding.id))
    assert f"Fine, says {finance.name}: I have checked it" in done["text"]


async def requests_of(world: World, person: Person) -> int:
    request = procurement_requests.c
    async with world.engine.connect() as connection:
        found = await connection.scalar(
            select(func.count()).select_from(procurement_requests).where(request.requested_by == person.id)
        )
    return found or 0


async def test_an_unusual_quantity_is_a_question_in_the_form(telegram: Any, world: World) -> None:
    """Five orders of three laptops; thirty are asked about once, and three are not."""
    case = await Case.begin(world)
    await case.bought(*["1180"] * 5)
    requester = await world.a_requester()
    needed = world.today + dt.timedelta(days=60)
    before, user = await requests_of(world, requester), await telegram.a_user(requester)
    await user.say(f"/request 30x Laptop 14 inch @1200 needed {needed} for IT")
    await user.press("Submit")
    since = day(world.today, "en")
    await user.sees(f"You ask for 30 pcs; usual is 3 pcs (median since {since}; ordered lines: 5). Right?")
    assert await requests_of(world, requester) == before
    await user.press("Submit anyway")
    await user.sees("submitted")
    assert await requests_of(world, requester) == before + 1
    await user.say(f"/request 3x Laptop 14 inch @1200 needed {needed} for IT")
    await user.press("Submit")
    await user.sees("submitted")
    assert await requests_of(world, requester) == before + 2
