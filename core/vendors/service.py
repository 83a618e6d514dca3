"""The use cases of the vendor file: add a vendor with its first contact, and invite a contact to a chat."""

from dataclasses import replace

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts.links import INVITATION_LIFE, issue_link
from core.accounts.model import NewLink
from core.kernel.errors import NotFound
from core.kernel.ids import VendorId, new_id
from core.people.commands import AddPerson
from core.people.service import new_person
from core.uow import Uow
from core.vendors import repo
from core.vendors.commands import CreateVendor, LinkContact
from core.vendors.errors import VendorExists
from core.vendors.events import VendorCreated
from core.vendors.model import Vendor, VendorContact
from core.vendors.policy import check_vendor


@requires(Permission.vendors_create)
async def create_vendor(uow: Uow, actor: Actor, command: CreateVendor) -> Vendor:
    """Add a vendor with its first contact; whoever adds it can never approve a purchase from it."""
    check_vendor(command)
    if await repo.name_exists(uow, command.name):
        raise VendorExists(name=command.name)
    vendor = Vendor(
        VendorId(new_id()), command.name, command.category, command.currency, command.country, "active", ()
    )
    await repo.add(uow, vendor, actor.person_id, uow.now)
    contact = await new_person(
        uow,
        AddPerson(
            name=command.contact.name,
            email=command.contact.email,
            roles=(Role.vendor,),
            locale=command.contact.locale,
            zone="UTC",
            vendor_id=vendor.id,
            password=None,
        ),
        at="/contact",
    )
    await uow.record(
        VendorCreated(
            subject_id=vendor.id,
            subject_version=1,
            category=vendor.category,
            currency=vendor.currency,
            country=vendor.country,
            contact_id=contact.id,
        )
    )
    return replace(vendor, contacts=(VendorContact(contact.id, contact.name, contact.email, linked=False),))


@requires(Permission.vendors_link)
async def link_contact(uow: Uow, actor: Actor, command: LinkContact) -> NewLink:
    """A one-time chat link for a vendor's contact, valid for seven days and for that contact only."""
    vendor = await repo.visible_to(uow, actor, command.vendor_id)
    contacts = [contact for contact in vendor.contacts if command.person_id in (None, contact.person_id)]
    if not contacts:
        raise NotFound(what="contact")
    return await issue_link(uow, actor, contacts[0].person_id, "invitation", INVITATION_LIFE)
