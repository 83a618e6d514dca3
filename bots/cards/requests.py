"""The card of a procurement request: for whoever asked, and for the officer who asks vendors."""

from api.contract.requests import RequestOut
from api.text import comma_separated, day, money, translate
from bots.cards import action_buttons, phrases
from bots.cards.card import Button, ButtonRow, Card, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer


def for_requester(request: RequestOut, viewer: Viewer) -> Card:
    """What was asked and where it stands; to withdraw it, or one of its lines."""
    found = _buttons(request, action_buttons.REQUESTER, viewer)
    found += _buttons(request, action_buttons.DROPPING, viewer)
    return _card(request, viewer, rows_of(*found))


def for_officer(request: RequestOut, viewer: Viewer) -> Card:
    """The same, with what procurement does about it."""
    found = _buttons(request, action_buttons.SOURCING, viewer)
    if not found and request.rfq_id is not None:
        compare = Press(Op.compare, request.id, request.version)
        found.append(Button(translate("buttons.compare", viewer.locale), compare))
    found += _buttons(request, action_buttons.DROPPING, viewer)
    found += _buttons(request, action_buttons.CANCELLING, viewer)
    return _card(request, viewer, rows_of(*found, per_row=2))


def _buttons(
    request: RequestOut, rows: tuple[action_buttons.ActionButton, ...], viewer: Viewer
) -> list[Button]:
    def press(op: Op) -> Press:
        return Press(op, request.id, request.version)

    return action_buttons.buttons_of(request, rows, press, viewer.locale)


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
            phrases.asked_by(request.requested_by_name, request.entered_by_name, locale),
            *phrases.note(request.note, locale),
            *phrases.reason(request.reason, locale),
            *_siblings(request, locale),
            *phrases.resembles(request.resembles, locale),
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
        day=day(request.needed_by, locale) if request.needed_by else translate("cards.day_open", locale),
    )


def _siblings(request: RequestOut, locale: str) -> tuple[str, ...]:
    return (
        (translate("cards.siblings", locale, numbers=comma_separated(request.siblings, locale)),)
        if request.siblings
        else ()
    )
