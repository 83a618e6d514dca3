"""Findings over HTTP: who reads, who says what, what a rule's precision does, and that nothing is stopped."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from api.contract import endpoints as e
from api.contract.findings import FindingRuleOut
from core.access.actor import Actor
from core.access.roles import Role
from core.approvals import service as approvals
from core.approvals.model import Approval
from core.approvals.states import StepState
from core.awards import selection
from core.checks.model import CheckRule
from core.decisions import queries as decisions
from core.findings import service
from core.findings.tables import findings
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from core.insights.tables import ml_dismissals, ml_shown
from core.kernel.ids import new_id
from core.uow import Uow
from tests.core.findings.cases import SYSTEM, Case
from tests.support.api import Api, ProblemError
from tests.support.uow import begin
from tests.support.world import World

NEW = {"rule": "new_vendor"}


async def found(world: World) -> tuple[Case, Approval]:
    """A purchase from a vendor of today; what looked unusual is kept."""
    case = await Case.begin(world)
    approval = await case.proposed("1180")
    await case.found(approval)
    return case, approval


async def the_one(api: Api, world: World) -> UUID:
    listed = await api.as_(await world.a_finance()).call(e.list_findings, query={**NEW, "state": "waiting"})
    [finding] = listed.items
    return finding.id


async def test_what_looked_unusual_is_listed_with_its_facts(api: Api, world: World) -> None:
    case, approval = await found(world)
    listed = await api.as_(await world.a_finance()).call(e.list_findings, query=NEW)
    [finding] = listed.items
    assert (finding.state, finding.request_id, finding.carded) == ("open", approval.request_id, True)
    assert (finding.facts["vendor"], finding.facts["days"]) == (case.vendor.name, 7)
    assert finding.verbs == ("confirm", "dismiss", "hold")
    shown = await api.as_(await world.an_auditor()).call(e.show_finding, path={"id": finding.id})
    assert shown.verbs == ()
    async with world.engine.connect() as connection:
        [seen] = (await connection.execute(select(ml_shown))).all()
    assert (seen.feature, seen.place, seen.request_id) == ("findings", "findings", approval.request_id)
    assert (seen.person_id, seen.figures["rule"]) == ((await world.an_auditor()).id, "new_vendor")


async def test_looking_again_finds_nothing_new(api: Api, world: World) -> None:
    case, approval = await found(world)
    before = await case.kept(approval.request_id)
    assert await case.found(approval) == before != []


async def test_requesters_and_vendors_read_none(api: Api, world: World) -> None:
    case, _ = await found(world)
    finding = await the_one(api, world)
    for who in (await world.a_requester(), case.contact):
        with pytest.raises(ProblemError, match="403"):
            await api.as_(who).call(e.list_findings)
        with pytest.raises(ProblemError, match="403"):
            await api.as_(who).call(e.show_finding, path={"id": finding})


async def test_the_timeline_tells_it_to_those_who_read_findings(api: Api, world: World) -> None:
    _, approval = await found(world)
    path = {"id": approval.request_id}
    for who, sees in ((await world.a_finance(), True), (await world.a_requester(), False)):
        told = await api.as_(who).call(e.timeline, path=path)
        assert ("finding.found" in {each.action for each in told.items}) == sees


async def test_it_is_fine_for_a_reason_only(api: Api, world: World) -> None:
    await found(world)
    finding, finance = await the_one(api, world), await world.a_finance()
    with pytest.raises(ProblemError, match="422"):
        await api.as_(finance).call(e.dismiss_finding, {"reason": " "}, path={"id": finding})
    said = await api.as_(finance).call(
        e.dismiss_finding, {"reason": "We know them well.", "version": 1}, path={"id": finding}
    )
    assert (said.state, said.reason, said.reviewed_by) == ("fine", "We know them well.", finance.name)
    with pytest.raises(ProblemError, match=r"409 findings\.stale"):
        await api.as_(finance).call(e.confirm_finding, {"version": 1}, path={"id": finding})
    async with world.engine.connect() as connection:
        [kept] = (await connection.execute(select(ml_dismissals))).all()
    assert (kept.feature, kept.rule, kept.subject_id) == ("findings", "new_vendor", str(finding))
    assert (kept.person_id, kept.reason) == (finance.id, "We know them well.")


async def test_holding_it_stops_nothing(api: Api, world: World) -> None:
    _, approval = await found(world)
    held = await api.as_(await world.a_finance()).call(
        e.hold_finding, {}, path={"id": await the_one(api, world)}
    )
    assert held.state == "held"
    manager = await world.person(approval.steps[0].candidates[0])
    decided = await api.as_(manager).call(
        e.decide, {"approval_id": str(approval.id), "verb": "approve", "expected_version": 1, "comment": ""}
    )
    assert decided.state.value == "approved"


async def test_nobody_judges_their_own_purchase(api: Api, world: World) -> None:
    officer = await world.a_person(Role.officer)
    case = await Case.begin(world)
    await case.found(await case.proposed("1180", by=officer))
    finding = await the_one(api, world)
    shown = await api.as_(officer).call(e.show_finding, path={"id": finding})
    assert shown.verbs == ()
    with pytest.raises(ProblemError, match=r"403 findings\.own_purchase"):
        await api.as_(officer).call(e.dismiss_finding, {"reason": "It is fine."}, path={"id": finding})


async def test_nobody_judges_what_they_approved(api: Api, world: World) -> None:
    """Finance is the second step of 5,100 dollars; until it has approved, it may still say something."""
    case = await Case.begin(world)
    approval = await case.proposed("1700")
    await case.found(approval)
    finding = await the_one(api, world)
    details = await world.act(await world.an_auditor(), decisions.show, approval.id)
    await world.approved(details)
    finance = await world.a_finance()
    assert finance.id in approval.steps[1].candidates
    shown = await api.as_(finance).call(e.show_finding, path={"id": finding})
    assert shown.verbs == ()
    with pytest.raises(ProblemError, match=r"403 findings\.own_purchase"):
        await api.as_(finance).call(e.dismiss_finding, {"reason": "It is fine."}, path={"id": finding})
    other = api.as_(await world.a_person(Role.officer))
    assert (await other.call(e.show_finding, path={"id": finding})).verbs == ("confirm", "dismiss", "hold")


async def test_a_week_has_as_many_cards_as_its_rule_allows(api: Api, world: World) -> None:
    admin = api.as_(await world.an_admin())
    rule = {
        "switched_on": True,
        "weekly_cards": 1,
        "raises_level": False,
        "in_digest": False,
        "limit_amount": "0",
    }
    await admin.call(e.set_finding_rule, rule, path=NEW)
    await found(world)
    await found(world)
    listed = await admin.call(e.list_findings, query=NEW)
    assert [each.carded for each in listed.items] == [False, True]
    assert (await api.as_(await world.a_finance()).call(e.my_digest)).findings == 1
    assert (await api.as_(await world.a_requester()).call(e.my_digest)).findings == 0


async def test_only_an_administrator_says_how_a_rule_is_used(api: Api, world: World) -> None:
    body = {
        "switched_on": False,
        "weekly_cards": 5,
        "raises_level": False,
        "in_digest": False,
        "limit_amount": "0",
    }
    with pytest.raises(ProblemError, match="403"):
        await api.as_(await world.a_finance()).call(e.set_finding_rule, body, path=NEW)
    said = await api.as_(await world.an_admin()).call(e.set_finding_rule, body, path=NEW)
    assert (said.switched_on, said.version) == (False, 1)
    await found(world)
    listed = await api.as_(await world.a_finance()).call(e.list_findings, query=NEW)
    assert listed.items == ()


async def test_a_rule_that_is_seldom_right_sends_no_more_cards(api: Api, world: World) -> None:
    """After 50 reviews with four confirmed it goes to the digest by itself, and finds as before."""
    _, approval = await found(world)
    finance = await world.a_finance()
    async with begin(world.engine, SYSTEM, world.clock) as uow:
        for number in range(49):
            await uow.connection.execute(
                insert(findings).values(
                    id=new_id(),
                    rule="new_vendor",
                    subject_id=new_id(),
                    part="",
                    request_id=approval.request_id,
                    state="confirmed" if number < 4 else "fine",
                    version=2,
                    facts={},
                    found_at=uow.now,
                    carded=True,
                    involved=[],
                    reviewed_by=finance.id,
                    reviewed_at=uow.now - dt.timedelta(hours=1),
                    reason="known",
                )
            )
    before = await rule_of(api, world)
    assert (before.in_digest, before.precision.confirmed, before.precision.reviewed) == (False, 4, 49)
    finding = await the_one(api, world)
    await api.as_(finance).call(e.dismiss_finding, {"reason": "Known to us."}, path={"id": finding})
    after = await rule_of(api, world)
    assert (after.switched_on, after.in_digest, after.precision.reviewed) == (True, True, 50)
    case = await Case.begin(world)
    await case.found(await case.proposed("1180"))
    listed = await api.as_(finance).call(e.list_findings, query={**NEW, "state": "waiting"})
    assert [each.carded for each in listed.items] == [False]


async def rule_of(api: Api, world: World) -> FindingRuleOut:
    rules = (await api.as_(await world.a_finance()).call(e.list_finding_rules)).items
    assert [each.rule for each in rules] == list(CheckRule)
    return next(each for each in rules if each.rule == "new_vendor")


async def opened(world: World, case: Case) -> Approval:
    """An approval as the subscriber opens it, with what the rules say before."""
    request = await world.a_request()
    rfq = await world.an_rfq(request, to=[case.vendor])
    quote = await world.a_quote(rfq, case.contact, "1180")

    async def open_up(uow: Uow, actor: Actor, quote_id: UUID) -> Approval:
        wanted = await selection.approval_for(uow, quote_id, dt.timedelta(0))
        assert wanted is not None
        return await approvals.open_approval(uow, actor, await service.with_raise(uow, wanted))

    return await world.act(Actor.system(Role.system_approvals), open_up, quote.quote.id)


async def test_only_a_rule_about_an_approval_may_raise_its_level(api: Api, world: World) -> None:
    body = {
        "switched_on": True,
        "weekly_cards": 5,
        "raises_level": True,
        "in_digest": False,
        "limit_amount": "0",
    }
    admin = api.as_(await world.an_admin())
    with pytest.raises(ProblemError, match="422"):
        await admin.call(e.set_finding_rule, body, path={"rule": "quick_approval"})
    assert (await admin.call(e.set_finding_rule, body, path={"rule": "late_quote"})).raises_level


async def test_a_rule_may_raise_the_level_of_an_approval(api: Api, world: World) -> None:
    """3,540 dollars need a manager; the next tier asks finance too."""
    case = await Case.begin(world)
    usual = await opened(world, case)
    assert [step.name for step in usual.steps] == ["manager"]
    body = {
        "switched_on": True,
        "weekly_cards": 5,
        "raises_level": True,
        "in_digest": False,
        "limit_amount": "0",
    }
    await api.as_(await world.an_admin()).call(e.set_finding_rule, body, path=NEW)
    raised = await opened(world, case)
    assert [step.name for step in raised.steps] == ["manager", "finance"]
    assert [step.state for step in raised.steps] == [StepState.open, StepState.waiting]


async def test_what_was_said_to_be_fine_raises_nothing(api: Api, world: World) -> None:
    _, approval = await found(world)
    finance = await world.a_finance()
    await api.as_(finance).call(
        e.dismiss_finding, {"reason": "Known to us."}, path={"id": await the_one(api, world)}
    )
    body = {
        "switched_on": True,
        "weekly_cards": 5,
        "raises_level": True,
        "in_digest": False,
        "limit_amount": "0",
    }
    await api.as_(await world.an_admin()).call(e.set_finding_rule, body, path=NEW)

    async def again(uow: Uow, actor: Actor, quote_id: UUID) -> bool:
        wanted = await selection.approval_for(uow, quote_id, dt.timedelta(0))
        assert wanted is not None
        return (await service.with_raise(uow, wanted)).facts.raised

    assert not await world.act(Actor.system(Role.system_approvals), again, approval.subject.id)


async def test_switched_off_there_are_none(api: Api, world: World) -> None:
    _, _ = await found(world)
    finding, finance = await the_one(api, world), await world.a_finance()
    admin = await world.an_admin()
    await world.act(admin, insights.switch_insight, SwitchInsight(Feature.findings, enabled=False))
    caller = api.as_(finance)
    for path in ("/insights/findings", f"/insights/findings/{finding}", "/insights/finding-rules"):
        assert (await caller.send("GET", path)).status_code == 404
    with pytest.raises(ProblemError, match="404"):
        await api.as_(finance).call(e.hold_finding, {}, path={"id": finding})


async def test_an_unusual_quantity_is_asked_about(api: Api, world: World) -> None:
    """Five orders of three laptops; a request for fifteen is five times that, for fourteen not."""
    case = await Case.begin(world)
    await case.bought("1180", "1180", "1180", "1180", "1180")
    caller = api.as_(await world.a_requester())

    async def usual(quantity: str, unit: str = "pcs") -> tuple[Decimal | None, int, dt.date | None]:
        asked = {"description": "laptop 14 inch", "unit": unit, "quantity": quantity}
        told = await caller.call(e.usual_quantity, query=asked)
        return told.usual, told.n, told.since

    assert await usual("15") == (Decimal(3), 5, world.today)
    assert await usual("14") == (None, 0, None)
    assert await usual("15", "box") == (None, 0, None)
    async with world.engine.connect() as connection:
        [seen] = (await connection.execute(select(ml_shown))).all()
    assert (seen.feature, seen.place, seen.subject_id) == ("findings", "request", "laptop 14 inch")
    assert (seen.person_id, seen.figures["quantity"], seen.figures["n"]) == (
        (await world.a_requester()).id,
        "15",
        5,
    )
