"""Deciding step by step: who may, what a verdict leads to, and what a question does."""

import pytest

from core.approvals.model import Approval, ApprovalDetails
from core.approvals.states import Verdict
from core.decisions import queries
from core.decisions import service as decisions
from core.decisions.commands import AnswerQuestion, Decide
from core.decisions.errors import AlreadyDecided, NoQuestion, NotAsked, NotCandidate, OwnRequest
from core.kernel.errors import Invalid, Stale
from core.kernel.ids import RequestId
from core.people.model import Person
from core.policies.commands import Tier
from core.purchases import request_queries as requests
from tests.support.world import World, role_step


async def decided(
    world: World, by: Person, approval: Approval, verb: Verdict = Verdict.approve, comment: str = ""
) -> Approval:
    command = Decide(approval.id, verb, approval.version, comment)
    return (await world.act(by, decisions.decide, command)).approval


async def shown(world: World, approval: Approval) -> ApprovalDetails:
    return await world.act(await world.an_auditor(), queries.show, approval.id)


async def test_two_steps_are_decided_one_after_the_other(world: World) -> None:
    """3 × 2,000 USD: manager, then finance."""
    approval = (await world.an_open_approval(price="2000")).approval
    manager, finance = await world.a_manager(), await world.a_finance()
    with pytest.raises(NotCandidate) as refused:
        await decided(world, finance, approval)
    assert manager.name in refused.value.candidates
    half = await decided(world, manager, approval)
    assert [step.state.value for step in half.steps] == ["done", "open"]
    assert half.version == approval.version, "what is decided has not changed"
    whole = await decided(world, finance, half)
    assert whole.state.value == "approved"


async def test_a_rejection_needs_words_and_ends_the_steps_that_wait(world: World) -> None:
    approval = (await world.an_open_approval(price="2000")).approval
    manager = await world.a_manager()
    for comment in ("", "no", "x" * 501):
        with pytest.raises(Invalid):
            await decided(world, manager, approval, Verdict.reject, comment)
    done = await decided(world, manager, approval, Verdict.reject, "too dear")
    assert done.state.value == "rejected"
    assert [step.state.value for step in done.steps] == ["done", "skipped"]
    request = await world.act(await world.an_officer(), requests.show, RequestId(approval.request_id))
    assert request.request.state.value == "sourcing", "the only bidder is out, so vendors are asked again"


async def test_whoever_comes_too_late_is_told_who_decided(world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await world.a_manager()
    await decided(world, manager, approval)
    with pytest.raises(AlreadyDecided) as refused:
        await decided(world, manager, approval)
    assert (refused.value.by, refused.value.verb) == (manager.name, "approve")


async def test_a_decision_about_another_version_is_refused(world: World) -> None:
    approval = (await world.an_open_approval()).approval
    stale = Decide(approval.id, Verdict.approve, approval.version + 1, "")
    with pytest.raises(Stale):
        await world.act(await world.a_manager(), decisions.decide, stale)


async def test_a_question_decides_nothing_and_its_answer_goes_to_who_asked(world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager, requester = await world.a_manager(), await world.a_requester()
    asked = await decided(world, manager, approval, Verdict.ask, "Why three?")
    assert asked.state.value == "pending"
    with pytest.raises(NotAsked):
        await world.act(await world.an_officer(), decisions.answer, AnswerQuestion(approval.id, "I know not"))
    await world.act(requester, decisions.answer, AnswerQuestion(approval.id, "Three new colleagues."))
    with pytest.raises(NoQuestion):
        await world.act(requester, decisions.answer, AnswerQuestion(approval.id, "Once more."))
    [question] = (await shown(world, approval)).approval.questions
    assert (question.text, question.answer) == ("Why three?", "Three new colleagues.")
    assert (await decided(world, manager, approval)).state.value == "approved"


async def test_a_policy_in_flight_is_the_one_it_was_opened_with(world: World) -> None:
    approval = (await world.an_open_approval()).approval
    await world.a_policy([Tier("all", None, (), (), (role_step("finance"),))])
    assert (await decided(world, await world.a_manager(), approval)).state.value == "approved"
    fresh = (await world.an_open_approval()).approval
    assert fresh.policy_version == approval.policy_version + 1
    with pytest.raises(NotCandidate):
        await decided(world, await world.a_manager(), fresh)


async def test_excluded_people_make_room_for_the_next_tiers(world: World) -> None:
    """The only manager asks for something a manager decides: finance, of the tier above, stands in."""
    manager, finance = await world.a_manager(), await world.a_finance()
    approval = (await world.an_open_approval(requested_by=manager)).approval
    assert approval.steps[0].candidates == (finance.id,)
    with pytest.raises(OwnRequest):
        await decided(world, manager, approval)
