"""Everything that can be typed or pressed, on every platform: one row per command, one row per button.

    COMMANDS, PRESSES                     for linked people
    UNLINKED_COMMANDS, UNLINKED_PRESSES   for chat accounts of which nothing is known yet

Menus, modals, press checks, docs/parity.md and the tests read the rows.

One rule: a platform's edge unpacks what it was sent and calls what stands here; it decides nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bots.cards.press import Op, Press
from bots.dialog import press_checks
from bots.dialog.context import Context, UnlinkedContext
from bots.dialog.handlers import (
    approvals,
    comments,
    completing,
    dashboard,
    delegations,
    demand,
    digest,
    documents,
    entering,
    findings,
    forms,
    groups,
    handovers,
    help,
    history,
    incoming_files,
    linking,
    lists,
    order_changes,
    orders,
    own_score,
    preferences,
    quotes,
    reply_dispatch,
    reports,
    requests,
    rfq_changes,
    rfq_questions,
    sourcing,
    team,
    turn_page,
    vendors,
    verdicts,
    web_logins,
)
from bots.dialog.message import IncomingMessage
from bots.dialog.specs import (
    ADMIN,
    AUDITOR,
    BUYERS,
    DECIDERS,
    EVERYBODY,
    OFFICER,
    STAFF,
    VENDOR,
    ButtonSpec,
    CommandSpec,
)
from bots.forms.handover import HandoverKind
from bots.forms.reason import ReasonKind


async def run_offered_command(ctx: Context, press: Press) -> str:
    """The command of a message in somebody else's words, now that this person wants it; once, however often."""
    message = IncomingMessage.parse(f"/{press.arg}")
    if message.command not in COMMANDS:
        return press_checks.log_refused_press(press, "malformed", ctx.translate("cards.not_a_button"))
    once = ctx.press_key(replace(press, arg=""))  # the message offers one command only, in any letters
    await dispatch_command(replace(ctx, update_key=once), message)
    return ""


