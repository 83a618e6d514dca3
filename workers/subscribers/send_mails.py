"""The subscriber ``mails``: vendors' contacts whom no chat reaches get a mail with a link, and a code where they ask.

One rule: there is one row per event and reader; a mail that the server has taken is not sent again.

A link or a code is made and stored right before it is sent, so that nobody but its reader has it. Whoever asked for one
and has a chat gets it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from api.present.vendor_links import link_url
from core.access.roles import Role
from core.amendments.events import DeadlineMoved, RfqCorrected, VendorsAdded
from core.clarifications.events import RfqQuestionAnswered
from core.completions.events import CompletionAsked
from core.kernel.ids import new_id
from core.log.events import Event
from core.log.stored import StoredEvent
from core.mails import repo
from core.mails.model import Mail, MailState
from core.order_changes.events import ChangeDeclined, ChangeProposed, OrderRevised
from core.orders.events import OrderCancelled, OrderIssued
from core.quotes.events import QuoteRejected
from core.receipts.events import GoodsReturned, OrderClosedShort
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
    ChangeProposed,
    ChangeDeclined,
    CompletionAsked,
    QuoteRejected,
    GoodsReturned,
    OrderClosedShort,
)


@dataclass(frozen=True)
class ReadyMail:
    """What is sent to whom, now that the link or the code in it is stored."""

    message_id: UUID
    """A mail with another code than the one before is another mail."""
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
        if not await repo.claim(connection, mail.id, runtime.clock.now()):
            return "mail: another worker has it"
        uow = runtime.uow(connection, system_actor(Role.system_notices, stored))
        ready = await _ready(runtime, uow, planned, mail, reader)
        await uow.finish()
    state, why = MailState.outdated, ""
    if ready is not None:
        state, why = await _sent(runtime, ready, in_chat=planned.asked)
    async with runtime.engine.begin() as connection:
        await repo.finish(connection, mail.id, state, runtime.clock.now())
    return why


async def _ready(
    runtime: Runtime, uow: Uow, planned: PlannedMail, mail: Mail, reader: Reader
) -> ReadyMail | None:
    """The words with their link or code; None when it would come too late, or procurement has ended the links."""
    person, message, url = reader.person, planned.message, ""
    facts, message_id = dict(message.facts), mail.id
    if planned.code_id is not None:
        code = await service.new_code(uow, planned.code_id)
        if code is None:
            return None
        facts["code"], message_id = code, new_id()
    elif planned.about is not None:
        if not await service.may_have_link(uow, person, planned.about):
            return None
        url = link_url(runtime.settings.api_url, (await service.new_link(uow, person, planned.about)).secret)
    told = message.with_facts(facts).render(person.locale, person.zone)
    subject = planned.subject.render(person.locale, person.zone) if planned.subject else told.splitlines()[0]
    return ReadyMail(message_id, reader, subject, mail_text(told, url, person.locale))


async def _sent(runtime: Runtime, ready: ReadyMail, *, in_chat: bool) -> tuple[MailState, str]:
    if in_chat and ready.reader.has_chat_on(runtime.chats):
        outcome = await send_text(runtime, ready.reader, TextToSend(ready.text, silent=False))
        if outcome.delivered:
            return MailState.sent, ""
    if runtime.mail is None or ready.reader.person.email is None:
        log.warning("mail.no_way", kind="mail")
        return MailState.refused, ""
    return await _mailed(runtime, runtime.mail, ready)


async def _mailed(runtime: Runtime, sender: MailSender, ready: ReadyMail) -> tuple[MailState, str]:
    message = mail_message(
        ready.message_id,
        runtime.settings.mail_from,
        ready.reader.person,
        subject=ready.subject,
        text=ready.text,
        now=runtime.clock.now(),
    )
    try:
        await sender.send(message)
    except MailRefused:
        log.warning("mail.refused", mail=str(ready.message_id))
        return MailState.refused, ""
    except MailNotTaken as failure:
        return MailState.waiting, f"mail: {failure}"
    return MailState.sent, ""
