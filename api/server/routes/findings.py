"""Findings: what looked unusual, what reviewers say to it, and how each rule is used."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.contract import endpoints as e
from api.contract import findings as wire
from api.present import findings as present
from api.server.deps.call import CallDep
from api.server.routes.serve import serve
from core.checks.model import CheckRule
from core.findings import queries, service
from core.findings.commands import ReviewFinding, SetRule
from core.findings.queries import AskedQuantity
from core.findings.repo import FindingFilter
from core.findings.states import WAITING, FindingState, FindingVerb

router = APIRouter()


@serve(router, e.list_findings, tag="insights")
async def listing(call: CallDep, query: Annotated[wire.FindingQuery, Query()]) -> Response:
    """What looked unusual, newest first; facts that were counted, never a verdict about a person."""
    states = WAITING if query.state == "waiting" else {FindingState(query.state)} if query.state else ()
    rule = CheckRule(query.rule) if query.rule else None
    wanted = FindingFilter(states, rule, query.request_id, query.cursor, query.limit)
    return await call.read(queries.list_findings, wanted, present.findings)


@serve(router, e.show_finding, tag="insights")
async def show(call: CallDep, id: UUID) -> Response:
    """One finding with its facts."""
    return await call.read(queries.show_finding, id, present.finding)


@serve(router, e.dismiss_finding, tag="insights")
async def dismiss(call: CallDep, id: UUID, body: wire.DismissFindingIn) -> Response:
    """Say why it is fine; the rule's precision counts it."""
    command = ReviewFinding(id, FindingVerb.dismiss, body.reason, body.version)
    return await call.run(service.review, command, present.finding)


@serve(router, e.confirm_finding, tag="insights")
async def confirm(call: CallDep, id: UUID, body: wire.ReviewFindingIn) -> Response:
    """Say that it was right to look; the rule's precision counts it."""
    command = ReviewFinding(id, FindingVerb.confirm, body.reason, body.version)
    return await call.run(service.review, command, present.finding)


@serve(router, e.hold_finding, tag="insights")
async def hold(call: CallDep, id: UUID, body: wire.ReviewFindingIn) -> Response:
    """Say that somebody looks into it; the purchase goes on."""
    command = ReviewFinding(id, FindingVerb.hold, body.reason, body.version)
    return await call.run(service.review, command, present.finding)


@serve(router, e.list_finding_rules, tag="insights")
async def rules(call: CallDep) -> Response:
    """Every rule with how it is used, and how many of its findings were confirmed."""
    return await call.read_for_caller(queries.list_rules, present.rules)


@serve(router, e.set_finding_rule, tag="insights")
async def set_rule(call: CallDep, rule: wire.RuleName, body: wire.FindingRuleIn) -> Response:
    """Say how a rule is used: on or off, how many cards a week, whether it raises the level of an approval."""
    command = SetRule(
        CheckRule(rule),
        body.switched_on,
        body.weekly_cards,
        body.raises_level,
        body.in_digest,
        body.limit_amount,
        body.version,
    )
    return await call.run(service.set_rule, command, present.rule)


@serve(router, e.usual_quantity, tag="insights")
async def usual_quantity(call: CallDep, query: Annotated[wire.QuantityQuery, Query()]) -> Response:
    """What is usual of it, when the quantity is far above; a question for whoever asks, and nothing else."""
    asked = AskedQuantity(query.description, query.unit, query.quantity)
    return await call.read(queries.ask_quantity, asked, present.usual_quantity)
