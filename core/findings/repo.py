"""Every SELECT, INSERT and UPDATE of findings and of the rules' settings.

One rule: what is found again is found once; the database's unique key says so, not the caller.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from core.access.roles import Role
from core.approvals.states import Verdict
from core.approvals.tables import approvals
from core.checks.model import CheckRule, Found, RuleSetting
from core.db.compiled import Prebuilt
from core.db.keyset import constant, in_ids
from core.decisions.tables import approval_logs
from core.findings import rows
from core.findings.model import FindingId, KeptFinding, Precision, RuleStanding
from core.findings.policy import DEFAULTS, REVIEWS_COUNTED, week_of
from core.findings.states import REVIEWED, WAITING, FindingState
from core.findings.tables import finding_rules, findings
from core.kernel.errors import first_or_not_found
from core.kernel.ids import new_id
from core.kernel.pagination import Page, decode_id_cursor, page_of
from core.log.events import as_json
from core.people.tables import people, person_roles
from core.requests.tables import procurement_requests
from core.rfqs.tables import rfqs
from core.uow import Uow

MOST_LOOKED_AT = 500
REVIEWERS = (Role.officer.value, Role.finance.value)
_F, _S = findings.c, finding_rules.c
_took_part = union_all(
    select(approval_logs.c.approver)
    .join(approvals, approvals.c.id == approval_logs.c.approval_id)
    .where(approvals.c.request_id == _F.request_id, approval_logs.c.verb == Verdict.approve.value)
    .correlate(findings),
    select(rfqs.c.proposed_by)
    .where(rfqs.c.request_id == _F.request_id, rfqs.c.proposed_by.is_not(None))
    .correlate(findings),
)
"""Whoever approved it or proposed what to buy, as of now: most do so after something was found."""
_WHOLE = (
    select(
        findings,
        func.array(_took_part.scalar_subquery()).label("took_part"),
        procurement_requests.c.number.label("request_number"),
        people.c.name.label("reviewed_by_name"),
    )
    .join(procurement_requests, procurement_requests.c.id == _F.request_id)
    .outerjoin(people, people.c.id == _F.reviewed_by)
)


_RULE, _CARDED = bindparam("rule", type_=String), bindparam("carded", type_=Boolean)
_COUNT_WAITING = Prebuilt(
    select(func.count())
    .select_from(findings)
    .where(
        _F.state.in_([constant(state) for state in WAITING]),
        or_(_RULE.is_(None), _F.rule == _RULE),
        or_(_CARDED.is_(None), _F.carded == _CARDED),
    )
)


@dataclass(frozen=True)
class FindingFilter:
    """What the list is limited to; without states it has all, newest first."""

    states: Collection[FindingState] = ()
    rule: CheckRule | None = None
    request_id: UUID | None = None
    cursor: str | None = None
    limit: int = 50


async def settings(uow: Uow) -> dict[CheckRule, RuleSetting]:
    """Every rule as it is used now."""
    found = await uow.connection.execute(select(finding_rules))
    return rows.settings_of({row.rule: row for row in found}, DEFAULTS)


async def write_setting(uow: Uow, setting: RuleSetting) -> None:
    values = {
        "switched_on": setting.switched_on,
        "weekly_cards": setting.weekly_cards,
        "raises_level": setting.raises_level,
        "in_digest": setting.in_digest,
        "limit_amount": setting.limit_amount,
        "version": setting.version,
        "updated_at": uow.now,
    }
    await uow.connection.execute(
        insert(finding_rules)
        .values(rule=setting.rule.value, **values)
        .on_conflict_do_update(index_elements=["rule"], set_=values)
    )


async def add(
    uow: Uow, found: Found, request_id: UUID, *, carded: bool, involved: Collection[UUID]
) -> FindingId | None:
    """Keep what was found; None when it is known already."""
    values = {
        "id": new_id(),
        "rule": found.rule.value,
        "subject_id": found.subject_id,
        "part": found.part,
        "request_id": request_id,
        "state": FindingState.open.value,
        "version": 1,
        "facts": as_json({name: _plain(value) for name, value in found.facts.items()}),
        "found_at": uow.now,
        "carded": carded,
        "involved": sorted(involved),
    }
    kept = await uow.connection.scalar(
        insert(findings)
        .values(values)
        .on_conflict_do_nothing(index_elements=["rule", "subject_id", "part"])
        .returning(_F.id)
    )
    return FindingId(kept) if kept is not None else None


def _plain(value: object) -> object:
    """A decimal without the zeros of the column it came from."""
    return value.normalize() if isinstance(value, Decimal) else value


async def known(uow: Uow, request_id: UUID) -> Mapping[tuple[CheckRule, UUID, str], FindingState]:
    """What was found about a purchase so far, by what it is about."""
    found = await uow.connection.execute(
        select(_F.rule, _F.subject_id, _F.part, _F.state).where(_F.request_id == request_id)
    )
    return {(CheckRule(row.rule), row.subject_id, row.part): FindingState(row.state) for row in found}


async def carded_since(uow: Uow, since: dt.datetime) -> dict[CheckRule, int]:
    """How many cards of each rule there were since a moment."""
    found = await uow.connection.execute(
        select(_F.rule, func.count().label("cards")).where(_F.carded, _F.found_at >= since).group_by(_F.rule)
    )
    return {CheckRule(row.rule): row.cards for row in found}


async def load(uow: Uow, finding_id: UUID) -> KeptFinding:
    found = await _load(uow, _F.id == finding_id)
    return first_or_not_found(found, what="finding")


async def of_purchases(uow: Uow, request_ids: Collection[UUID]) -> list[KeptFinding]:
    """Everything found about these purchases, oldest first."""
    return await _load(uow, in_ids(_F.request_id, list(request_ids)))


async def opened_between(uow: Uow, since: dt.datetime, until: dt.datetime) -> Sequence[UUID]:
    """The approvals that were opened between two moments, oldest first; as many as a night has time for."""
    opened = approvals.c
    found = await uow.connection.scalars(
        select(opened.id)
        .where(opened.opened_at >= since, opened.opened_at <= until)
        .order_by(opened.opened_at, opened.id)
        .limit(MOST_LOOKED_AT)
    )
    return list(found)


async def carded_of(uow: Uow, request_id: UUID) -> list[KeptFinding]:
    """What is found about a purchase, is worth a card, and waits for somebody."""
    waits = _F.state.in_([state.value for state in WAITING])
    return await _load(uow, and_(_F.request_id == request_id, _F.carded, waits))


async def page(uow: Uow, filters: FindingFilter) -> Page[KeptFinding]:
    """One page, newest first."""
    after = decode_id_cursor(filters.cursor)
    states = [state.value for state in filters.states]
    found = await uow.connection.execute(
        _WHOLE.where(
            _F.state.in_(states) if states else true(),
            _F.rule == filters.rule.value if filters.rule else true(),
            _F.request_id == filters.request_id if filters.request_id else true(),
            _F.id < after if after else true(),
        )
        .order_by(_F.id.desc())
        .limit(filters.limit + 1)
    )
    return page_of([rows.finding_of(row) for row in found], filters.limit, lambda finding: finding.id)


async def reviewers(uow: Uow) -> Sequence[UUID]:
    """Whoever gets cards of findings: officers and finance."""
    roles = person_roles.c
    found = await uow.connection.scalars(
        select(people.c.id)
        .where(
            people.c.active,
            people.c.id.in_(select(roles.person_id).where(roles.role.in_(REVIEWERS))),
        )
        .order_by(people.c.id)
    )
    return list(found)


async def review(uow: Uow, before: KeptFinding, after: KeptFinding) -> bool:
    """Write a verdict; false when somebody else was faster."""
    result = await uow.connection.execute(
        update(findings)
        .where(_F.id == before.id, _F.version == before.version)
        .values(
            state=after.state.value,
            version=after.version,
            reviewed_by=after.reviewed_by,
            reviewed_at=after.reviewed_at,
            reason=after.reason,
        )
    )
    return result.rowcount == 1


async def precision(uow: Uow, rule: CheckRule) -> Precision:
    """What became of the newest reviews of a rule."""
    newest = (
        select(_F.state, _F.reviewed_at)
        .where(_F.rule == rule.value, _F.state.in_([state.value for state in REVIEWED]))
        .order_by(_F.reviewed_at.desc())
        .limit(REVIEWS_COUNTED)
        .subquery("newest")
    )
    confirmed = func.count().filter(newest.c.state == FindingState.confirmed.value)
    row = (
        await uow.connection.execute(
            select(
                confirmed.label("confirmed"),
                func.count().label("n"),
                func.min(newest.c.reviewed_at).label("since"),
            ).select_from(newest)
        )
    ).one()
    return Precision(row.confirmed, row.n, row.since)


async def count_waiting(uow: Uow, rule: CheckRule | None = None, *, carded: bool | None = None) -> int:
    """How many findings nobody has settled, of one rule or of all, with cards or without or both."""
    wanted = {"rule": rule.value if rule else None, "carded": carded}
    return int(await uow.connection.scalar(_COUNT_WAITING, wanted))


async def standing(uow: Uow, setting: RuleSetting) -> RuleStanding:
    """A rule with what came of it so far."""
    rule = setting.rule
    cards = (await carded_since(uow, week_of(uow.now))).get(rule, 0)
    return RuleStanding(setting, await precision(uow, rule), await count_waiting(uow, rule), cards)


async def _load(uow: Uow, condition: ColumnElement[bool]) -> list[KeptFinding]:
    found = await uow.connection.execute(_WHOLE.where(condition).order_by(_F.id))
    return [rows.finding_of(row) for row in found]


async def everybody_involved(uow: Uow, request_id: UUID) -> Sequence[UUID]:
    """Who asked for it, entered it, or proposed what to buy; they do not judge what looked unusual about it."""
    request, rfq = procurement_requests.c, rfqs.c
    found = await uow.connection.execute(
        select(request.requested_by, request.entered_by, func.array_agg(rfq.proposed_by).label("proposed"))
        .outerjoin(rfqs, rfq.request_id == request.id)
        .where(request.id == request_id)
        .group_by(request.id)
    )
    return [
        person
        for row in found
        for person in (row.requested_by, row.entered_by, *row.proposed)
        if person is not None
    ]
