"""The demo company has a believable case for who to ask, and for what was bought before."""

import pytest
from sqlalchemy import select

from administration.run import COMMAND_LINE
from core.access.actor import Actor
from core.access.roles import Role
from core.db.engine import make_engine
from core.insights.tables import ml_shown
from core.kernel.clock import SystemClock
from core.kernel.ids import PersonId, RequestId
from core.people.tables import people
from core.recommendations import queries
from core.recommendations.model import LookUpBought, SuggestVendors
from core.requests.states import RequestState
from core.requests.tables import procurement_requests
from stack.demo.__main__ import fill
from stack.demo.company import GOODS, PEOPLE
from stack.demo.newcomers import NEWCOMERS
from stack.evaluate.run_evaluate import measured_history
from tests.support.postgres import Database
from tests.support.uow import begin

MEASURED = {
    "late next, AUC",
    "delivery, days off the usual",
    "duplicates, recall",
    "price slips, recall",
    "hit@1 warm",
    "one purchase by all rules, ms",
    "one suggestion, ms",
}
"""By ``./parley evaluate insight --history``."""
ITEMS = tuple(good[0] for goods in GOODS.values() for good in goods)


@pytest.mark.timeout(240)
async def test_a_buyer_reads_who_sold_the_like_and_who_is_new_and_requesters_what_they_bought(
    database: Database,
) -> None:
    engine, clock = make_engine(database.app_url, size=2), SystemClock()
    async with engine.begin() as connection:
        await fill(connection, "a demo password")
        ids = {row.email: row.id for row in await connection.execute(select(people.c.id, people.c.email))}
        requests = procurement_requests.c
        submitted = select(requests.id).where(requests.state == RequestState.submitted.value)
        waiting = list(await connection.scalars(submitted.order_by(requests.id)))

    def actor(key: str, role: Role) -> Actor:
        [person] = [each for each in PEOPLE if each.key == key]
        return Actor.person(PersonId(ids[person.email]), person.name, frozenset({role}), epoch=1)

    officer = actor("officer", Role.officer)
    newcomers, sold_before = set(), 0
    for request_id in waiting:
        async with begin(engine, officer, clock) as uow:
            found = (await queries.suggest(uow, officer, SuggestVendors(RequestId(request_id)))).items
        told = [each for each in found if each.why is not None]
        newcomers |= {each.vendor.name for each in told if each.why and each.why.new_here}
        sold_before += sum(each.why.lines for each in told if each.why and not each.why.new_here)
    assert newcomers & {each.name for each in NEWCOMERS}
    assert sold_before > 10
    rosa = actor("requester", Role.requester)
    async with begin(engine, rosa, clock) as uow:
        mine = (await queries.bought_before(uow, rosa, LookUpBought(ITEMS))).items
    async with begin(engine, officer, clock) as uow:
        all_of_them = (await queries.bought_before(uow, officer, LookUpBought(ITEMS))).items
        assert await uow.connection.scalar(select(ml_shown.c.id).limit(1)) is not None
        measured = {each.name: each for each in await measured_history(uow, COMMAND_LINE)}
    await engine.dispose()
    assert measured.keys() >= MEASURED, sorted(measured)
    assert all(each.n > 0 and each.window for each in measured.values())
    assert measured["duplicates, recall"].value > 0.9
    assert "Monitor 27 inch" in {each.item for each in mine}, "sandbox/scenarios/who-to-ask.yaml plays it"
    assert len(mine) <= len(all_of_them)
    assert sum(each.lines for each in mine) < sum(each.lines for each in all_of_them)
