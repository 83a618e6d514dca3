"""What may be done with a thing now: the verb, what it needs, and until when it may be done.

One rule: an action is offered exactly when the use case of its verb would accept it.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class ActionVerb(StrEnum):
    """Everything that people do to a request, an RFQ, a quote, an approval or an order."""

    edit = "edit"
    submit = "submit"
    take_back = "take_back"
    drop_lines = "drop_lines"
    withdraw = "withdraw"
    cancel = "cancel"
    ask_vendors = "ask_vendors"
    quote = "quote"
    decline = "decline"
    close = "close"
    revise = "revise"
    propose = "propose"
    approve = "approve"
    reject = "reject"
    reject_request = "reject_request"
    move_deadline = "move_deadline"
    add_vendors = "add_vendors"
    correct = "correct"
    confirm = "confirm"
    enter_quote = "enter_quote"
    ask_question = "ask_question"
    answer_question = "answer_question"
    acknowledge_for = "acknowledge_for"
    ask = "ask"
    undo = "undo"
    answer = "answer"
    acknowledge = "acknowledge"
    refuse = "refuse"
    change = "change"
    call_off = "call_off"
    accept = "accept"
    receive = "receive"
    return_goods = "return_goods"
    close_short = "close_short"


class Needs(StrEnum):
    """What a person must give with an action; without it the call is refused."""

    nothing = "nothing"
    reason = "reason"
    lines = "lines"
    vendors = "vendors"
    deadline = "deadline"
    text = "text"


@dataclass(frozen=True)
class Action:
    """One thing that may be done now; ``until`` is when the offer ends by itself."""

    verb: ActionVerb
    needs: Needs = Needs.nothing
    until: dt.datetime | None = None


def day_end(day: dt.date) -> dt.datetime:
    """The first moment after this day, in UTC as all days of the rules are."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
