"""The card of a procurement request: for whoever asked, and for the officer who asks vendors."""

from api.contract.requests import RequestOut
from api.text import day, money, translate
from bots.cards import phrases
from bots.cards.card import Button, ButtonRow, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

WITHDRAWABLE = frozenset({"draft", "submitted", "sourcing", "quoted", "awaiting_approval"})
SOURCEABLE = frozenset({"submitted", "sourcing"})
CANCELLABLE = WITHDRAWABLE | {"approved", "ordered"}


def for_requester(request: RequestOut, viewer: Viewer) -> Card:
    """What was asked and where it stands; the only thing to press is to take it back."""
    buttons: tuple[ButtonRow, ...] = ()
    if request.requested_by == viewer.person_id and request.state.value in WITHDRAWABLE:
        buttons = rows_of(_button("withdraw", Op.withdraw_request, request, viewer))
    return _card(request, viewer, buttons)


def for_officer(request: RequestOut, viewer: Viewer) -> Card:
    """The same, with what procurement does about it."""
    found: list[Button] = []
    state = request.state.value
    if viewer.has("officer"):
        if state in SOURCEABLE:
            found.append(_button("ask_vendors", Op.ask_vendors, request, viewer, Style.good))
        if state not in SOURCEABLE and request.rfq_id is not None:
            found.append(_button("compare", Op.compare, request, viewer))
    if viewer.has("officer", "admin") and state in CANCELLABLE - {"draft"}:
        found.append(_button("cancel_request", Op.cancel_request, request, viewer, Style.danger))
    return _card(request, viewer, rows_of(*found, per_row=2))


def _button(name: str, op: Op, request: RequestOut, viewer: Viewer, style: Style = Style.plain) -> Button:
    return Button(translate(f"buttons.{name}", viewer.locale), Press(op, request.id, request.version), style)


def _card(request: RequestOut, viewer: Viewer, buttons: tuple[ButtonRow, ...]) -> Card:
    locale = viewer.locale
    items = tuple(
        phrases.priced(
            phrases.line(line.quantity, line.unit, line.description, locale),
            line.estimated_unit_price,
            request.currency,
            locale,
        )
        for line in request.lines
    )
    return Card(
        title=phrases.title(request.number, phrases.state("request", request.state.value, locale), locale),
        items=items,
        facts=(
            _summary(request, locale),
            translate("cards.asked_by", locale, person=request.requested_by_name),
            *phrases.note(request.note, locale),
            *phrases.reason(request.reason, locale),
            *_siblings(request, locale),
        ),
        buttons=buttons,
        more=translate("cards.more", locale, n="{n}"),
    )


def _summary(request: RequestOut, locale: str) -> str:
    total = (
        money(request.total_estimate, request.currency, locale)
        if request.total_estimate is not None
        else translate("cards.price_open", locale, currency=request.currency)
    )
    return translate(
        "cards.request_summary",
        locale,
        total=total,
        cost_centre=request.cost_centre_name or request.cost_centre,
        day=day(request.needed_by, locale),
    )


def _siblings(request: RequestOut, locale: str) -> tuple[str, ...]:
    return (
        (translate("cards.siblings", locale, numbers=", ".join(request.siblings)),)
        if request.siblings
        else ()
    )
