"""Pure rules of findings: who may say what, how many cards there are, and when a rule goes to the digest."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from core.access.actor import Actor
from core.access.permissions import Permission
from core.checks.method import UsualQuantity
from core.checks.model import CheckRule, RuleSetting
from core.checks.service import OF_CHOICE
from core.findings.commands import SetRule
from core.findings.model import KeptFinding, Precision
from core.findings.states import FINDING_TRANSITIONS, FindingVerb
from core.insights.commands import DismissHint
from core.insights.model import Figures, Hint, ScoreSubject
from core.insights.states import Feature, HintPlace
from core.kernel.errors import invalid

REVIEWS_COUNTED = 50
"""The newest ones of a rule, by which its precision is measured."""
LEAST_CONFIRMED = 0.1
MAX_WEEKLY_CARDS = 100
MAX_SUBJECT = 200
"""As long as a subject of hints may be."""
_LIMITS = {
    CheckRule.price: 50,
    CheckRule.single_quote: 5_000,
    CheckRule.quick_approval: 500,
    CheckRule.price_changed: 1,
}
DEFAULTS: Mapping[CheckRule, RuleSetting] = MappingProxyType(
    {rule: RuleSetting(rule, limit_amount=Decimal(_LIMITS.get(rule, 0))) for rule in CheckRule}
)
"""How each rule is used until an administrator says otherwise."""


def verbs_of(actor: Actor, finding: KeptFinding) -> frozenset[FindingVerb]:
    """What this person may say to it now; nothing to what they took part in."""
    if not actor.may(Permission.insights_dismiss) or actor.person_id in finding.involved:
        return frozenset()
    return frozenset(verb for state, verb in FINDING_TRANSITIONS if state == finding.state)


def visible(actor: Actor, found: Iterable[KeptFinding], finding_id: UUID) -> KeptFinding | None:
    """One of these as this person sees it; None when they may not, or it is not among them."""
    if not actor.may(Permission.insights_read):
        return None
    return next((replace(each, verbs=verbs_of(actor, each)) for each in found if each.id == finding_id), None)


def hint_of(finding: KeptFinding) -> Hint:
    """The finding as something that somebody saw: its rule, and the figures that it named."""
    return shown_hint(finding.id, finding.rule.value, finding.facts, finding.request_id, HintPlace.findings)


def shown_hint(
    finding_id: UUID, rule: str, facts: Mapping[str, object], request_id: UUID, place: HintPlace
) -> Hint:
    """The same of what stands on a card."""
    figures: Figures = {name: value for name, value in facts.items() if isinstance(value, str | int | float)}
    return Hint(
        Feature.findings,
        place,
        ScoreSubject("finding", str(finding_id)),
        {"rule": rule, **figures},
        request_id=request_id,
    )


def quantity_hint(description: str, quantity: Decimal, usual: UsualQuantity) -> Hint:
    """The question about a quantity as something that somebody saw, before there is a request."""
    figures: Figures = {
        "quantity": f"{quantity:f}",
        "usual": usual.usual,
        "n": usual.n,
        "since": usual.since.isoformat(),
    }
    return Hint(Feature.findings, HintPlace.request, ScoreSubject("item", description[:MAX_SUBJECT]), figures)


def dismissal_of(finding: KeptFinding, reason: str) -> DismissHint:
    """That somebody said why it is fine, as it is kept of every feature's hints."""
    return DismissHint(Feature.findings, finding.rule.value, ScoreSubject("finding", str(finding.id)), reason)


def has_card(setting: RuleSetting, sent_this_week: int) -> bool:
    """Whether one more finding of this rule is worth a card this week; every reviewer gets each."""
    return not setting.in_digest and sent_this_week < setting.weekly_cards


def goes_to_digest(setting: RuleSetting, precision: Precision) -> bool:
    """Too few of enough reviews were confirmed; the rule goes on, without cards."""
    enough = precision.reviewed >= REVIEWS_COUNTED
    return enough and not setting.in_digest and precision.confirmed < LEAST_CONFIRMED * precision.reviewed


def week_of(moment: dt.datetime) -> dt.datetime:
    """Monday, midnight UTC."""
    day = moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - dt.timedelta(days=day.weekday())


def check_rule(command: SetRule) -> None:
    """Refuse more cards than anybody reads, and to raise a level that is decided before the rule looks."""
    if command.raises_level and command.rule not in OF_CHOICE:
        why = "this rule looks after the approval was opened"
        raise invalid("/raises_level", "findings.raises_level", why, "false")
    if not 0 <= command.weekly_cards <= MAX_WEEKLY_CARDS:
        why = f"must be 0 to {MAX_WEEKLY_CARDS}"
        raise invalid("/weekly_cards", "findings.weekly_cards", why, "5", limit=MAX_WEEKLY_CARDS)
