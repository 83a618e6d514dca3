"""What can be read of vendors' scores.

One rule: whoever reads a score sees the same as everybody who may; a vendor only its own, and of prices a word.
"""

from dataclasses import dataclass

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.insights import queries as insights
from core.insights import repo as insight_repo
from core.insights.model import VENDOR, Score, vendor_subject
from core.insights.policy import by_vendor, score_hints
from core.insights.service import note_shown
from core.insights.states import Feature, HintPlace
from core.kernel.errors import NotFound
from core.kernel.ids import VendorId
from core.kernel.pagination import Page
from core.uow import Uow
from core.vendor_scores import repo
from core.vendor_scores.own import told_to_vendor
from core.vendor_scores.states import LEAST_RANKED, ScorePart
from core.vendors import repo as vendors


@dataclass(frozen=True)
class NamedScores:
    """A vendor with all its parts."""

    vendor_id: VendorId
    vendor_name: str
    scores: tuple[Score, ...]

    @property
    def id(self) -> VendorId:
        return self.vendor_id

    @property
    def place(self) -> tuple[bool, float, str]:
        """The best first; those that cannot be compared last, by name."""
        total = next((each for each in self.scores if each.part == ScorePart.total), None)
        if total is None or total.value is None or total.n < LEAST_RANKED:
            return True, 0, self.vendor_name
        return False, -total.value, self.vendor_name


@requires(Permission.insights_read)
async def show(uow: Uow, actor: Actor, vendor_id: VendorId) -> NamedScores:
    """A vendor's score with its parts and reasons; NotFound while there is none or the feature is off."""
    found = await find(uow, actor, vendor_id)
    if found is None:
        raise NotFound(what="score")
    return found


@requires(Permission.insights_read)
async def find(uow: Uow, actor: Actor, vendor_id: VendorId) -> NamedScores | None:
    """The same, or None; for a page that shows more than the score."""
    vendor = await vendors.visible_to(uow, actor, vendor_id)
    return await _of(uow, actor, vendor_id, vendor.name, HintPlace.vendor)


@requires(Permission.insights_own)
async def show_own(uow: Uow, actor: Actor) -> NamedScores:
    """The score of the vendor that the person works for."""
    found = await find_own(uow, actor)
    if found is None:
        raise NotFound(what="score")
    return found


@requires(Permission.insights_own)
async def find_own(uow: Uow, actor: Actor) -> NamedScores | None:
    """The same, or None; for the portal's first page."""
    if actor.vendor_id is None:
        return None
    name = await repo.vendor_name(uow.connection, actor.vendor_id)
    return await _of(uow, actor, VendorId(actor.vendor_id), name, HintPlace.portal)


async def _of(uow: Uow, actor: Actor, vendor_id: VendorId, name: str, place: HintPlace) -> NamedScores | None:
    found = await insights.current_scores(uow, Feature.vendor_score, [vendor_subject(vendor_id)])
    if place is HintPlace.portal:
        found = told_to_vendor(found)
    if not found:
        return None
    note_shown(uow, score_hints(by_vendor(found), place, None), actor.person_id)
    return NamedScores(vendor_id, name, found)


@requires(Permission.insights_read)
async def listing(uow: Uow, actor: Actor) -> Page[NamedScores]:
    """Every vendor with a score: those with enough deliveries by their score, then the others by name."""
    found = by_vendor(
        await insight_repo.all_current(uow.connection, Feature.vendor_score, VENDOR, now=uow.now)
    )
    names = await repo.vendor_names(uow.connection, list(found))
    named = [
        NamedScores(VendorId(vendor), names[vendor], scores)
        for vendor, scores in found.items()
        if vendor in names
    ]
    shown = sorted(named, key=lambda each: each.place)[: repo.MOST_LISTED]
    note_shown(uow, score_hints(found, HintPlace.vendor, None)[: repo.MOST_LISTED], actor.person_id)
    return Page(tuple(shown), None)
