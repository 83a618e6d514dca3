"""What can be read of findings: the list, one of them, the rules with their precision, and what is usual.

One rule: while findings are switched off there are none.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.checks.method import UsualQuantity
from core.checks.model import CheckRule
from core.checks.price_checks import usual_quantity
from core.findings import policy, repo
from core.findings.model import KeptFinding, RuleStanding
from core.findings.repo import FindingFilter
from core.insights import queries as insights
from core.insights.service import note_shown
from core.insights.states import Feature
from core.kernel.errors import NotFound
from core.kernel.pagination import Page
from core.uow import Uow


@dataclass(frozen=True)
class AskedQuantity:
    """What somebody is about to ask for."""

    description: str
    unit: str
    quantity: Decimal


@requires(Permission.insights_read)
async def list_findings(uow: Uow, actor: Actor, filters: FindingFilter) -> Page[KeptFinding]:
    """Newest first."""
    await _check_on(uow)
    found = await repo.page(uow, filters)
    return found.map(lambda finding: replace(finding, verbs=policy.verbs_of(actor, finding)))


@requires(Permission.insights_read)
async def show_finding(uow: Uow, actor: Actor, finding_id: UUID) -> KeptFinding:
    """One finding, with what this person may say to it; the purchase's audit tells that they saw it."""
    await _check_on(uow)
    found = await repo.load(uow, finding_id)
    note_shown(uow, [policy.hint_of(found)], actor.person_id)
    return replace(found, verbs=policy.verbs_of(actor, found))


@requires(Permission.insights_read)
async def count_waiting(uow: Uow, actor: Actor) -> int | None:
    """How many nobody has settled; None while findings are switched off."""
    return await repo.count_waiting(uow) if await insights.enabled(uow, Feature.findings) else None


@requires(Permission.insights_dismiss)
async def count_without_card(uow: Uow, actor: Actor) -> int:
    """How many nobody has settled that no card was sent about: for the digest."""
    on = await insights.enabled(uow, Feature.findings)
    return await repo.count_waiting(uow, carded=False) if on else 0


@requires(Permission.insights_read)
async def list_rules(uow: Uow, actor: Actor) -> Page[RuleStanding]:
    """Every rule with how it is used, and what came of its findings."""
    await _check_on(uow)
    settings = await repo.settings(uow)
    standings = [await repo.standing(uow, settings[rule]) for rule in CheckRule]
    return Page(tuple(standings), None)


@requires(Permission.requests_create)
async def ask_quantity(uow: Uow, actor: Actor, asked: AskedQuantity) -> UsualQuantity | None:
    """What is usual, when somebody asks for several times as much; None when nobody needs to be asked."""
    if not await insights.enabled(uow, Feature.findings):
        return None
    usual = await usual_quantity(uow, description=asked.description, unit=asked.unit, quantity=asked.quantity)
    if usual is not None:
        note_shown(uow, [policy.quantity_hint(asked.description, asked.quantity, usual)], actor.person_id)
    return usual


async def _check_on(uow: Uow) -> None:
    if not await insights.enabled(uow, Feature.findings):
        raise NotFound(what="finding")
