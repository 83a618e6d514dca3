"""What may be needed of an item, and a button that drafts a request for it; a list of items, a line each."""

import datetime as dt
from collections.abc import Sequence

from api.contract.demand import DemandDetailsOut, DemandItemOut, DemandOut
from api.text import moment, translate
from api.text.demand import DemandWords, lines, window
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

MOST_ITEMS = 8


def item_card(details: DemandDetailsOut, viewer: Viewer) -> Card:
    """One item, with all that is said of it; the button opens the request form filled in."""
    item = details.item
    facts = list(lines(item, viewer.locale))
    if details.stale:
        facts.append(translate("demand.stale", viewer.locale))
    draft = Button(translate("buttons.draft_request", viewer.locale), Press(Op.draft_demand, item.id))
    return Card(
        item.name,
        facts=tuple(facts),
        history=(_forecast_at(details.forecast_at, viewer),),
        buttons=rows_of(draft) if details.draft is not None else (),
        locale=viewer.locale,
    )


def list_card(found: DemandOut, viewer: Viewer) -> Card:
    """The items that are needed most regularly, and a button for each."""
    shown = found.items[:MOST_ITEMS]
    facts = [translate("demand.explain", viewer.locale)]
    if found.stale:
        facts.append(translate("demand.stale", viewer.locale))
    return Card(
        translate("demand.title", viewer.locale),
        facts=tuple(facts),
        items=tuple(_line(each, viewer) for each in shown),
        history=(_forecast_at(found.forecast_at, viewer),) if found.forecast_at is not None else (),
        buttons=_open_buttons(shown),
        locale=viewer.locale,
    )


def _open_buttons(items: Sequence[DemandItemOut]) -> tuple[tuple[Button, ...], ...]:
    return rows_of(*(Button(label(each.name), Press(Op.open_demand, each.id)) for each in items), per_row=2)


def _line(item: DemandItemOut, viewer: Viewer) -> str:
    """Its next quarter, or why there is none, with the months it was counted from."""
    words = DemandWords.of(item, viewer.locale)
    if item.quarter is not None:
        told = translate(
            "demand.quarter",
            viewer.locale,
            middle=words.amount(item.quarter.middle),
            high=words.amount(item.quarter.high),
        )
    else:
        told = translate(f"demand.silent.{item.silent}", viewer.locale) if item.silent else "–"
    return f"{item.name}: {told} {window(item, viewer.locale)}"


def _forecast_at(at: dt.datetime, viewer: Viewer) -> str:
    return translate("demand.forecast_at", viewer.locale, moment=moment(at, viewer.locale, viewer.zone))
