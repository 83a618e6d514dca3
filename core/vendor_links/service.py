"""Links without an account: one per contact and RFQ or order; they open read-only, and a code lets a browser act.

One rule: whoever asks for a link or a code learns from the answer nothing that they did not know.

Secrets and codes that are sent are made where they are sent: nobody but the reader of the message has them. A contact
who types the code gets a browser session of their own, with the vendor's role and its fence.
"""

from uuid import UUID

from core.access.actor import Actor
from core.access.guard import person_of, requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts import repo as accounts
from core.kernel.errors import NotFound, RateLimited, invalid
from core.kernel.ids import LinkId, VendorId, new_id
from core.kernel.one_time import OneTimeSecret, hash_secret
from core.people import policy as people_policy
from core.people import repo as people
from core.people import service as people_service
from core.people.commands import AddPerson
from core.people.model import Person
from core.uow import Uow
from core.vendor_links import policy, repo
from core.vendor_links.commands import (
    MakeVendorLink,
    NameColleague,
    RevokeVendorLink,
    UseCode,
    WantCode,
    WantLink,
)
from core.vendor_links.events import (
    ColleagueNamed,
    LinkCodeSpent,
    LinkCodeWanted,
    VendorLinkMade,
    VendorLinkRevoked,
    VendorLinkWanted,
)
from core.vendor_links.model import (
    LinkSubject,
    NamedColleague,
    NewVendorLink,
    OpenedLink,
    VendorLink,
    WantedCode,
)
from core.vendors import repo as vendors
from core.vendors.events import VendorContactAdded
from core.web_sessions import service as web_sessions
from core.web_sessions.model import OpenedSession


@requires(Permission.vendors_link)
async def make_link(uow: Uow, actor: Actor, command: MakeVendorLink) -> NewVendorLink:
    """A link for a contact of a vendor who is asked or who got the order; those handed over earlier end."""
    if command.vendor_id not in await repo.vendors_of(uow, actor, command.about):
        raise NotFound(what="vendor")
    vendor = await vendors.visible_to(uow, actor, command.vendor_id)
    contacts = [each for each in vendor.contacts if command.person_id in (None, each.person_id)]
    if not contacts:
        raise NotFound(what="contact")
    person = policy.check_is_contact(await people.person(uow.connection, contacts[0].person_id))
    if not person.email and not await accounts.chats_of(uow.connection, [person.id]):
        why = "has neither a chat nor an address for the code"
        raise invalid("/person_id", "contact.unreachable", why)
    await repo.replace_earlier(uow.connection, person.id, command.about, uow.now)
    return await new_link(uow, person, command.about)


async def new_link(uow: Uow, person: Person, about: LinkSubject) -> NewVendorLink:
    """Make and store a link, for use cases and for messages that take one along."""
    once = OneTimeSecret.new(uow.now, policy.LINK_LIFE)
    link = VendorLink(LinkId(new_id()), person.id, about, once.expires_at, None, None)
    await repo.add(uow.connection, link, once.hashed, uow.actor.person_id, uow.now)
    await uow.record(
        VendorLinkMade(
            subject_id=person.id,
            subject_version=person.epoch,
            link_id=link.id,
            about_kind=about.kind.value,
            about_id=about.id,
        )
    )
    return NewVendorLink(link.id, once.secret, person.id, person.name, link.expires_at)


async def may_have_link(uow: Uow, person: Person, about: LinkSubject) -> bool:
    """Whether a message may take a link along: not after procurement has ended the contact's links to it."""
    return not await repo.is_revoked(uow.connection, person.id, about)


@requires(Permission.vendors_link)
async def revoke_link(uow: Uow, actor: Actor, command: RevokeVendorLink) -> None:
    """From now on the contact's links to the same open nothing, and none is sent until procurement makes one."""
    link = await repo.by_id(uow.connection, command.link_id)
    if (
        link is None
        or not await _sees(uow, actor, link)
        or not await repo.revoke(uow.connection, link, uow.now)
    ):
        raise NotFound(what="link")
    await uow.record(VendorLinkRevoked(subject_id=link.person_id, subject_version=1, link_id=link.id))


async def _sees(uow: Uow, actor: Actor, link: VendorLink) -> bool:
    try:
        return bool(await repo.vendors_of(uow, actor, link.about))
    except NotFound:
        return False


async def open_link(uow: Uow, actor: Actor, secret: str) -> OpenedLink:
    """Whose link it is and what it opens; looking changes nothing. NotFound for any that opens nothing."""
    link = await repo.by_secret(uow.connection, hash_secret(secret))
    if link is None or not link.is_open(uow.now):
        raise NotFound(what="link")
    return OpenedLink(
        policy.check_is_contact(await people.person(uow.connection, link.person_id)), link.about
    )


async def want_link(uow: Uow, actor: Actor, command: WantLink) -> None:
    """Have a new link sent to the contact; for whoever may not have one nothing happens, and nothing tells."""
    if command.email:
        link = await repo.newest_by_email(uow.connection, command.email.strip().lower())
    else:
        link = await repo.by_secret(uow.connection, hash_secret(command.secret))
    if link is None or not policy.may_be_renewed(link):
        return
    person = await people.lock_person(uow.connection, link.person_id)
    if person is None or not person.active:
        return
    if await repo.is_revoked(uow.connection, person.id, link.about):
        return
    wishes = await repo.wished_since(uow.connection, person.id, uow.now - policy.HOUR)
    if wishes >= policy.MOST_LINKS_PER_HOUR:
        return
    await uow.record(
        VendorLinkWanted(
            subject_id=person.id,
            subject_version=person.epoch,
            about_kind=link.about.kind.value,
            about_id=link.about.id,
        )
    )


