"""The use cases of the vendor file: add, edit, approve, hold and release vendors, their contacts and categories.

One rule: every change of a vendor is one more version of it.
"""

from dataclasses import replace
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.access.roles import Role
from core.accounts.links import INVITATION_LIFE, issue_link
from core.accounts.model import NewLink
from core.kernel.errors import NotFound, Stale
from core.kernel.ids import VendorId, new_id
from core.people.commands import AddPerson
from core.people.model import Person
from core.people.service import new_person
from core.uow import Uow
from core.vendors import policy, repo
from core.vendors.commands import (
    AddContact,
    ApproveVendor,
    CreateVendor,
    EditVendor,
    HoldVendor,
    LinkContact,
    NewContact,
    ReleaseVendor,
    SetCategories,
)
from core.vendors.errors import HeldByScore, NotOnHold, VendorExists
from core.vendors.events import (
    CategoriesSet,
    VendorApproved,
    VendorContactAdded,
    VendorCreated,
    VendorEdited,
    VendorHeld,
    VendorReleased,
)
from core.vendors.model import Categories, HoldKind, Vendor, VendorContact

CATEGORIES_SUBJECT = UUID("00000000-0000-7000-8000-000000000003")


@requires(Permission.vendors_create)
async def create_vendor(uow: Uow, actor: Actor, command: CreateVendor) -> Vendor:
    """Add a vendor with its first contact; whoever adds it can never approve a purchase from it."""
    policy.check_vendor(command, await repo.categories(uow.connection))
    if await repo.name_exists(uow, command.name):
        raise VendorExists(name=command.name)
    vendor = Vendor(VendorId(new_id()), command.name, command.category, command.currency, command.country)
    await repo.add(uow, vendor, actor.person_id, uow.now)
    contact = await _new_contact(uow, vendor.id, command.contact, at="/contact")
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


async def _new_contact(uow: Uow, vendor_id: VendorId, contact: NewContact, at: str = "") -> Person:
    command = AddPerson(
        name=contact.name,
        email=contact.email,
        roles=(Role.vendor,),
        locale=contact.locale,
        zone="",
        vendor_id=vendor_id,
        password=None,
    )
    return await new_person(uow, command, at)


@requires(Permission.vendors_edit)
async def add_contact(uow: Uow, actor: Actor, command: AddContact) -> Vendor:
    """Add another contact; each works for the vendor under their own name."""
    vendor = await repo.lock(uow, command.vendor_id)
    contact = await _new_contact(uow, vendor.id, command.contact)
    await repo.edit(uow, vendor.id, {})
    await uow.record(
        VendorContactAdded(subject_id=vendor.id, subject_version=vendor.version + 1, contact_id=contact.id)
    )
    return await repo.visible_to(uow, actor, vendor.id)


@requires(Permission.vendors_edit)
async def edit_vendor(uow: Uow, actor: Actor, command: EditVendor) -> Vendor:
    """Correct the name, the category, the currency or the country."""
    policy.check_edit(command, await repo.categories(uow.connection))
    vendor = await repo.lock(uow, command.vendor_id)
    _check_version(vendor, command.expected_version)
    wanted = {name: getattr(command, name) for name in ("name", "category", "currency", "country")}
    changed = {
        name: value
        for name, value in wanted.items()
        if name in command.named and value != getattr(vendor, name)
    }
    if not changed:
        return vendor
    if "name" in changed and await repo.name_exists(uow, command.name, other_than=vendor.id):
        raise VendorExists(name=command.name)
    await repo.edit(uow, vendor.id, changed)
    await uow.record(
        VendorEdited(subject_id=vendor.id, subject_version=vendor.version + 1, changed=tuple(sorted(changed)))
    )
    return replace(vendor, **changed, version=vendor.version + 1)


def _check_version(vendor: Vendor, expected: int | None) -> None:
    if expected is not None and expected != vendor.version:
        raise Stale(what="vendor", expected=expected, current=vendor.version)


