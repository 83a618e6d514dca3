"""The read models of vendors' links: which contacts have one to what, and what became of it.

One rule: whoever may make a link may see those that there are; nobody sees a secret.
"""

from collections.abc import Sequence

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import VendorId
from core.uow import Uow
from core.vendor_links import repo
from core.vendor_links.model import KnownLink, LinkSubject
from core.vendors import repo as vendors


@requires(Permission.vendors_link)
async def links_to(uow: Uow, actor: Actor, about: Sequence[LinkSubject]) -> tuple[KnownLink, ...]:
    """The links to these RFQs and orders, the newest first; NotFound for one that this person may not see."""
    asked = {vendor for each in about for vendor in await repo.vendors_of(uow, actor, each)}
    return await repo.known(uow.connection, asked, uow.now, about)


@requires(Permission.vendors_link)
async def links_of_vendor(uow: Uow, actor: Actor, vendor_id: VendorId) -> tuple[KnownLink, ...]:
    """The links of a vendor's contacts, the newest first."""
    vendor = await vendors.visible_to(uow, actor, vendor_id)
    return await repo.known(uow.connection, {vendor.id}, uow.now)