_COMMANDS: tuple[CommandSpec[Context], ...] = (
    CommandSpec("request", requests.request, STAFF, "3x laptop @1200 by 1 Dec for IT", asks=True),
    CommandSpec("my", lists.my_requests, STAFF, "completed"),
    CommandSpec("rfqs", lists.rfqs, OFFICER | VENDOR),
    CommandSpec("quote", quotes.quote, VENDOR, "RFQ-31 1: 1180 10d"),
    CommandSpec("nobid", quotes.no_bid, VENDOR, "RFQ-31 out of range"),
    CommandSpec("rfq", sourcing.ask_vendors_by_command, OFFICER, "REQ-104"),
    CommandSpec("approvals", approvals.show_pending, DECIDERS),
    CommandSpec("approve", approvals.approve_by_command, DECIDERS, "REQ-104"),
    CommandSpec("reject", approvals.reject_by_command, DECIDERS, "REQ-104 too dear"),
    CommandSpec("reject_request", approvals.reject_request_by_command, DECIDERS, "REQ-104 not needed"),
    CommandSpec("ask", approvals.ask_by_command, DECIDERS, "REQ-104 have we none left?"),
    CommandSpec("undo", approvals.undo_by_command, DECIDERS, "REQ-104"),
    CommandSpec("forward", handovers.by_command(HandoverKind.forward), DECIDERS, "REQ-104 @colleague"),
    CommandSpec(
        "reassign", handovers.by_command(HandoverKind.reassign), ADMIN, "REQ-104 @colleague is on holiday"
    ),
    CommandSpec("compare", sourcing.compare_by_command, DECIDERS | AUDITOR, "REQ-104"),
    CommandSpec("close", sourcing.close_by_command, OFFICER, "RFQ-31"),
    CommandSpec("propose", sourcing.propose_by_command, OFFICER, "RFQ-31 Vendor A: faster"),
    CommandSpec("split", sourcing.split_by_command, OFFICER, "RFQ-31"),
    CommandSpec("deadline", rfq_changes.deadline_by_command, OFFICER, "RFQ-31"),
    CommandSpec("add_vendors", rfq_changes.add_by_command, OFFICER, "RFQ-31"),
    CommandSpec("correct", rfq_changes.correct_by_command, OFFICER, "RFQ-31"),
    CommandSpec("cancel_rfq", rfq_changes.cancel_by_command, OFFICER, "RFQ-31 wrong model"),
    CommandSpec("attach", incoming_files.attach_by_command, STAFF, "REQ-104"),
    CommandSpec("enter", entering.enter_by_command, OFFICER, "RFQ-31"),
    CommandSpec("complete", completing.complete_by_command, OFFICER | VENDOR, "RFQ-31"),
    CommandSpec("question", rfq_questions.ask_by_command, VENDOR, "RFQ-31 which keyboard?"),
    CommandSpec("clarify", rfq_questions.answer_by_command, OFFICER, "RFQ-31 German."),
    CommandSpec("confirm", rfq_questions.confirm_by_command, VENDOR, "RFQ-31"),
    CommandSpec("status", lists.status, EVERYBODY, "REQ-104"),
    CommandSpec("comment", comments.comment, STAFF, "REQ-104 the old ones go to the workshop"),
    CommandSpec("files", documents.files, DECIDERS | AUDITOR | VENDOR, "REQ-104"),
    CommandSpec("po", lists.show_orders, OFFICER | AUDITOR | VENDOR, "PO-77"),
    CommandSpec("order", history.order_by_command, STAFF | AUDITOR | VENDOR, "PO-77"),
    CommandSpec("acknowledge", orders.acknowledge_by_command, VENDOR, "PO-77"),
    CommandSpec("refuse", order_changes.by_command(ReasonKind.refuse_order), VENDOR, "PO-77 sold out"),
    CommandSpec("change", order_changes.change_by_command, VENDOR, "PO-77"),
    CommandSpec("accept", order_changes.accept_by_command, BUYERS | VENDOR, "PO-77"),
    CommandSpec(
        "decline", order_changes.by_command(ReasonKind.decline_change), BUYERS | VENDOR, "PO-77 too late"
    ),
    CommandSpec("take_back", order_changes.take_back_by_command, BUYERS | VENDOR, "PO-77"),
    CommandSpec(
        "call_off", order_changes.by_command(ReasonKind.call_off_order), BUYERS | VENDOR, "PO-77 we moved out"
    ),
    CommandSpec(
        "close_order", order_changes.by_command(ReasonKind.close_order), BUYERS, "PO-77 the rest is sold out"
    ),
    CommandSpec(
        "cancel_order", order_changes.by_command(ReasonKind.cancel_order), BUYERS, "PO-77 wrong model"
    ),
    CommandSpec("receive", orders.receive, STAFF, "PO-77"),
    CommandSpec("correct_receipt", orders.correct_by_command, STAFF, "PO-77"),
    CommandSpec("return", orders.return_by_command, STAFF, "PO-77"),
    CommandSpec("edit", requests.edit_by_command, STAFF, "REQ-104"),
    CommandSpec("copy", requests.copy_by_command, STAFF, "REQ-104"),
    CommandSpec("drop", requests.drop_by_command, STAFF, "REQ-104"),
    CommandSpec("withdraw", requests.withdraw_by_command, STAFF | VENDOR, "REQ-104 needless"),
    CommandSpec("cancel_request", requests.cancel_by_command, BUYERS, "REQ-104 we moved out"),
    CommandSpec("delegate", delegations.delegate, DECIDERS, "@colleague until 2026-12-05", asks=True),
    CommandSpec("vendors", vendors.vendors, BUYERS | AUDITOR, "hardware"),
    CommandSpec("invite", vendors.invite, BUYERS, "Alder Computing"),
    CommandSpec("report", reports.report, DECIDERS | AUDITOR, "spend"),
    CommandSpec("findings", findings.findings_by_command, DECIDERS | AUDITOR, "REQ-104"),
    CommandSpec("score", own_score.show_own, VENDOR),
    CommandSpec("demand", demand.demand, DECIDERS | AUDITOR, "toner"),
    CommandSpec("audit", history.audit, ADMIN | AUDITOR, "REQ-104"),
    CommandSpec("team", team.team, ADMIN, "manager"),
    CommandSpec("link", groups.link_group, ADMIN),
    CommandSpec("unlink", groups.unlink_group, ADMIN),
    CommandSpec("settings", preferences.preferences, EVERYBODY, asks=True),
    CommandSpec("language", preferences.language, EVERYBODY, "de"),
    CommandSpec("help", help.show_help, EVERYBODY),
    CommandSpec("cancel", forms.cancel, EVERYBODY),
    CommandSpec("digest", digest.show_digest, EVERYBODY),
    CommandSpec("dashboard", dashboard.open_dashboard, EVERYBODY, "REQ-104"),
    CommandSpec("snooze", digest.snooze_by_command, EVERYBODY, "hour"),
    CommandSpec("whoami", help.whoami, EVERYBODY),
    CommandSpec("login", web_logins.login_by_command, EVERYBODY, "47"),
)
_UNLINKED_COMMANDS: tuple[CommandSpec[UnlinkedContext], ...] = (
    CommandSpec("start", linking.start, frozenset(), "CODE"),
)
_BUTTONS: tuple[ButtonSpec[Context], ...] = (
    ButtonSpec(Op.form, forms.press_choice, versioned=False),
    ButtonSpec(Op.run_command, run_offered_command, versioned=False),
    ButtonSpec(Op.ask_vendors, sourcing.ask_vendors, "rfq REQ-104"),
    ButtonSpec(Op.take_back_request, requests.start_correction, "edit REQ-104", asks=True),
    ButtonSpec(Op.edit_request, requests.start_correction, "edit REQ-104", asks=True),
    ButtonSpec(Op.withdraw_request, requests.start_withdrawal, "withdraw REQ-104 needless", asks=True),
    ButtonSpec(Op.cancel_request, requests.start_withdrawal, "cancel_request REQ-104 needless", asks=True),
    ButtonSpec(
        Op.reject_unapproved, requests.start_withdrawal, "reject_request REQ-104 not needed", asks=True
    ),
    ButtonSpec(Op.drop_line, requests.start_dropping, "drop REQ-104"),
    ButtonSpec(Op.move_deadline, rfq_changes.start_deadline, "deadline RFQ-31"),
    ButtonSpec(Op.add_vendors, rfq_changes.start_adding, "add_vendors RFQ-31"),
    ButtonSpec(Op.correct_rfq, rfq_changes.start_correction, "correct RFQ-31"),
    ButtonSpec(Op.cancel_rfq, rfq_changes.start_cancelling, "cancel_rfq RFQ-31 wrong model", asks=True),
    ButtonSpec(Op.ask_rfq, rfq_questions.start_question, "question RFQ-31 which keyboard?", asks=True),
    ButtonSpec(Op.answer_rfq, rfq_questions.start_answer, "clarify RFQ-31 German.", asks=True),
    ButtonSpec(Op.attach_files, incoming_files.start_attaching, "attach RFQ-31"),
    ButtonSpec(Op.enter_quote, entering.start_quote, "enter RFQ-31"),
    ButtonSpec(Op.ask_to_complete, completing.ask, "complete RFQ-31 Vendor A"),
    ButtonSpec(Op.enter_acknowledgement, entering.start_confirmation, "enter PO-77"),
    ButtonSpec(Op.confirm_quote, rfq_questions.confirm, "confirm RFQ-31"),
    ButtonSpec(Op.quote, quotes.start_quote, "quote RFQ-31 1: 1180 10d"),
    ButtonSpec(Op.no_bid, quotes.start_decline, "nobid RFQ-31 out of range", asks=True),
    ButtonSpec(Op.withdraw_quote, quotes.start_withdrawal, "withdraw RFQ-31 a mistake", asks=True),
    ButtonSpec(Op.close_rfq, sourcing.close_rfq, "close RFQ-31"),
    ButtonSpec(Op.propose, sourcing.start_proposal, "propose RFQ-31 Vendor A: faster", asks=True),
    ButtonSpec(Op.split_award, sourcing.start_split, "split RFQ-31", asks=True),
    ButtonSpec(Op.compare, sourcing.open_comparison, "compare REQ-104", versioned=False),
    ButtonSpec(Op.compare_text, sourcing.open_comparison_as_text, "compare REQ-104 text", versioned=False),
    ButtonSpec(Op.approve, approvals.approve, "approve REQ-104"),
    ButtonSpec(Op.approve_reply, verdicts.confirm_approval, "approve REQ-104"),
    ButtonSpec(Op.reject, approvals.ask_for_reason, "reject REQ-104 too dear", asks=True),
    ButtonSpec(Op.reject_request, approvals.ask_for_reason, "reject_request REQ-104 not needed", asks=True),
    ButtonSpec(Op.ask, approvals.ask_for_reason, "ask REQ-104 have we none left?", asks=True),
    ButtonSpec(Op.undo, approvals.undo, "undo REQ-104"),
    ButtonSpec(Op.forward, handovers.start, "forward REQ-104 @colleague", asks=True),
    ButtonSpec(Op.reassign, handovers.start, "reassign REQ-104 @colleague is on holiday", asks=True),
    ButtonSpec(Op.acknowledge, orders.acknowledge, "acknowledge PO-77"),
    ButtonSpec(Op.refuse_order, order_changes.ask_why, "refuse PO-77 sold out", asks=True),
    ButtonSpec(Op.change_order, order_changes.change, "change PO-77", asks=True),
    ButtonSpec(Op.accept_change, order_changes.accept, "accept PO-77"),
    ButtonSpec(Op.decline_change, order_changes.ask_why, "decline PO-77 too late", asks=True),
    ButtonSpec(Op.take_back_change, order_changes.take_back, "take_back PO-77"),
    ButtonSpec(Op.call_off_order, order_changes.ask_why, "call_off PO-77 we moved out", asks=True),
    ButtonSpec(Op.close_order, order_changes.ask_why, "close_order PO-77 the rest is sold out", asks=True),
    ButtonSpec(Op.cancel_order, order_changes.ask_why, "cancel_order PO-77 wrong model", asks=True),
    ButtonSpec(Op.receive_all, orders.receive_all, "receive PO-77 all"),
    ButtonSpec(Op.receive_lines, orders.receive_lines, "receive PO-77", asks=True),
    ButtonSpec(Op.correct_receipt, orders.correct, "correct_receipt PO-77", asks=True),
    ButtonSpec(Op.return_goods, orders.return_goods, "return PO-77", asks=True),
    ButtonSpec(Op.open_request, lists.open_card, "status REQ-104", versioned=False, in_groups=True),
    ButtonSpec(Op.open_rfq, lists.open_card, "status RFQ-31", versioned=False),
    ButtonSpec(Op.open_approval, lists.open_card, "approvals", versioned=False),
    ButtonSpec(Op.open_order, lists.open_card, "po PO-77", versioned=False),
    ButtonSpec(Op.order_history, history.order_history, "order PO-77", versioned=False),
    ButtonSpec(Op.open_demand, demand.open_item, "demand toner", versioned=False),
    ButtonSpec(Op.draft_demand, demand.draft, "demand toner", versioned=False, asks=True),
    ButtonSpec(Op.page, turn_page.turn_page, "my completed", versioned=False),
    ButtonSpec(Op.files, documents.show_files, "files REQ-104", versioned=False),
    ButtonSpec(Op.file, documents.send_file, "files REQ-104 1", versioned=False),
    ButtonSpec(Op.snooze, digest.snooze, "snooze hour", subject=False, args=frozenset(digest.SNOOZES)),
    ButtonSpec(
        Op.delegate,
        delegations.start_delegation,
        "delegate @colleague until 2026-12-05",
        asks=True,
        subject=False,
    ),
    ButtonSpec(Op.end_delegation, delegations.end_delegation, "delegate end"),
    ButtonSpec(Op.unlink_chat, team.unlink_chat, "team Mara Schulz unlink telegram"),
    ButtonSpec(Op.web_login, web_logins.answer, "login 47", versioned=False),
    ButtonSpec(Op.explain_finding, findings.explain, "findings REQ-104", versioned=False),
    ButtonSpec(Op.fine_because, findings.ask_why_fine, "findings REQ-104", asks=True),
    ButtonSpec(Op.hold_finding, findings.hold, "findings REQ-104"),
    ButtonSpec(Op.confirm_finding, findings.confirm, "findings REQ-104"),
    ButtonSpec(Op.settings, preferences.start_preferences, "settings", asks=True, subject=False),
    ButtonSpec(Op.dashboard, dashboard.open_by_button, "dashboard", versioned=False, subject=False),
)
_UNLINKED_BUTTONS: tuple[ButtonSpec[UnlinkedContext], ...] = (
    ButtonSpec(Op.link_confirm, linking.confirm, versioned=False),
    ButtonSpec(Op.link_refuse, linking.refuse, versioned=False),
)

