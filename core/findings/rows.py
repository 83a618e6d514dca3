"""Converts findings and rules between rows and models.

One rule: only this module knows how a finding's facts are stored.
"""

from collections.abc import Mapping

from core.checks.model import CheckRule, RuleSetting
from core.db.connection import Row
from core.findings.model import FindingId, KeptFinding
from core.findings.states import FindingState

_COLUMNS = (
    "subject_id",
    "part",
    "request_id",
    "request_number",
    "version",
    "facts",
    "found_at",
    "carded",
    "involved",
    "reviewed_by",
    "reviewed_by_name",
    "reviewed_at",
    "reason",
)


def finding_of(row: Row) -> KeptFinding:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values["involved"] = frozenset((*values["involved"], *row.took_part))
    return KeptFinding(
        id=FindingId(row.id), rule=CheckRule(row.rule), state=FindingState(row.state), **values
    )


def settings_of(
    rows: Mapping[str, Row], defaults: Mapping[CheckRule, RuleSetting]
) -> dict[CheckRule, RuleSetting]:
    """Every rule as it is used: as somebody set it, else as it came."""
    return {rule: _setting(rule, rows[rule]) if rule in rows else defaults[rule] for rule in CheckRule}


def _setting(rule: CheckRule, row: Row) -> RuleSetting:
    return RuleSetting(
        rule,
        row.switched_on,
        row.weekly_cards,
        row.raises_level,
        row.in_digest,
        row.limit_amount,
        row.version,
    )
