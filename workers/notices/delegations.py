"""Notices about delegations."""

from core.delegations.events import DelegationEnded, DelegationMade
from core.log.stored import StoredEvent
from core.people import directory
from core.uow import Uow
from workers.notices.planned_notice import NoticeMessage, PlannedNotice


async def delegation_made(uow: Uow, event: DelegationMade, stored: StoredEvent) -> PlannedNotice | None:
    """The deputy; also the person who is away, when somebody else arranged it."""
    names = await directory.names(uow.connection, [event.giver, event.deputy])
    facts = {"person": names[event.giver], "deputy": names[event.deputy]}
    recipients = [event.deputy] if str(event.giver) == stored.actor else [event.deputy, event.giver]
    return PlannedNotice(recipients, NoticeMessage("notices.delegation_made", facts, {"moment": event.until}))


async def delegation_ended(uow: Uow, event: DelegationEnded, stored: StoredEvent) -> PlannedNotice | None:
    names = await directory.names(uow.connection, [event.giver, event.deputy])
    facts = {"person": names[event.giver], "deputy": names[event.deputy]}
    return PlannedNotice([event.deputy, event.giver], NoticeMessage("notices.delegation_ended", facts))
