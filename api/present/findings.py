"""Converts findings and their rules from read model to wire."""

from decimal import Decimal

from api.contract import findings as wire
from api.contract.values import Listing
from api.present.decimals import plain
from api.present.listing import listing
from core.checks.method import UsualQuantity
from core.checks.service import OF_CHOICE
from core.findings.model import KeptFinding, RuleStanding
from core.kernel.pagination import Page


def finding(source: KeptFinding) -> wire.FindingOut:
    return wire.FindingOut(
        id=source.id,
        rule=source.rule.value,
        state=source.state.value,
        version=source.version,
        request_id=source.request_id,
        request_number=source.request_number,
        facts=dict(source.facts),
        found_at=source.found_at,
        carded=source.carded,
        reviewed_by=source.reviewed_by_name,
        reviewed_at=source.reviewed_at,
        reason=source.reason,
        verbs=tuple(sorted(verb.value for verb in source.verbs)),
    )


def findings(page: Page[KeptFinding]) -> Listing[wire.FindingOut]:
    return listing(page, finding, lambda row: row)


def rule(source: RuleStanding) -> wire.FindingRuleOut:
    setting = source.setting
    return wire.FindingRuleOut(
        rule=setting.rule.value,
        switched_on=setting.switched_on,
        weekly_cards=setting.weekly_cards,
        raises_level=setting.raises_level,
        may_raise=setting.rule in OF_CHOICE,
        in_digest=setting.in_digest,
        limit_amount=plain(setting.limit_amount),
        version=setting.version,
        precision=wire.PrecisionOut(
            confirmed=source.precision.confirmed,
            reviewed=source.precision.reviewed,
            since=source.precision.since,
        ),
        waiting=source.waiting,
        cards_this_week=source.this_week,
    )


def rules(page: Page[RuleStanding]) -> Listing[wire.FindingRuleOut]:
    return Listing(items=tuple(rule(each) for each in page.items))


def usual_quantity(source: UsualQuantity | None) -> wire.UsualQuantityOut:
    if source is None:
        return wire.UsualQuantityOut(usual=None, n=0, since=None)
    usual = plain(Decimal(repr(source.usual)))
    return wire.UsualQuantityOut(usual=usual, n=source.n, since=source.since)