COMMANDS: Mapping[str, CommandSpec[Context]] = MappingProxyType({spec.name: spec for spec in _COMMANDS})
UNLINKED_COMMANDS: Mapping[str, CommandSpec[UnlinkedContext]] = MappingProxyType(
    {spec.name: spec for spec in _UNLINKED_COMMANDS}
)
PRESSES: Mapping[Op, ButtonSpec[Context]] = MappingProxyType({spec.op: spec for spec in _BUTTONS})
UNLINKED_PRESSES: Mapping[Op, ButtonSpec[UnlinkedContext]] = MappingProxyType(
    {spec.op: spec for spec in _UNLINKED_BUTTONS}
)


async def dispatch_message(ctx: Context, message: IncomingMessage) -> None:
    """Whatever somebody wrote or sent: a command, files, words, or what is none of these."""
    if message.command:
        await dispatch_command(ctx, message)
    elif message.files:
        await incoming_files.files_received(ctx, message)
    elif message.text.strip():
        await dispatch_text(ctx, message)
    if message.has_unread:
        await help.unread_kind(ctx, message)


async def dispatch_edit(ctx: Context, message: IncomingMessage) -> None:
    """An edited message is read again when it was the open form's last word, or began it; else it changes nothing."""
    match await forms.answer_by_edit(ctx, message):
        case forms.Edit.begins_anew:
            await dispatch_message(ctx, message)
        case forms.Edit.counts_for_nothing:
            await ctx.responder.text(ctx.translate("forms.edit_counts_for_nothing"))