async def want_code(uow: Uow, actor: Actor, command: WantCode) -> WantedCode:
    """Have a code sent to the contact, five an hour at most; the holder of the link learns when none is sent."""
    link = await repo.by_secret(uow.connection, hash_secret(command.secret))
    if link is None or not link.is_open(uow.now):
        return WantedCode(command.ticket)
    person = await people.lock_person(uow.connection, link.person_id)
    if person is None or not person.active:
        return WantedCode(command.ticket)
    running = hash_secret(command.running)
    if await repo.is_running(uow.connection, running, link.id, uow.now, most=policy.MOST_ATTEMPTS):
        return WantedCode(command.running)
    asked = await repo.codes_since(uow.connection, person.id, uow.now - policy.DAY)
    if not_until := policy.no_more_until(asked, uow.now):
        return WantedCode(command.ticket, not_until)
    code_id, ticket = new_id(), hash_secret(command.ticket)
    await repo.add_code(uow.connection, code_id, link, ticket, now=uow.now, life=policy.CODE_LIFE)
    await uow.record(LinkCodeWanted(subject_id=person.id, subject_version=person.epoch, code_id=code_id))
    return WantedCode(command.ticket)


async def new_code(uow: Uow, code_id: UUID) -> str | None:
    """Make the code that is to be sent now; None when it would come too late."""
    ticket_hash = await repo.ticket_hash_of(uow.connection, code_id, uow.now)
    if ticket_hash is None:
        return None
    code = policy.new_code()
    await repo.set_code(uow.connection, code_id, policy.hash_code(ticket_hash, code))
    return code


async def use_code(uow: Uow, actor: Actor, command: UseCode) -> OpenedSession | None:
    """A session for the right code; None for any other, and every attempt is counted."""
    ticket = hash_secret(command.ticket)
    tried = await repo.count_attempt(uow.connection, ticket, uow.now, most=policy.MOST_ATTEMPTS)
    if tried is None:
        return None
    link = await repo.by_secret(uow.connection, hash_secret(command.secret))
    if link is None or link.id != tried.link_id or not link.is_open(uow.now):
        return None
    person = policy.check_is_contact(await people.person(uow.connection, link.person_id))
    if not policy.is_right(tried, ticket, command.code):
        if tried.attempts == policy.MOST_ATTEMPTS:
            await uow.record(
                LinkCodeSpent(subject_id=person.id, subject_version=person.epoch, code_id=tried.id)
            )
        return None
    if not await repo.use_code(uow.connection, tried.id, uow.now):
        return None
    return await web_sessions.open_by_proof(uow, person, "code", command.device)


@requires(Permission.colleagues_name)
async def name_colleague(uow: Uow, actor: Actor, command: NameColleague) -> None:
    """Name somebody who works for the same vendor; whether the address is known already, the answer does not tell."""
    if actor.vendor_id is None:
        raise NotFound(what="vendor")
    email = command.email.strip().lower()
    named = AddPerson(command.name, email, (Role.vendor,), "", "UTC", actor.vendor_id, None)
    people_policy.check_person(named)
    await repo.vendors_of(uow, actor, command.about)
    since = uow.now - policy.HOUR
    if await repo.colleagues_since(uow.connection, actor.vendor_id, since) >= policy.MOST_COLLEAGUES_PER_HOUR:
        raise RateLimited(retry_after=int(policy.HOUR.total_seconds()))
    colleague = NamedColleague(new_id(), person_of(actor), command.name.strip(), email, command.about)
    await repo.add_colleague(uow.connection, colleague, actor.vendor_id, uow.now)
    await uow.record(
        ColleagueNamed(subject_id=colleague.named_by, subject_version=actor.epoch, colleague_id=colleague.id)
    )


async def admitted(uow: Uow, colleague_id: UUID) -> tuple[Person, LinkSubject] | None:
    """The named colleague as a contact of the vendor, added if the address is new; None if it is somebody else's."""
    named = await repo.colleague(uow.connection, colleague_id)
    giver = await people.person(uow.connection, named.named_by) if named is not None else None
    if named is None or giver is None or not giver.active or giver.vendor_id is None:
        return None
    known = await people.person_by_email(uow.connection, named.email)
    if known is not None:
        ours = known[0].active and known[0].vendor_id == giver.vendor_id
        return (known[0], named.about) if ours else None
    return await _added(uow, named, giver, giver.vendor_id), named.about


async def _added(uow: Uow, named: NamedColleague, giver: Person, vendor_id: VendorId) -> Person:
    vendor = await vendors.lock(uow, vendor_id)
    command = AddPerson(named.name, named.email, (Role.vendor,), giver.locale, giver.zone, vendor_id, None)
    person = await people_service.new_person(uow, command)
    await vendors.edit(uow, vendor_id, {})
    await uow.record(
        VendorContactAdded(subject_id=vendor_id, subject_version=vendor.version + 1, contact_id=person.id)
    )
    return person
