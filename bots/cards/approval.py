"""The card of an approval: what is decided, who decided already, what was asked; buttons for who decides."""

from api.contract.approvals import ApprovalOut, QuestionOut, StepOut
from api.text import moment, money, number, translate
from bots.cards import action_buttons, approval_facts, phrases
from bots.cards.action_buttons import buttons_of
from bots.cards.card import Button, ButtonRow, Card, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer


def for_approver(approval: ApprovalOut, viewer: Viewer) -> Card:
    """One tap approves; a rejection and a question ask for text first."""
    locale = viewer.locale
    return Card(
        title=phrases.title(approval.title, _state(approval, locale), locale),
        facts=(
            translate(
                "cards.amount_from", locale, amount=_amount(approval, locale), vendor=approval.vendor_name
            ),
            *approval_facts.rank(approval, locale),
            translate(
                "cards.approval_for",
                locale,
                person=approval.requested_by_name,
                cost_centre=approval.cost_centre,
            ),
            *_progress(approval, locale),
            *_deputy_notes(approval, viewer),
            *approval_facts.facts(approval, viewer),
            *phrases.reason(approval.reason, locale),
            *(_question(question, locale) for question in approval.questions),
        ),
        items=approval_facts.lines(approval, locale),
        history=decision_lines(approval, viewer),
        buttons=_buttons(approval, locale),
        more=translate("cards.more", locale, n="{n}"),
    )


def decision_lines(approval: ApprovalOut, viewer: Viewer) -> tuple[str, ...]:
    """Who decided what, and when; one line per step."""
    return tuple(
        _decision_line(step, viewer) for step in approval.steps if step.verb is not None and step.decided_at
    )


def _state(approval: ApprovalOut, locale: str) -> str:
    place = next((step for step in approval.steps if step.state.value == "open"), None)
    if approval.state.value != "pending" or place is None:
        return phrases.state("approval", approval.state.value, locale)
    if any(question.answer is None for question in approval.questions):
        return translate("cards.waiting_answer", locale, person=approval.requested_by_name)
    steps = [step for step in approval.steps if step.state.value not in ("escalated", "skipped")]
    number = 1 + sum(step.state.value == "done" for step in steps)
    step = phrases.role(place.name, locale)
    return translate("cards.waiting_for", locale, step=step, number=str(number), total=str(len(steps)))


def _amount(approval: ApprovalOut, locale: str) -> str:
    own = money(approval.amount, approval.currency, locale)
    if approval.currency == approval.base_currency:
        return own
    base = money(approval.amount_base, approval.base_currency, locale)
    return translate("cards.amount_converted", locale, amount=own, base=base)


def _question(question: QuestionOut, locale: str) -> str:
    if question.answer is None:
        return translate("cards.question_open", locale, person=question.asked_by_name, text=question.text)
    return translate(
        "cards.question_answered",
        locale,
        person=question.asked_by_name,
        text=question.text,
        answer=question.answer,
    )


def _decision_line(step: StepOut, viewer: Viewer) -> str:
    assert step.decided_at is not None
    verb = step.verb.value if step.verb else "approve"
    text = translate(
        f"cards.step_{verb}",
        viewer.locale,
        person=_decider(step, viewer.locale),
        moment=moment(step.decided_at, viewer.locale, viewer.zone),
    )
    return (
        translate("cards.with_words", viewer.locale, told=text, text=step.comment) if step.comment else text
    )


def _decider(step: StepOut, locale: str) -> str:
    """``Ben``, or ``Ben for Mara`` when Mara is away."""
    name = step.decided_by_name or ""
    if step.decided_for_name is None:
        return name
    return translate("cards.person_for", locale, person=name, absent=step.decided_for_name)


def _deputy_notes(approval: ApprovalOut, viewer: Viewer) -> tuple[str, ...]:
    """A deputy is told in whose place they are asked."""
    return tuple(
        translate("cards.you_decide_for", viewer.locale, person=deputy.for_name)
        for step in approval.steps
        for deputy in step.deputies
        if deputy.person_id == viewer.person_id
    )


def _progress(approval: ApprovalOut, locale: str) -> tuple[str, ...]:
    """How many of several people have approved the open step."""
    return tuple(
        translate(
            "cards.approved_by_some",
            locale,
            approved=number(len(step.approved_by), locale),
            needed=number(step.needs, locale),
            people=", ".join(each.name for each in step.approved_by) or "–",
        )
        for step in approval.steps
        if step.state.value == "open" and step.needs > 1
    )


def _buttons(approval: ApprovalOut, locale: str) -> tuple[ButtonRow, ...]:
    """The undo is gone with the redraw when the order is issued; the whole time stands on it, since nobody counts."""

    def press(op: Op) -> Press:
        return _press(op, approval)

    undo = buttons_of(approval, action_buttons.UNDOING, press, locale, seconds=_undo_seconds(approval))
    deciding = buttons_of(approval, action_buttons.DECIDING, press, locale)
    reassigning = buttons_of(approval, action_buttons.REASSIGNING, press, locale)
    if not deciding:
        return rows_of(*undo, *reassigning)
    compare = Button(translate("buttons.compare", locale), Press(Op.compare, approval.request_id))
    delegate = Button(translate("buttons.delegate", locale), Press(Op.delegate))
    handing_over = buttons_of(approval, action_buttons.HANDING_OVER, press, locale)
    ending = buttons_of(approval, action_buttons.ENDING, press, locale)
    return (
        *rows_of(*undo),
        tuple(deciding),
        (compare, *handing_over, delegate),
        *rows_of(*reassigning, *ending),
    )


def _undo_seconds(approval: ApprovalOut) -> str:
    if approval.undo_until is None or approval.closed_at is None:
        return "0"
    return str(round((approval.undo_until - approval.closed_at).total_seconds()))


def _press(op: Op, approval: ApprovalOut) -> Press:
    """After an undo the same button on the same message is another press, and not the first one repeated."""
    rounds = sum(step.round - 1 for step in approval.steps)
    return Press(op, approval.id, approval.version, str(rounds) if rounds else "")