@requires(Permission.vendors_approve)
async def approve_vendor(uow: Uow, actor: Actor, command: ApproveVendor) -> Vendor:
    """Record until when the vendor is approved; after that day it is not asked and gets no orders."""
    policy.check_last_day(command.until, uow.now.date())
    vendor = await repo.lock(uow, command.vendor_id)
    await repo.edit(uow, vendor.id, {"approved_until": command.until})
    await uow.record(
        VendorApproved(subject_id=vendor.id, subject_version=vendor.version + 1, until=command.until)
    )
    return replace(vendor, approved_until=command.until, version=vendor.version + 1)


@requires(Permission.vendors_hold)
async def hold_vendor(uow: Uow, actor: Actor, command: HoldVendor) -> Vendor:
    """Hold a vendor from RFQs, from orders or from both, with a reason; again of the same kind replaces it."""
    policy.check_hold(command, uow.now.date())
    vendor = await repo.lock(uow, command.vendor_id)
    await repo.hold(uow, command)
    await repo.edit(uow, vendor.id, {})
    await uow.record(
        VendorHeld(
            subject_id=vendor.id,
            subject_version=vendor.version + 1,
            kind=command.kind.value,
            reason=command.reason,
            until=command.until,
        )
    )
    return await repo.visible_to(uow, actor, vendor.id)


@requires(Permission.vendors_hold)
async def release_vendor(uow: Uow, actor: Actor, command: ReleaseVendor) -> Vendor:
    """End a person's hold before its day; one that follows from a score is overridden, with a reason."""
    vendor = await repo.lock(uow, command.vendor_id)
    if _held_by_score(vendor, command.kind):
        raise HeldByScore(vendor=vendor.name)
    await _release(uow, vendor, command.kind)
    return await repo.visible_to(uow, actor, vendor.id)


def _held_by_score(vendor: Vendor, kind: HoldKind) -> bool:
    return any(hold.kind is kind and hold.by_score for hold in vendor.holds)


async def _release(uow: Uow, vendor: Vendor, kind: HoldKind) -> None:
    if not await repo.release(uow, vendor.id, kind):
        raise NotOnHold(vendor=vendor.name)
    await repo.edit(uow, vendor.id, {})
    await uow.record(
        VendorReleased(subject_id=vendor.id, subject_version=vendor.version + 1, kind=kind.value)
    )


async def hold_by_score(uow: Uow, vendor: Vendor, kind: HoldKind, reason: str) -> None:
    """Hold a vendor whose score is below a bound; a person's hold stays. The caller has locked the vendor."""
    if not await repo.hold_by_score(uow, vendor.id, kind, reason):
        return
    await repo.edit(uow, vendor.id, {})
    await uow.record(
        VendorHeld(
            subject_id=vendor.id,
            subject_version=vendor.version + 1,
            kind=kind.value,
            reason=reason,
            until=None,
        )
    )


async def release_by_score(uow: Uow, vendor: Vendor, kind: HoldKind) -> None:
    """End that hold; a person's hold stays. The caller has locked the vendor."""
    if _held_by_score(vendor, kind):
        await _release(uow, vendor, kind)


@requires(Permission.vendors_categorise)
async def set_categories(uow: Uow, actor: Actor, command: SetCategories) -> Categories:
    """Set the whole list; vendors keep the category they have until somebody edits it."""
    policy.check_categories(command)
    await uow.lock_purchase(CATEGORIES_SUBJECT)
    await repo.set_categories(uow, command.names)
    await uow.record(CategoriesSet(subject_id=CATEGORIES_SUBJECT, subject_version=1, names=command.names))
    return Categories(tuple(await repo.categories(uow.connection)))


@requires(Permission.vendors_link)
async def link_contact(uow: Uow, actor: Actor, command: LinkContact) -> NewLink:
    """A one-time chat link for a vendor's contact, valid for seven days and for that contact only."""
    vendor = await repo.visible_to(uow, actor, command.vendor_id)
    contacts = [contact for contact in vendor.contacts if command.person_id in (None, contact.person_id)]
    if not contacts:
        raise NotFound(what="contact")
    return await issue_link(uow, actor, contacts[0].person_id, "invitation", INVITATION_LIFE)
