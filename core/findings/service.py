"""Keeps what the rules find, takes what reviewers say, and sets how each rule is used.

One rule: a finding stops nothing. It asks somebody to look; at most it raises the level of an approval, where an
administrator has switched that on.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import NAMESPACE_URL, UUID, uuid5

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.approvals import repo as approvals
from core.approvals.commands import OpenApproval
from core.approvals.routing import plan_approval
from core.checks import service as checks
from core.checks.model import CheckRule, Found, RuleSetting
from core.findings import policy, repo
from core.findings.commands import ReviewFinding, SetRule
from core.findings.errors import OwnPurchase
from core.findings.events import (
    FindingConfirmed,
    FindingDismissed,
    FindingFound,
    FindingHeld,
    FindingReviewed,
    FindingRuleDigested,
    FindingRuleSet,
    FindingsRunBegun,
)
from core.findings.model import KeptFinding, RuleStanding
from core.findings.states import FindingState, FindingVerb, after_finding
from core.insights import queries as insights
from core.insights import repo as insight_runs
from core.insights import service as runs
from core.insights.model import InsightRun
from core.insights.policy import check_reason
from core.insights.service import RunOutcome
from core.insights.states import Feature
from core.kernel.errors import NotFound, Stale
from core.kernel.subjects import AWARDS
from core.uow import Uow

REVIEWED_AS: dict[FindingVerb, type[FindingReviewed]] = {
    FindingVerb.hold: FindingHeld,
    FindingVerb.dismiss: FindingDismissed,
    FindingVerb.confirm: FindingConfirmed,
}
LOOK_BACK = dt.timedelta(days=2)
LOOK_AGAIN_EVERY = dt.timedelta(days=1)
VERSION = "1"
"""Of the rules, for the run's row."""


def rule_subject(rule: CheckRule) -> UUID:
    """What changes of a rule are about in the log."""
    return uuid5(NAMESPACE_URL, f"parley:finding-rule:{rule.value}")


@requires(Permission.insights_run)
async def check_request(uow: Uow, actor: Actor, request_id: UUID) -> int:
    """Look at a request that was submitted; how many findings are new."""
    settings = await repo.settings(uow)
    return await _keep(uow, request_id, await checks.of_request(uow, request_id, settings), settings)


@requires(Permission.insights_run)
async def check_approval(uow: Uow, actor: Actor, approval_id: UUID) -> int:
    """Look at what an approval is about, as of when it was opened."""
    approval = await approvals.load(uow, approval_id)
    settings = await repo.settings(uow)
    return await _keep(uow, approval.request_id, await checks.of_approval(uow, approval, settings), settings)


@requires(Permission.insights_run)
async def check_verdict(uow: Uow, actor: Actor, approval_id: UUID, step_id: UUID) -> int:
    """Look at a step that was approved."""
    approval = await approvals.load(uow, approval_id)
    settings = await repo.settings(uow)
    return await _keep(
        uow, approval.request_id, await checks.of_verdict(uow, approval_id, step_id, settings), settings
    )


@requires(Permission.insights_run)
async def check_order(uow: Uow, actor: Actor, request_id: UUID, order_id: UUID, at: dt.datetime) -> int:
    """Look at an order that was made at a moment."""
    settings = await repo.settings(uow)
    return await _keep(uow, request_id, await checks.of_order(uow, order_id, at, settings), settings)


@requires(Permission.insights_run)
async def check_revision(uow: Uow, actor: Actor, request_id: UUID, order_id: UUID) -> int:
    """Look at an order whose terms were changed."""
    settings = await repo.settings(uow)
    return await _keep(uow, request_id, await checks.of_revision(uow, order_id, settings), settings)


async def due_again(uow: Uow) -> Sequence[dt.datetime]:
    """Since when to look again, once a day while findings are on; nothing before a day has passed."""
    if not await insights.enabled(uow, Feature.findings):
        return ()
    begun = await insight_runs.last_begun(uow.connection, Feature.findings)
    return () if begun is not None and begun > uow.now - LOOK_AGAIN_EVERY else (uow.now - LOOK_BACK,)


@requires(Permission.insights_run)
async def begin_again(uow: Uow, actor: Actor, since: dt.datetime) -> None:
    """Begin to look once more, unless another clock has begun it meanwhile; a worker carries it out."""
    await insight_runs.hold_beginning(uow.connection, Feature.findings)
    if not await due_again(uow):
        return
    run = await runs.begin_run(
        uow, actor, Feature.findings, version=VERSION, parameters={"days": LOOK_BACK.days}
    )
    await uow.record(FindingsRunBegun(subject_id=run.id, subject_version=1))


async def looked_at_again(uow: Uow, run: InsightRun) -> Sequence[UUID]:
    """The approvals that a run looks at: opened lately, a part of what they are about may have come late."""
    return await repo.opened_between(uow, run.trained_to - LOOK_BACK, run.trained_to)


@requires(Permission.insights_run)
async def end_again(uow: Uow, actor: Actor, run: InsightRun, *, looked_at: int, found: int) -> None:
    """Say what a run came to."""
    window = ((run.trained_to - LOOK_BACK).date(), run.trained_to.date())
    await runs.finish_run(uow, actor, run, RunOutcome((), {"found": found}, looked_at, window))


