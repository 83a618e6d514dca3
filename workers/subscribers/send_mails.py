"""The subscriber ``mails``: vendors' contacts whom no chat reaches get a mail with a link, and a code where they ask.

One rule: there is one row per event and reader; a mail that the server has taken is not sent again.

A link or a code is made and stored right before it is sent, so that nobody but its reader has it. Whoever asked for one
and has a chat gets it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from api.present.vendor_links import link_url
from core.access.roles import Role
from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.clarifications.events import RfqQuestionAnswered
from core.log.events import Event
from core.log.stored import StoredEvent
from core.mails import repo
from core.mails.model import Mail, MailState
from core.order_changes.events import ChangeDeclined, OrderRevised
from core.orders.events import OrderCancelled, OrderIssued
from core.rfqs.events import RfqAwarded, RfqCancelled, RfqReminded, RfqReplaced, RfqSent
from core.uow import Uow
from core.vendor_links import service
from core.vendor_links.events import ColleagueNamed, LinkCodeWanted, VendorLinkWanted
from workers.broker import Queue
from workers.mails.mail_sender import MailNotTaken, MailRefused, MailSender
from workers.mails.mail_text import mail_message, mail_text
from workers.mails.planned_mail import PlannedMail, plan_mail, subject_of
from workers.notices.send_text import TextToSend, send_text
from workers.outcome import DeliveryFailed
from workers.readers import Reader, readers_by_ids
from workers.runtime import Runtime, system_actor

log = structlog.get_logger()

QUEUE = Queue.chats
SUBSCRIBES_TO: tuple[type[Event], ...] = (
    LinkCodeWanted,
    VendorLinkWanted,
    ColleagueNamed,
    RfqSent,
    RfqReminded,
    VendorsAdded,
    DeadlineMoved,
    RfqCorrected,
    RfqQuestionAnswered,
    RfqCancelled,
    RfqReplaced,
    RfqAwarded,
    OrderIssued,
    OrderCancelled,
    OrderRevised,
    ChangeDeclined,
)


@dataclass(frozen=True)
class ReadyMail:
    """What is sent to whom, now that the link or the code in it is stored."""

    reader: Reader
    subject: str
    text: str


async def run(runtime: Runtime, event: Event, stored: StoredEvent) -> None:
    """Send the mails of this event that were not sent yet; the first that was not taken is tried again later."""
    about = subject_of(event)
    if about is not None:
        async with runtime.engine.autocommit() as connection:
            if not await repo.anybody_unreached(connection, about, runtime.chats):
                return
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
        planned = await plan_mail(uow, event, stored)
        if planned is None:
            return
        readers = await _readers(runtime, uow, planned)
        await repo.expect(connection, stored.id, stored.type, [each.person.id for each in readers], uow.now)
        waiting = await repo.waiting(connection, stored.id) if readers else ()
        await uow.finish()
    by_person = {each.person.id: each for each in readers}
    failures = [
        await _send(runtime, stored, planned, mail, by_person[mail.person_id])
        for mail in waiting
        if mail.person_id in by_person
    ]
    if why := next(filter(None, failures), ""):
        raise DeliveryFailed(why)


async def _readers(runtime: Runtime, uow: Uow, planned: PlannedMail) -> Sequence[Reader]:
    """Vendors' contacts: those who asked, and those whom no chat of ours reaches."""
    found = await readers_by_ids(uow.connection, planned.recipients)
    return [
        each
        for each in found.values()
        if each.person.active
        and each.person.vendor_id is not None
        and (planned.asked or not each.has_chat_on(runtime.chats))
    ]


async def _send(
    runtime: Runtime, stored: StoredEvent, planned: PlannedMail, mail: Mail, reader: Reader
) -> str:
    """Make what stands in the mail, send it, and store what became of it; why not, if it is to be tried again."""
    async with runtime.engine.begin() as connection:
        uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
        ready = await _ready(runtime, uow, planned, reader)
        await uow.finish()
    state, why = MailState.outdated, ""
    if ready is not None:
        state, why = await _sent(runtime, mail, ready, in_chat=planned.asked)
    if state is not MailState.waiting:
        async with runtime.engine.begin() as connection:
            await repo.finish(connection, mail.id, state, runtime.clock.now())
    return why


async def _ready(runtime: Runtime, uow: Uow, planned: PlannedMail, reader: Reader) -> ReadyMail | None:
    """The words with their link or code; None when it would come too late."""
    person, message, url = reader.person, planned.message, ""
    facts = dict(message.facts)
    if planned.code_id is not None:
        code = await service.new_code(uow, planned.code_id)
        if code is None:
            return None
        facts["code"] = code
    elif planned.about is not None:
        url = link_url(runtime.settings.api_url, (await service.new_link(uow, person, planned.about)).secret)
    told = message.with_facts(facts).render(person.locale, person.zone)
    return ReadyMail(reader, told.splitlines()[0], mail_text(told, url, person.locale))


async def _sent(runtime: Runtime, mail: Mail, ready: ReadyMail, *, in_chat: bool) -> tuple[MailState, str]:
    if in_chat and ready.reader.has_chat_on(runtime.chats):
        outcome = await send_text(runtime, ready.reader, TextToSend(ready.text, silent=False))
        if outcome.delivered:
            return MailState.sent, ""
    if runtime.mail is None or ready.reader.person.email is None:
        log.warning("mail.no_way", kind="mail")
        return MailState.refused, ""
    return await _mailed(runtime, runtime.mail, mail, ready)


async def _mailed(
    runtime: Runtime, sender: MailSender, mail: Mail, ready: ReadyMail
) -> tuple[MailState, str]:
    message = mail_message(
        mail.id,
        runtime.settings.mail_from,
        ready.reader.person,
        subject=ready.subject,
        text=ready.text,
        now=runtime.clock.now(),
    )
    try:
        await sender.send(message)
    except MailRefused:
        log.warning("mail.refused", mail=str(mail.id))
        return MailState.refused, ""
    except MailNotTaken as failure:
        return MailState.waiting, f"mail: {failure}"
    return MailState.sent, ""
