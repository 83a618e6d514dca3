"""Approvals and the approval policy."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import approvals as wire
from api.contract import endpoints as e
from api.present import approvals as present
from api.present.delegations import colleagues
from api.server.deps.call import CallDep
from api.server.routes.serve import narrowed, serve
from core.approval_facts import queries as facts
from core.approvals.model import ApprovalFilter
from core.decisions import queries, service
from core.decisions.commands import AnswerQuestion, Decide
from core.kernel.ids import ApprovalId, PersonId
from core.policies import queries as policy_queries
from core.policies.commands import Approver, PolicyStep, SetPolicy, SplitRule, Tier
from core.reassignments import queries as reassignment_queries
from core.reassignments import service as reassignments
from core.reassignments.commands import ForwardStep, ReassignStep
from core.simulations import queries as simulations
from core.simulations.queries import SimulatePolicy
from core.worklist import queries as worklist

router = APIRouter()


@serve(router, e.list_approvals, tag="approvals")
async def listing(call: CallDep, query: Annotated[wire.ApprovalQuery, Query()]) -> Response:
    """Approvals, newest first; ``mine`` are those that the caller is asked to decide."""
    wanted = ApprovalFilter(state=query.state, **narrowed(query))
    if query.mine:
        return await call.read(worklist.to_decide, wanted, present.approvals_with_facts)
    return await call.read(queries.listing, wanted, present.approvals)


@serve(router, e.show_approval, tag="approvals")
async def show(call: CallDep, id: UUID) -> Response:
    """One approval with its steps, candidates and questions, and with all that is decided."""
    return await call.read(facts.show, ApprovalId(id), present.approval_with_facts)


@serve(router, e.decide, tag="approvals")
async def decide(call: CallDep, body: wire.DecisionIn) -> Response:
    """Approve, reject with a reason, ask, or undo in time; applies to the version that was seen."""
    command = Decide(ApprovalId(body.approval_id), body.verb, body.expected_version, body.comment)
    return await call.run(service.decide, command, present.approval)


@serve(router, e.list_takers, tag="approvals")
async def takers(call: CallDep, id: UUID) -> Response:
    """Who could take the open step over: they may decide, and have no part in this approval."""
    return await call.read(reassignment_queries.takers, ApprovalId(id), colleagues)


@serve(router, e.forward_step, tag="approvals")
async def forward(call: CallDep, id: UUID, body: wire.ForwardIn) -> Response:
    """Hand the open step to a colleague who may decide; its deadline stays."""
    command = ForwardStep(ApprovalId(id), PersonId(body.to), body.reason or "", body.expected_version)
    return await call.run(reassignments.forward, command, present.approval)


@serve(router, e.reassign_step, tag="approvals")
async def reassign(call: CallDep, id: UUID, body: wire.ReassignIn) -> Response:
    """Give one person's open step to another; both are told."""
    giver = PersonId(body.from_person) if body.from_person else None
    command = ReassignStep(ApprovalId(id), giver, PersonId(body.to), body.reason, body.expected_version)
    return await call.run(reassignments.reassign, command, present.approval)


@serve(router, e.answer_question, tag="approvals")
async def answer(call: CallDep, id: UUID, body: wire.AnswerIn) -> Response:
    """The requester answers an approver's question."""
    return await call.run(service.answer, AnswerQuestion(ApprovalId(id), body.text), present.approval)


@serve(router, e.show_policy, tag="approvals")
async def show_policy(call: CallDep) -> Response:
    """The approval policy in force."""
    return await call.read_for_caller(policy_queries.show_policy, present.policy)


@serve(router, e.set_policy, tag="approvals")
async def set_policy(call: CallDep, body: wire.PolicyIn) -> Response:
    """Set a new version of the approval policy; pending approvals keep theirs, stuck ones are asked by the new one."""
    return await call.proved().run(reassignments.set_policy, _policy(body), present.policy_with_replanned)


@serve(router, e.simulate_policy, tag="approvals")
async def simulate(call: CallDep, body: wire.SimulationIn) -> Response:
    """Try a policy: who would have been asked for the newest purchases, and which could nobody approve."""
    wanted = SimulatePolicy(_policy(body), body.last)
    return await call.read(simulations.simulate, wanted, present.simulation)


def _policy(body: wire.PolicyIn) -> SetPolicy:
    tiers = tuple(_tier(tier) for tier in body.tiers)
    splits = SplitRule(body.splits.days, body.splits.who, body.splits.what)
    return SetPolicy(body.currency, tiers, body.expected_version, body.undo_seconds, splits)


def _tier(tier: wire.TierIn) -> Tier:
    steps = tuple(
        PolicyStep(
            step.name,
            tuple(Approver(who.role, who.person, who.head_of) for who in step.approvers),
            step.needs,
        )
        for step in tier.steps
    )
    return Tier(
        tier.name, tier.below, tier.departments, tier.categories, steps, tier.due_hours, tier.ask_once
    )
