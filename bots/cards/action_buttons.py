"""Which button an offered action has: one row per verb and card.

One rule: a button stands on a card because the API offers its action, never because of a state or a role.

An action without a row is not pressed in chats: a draft is edited and submitted in its form, a request is taken
back through the API (in chats it is withdrawn and copied), a question is answered by a reply, and an order is
answered for a vendor through the API.
"""

from collections.abc import Callable
from dataclasses import dataclass

from api.contract.actions import Actionable, ActionVerb
from api.text import translate
from bots.cards.card import Button, Style
from bots.cards.press import Op, Press

V = ActionVerb


@dataclass(frozen=True)
class ActionButton:
    """The button of an action: what pressing it claims, and the key of its label."""

    verb: ActionVerb
    op: Op
    label: str
    style: Style = Style.plain


REQUESTER = (ActionButton(V.withdraw, Op.withdraw_request, "withdraw"),)
DROPPING = (ActionButton(V.drop_lines, Op.drop_line, "drop_line"),)
SOURCING = (ActionButton(V.ask_vendors, Op.ask_vendors, "ask_vendors", Style.good),)
CANCELLING = (
    ActionButton(V.reject, Op.reject_unapproved, "reject_request", Style.danger),
    ActionButton(V.cancel, Op.cancel_request, "cancel_request", Style.danger),
)
FIRST_QUOTE = (
    ActionButton(V.quote, Op.quote, "quote", Style.good),
    ActionButton(V.decline, Op.no_bid, "no_bid", Style.danger),
)
NEXT_REVISION = (ActionButton(V.quote, Op.quote, "revise_quote"),)
OWN_QUOTE = (
    ActionButton(V.confirm, Op.confirm_quote, "confirm_quote", Style.good),
    ActionButton(V.withdraw, Op.withdraw_quote, "withdraw_quote", Style.danger),
)
ASKING = (ActionButton(V.ask_question, Op.ask_rfq, "ask_rfq"),)
AMENDING = (
    ActionButton(V.move_deadline, Op.move_deadline, "move_deadline"),
    ActionButton(V.add_vendors, Op.add_vendors, "add_vendors"),
    ActionButton(V.correct, Op.correct_rfq, "correct_rfq"),
    ActionButton(V.cancel, Op.cancel_rfq, "cancel_rfq", Style.danger),
)
CLOSING = (ActionButton(V.close, Op.close_rfq, "close_rfq", Style.danger),)
DECIDING = (
    ActionButton(V.approve, Op.approve, "approve", Style.good),
    ActionButton(V.reject, Op.reject, "reject", Style.danger),
    ActionButton(V.ask, Op.ask, "ask"),
)
ENDING = (ActionButton(V.reject_request, Op.reject_request, "reject_request", Style.danger),)
UNDOING = (ActionButton(V.undo, Op.undo, "undo"),)
RECEIVING = (
    ActionButton(V.receive, Op.receive_all, "receive_all", Style.good),
    ActionButton(V.receive, Op.receive_lines, "receive_lines"),
    ActionButton(V.correct, Op.correct_receipt, "correct_receipt"),
    ActionButton(V.return_goods, Op.return_goods, "return_goods"),
)
ACKNOWLEDGING = (
    ActionButton(V.acknowledge, Op.acknowledge, "acknowledge", Style.good),
    ActionButton(V.change, Op.change_order, "change_order"),
    ActionButton(V.refuse, Op.refuse_order, "refuse_order", Style.danger),
)
SETTLING = (
    ActionButton(V.accept, Op.accept_change, "accept_change", Style.good),
    ActionButton(V.decline, Op.decline_change, "decline_change", Style.danger),
    ActionButton(V.withdraw, Op.take_back_change, "take_back_change"),
    ActionButton(V.call_off, Op.call_off_order, "call_off_order"),
)
ENDING_ORDER = (
    ActionButton(V.close_short, Op.close_order, "close_order", Style.danger),
    ActionButton(V.cancel, Op.cancel_order, "cancel_order", Style.danger),
)

ROWS = (
    *REQUESTER,
    *DROPPING,
    *SOURCING,
    *CANCELLING,
    *FIRST_QUOTE,
    *NEXT_REVISION,
    *OWN_QUOTE,
    *ASKING,
    *AMENDING,
    *CLOSING,
    *DECIDING,
    *ENDING,
    *UNDOING,
    *RECEIVING,
    *ACKNOWLEDGING,
    *SETTLING,
    *ENDING_ORDER,
)
"""All of them. The label of a proposal or an answer names a vendor, so the comparison draws those."""


def buttons_of(
    thing: Actionable,
    rows: tuple[ActionButton, ...],
    press: Callable[[Op], Press],
    locale: str,
    **facts: object,
) -> list[Button]:
    """The buttons of those of these actions that are offered; ``facts`` is what a label may name."""
    return [
        Button(translate(f"buttons.{row.label}", locale, **facts), press(row.op), row.style)
        for row in rows
        if thing.offers(row.verb)
    ]
