"""Forms of one answer: why something is rejected, declined, withdrawn, proposed; a question, its answer, a comment.

One rule: the quick reasons are buttons, anything else is typed, 3 to 500 characters (a comment: 1 to 2,000).
Text that was not typed as an answer to the question is shown first, and a button sends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from api.contract.values import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from bots.cards.card import Style
from bots.forms.field_parsers import text_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    TEXT,
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
    choice_index,
)

REASON, OTHER = "reason", "other"


class ReasonKind(StrEnum):
    reject = "reject"
    ask = "ask"
    answer = "answer"
    comment = "comment"
    no_bid = "no_bid"
    propose = "propose"
    withdraw_request = "withdraw_request"
    cancel_request = "cancel_request"
    withdraw_quote = "withdraw_quote"
    reject_request = "reject_request"
    """By an approver: the verdict of this name."""
    reject_unapproved = "reject_unapproved"
    """By an officer, before there is anything to approve."""
    cancel_rfq = "cancel_rfq"
    rfq_question = "rfq_question"
    rfq_answer = "rfq_answer"
    refuse_order = "refuse_order"
    decline_change = "decline_change"
    call_off_order = "call_off_order"
    close_order = "close_order"
    cancel_order = "cancel_order"
    finding_fine = "finding_fine"


@dataclass(frozen=True)
class Prompt:
    """The question's key, the keys of its quick answers, and how long any other answer may be."""

    key: str
    quick: tuple[str, ...] = ()
    min_length: int = MIN_REASON_LENGTH
    max_length: int = MAX_REASON_LENGTH

    def read(self, text: str, ctx: FormContext) -> str | Rejected:
        """The text, cleaned, when it is neither too short nor too long."""
        return text_from(text, ctx, min_length=self.min_length, max_length=self.max_length)


PROMPTS = {
    ReasonKind.reject: Prompt(
        "forms.reject.reason", ("forms.reject.budget", "forms.reject.duplicate", "forms.reject.supplier")
    ),
    ReasonKind.ask: Prompt("forms.ask.question"),
    ReasonKind.answer: Prompt("forms.answer.text"),
    ReasonKind.comment: Prompt("forms.comment.text", min_length=1, max_length=2_000),
    ReasonKind.no_bid: Prompt(
        "forms.decline.reason", ("forms.decline.range", "forms.decline.capacity", "forms.decline.deadline")
    ),
    ReasonKind.propose: Prompt("forms.propose.reason", ("forms.propose.faster", "forms.propose.proven")),
    ReasonKind.withdraw_request: Prompt(
        "forms.withdraw.reason", ("forms.withdraw.needless", "forms.withdraw.mistake")
    ),
    ReasonKind.cancel_request: Prompt(
        "forms.cancel_request.reason", ("forms.withdraw.needless", "forms.reject.budget")
    ),
    ReasonKind.reject_request: Prompt(
        "forms.reject_request.reason", ("forms.reject.budget", "forms.withdraw.needless")
    ),
    ReasonKind.reject_unapproved: Prompt(
        "forms.reject_request.reason", ("forms.reject.budget", "forms.withdraw.needless")
    ),
    ReasonKind.cancel_rfq: Prompt(
        "forms.cancel_rfq.reason", ("forms.withdraw.mistake", "forms.withdraw.needless")
    ),
    ReasonKind.rfq_question: Prompt("forms.rfq_question.text", min_length=1, max_length=2_000),
    ReasonKind.rfq_answer: Prompt("forms.rfq_answer.text", min_length=1, max_length=2_000),
    ReasonKind.withdraw_quote: Prompt(
        "forms.withdraw_quote.reason", ("forms.withdraw.mistake", "forms.decline.capacity")
    ),
    ReasonKind.refuse_order: Prompt(
        "forms.refuse_order.reason", ("forms.refuse_order.sold_out", "forms.decline.capacity")
    ),
    ReasonKind.decline_change: Prompt(
        "forms.decline_change.reason", ("forms.decline_change.price", "forms.decline_change.late")
    ),
    ReasonKind.call_off_order: Prompt(
        "forms.call_off_order.reason", ("forms.withdraw.needless", "forms.refuse_order.sold_out")
    ),
    ReasonKind.close_order: Prompt(
        "forms.close_order.reason", ("forms.close_order.enough", "forms.close_order.never")
    ),
    ReasonKind.cancel_order: Prompt(
        "forms.cancel_order.reason", ("forms.withdraw.needless", "forms.withdraw.mistake")
    ),
    ReasonKind.finding_fine: Prompt(
        "forms.finding_fine.reason",
        ("forms.finding_fine.checked", "forms.finding_fine.agreed", "forms.finding_fine.needed"),
    ),
}


