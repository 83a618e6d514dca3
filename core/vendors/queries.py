"""The read models of the vendor file."""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.db.pages import PageQuery
from core.kernel.ids import VendorId
from core.kernel.pagination import Page
from core.uow import Uow
from core.vendors import repo
from core.vendors.model import Vendor


@dataclass(frozen=True)
class VendorFilter:
    q: str | None
    category: str | None
    page: PageQuery


@requires(Permission.vendors_read)
async def show(uow: Uow, actor: Actor, vendor_id: VendorId) -> Vendor:
    """One vendor with its contacts."""
    return await repo.visible_to(uow, actor, vendor_id)


@requires(Permission.vendors_read)
async def listing(uow: Uow, actor: Actor, filters: VendorFilter) -> Page[Vendor]:
    """Vendors by name or category."""
    return await repo.page(uow, actor, filters.q, filters.category, filters.page)
