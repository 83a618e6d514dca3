"""A procurement request's card: the requester's and the officer's."""

from api.contract.requests import RequestOut
from api.text import day, money, say
from bots.cards.lines import priced, shortened, wanted
from bots.cards.model import Button, Card, Op, Press, Style, Viewer
from core.requests.states import RequestState

_BEFORE_APPROVAL = (
    RequestState.draft,
    RequestState.submitted,
    RequestState.sourcing,
    RequestState.quoted,
    RequestState.awaiting_approval,
)


def draw_for_requester(request: RequestOut, viewer: Viewer) -> Card:
    """What I asked for, and where it stands."""
    rows: list[tuple[Button, ...]] = []
    if request.state in _BEFORE_APPROVAL and request.requested_by == viewer.person_id:
        press = Press(Op.withdraw, request.id, request.version)
        rows.append((Button(say("buttons.withdraw", viewer.locale), press),))
    return Card(_title(request, viewer), _facts(request, viewer), rows=tuple(rows))


def draw_for_officer(request: RequestOut, viewer: Viewer) -> Card:
    """What somebody asks for; ask vendors or cancel."""
    locale = viewer.locale
    facts = (*_facts(request, viewer), say("cards.asked_by", locale, person=request.requested_by_name))
    rows: list[tuple[Button, ...]] = []
    if request.state in (RequestState.submitted, RequestState.sourcing):
        asking = Press(Op.ask_vendors, request.id, request.version)
        rows.append((Button(say("buttons.ask_vendors", locale), asking, Style.good),))
    if request.state in (*_BEFORE_APPROVAL[1:], RequestState.ordered):
        cancelling = Press(Op.cancel_request, request.id, request.version)
        rows.append((Button(say("buttons.cancel_request", locale), cancelling, Style.bad),))
    return Card(_title(request, viewer), facts, rows=tuple(rows))


def _title(request: RequestOut, viewer: Viewer) -> str:
    state = say(f"states.request.{request.state.value}", viewer.locale)
    return say("cards.title", viewer.locale, number=request.number, state=state)


def _facts(request: RequestOut, viewer: Viewer) -> tuple[str, ...]:
    locale = viewer.locale
    lines = (
        priced(
            wanted(line.description, line.quantity, line.unit, locale),
            line.estimated_unit_price,
            request.currency,
            locale,
        )
        for line in request.lines
    )
    facts = [*shortened(lines, locale)]
    if request.total_estimate is not None:
        facts.append(
            say("cards.estimate", locale, amount=money(request.total_estimate, request.currency, locale))
        )
    facts.append(
        say("cards.for", locale, cost_centre=request.cost_centre_name, day=day(request.needed_by, locale))
    )
    if request.note:
        facts.append(say("cards.note", locale, note=request.note))
    if request.reason:
        facts.append(say("cards.reason", locale, reason=request.reason))
    return tuple(facts)
