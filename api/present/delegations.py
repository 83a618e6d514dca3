"""Delegations: read model to wire."""

from api.contract import delegations as wire
from api.contract.approvals import CandidateOut
from api.contract.values import Listing
from api.present.numbers import amount
from core.delegations.commands import Limit
from core.delegations.model import Delegation
from core.kernel.page import Page
from core.people.model import Candidate


def delegation(of: Delegation) -> wire.DelegationOut:
    return wire.DelegationOut(
        id=of.id,
        from_=CandidateOut(person_id=of.giver, name=of.giver_name),
        to=CandidateOut(person_id=of.deputy, name=of.deputy_name),
        made_at=of.made_at,
        until=of.until,
        limit=_limit(of.limit) if of.limit else None,
        reason=of.reason,
    )


def delegations(page: Page[Delegation]) -> Listing[wire.DelegationOut]:
    return Listing(items=tuple(delegation(item) for item in page.items), next_cursor=page.next_cursor)


def colleagues(page: Page[Candidate]) -> Listing[CandidateOut]:
    return Listing(items=tuple(CandidateOut(person_id=one.person_id, name=one.name) for one in page.items))


def _limit(of: Limit) -> wire.LimitOut:
    return wire.LimitOut(amount=amount(of.amount, of.currency), currency=of.currency)
