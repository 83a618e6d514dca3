"""Converts delegations from read model to wire."""

from api.contract import delegations as wire
from api.contract.approvals import CandidateOut
from api.contract.values import Listing
from api.present.decimals import amount
from api.present.listing import listing
from core.delegations.commands import DelegationLimit
from core.delegations.model import Delegation
from core.kernel.pagination import Page
from core.people.model import Candidate


def delegation(source: Delegation) -> wire.DelegationOut:
    return wire.DelegationOut(
        id=source.id,
        from_=CandidateOut(person_id=source.giver, name=source.giver_name),
        to=CandidateOut(person_id=source.deputy, name=source.deputy_name),
        made_at=source.made_at,
        until=source.until,
        limit=_limit(source.limit) if source.limit else None,
        reason=source.reason,
    )


def delegations(page: Page[Delegation]) -> Listing[wire.DelegationOut]:
    return listing(page, delegation, lambda row: row)


def colleagues(page: Page[Candidate]) -> Listing[CandidateOut]:
    return Listing(items=tuple(CandidateOut(person_id=one.person_id, name=one.name) for one in page.items))


def _limit(source: DelegationLimit) -> wire.LimitOut:
    return wire.LimitOut(amount=amount(source.amount, source.currency), currency=source.currency)
