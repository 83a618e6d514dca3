"""Who decides for whom at this time, and a button that ends it; both people may."""

from collections.abc import Sequence

from api.contract.delegations import DelegationOut
from api.text import moment, money, translate
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

VERSION = 1
"""A delegation is made and ended, and never changed."""


def for_person(delegations: Sequence[DelegationOut], viewer: Viewer) -> Card:
    """One stands in the title; several under a heading."""
    lines = tuple(_line(each, viewer) for each in delegations)
    alone = len(lines) == 1
    return Card(
        lines[0] if alone else translate("cards.delegations", viewer.locale),
        items=() if alone else lines,
        buttons=rows_of(*(_end(each, viewer) for each in delegations), per_row=2),
        locale=viewer.locale,
    )


def _line(delegation: DelegationOut, viewer: Viewer) -> str:
    mine = delegation.from_.person_id == viewer.person_id
    text = translate(
        "cards.delegated_by_you" if mine else "cards.delegated_to_you",
        viewer.locale,
        person=delegation.to.name if mine else delegation.from_.name,
        moment=moment(delegation.until, viewer.locale, viewer.zone),
    )
    if delegation.limit is None:
        return text
    amount = money(delegation.limit.amount, delegation.limit.currency, viewer.locale)
    return translate("cards.delegated_up_to", viewer.locale, told=text, amount=amount)


def _end(delegation: DelegationOut, viewer: Viewer) -> Button:
    press = Press(Op.end_delegation, delegation.id, VERSION)
    if delegation.from_.person_id == viewer.person_id:
        return Button(translate("buttons.end_delegation", viewer.locale), press)
    return Button(label(translate("buttons.give_back", viewer.locale, person=delegation.from_.name)), press)
