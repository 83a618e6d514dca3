"""The card of a procurement request: for whoever asked, and for the officer who asks vendors."""

from api.contract.requests import RequestOut
from api.text import day, money, translate
from bots.cards import words
from bots.cards.card import Button, Card, Row, Style, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

WITHDRAWABLE = frozenset({"draft", "submitted", "sourcing", "quoted", "awaiting_approval"})
SOURCEABLE = frozenset({"submitted", "sourcing"})
CANCELLABLE = WITHDRAWABLE | {"approved", "ordered"}


def for_requester(request: RequestOut, viewer: Viewer) -> Card:
    """What was asked and where it stands; the only thing to press is to take it back."""
    buttons: tuple[Row, ...] = ()
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
    return _card(request, viewer, rows_of(*found, wide=2))


def _button(name: str, op: Op, of: RequestOut, viewer: Viewer, style: Style = Style.plain) -> Button:
    return Button(translate(f"buttons.{name}", viewer.locale), Press(op, of.id, of.version), style)


def _card(of: RequestOut, viewer: Viewer, buttons: tuple[Row, ...]) -> Card:
    locale = viewer.locale
    items = tuple(
        words.priced(
            words.line(line.quantity, line.unit, line.description, locale),
            line.estimated_unit_price,
            of.currency,
            locale,
        )
        for line in of.lines
    )
    return Card(
        title=words.title(of.number, words.state("request", of.state.value, locale), locale),
        items=items,
        facts=(
            _summary(of, locale),
            translate("cards.asked_by", locale, person=of.requested_by_name),
            *words.note(of.note, locale),
            *words.reason(of.reason, locale),
            *_siblings(of, locale),
        ),
        buttons=buttons,
        more=translate("cards.more", locale, n="{n}"),
    )


def _summary(of: RequestOut, locale: str) -> str:
    total = (
        money(of.total_estimate, of.currency, locale)
        if of.total_estimate is not None
        else translate("cards.price_open", locale, currency=of.currency)
    )
    return translate(
        "cards.request_summary",
        locale,
        total=total,
        cost_centre=of.cost_centre_name or of.cost_centre,
        day=day(of.needed_by, locale),
    )


def _siblings(of: RequestOut, locale: str) -> tuple[str, ...]:
    return (translate("cards.siblings", locale, numbers=", ".join(of.siblings)),) if of.siblings else ()
