"""Notices for administrators about the rules that find what looks unusual."""

from core.findings.events import FindingRuleDigested
from core.log.stored import StoredEvent
from core.uow import Uow
from workers.notices.admins import admin_ids
from workers.notices.planned_notice import NoticeMessage, PlannedNotice


async def rule_digested(uow: Uow, event: FindingRuleDigested, stored: StoredEvent) -> PlannedNotice | None:
    """A rule sends no cards any more, because too little of it was confirmed."""
    message = NoticeMessage(
        "notices.finding_rule_digested",
        {"confirmed": event.confirmed, "reviewed": event.reviewed},
        words={"rule": f"findings.{event.rule}.name"},
    )
    return PlannedNotice(await admin_ids(uow), message)
