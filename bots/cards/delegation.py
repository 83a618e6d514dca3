"""Who decides for whom at this time, and a button that ends it; both people may."""

from collections.abc import Sequence

from api.contract.delegations import DelegationOut
from api.text import moment, money, translate
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

VERSION = 1
"""A delegation is made and ended, and never changed."""


def for_person(found: Sequence[DelegationOut], viewer: Viewer) -> Card:
    """One stands in the title; several under a heading."""
    lines = tuple(_line(each, viewer) for each in found)
    alone = len(lines) == 1
    return Card(
        lines[0] if alone else translate("cards.delegations", viewer.locale),
        items=() if alone else lines,
        buttons=rows_of(*(_end(each, viewer) for each in found), wide=2),
        locale=viewer.locale,
    )


def _line(of: DelegationOut, viewer: Viewer) -> str:
    mine = of.from_.person_id == viewer.person_id
    told = translate(
        "cards.delegated_by_you" if mine else "cards.delegated_to_you",
        viewer.locale,
        person=of.to.name if mine else of.from_.name,
        moment=moment(of.until, viewer.locale, viewer.zone),
    )
    if of.limit is None:
        return told
    amount = money(of.limit.amount, of.limit.currency, viewer.locale)
    return translate("cards.delegated_up_to", viewer.locale, told=told, amount=amount)


def _end(of: DelegationOut, viewer: Viewer) -> Button:
    press = Press(Op.end_delegation, of.id, VERSION)
    if of.from_.person_id == viewer.person_id:
        return Button(translate("buttons.end_delegation", viewer.locale), press)
    return Button(label(translate("buttons.give_back", viewer.locale, person=of.from_.name)), press)