async def dispatch_command(ctx: Context, message: IncomingMessage) -> None:
    """A command, or the nearest ones when there is none of this name; one in others' words only brings a button."""
    spec = COMMANDS.get(message.command)
    if spec is None:
        await help.unknown_command(ctx, message, known=(*UNLINKED_COMMANDS, *COMMANDS))
    elif message.is_others:
        await help.offer_command(ctx, message)
    else:
        await spec.handler(ctx, message)


async def dispatch_press(ctx: Context, press: Press) -> str:
    """A button; the short answer under it."""
    spec = PRESSES.get(press.op)
    if spec is None or press_checks.is_malformed(press, spec):
        return press_checks.log_refused_press(press, "malformed", ctx.translate("cards.not_a_button"))
    if ctx.origin.group is None:
        return await spec.handler(ctx, press)
    if not spec.in_groups:
        return press_checks.log_refused_press(press, "in_a_group", ctx.translate("cards.not_a_button"))
    return await spec.handler(ctx, press) or ctx.translate("groups.shown_privately")


async def dispatch_text(ctx: Context, message: IncomingMessage) -> None:
    """Plain text answers what it replies to, else the open form; else it does nothing."""
    if await reply_dispatch.dispatch_reply(ctx, message) or await forms.answer_open_form(ctx, message):
        return
    if await requests.draft_of_words(ctx, message):
        return
    await help.unexpected_text(ctx, message)
