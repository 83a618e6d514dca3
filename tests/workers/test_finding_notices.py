"""A rule that sends no more cards: each administrator reads which one in their own language."""

from core.access.actor import Actor
from core.access.roles import Role
from core.checks.model import CheckRule
from core.findings.events import FindingRuleDigested
from core.findings.service import rule_subject
from core.log.stored import read_event
from tests.support.uow import begin
from tests.support.world import World
from workers.notices.findings import rule_digested


async def test_administrators_read_which_rule_it_is(world: World) -> None:
    admin = await world.an_admin()
    event = FindingRuleDigested(
        subject_id=rule_subject(CheckRule.same_price),
        subject_version=1,
        rule="same_price",
        confirmed=4,
        reviewed=50,
    )
    async with begin(world.engine, Actor.system(Role.system_notices), world.clock) as uow:
        await uow.record(event)
        event_id = uow.recorded_events[0].id
    async with begin(world.engine, Actor.system(Role.system_notices), world.clock) as uow:
        notice = await rule_digested(uow, event, await read_event(uow.connection, event_id))
    assert notice is not None
    assert list(notice.recipients) == [admin.id]
    assert "“The same total from two vendors”, 4 were confirmed" in notice.message.render("en", "UTC")
    assert "„Dieselbe Summe von zwei Lieferanten“ wurden 4 bestätigt" in notice.message.render("de", "UTC")