async def _keep(
    uow: Uow, request_id: UUID, found: Sequence[Found], settings: Mapping[CheckRule, RuleSetting]
) -> int:
    """Keep what is new; of each rule as many get a card as its week has room for."""
    if not found:
        return 0
    cards = await repo.carded_since(uow, policy.week_of(uow.now))
    involved = frozenset(await repo.everybody_involved(uow, request_id))
    new = 0
    for each in found:
        carded = policy.has_card(settings[each.rule], cards.get(each.rule, 0))
        finding_id = await repo.add(uow, each, request_id, carded=carded, involved=involved | each.involved)
        if finding_id is None:
            continue
        new += 1
        cards[each.rule] = cards.get(each.rule, 0) + carded
        await uow.record(
            FindingFound(
                subject_id=finding_id,
                subject_version=1,
                request_id=request_id,
                rule=each.rule.value,
                carded=carded,
            )
        )
    return new


async def with_raise(uow: Uow, command: OpenApproval) -> OpenApproval:
    """Ask for one more level where a rule says so that may; not where somebody has said that it is fine."""
    settings = await repo.settings(uow)
    raising = {rule: settings[rule] for rule in checks.OF_CHOICE if settings[rule].raises_level}
    if not raising or command.subject.kind not in AWARDS or command.asks:
        return command
    if not await insights.enabled(uow, Feature.findings):
        return command
    planned, _ = await plan_approval(uow, command)
    found = await checks.of_choice(uow, checks.choice_of(planned), settings)
    known = await repo.known(uow, command.request_id)
    raised = any(
        each.rule in raising and known.get((each.rule, each.subject_id, each.part)) is not FindingState.fine
        for each in found
    )
    return replace(command, facts=replace(command.facts, raised=raised)) if raised else command


@requires(Permission.insights_dismiss)
async def review(uow: Uow, actor: Actor, command: ReviewFinding) -> KeptFinding:
    """Hold it, say why it is fine, or confirm it; raises OwnPurchase, Stale or WrongState."""
    if not await insights.enabled(uow, Feature.findings):
        raise NotFound(what="finding")
    before = await repo.load(uow, command.finding_id)
    if actor.person_id in before.involved:
        raise OwnPurchase(number=before.request_number)
    if command.expected_version is not None and command.expected_version != before.version:
        raise Stale(what="finding", expected=command.expected_version, current=before.version)
    if command.verb is FindingVerb.dismiss:
        check_reason(command.reason or "")
    after = replace(
        before,
        state=after_finding(before.state, command.verb),
        version=before.version + 1,
        reviewed_by=person_of(actor),
        reviewed_by_name=actor.name,
        reviewed_at=uow.now,
        reason=command.reason,
    )
    if not await repo.review(uow, before, after):
        raise Stale(what="finding", expected=before.version, current=before.version + 1)
    kind = REVIEWED_AS[command.verb]
    await uow.record(
        kind(
            subject_id=after.id,
            subject_version=after.version,
            request_id=after.request_id,
            rule=after.rule.value,
            reason=after.reason,
        )
    )
    if command.verb is FindingVerb.dismiss and after.reason is not None:
        await runs.dismiss_hint(uow, actor, policy.dismissal_of(after, after.reason))
    await _judge_rule(uow, after.rule)
    return replace(after, verbs=policy.verbs_of(actor, after))


async def _judge_rule(uow: Uow, rule: CheckRule) -> None:
    """A rule of which too little was confirmed goes to the digest, and says so."""
    setting, precision = (await repo.settings(uow))[rule], await repo.precision(uow, rule)
    if not policy.goes_to_digest(setting, precision):
        return
    quieter = replace(setting, in_digest=True, version=setting.version + 1)
    await repo.write_setting(uow, quieter)
    await uow.record(
        FindingRuleDigested(
            subject_id=rule_subject(rule),
            subject_version=quieter.version,
            rule=rule.value,
            confirmed=precision.confirmed,
            reviewed=precision.reviewed,
        )
    )


@requires(Permission.insights_switch)
async def set_rule(uow: Uow, actor: Actor, command: SetRule) -> RuleStanding:
    """Say how a rule is used from now on."""
    policy.check_rule(command)
    before = (await repo.settings(uow))[command.rule]
    if command.expected_version is not None and command.expected_version != before.version:
        raise Stale(what="rule", expected=command.expected_version, current=before.version)
    after = RuleSetting(
        command.rule,
        command.switched_on,
        command.weekly_cards,
        command.raises_level,
        command.in_digest,
        command.limit_amount,
        before.version + 1,
    )
    await repo.write_setting(uow, after)
    await uow.record(
        FindingRuleSet(
            subject_id=rule_subject(after.rule),
            subject_version=after.version,
            rule=after.rule.value,
            switched_on=after.switched_on,
            weekly_cards=after.weekly_cards,
            raises_level=after.raises_level,
            in_digest=after.in_digest,
            limit_amount=after.limit_amount,
        )
    )
    return await repo.standing(uow, after)
