"""The read models of the vendor file."""

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.ids import VendorId
from core.kernel.pagination import Page
from core.uow import Uow
from core.vendors import repo
from core.vendors.model import Categories, Vendor, VendorFilter


@requires(Permission.vendors_read)
async def show(uow: Uow, actor: Actor, vendor_id: VendorId) -> Vendor:
    """One vendor with its contacts."""
    return await repo.visible_to(uow, actor, vendor_id)


@requires(Permission.vendors_read)
async def listing(uow: Uow, actor: Actor, filters: VendorFilter) -> Page[Vendor]:
    """Vendors by name or category."""
    return await repo.page(uow, actor, filters)


@requires(Permission.vendors_read)
async def list_categories(uow: Uow, actor: Actor) -> Categories:
    """The categories that administrators keep; none: any is allowed."""
    return Categories(tuple(await repo.categories(uow.connection)))
