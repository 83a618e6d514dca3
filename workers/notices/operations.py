"""Notices for administrators about groups, the Slack app and deliveries."""

from core.groups.events import GroupLost
from core.installations.events import AppRemoved
from core.log.deliveries import DeliveryParked
from core.log.stored import StoredEvent
from core.log.unshown_rows import RowUnshown
from core.uow import Uow
from workers.notices.admins import admin_ids
from workers.notices.planned_notice import NoticeMessage, PlannedNotice


async def group_lost(uow: Uow, event: GroupLost, stored: StoredEvent) -> PlannedNotice | None:
    """A group no longer shows requests."""
    facts = {"title": event.title, "platform": event.platform.capitalize()}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.group_lost", facts))


async def app_removed(uow: Uow, event: AppRemoved, stored: StoredEvent) -> PlannedNotice | None:
    """Nobody in a whole workspace can be reached."""
    facts = {"title": event.team_name or event.team_id, "platform": event.platform.capitalize()}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.app_removed", facts))


async def row_unshown(uow: Uow, event: RowUnshown, stored: StoredEvent) -> PlannedNotice | None:
    """Something in a list is shown by its number only."""
    facts = {"number": event.number or str(event.subject_id), "id": str(event.subject_id)}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.row_unshown", facts))


async def delivery_parked(uow: Uow, event: DeliveryParked, stored: StoredEvent) -> PlannedNotice | None:
    facts = {"subscriber": event.subscriber, "type": event.event_type, "why": event.why}
    return PlannedNotice(await admin_ids(uow), NoticeMessage("notices.delivery_parked", facts))
