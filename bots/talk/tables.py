"""Everything that can be said or pressed, on every platform: two tables, and two for the door.

    COMMANDS   a command's name → what it does
    PRESSES    a button's operation → what it does; the text is the short answer under the button
    AT_THE_DOOR, DOOR_PRESSES   the same for those of whom nothing is known yet
    TYPED      a button's operation → the command that does the same

One rule: a platform's edge unpacks what it was sent and calls what stands here; it decides nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bots.cards.press import Op, Press
from bots.talk import claims
from bots.talk.rooms import (
    approvals,
    comments,
    delegations,
    digest,
    door,
    files,
    forms,
    groups,
    help,
    history,
    lists,
    orders,
    quotes,
    replies,
    requests,
    settings,
    sourcing,
    team,
    typed,
    vendors,
    verdicts,
)
from bots.talk.said import Said
from bots.talk.turn import Guest, Turn

COMMANDS: Mapping[str, Callable[[Turn, Said], Awaitable[None]]] = MappingProxyType(
    {
        "acknowledge": typed.acknowledge,
        "approvals": approvals.waiting,
        "approve": typed.approve,
        "ask": typed.ask,
        "audit": history.audit,
        "cancel": forms.cancel,
        "cancel_request": typed.cancel_request,
        "close": typed.close,
        "comment": comments.by_command,
        "compare": typed.compare,
        "copy": typed.copy,
        "delegate": delegations.delegate,
        "digest": digest.show,
        "files": files.by_command,
        "help": help.help_,
        "invite": vendors.invite,
        "language": settings.language,
        "link": groups.link,
        "settings": settings.settings,
        "my": lists.mine,
        "nobid": quotes.no_bid,
        "po": typed.show_order,
        "propose": typed.propose,
        "quote": quotes.quote,
        "receive": orders.by_command,
        "reject": typed.reject,
        "request": requests.request,
        "rfq": typed.ask_vendors,
        "rfqs": lists.rfqs,
        "snooze": digest.by_command,
        "status": lists.status,
        "team": team.team,
        "undo": typed.undo,
        "unlink": groups.unlink,
        "vendors": vendors.vendors,
        "whoami": help.whoami,
        "withdraw": typed.withdraw,
    }
)
PRESSES: Mapping[Op, Callable[[Turn, Press], Awaitable[str]]] = MappingProxyType(
    {
        Op.form: forms.choose,
        Op.ask_vendors: sourcing.ask_vendors,
        Op.withdraw_request: requests.take_back,
        Op.cancel_request: requests.take_back,
        Op.quote: quotes.begin,
        Op.no_bid: quotes.decline,
        Op.withdraw_quote: quotes.withdraw,
        Op.close_rfq: sourcing.close,
        Op.propose: sourcing.propose,
        Op.compare: sourcing.compare,
        Op.compare_text: sourcing.as_text,
        Op.approve: approvals.approve,
        Op.approve_said: verdicts.confirm,
        Op.reject: approvals.with_words,
        Op.ask: approvals.with_words,
        Op.undo: approvals.undo,
        Op.acknowledge: orders.acknowledge,
        Op.receive_all: orders.receive_all,
        Op.receive_lines: orders.receive_lines,
        Op.open_request: lists.open_one,
        Op.open_rfq: lists.open_one,
        Op.open_approval: lists.open_one,
        Op.open_order: lists.open_one,
        Op.files: files.listing,
        Op.file: files.one,
        Op.snooze: digest.snooze,
        Op.delegate: delegations.begin,
        Op.end_delegation: delegations.end,
        Op.settings: settings.begin,
    }
)
AT_THE_DOOR: Mapping[str, Callable[[Guest, Said], Awaitable[None]]] = MappingProxyType({"start": door.start})
DOOR_PRESSES: Mapping[Op, Callable[[Guest, Press], Awaitable[str]]] = MappingProxyType(
    {Op.link_confirm: door.confirm, Op.link_refuse: door.refuse}
)
TYPED: Mapping[Op, str] = MappingProxyType(
    {
        Op.ask_vendors: "/rfq REQ-104",
        Op.withdraw_request: "/withdraw REQ-104 needless",
        Op.cancel_request: "/cancel_request REQ-104 needless",
        Op.quote: "/quote RFQ-31 1: 1180 10d",
        Op.no_bid: "/nobid RFQ-31 out of range",
        Op.withdraw_quote: "/withdraw RFQ-31 a mistake",
        Op.close_rfq: "/close RFQ-31",
        Op.propose: "/propose RFQ-31 Vendor A: faster",
        Op.compare: "/compare REQ-104",
        Op.compare_text: "/compare REQ-104 text",
        Op.approve: "/approve REQ-104",
        Op.approve_said: "/approve REQ-104",
        Op.reject: "/reject REQ-104 too dear",
        Op.ask: "/ask REQ-104 have we none left?",
        Op.undo: "/undo REQ-104",
        Op.acknowledge: "/acknowledge PO-77",
        Op.receive_all: "/receive PO-77 all",
        Op.receive_lines: "/receive PO-77",
        Op.open_request: "/status REQ-104",
        Op.open_rfq: "/status RFQ-31",
        Op.open_approval: "/approvals",
        Op.open_order: "/po PO-77",
        Op.files: "/files REQ-104",
        Op.file: "/files REQ-104 1",
        Op.snooze: "/snooze hour",
        Op.delegate: "/delegate @colleague until 2026-12-05",
        Op.end_delegation: "/delegate end",
        Op.settings: "/settings",
    }
)
BY_ITS_LABEL = frozenset({Op.form})
"""A button of an open form is pressed by typing its label."""


async def command(turn: Turn, said: Said) -> None:
    """A command, or the nearest ones when there is none of this name."""
    await COMMANDS.get(said.command, help.unknown)(turn, said)


async def press(turn: Turn, claim: Press) -> str:
    """A button; the short answer under it."""
    if claims.malformed(claim) or claim.op not in PRESSES:
        return claims.refused(claim, "malformed", turn.say("cards.not_a_button"))
    if turn.place.group is None:
        return await PRESSES[claim.op](turn, claim)
    if claim.op not in groups.PRESSED_IN_GROUPS:
        return claims.refused(claim, "in_a_group", turn.say("cards.not_a_button"))
    return await PRESSES[claim.op](turn, claim) or turn.say("groups.shown_privately")


async def words(turn: Turn, said: Said) -> None:
    """Words belong to what they reply to, else to the open form, else they do nothing."""
    if await replies.replied(turn, said) or await forms.typed(turn, said):
        return
    await help.loose(turn, said)


async def dropped(turn: Turn, said: Said) -> None:
    """Files without a command."""
    await quotes.dropped(turn, said)