class ReasonValues(Values):
    saying: ReasonKind
    id: UUID
    version: int = 1
    other: UUID | None = None
    """The quote that is proposed, or the question that is answered."""
    about: str = ""
    person: str = ""
    text: str = ""


class ReasonForm(Form[ReasonValues]):
    name = "saying"
    values_type = ReasonValues

    def is_aside(self, values: ReasonValues) -> bool:
        """A comment that was not asked for, only found in what somebody wrote."""
        return values.saying is ReasonKind.comment and bool(values.text)

    def step(self, values: ReasonValues) -> str:
        return "review" if values.text else values.saying.value

    def question(self, step: str, values: ReasonValues, ctx: FormContext) -> FormQuestion:
        prompt = PROMPTS[values.saying]
        if step == "review":
            return _review(values, ctx)
        facts = {"person": values.person} if values.saying is ReasonKind.ask else {}
        buttons = [ctx.button(key, f"r{index}") for index, key in enumerate(prompt.quick)]
        return FormQuestion(
            ctx.translate(prompt.key, **facts),
            facts=(values.about,) if values.about else (),
            buttons=button_rows(*buttons, per_row=1),
        )

    def answer(self, step: str, values: ReasonValues, text: str, ctx: FormContext) -> StepResult:
        text_or_error = PROMPTS[values.saying].read(text, ctx)
        if isinstance(text_or_error, Rejected):
            return text_or_error
        completed = values.model_copy(update={"text": text_or_error})
        return completed if step == "review" else Completed(completed)

    def choose(self, step: str, values: ReasonValues, choice: str, ctx: FormContext) -> StepResult:
        if step == "review":
            return Completed(values) if choice == "go" else Rejected(ctx.translate("forms.press_a_button"))
        quick = PROMPTS[values.saying].quick
        index = choice_index(choice, "r")
        if index is not None and index < len(quick):
            return Completed(values.model_copy(update={"text": ctx.translate(quick[index])}))
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: ReasonValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """A reason from a list or in own words; where there is no list, own words."""
        prompt = PROMPTS[values.saying]
        question = ctx.translate(prompt.key, person=values.person)
        if prompt.quick:
            quick = [(f"r{index}", ctx.translate(key)) for index, key in enumerate(prompt.quick)]
            options = (*quick, (OTHER, ctx.translate("slack.other")))
            own_words = ctx.translate("slack.own_words")
            fields = [
                FormField(REASON, question, FieldKind.choice, quick[0][0], options),
                FormField(TEXT, own_words, FieldKind.long_text, optional=True),
            ]
        else:
            fields = [
                FormField(TEXT, question, FieldKind.long_text, values.text, max_length=prompt.max_length)
            ]
        title = ctx.translate(f"slack.titles.{values.saying.value}")
        return Fieldset(title, fields, ctx.translate("buttons.send"), values.about)

    def read_fields(
        self, values: ReasonValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """Own words win over the list; choosing "other" without words is no reason."""
        own, chosen = answers.get(TEXT, ""), answers.get(REASON, OTHER)
        prompt, index = PROMPTS[values.saying], choice_index(chosen, "r")
        if not own and index is not None and index < len(prompt.quick):
            own = ctx.translate(prompt.quick[index])
        text = prompt.read(own, ctx)
        if isinstance(text, Rejected):
            return FieldErrors(values, {TEXT: text.text})
        return Completed(values.model_copy(update={"text": text}))


def _review(values: ReasonValues, ctx: FormContext) -> FormQuestion:
    """The text as it was understood, and the button that sends it."""
    if values.saying is ReasonKind.comment:
        return FormQuestion(
            ctx.translate("forms.comment.review", number=values.about),
            facts=(values.text,),
            buttons=button_rows(ctx.button("buttons.add_comment", "go", Style.good)),
        )
    label = "buttons.reject_now" if values.saying is ReasonKind.reject else "buttons.send"
    return FormQuestion(
        ctx.translate("forms.saying.review", text=values.text),
        facts=(values.about,) if values.about else (),
        buttons=button_rows(ctx.button(label, "go", Style.danger)),
    )
