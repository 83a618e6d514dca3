"""Who is asked to decide, as SELECTs that are narrowed down to one purchase or one person.

One rule: whoever is asked may decide, but not everybody who may decide is asked.

A step asks nobody until it is routed. Then it asks the person whom the routing names, as long as that person may
decide, else all its candidates; and for each of them who is away also their deputy, by the same rules as
``policy.with_deputies``. An escalated step is a new one and asks all its candidates.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    all_,
    and_,
    any_,
    bindparam,
    case,
    exists,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import array

from core.approvals.tables import approval_steps, approvals
from core.db.base import Id, Moment
from core.delegations.tables import delegations
from core.people import directory
from core.people.tables import people

_A, _S, _D = approvals.c, approval_steps.c, delegations.c
_candidate = people.alias("candidate")
_P = _candidate.c
_OPEN = and_(
    _A.state == literal_column("'pending'"), _S.state == literal_column("'open'"), _S.routed_at.is_not(None)
)
"""Constants, not parameters: only then can the planner use the partial indexes."""
NOW = bindparam("now", type_=Moment)


def asked_candidates(person_id: ColumnElement[Any] | None = None) -> Select[Any]:
    """Approvals with the candidates who are asked; of one person only when one is named."""
    query = (
        select(_P.id.label("person_id"), *_COLUMNS)
        .select_from(approvals)
        .join(approval_steps, _S.approval_id == _A.id)
        .join(_candidate, _among(_P.id))
        .where(_OPEN, _is_asked(_P.id))
    )
    return query if person_id is None else query.where(_P.id == person_id)


def asked_deputies(person_id: ColumnElement[Any] | None = None) -> Select[Any]:
    """The same with the deputies of those candidates; ``now`` is a parameter of the statement."""
    query = (
        select(_D.deputy.label("person_id"), *_COLUMNS)
        .distinct()
        .select_from(approvals)
        .join(approval_steps, _S.approval_id == _A.id)
        .join(delegations, _among(_D.giver))
        .where(
            _OPEN,
            _is_asked(_D.giver),
            _D.ended_at.is_(None),
            _D.until > NOW,
            _is_free(_D.deputy),
            _covers(),
        )
    )
    return query if person_id is None else query.where(_D.deputy == person_id)


_COLUMNS = (_A.id, _A.request_id, _A.amount, _A.currency, _S.opened_at, _S.due_at)


def _among(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Said twice: the first form finds the person of a step by index, the second the steps of a person."""
    return and_(person_id == any_(_S.candidates), _S.candidates.contains(array([person_id], type_=Id)))


def _is_asked(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """A candidate of the open step who may decide and is asked."""
    everybody = or_(_S.asked_first.is_(None), ~directory.is_decider(_S.asked_first))
    return and_(
        directory.is_decider(person_id),
        person_id != all_(_A.excluded),
        or_(_S.asked_first == person_id, everybody),
    )


def _is_free(deputy: ColumnElement[Any]) -> ColumnElement[bool]:
    """May decide, is not excluded, and takes no part in this approval yet."""
    other = approval_steps.alias("any_step").c
    takes_part = exists().where(
        other.approval_id == _A.id,
        or_(deputy == any_(other.candidates), deputy == any_(other.approved_by), other.decided_by == deputy),
    )
    return and_(directory.is_decider(deputy), deputy != all_(_A.excluded), ~takes_part)


def _covers() -> ColumnElement[bool]:
    """An amount in another currency than the limit's counts as over the limit."""
    amount = case(
        (_D.limit_currency == _A.base_currency, _A.amount_base), (_D.limit_currency == _A.currency, _A.amount)
    )
    return or_(_D.limit_amount.is_(None), amount <= _D.limit_amount)
