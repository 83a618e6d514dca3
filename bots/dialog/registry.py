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
from bots.dialog import press_checks
from bots.dialog.context import Context, UnlinkedContext
from bots.dialog.handlers import (
    approvals,
    comments,
    delegations,
    digest,
    documents,
    forms,
    groups,
    help,
    history,
    linking,
    lists,
    orders,
    preferences,
    quotes,
    reply_dispatch,
    requests,
    sourcing,
    team,
    typed,
    vendors,
    verdicts,
)
from bots.dialog.message import IncomingMessage

COMMANDS: Mapping[str, Callable[[Context, IncomingMessage], Awaitable[None]]] = MappingProxyType(
    {
        "acknowledge": typed.acknowledge,
        "approvals": approvals.show_pending,
        "approve": typed.approve,
        "ask": typed.ask,
        "audit": history.audit,
        "cancel": forms.cancel,
        "cancel_request": typed.cancel_request,
        "close": typed.close,
        "comment": comments.comment,
        "compare": typed.compare,
        "copy": typed.copy,
        "delegate": delegations.delegate,
        "digest": digest.show_digest,
        "files": documents.files,
        "help": help.show_help,
        "invite": vendors.invite,
        "language": preferences.language,
        "link": groups.link_group,
        "settings": preferences.preferences,
        "my": lists.my_requests,
        "nobid": quotes.no_bid,
        "po": typed.show_order,
        "propose": typed.propose,
        "quote": quotes.quote,
        "receive": orders.receive,
        "reject": typed.reject,
        "request": requests.request,
        "rfq": typed.ask_vendors,
        "rfqs": lists.rfqs,
        "snooze": digest.snooze_by_command,
        "status": lists.status,
        "team": team.team,
        "undo": typed.undo,
        "unlink": groups.unlink_group,
        "vendors": vendors.vendors,
        "whoami": help.whoami,
        "withdraw": typed.withdraw,
    }
)
PRESSES: Mapping[Op, Callable[[Context, Press], Awaitable[str]]] = MappingProxyType(
    {
        Op.form: forms.press_choice,
        Op.ask_vendors: sourcing.ask_vendors,
        Op.withdraw_request: requests.start_withdrawal,
        Op.cancel_request: requests.start_withdrawal,
        Op.quote: quotes.start_quote,
        Op.no_bid: quotes.start_decline,
        Op.withdraw_quote: quotes.start_withdrawal,
        Op.close_rfq: sourcing.close_rfq,
        Op.propose: sourcing.start_proposal,
        Op.compare: sourcing.open_comparison,
        Op.compare_text: sourcing.open_comparison_as_text,
        Op.approve: approvals.approve,
        Op.approve_reply: verdicts.confirm_approval,
        Op.reject: approvals.ask_for_reason,
        Op.ask: approvals.ask_for_reason,
        Op.undo: approvals.undo,
        Op.acknowledge: orders.acknowledge,
        Op.receive_all: orders.receive_all,
        Op.receive_lines: orders.receive_lines,
        Op.open_request: lists.open_card,
        Op.open_rfq: lists.open_card,
        Op.open_approval: lists.open_card,
        Op.open_order: lists.open_card,
        Op.files: documents.show_files,
        Op.file: documents.send_file,
        Op.snooze: digest.snooze,
        Op.delegate: delegations.start_delegation,
        Op.end_delegation: delegations.end_delegation,
        Op.settings: preferences.start_preferences,
    }
)
UNLINKED_COMMANDS: Mapping[str, Callable[[UnlinkedContext, IncomingMessage], Awaitable[None]]] = (
    MappingProxyType({"start": linking.start})
)
UNLINKED_PRESSES: Mapping[Op, Callable[[UnlinkedContext, Press], Awaitable[str]]] = MappingProxyType(
    {Op.link_confirm: linking.confirm, Op.link_refuse: linking.refuse}
)
TYPED_EQUIVALENTS: Mapping[Op, str] = MappingProxyType(
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
        Op.approve_reply: "/approve REQ-104",
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
PRESSED_BY_LABEL = frozenset({Op.form})
"""A button of an open form is pressed by typing its label."""


async def dispatch_command(ctx: Context, message: IncomingMessage) -> None:
    """A command, or the nearest ones when there is none of this name."""
    await COMMANDS.get(message.command, help.unknown_command)(ctx, message)


async def dispatch_press(ctx: Context, press: Press) -> str:
    """A button; the short answer under it."""
    if press_checks.is_malformed(press) or press.op not in PRESSES:
        return press_checks.log_refused_press(press, "malformed", ctx.translate("cards.not_a_button"))
    if ctx.origin.group is None:
        return await PRESSES[press.op](ctx, press)
    if press.op not in groups.GROUP_OPS:
        return press_checks.log_refused_press(press, "in_a_group", ctx.translate("cards.not_a_button"))
    return await PRESSES[press.op](ctx, press) or ctx.translate("groups.shown_privately")


async def dispatch_text(ctx: Context, message: IncomingMessage) -> None:
    """Words belong to what they reply to, else to the open form, else they do nothing."""
    if await reply_dispatch.dispatch_reply(ctx, message) or await forms.answer_open_form(ctx, message):
        return
    await help.unexpected_text(ctx, message)


async def dispatch_files(ctx: Context, message: IncomingMessage) -> None:
    """Files without a command."""
    await quotes.files_received(ctx, message)
