"""The approval's card: what is to be decided, by whom, and what was decided so far."""

from api.contract.approvals import ApprovalOut, StepOut
from api.text import moment, money, say
from bots.cards.model import Button, Card, Op, Press, Style, Viewer
from core.approvals.states import ApprovalState, StepState


def draw_approval(approval: ApprovalOut, viewer: Viewer) -> Card:
    """One tap decides; buttons stand only while it is this person's turn."""
    locale = viewer.locale
    facts = [
        approval.title,
        say(
            "cards.approval.amount",
            locale,
            amount=money(approval.amount, approval.currency, locale),
            cost_centre=approval.cost_centre,
        ),
    ]
    if approval.currency != approval.base_currency:
        base = money(approval.amount_base, approval.base_currency, locale)
        facts.append(say("cards.approval.base", locale, amount=base))
    facts.append(say("cards.asked_by", locale, person=approval.requested_by_name))
    if approval.reason:
        facts.append(say("cards.approval.proposed", locale, reason=approval.reason))
    facts += _questions(approval, locale)
    return Card(
        _title(approval, locale),
        tuple(facts),
        history=_history(approval, viewer),
        rows=_rows(approval, viewer),
    )


def _title(approval: ApprovalOut, locale: str) -> str:
    step = _open(approval)
    if approval.state is not ApprovalState.pending or step is None:
        state = say(f"states.approval.{approval.state.value}", locale)
        return say("cards.approval.ended", locale, title=approval.title[:80], state=state)
    return say(
        "cards.approval.waiting",
        locale,
        title=approval.title[:80],
        step=step.name,
        position=step.position,
        steps=len(approval.steps),
    )


def _open(approval: ApprovalOut) -> StepOut | None:
    return next((step for step in approval.steps if step.state is StepState.open), None)


def _questions(approval: ApprovalOut, locale: str) -> list[str]:
    told = []
    for question in approval.questions:
        told.append(say("cards.approval.asked", locale, person=question.asked_by_name, text=question.text))
        if question.answer:
            told.append(
                say(
                    "cards.approval.answered", locale, person=approval.requested_by_name, text=question.answer
                )
            )
    return told


def _history(approval: ApprovalOut, viewer: Viewer) -> tuple[str, ...]:
    """Who decided what and when."""
    told = []
    for step in approval.steps:
        if step.decided_at is None or step.verb is None:
            continue
        line = say(
            f"cards.approval.did_{step.verb.value}",
            viewer.locale,
            person=step.decided_by_name or "",
            moment=moment(step.decided_at, viewer.locale, viewer.zone),
        )
        told.append(f"{line} “{step.comment}”" if step.comment else line)
    return tuple(told)


def _rows(approval: ApprovalOut, viewer: Viewer) -> tuple[tuple[Button, ...], ...]:
    locale, version = viewer.locale, approval.version
    if approval.state is not ApprovalState.pending:
        return ()
    if approval.may_decide:
        return (
            (
                Button(say("buttons.approve", locale), Press(Op.approve, approval.id, version), Style.good),
                Button(say("buttons.reject", locale), Press(Op.reject, approval.id, version), Style.bad),
            ),
            (Button(say("buttons.ask", locale), Press(Op.ask, approval.id, version)),),
        )
    unanswered = any(question.answer is None for question in approval.questions)
    if approval.requested_by == viewer.person_id and unanswered:
        return ((Button(say("buttons.answer", locale), Press(Op.answer, approval.id, version)),),)
    return ()
