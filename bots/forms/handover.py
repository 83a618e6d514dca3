"""Who decides an open step instead of whoever is asked: a colleague to whom it is forwarded, or reassigned.

(whose step, where several are asked) → who → note or reason → (review of a doubtful typed line) → sent

One rule: only those whom the API named may be chosen; a name that fits several is asked back.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from api.contract.approvals import ApprovalOut, CandidateOut, ForwardIn, ReassignIn
from bots.cards.card import Style, label
from bots.forms.colleague import Colleague, colleagues_of, is_named, match_colleagues
from bots.forms.field_parsers import text_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    REVIEW,
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
    value_or_error,
)

GIVER, WHO, REASON, NAME = "giver", "who", "reason", "name"
MAX_BUTTONS = 24
MAX_OPTIONS = 100
"""A menu has no more; the others are typed."""


class HandoverKind(StrEnum):
    forward = "forward"
    reassign = "reassign"


ASKED = {
    HandoverKind.forward: "forms.handover.forward_reason",
    HandoverKind.reassign: "forms.handover.reassign_reason",
}
"""The question after the person: a note, or the reason that both read."""


class HandoverValues(Values):
    kind: HandoverKind
    approval_id: UUID
    version: int
    about: str
    givers: list[Colleague] = Field(default_factory=list)
    """Who is asked now, of a reassignment."""
    giver: UUID | None = None
    colleagues: list[Colleague]
    narrowed: list[UUID] = Field(default_factory=list)
    """Those whom a typed name fits, when it fits several."""
    to: UUID | None = None
    reason: str = ""
    note_passed: bool = False
    doubtful: bool = False
    """A typed line named somebody by a part of their name, and went on: what was understood is shown first."""

    @property
    def takers(self) -> list[Colleague]:
        """Who may be chosen: nobody takes over from themselves."""
        return [each for each in self.colleagues if each.id != self.giver]

    @property
    def is_complete(self) -> bool:
        asked = self.giver is not None or len(self.givers) < 2
        return asked and self.to is not None and (bool(self.reason) or self.note_passed)

    def forward(self) -> ForwardIn:
        return ForwardIn.model_validate(
            {"to": self.to, "reason": self.reason or None, "expected_version": self.version}
        )

    def reassignment(self) -> ReassignIn:
        return ReassignIn.model_validate(
            {
                "from_person": self.giver,
                "to": self.to,
                "reason": self.reason,
                "expected_version": self.version,
            }
        )

    def name_of(self, person: UUID | None) -> str:
        known = (*self.colleagues, *self.givers)
        return next((each.name for each in known if each.id == person), "")


def initial_values(
    kind: HandoverKind, approval: ApprovalOut, takers: Sequence[CandidateOut], me: UUID
) -> HandoverValues:
    """Of a forwarded step, whoever forwards it or is away gives; of a reassigned one, a candidate.

    Where fewer are asked than have to approve nobody gives: somebody is added, or it would be stuck again.
    """
    step = next((each for each in approval.steps if each.state.value == "open"), None)
    asked = colleagues_of(step.candidates) if step is not None else []
    if step is not None:
        deciders = {each.id for each in asked} | {each.person_id for each in step.deputies}
        asked = [] if len(deciders) < step.needs - len(step.approved_by) else asked
    giver: UUID | None = asked[0].id if len(asked) == 1 else None
    if kind is HandoverKind.forward:
        deputies = step.deputies if step is not None else ()
        asked, giver = [], next((each.for_id for each in deputies if each.person_id == me), me)
    return HandoverValues(
        kind=kind,
        approval_id=approval.id,
        version=approval.version,
        about=approval.title,
        givers=asked,
        giver=giver,
        colleagues=colleagues_of(takers),
    )


def with_text(values: HandoverValues, text: str, ctx: FormContext) -> HandoverValues | Rejected:
    """``@David is away today``: who, and why if that is given too."""
    wanted = text.strip().lstrip("@").strip()
    matches, rest = match_colleagues(values.takers, wanted)
    if not matches:
        return Rejected(ctx.translate("forms.handover.nobody", text=wanted[:60]))
    reason = text_from(rest, ctx) if rest else ""
    if isinstance(reason, Rejected):
        return reason
    if len(matches) > 1:
        narrowed = {"narrowed": [each.id for each in matches], "reason": reason or values.reason}
        return values.model_copy(update={**narrowed, "doubtful": bool(reason)})
    [one] = matches
    chosen = values.model_copy(update={"to": one.id, "narrowed": []})
    if not reason:
        return chosen
    return chosen.model_copy(update={"reason": reason, "doubtful": not is_named(one, wanted)})


class HandoverForm(Form[HandoverValues]):
    name = "handover"
    values_type = HandoverValues

    def step(self, values: HandoverValues) -> str:
        if values.giver is None and len(values.givers) > 1:
            return GIVER
        if values.to is None:
            return WHO
        return REASON if not values.is_complete else REVIEW

    def question(self, step: str, values: HandoverValues, ctx: FormContext) -> FormQuestion:
        about = (values.about,)
        match step:
            case "giver":
                named = [
                    ctx.labelled_button(label(each.name), f"g{index}")
                    for index, each in enumerate(values.givers)
                ]
                title = ctx.translate("forms.handover.giver")
                return FormQuestion(title, about, buttons=button_rows(*named[:MAX_BUTTONS], per_row=2))
            case "who":
                named = [
                    ctx.labelled_button(label(each.name), f"p{index}")
                    for index, each in enumerate(values.takers)
                    if not values.narrowed or each.id in values.narrowed
                ]
                title = ctx.translate("forms.handover.who")
                return FormQuestion(title, about, buttons=button_rows(*named[:MAX_BUTTONS], per_row=2))
            case "reason":
                asked = ctx.translate(ASKED[values.kind], person=values.name_of(values.to))
                skip = (ctx.button("buttons.skip", "s"),) if values.kind is HandoverKind.forward else ()
                return FormQuestion(asked, about, buttons=button_rows(*skip))
            case _:
                person, reason = values.name_of(values.to), values.reason
                title = ctx.translate("forms.handover.review", person=person, reason=reason)
                return FormQuestion(
                    title, about, buttons=button_rows(ctx.button("buttons.send", "go", Style.good))
                )

    def answer(self, step: str, values: HandoverValues, text: str, ctx: FormContext) -> StepResult:
        match step:
            case "giver":
                matches, _ = match_colleagues(values.givers, text.strip().lstrip("@"))
                if len(matches) != 1:
                    return Rejected(ctx.translate("forms.handover.nobody", text=text.strip()[:60]))
                return _from_giver(values, matches[0])
            case "who":
                found = with_text(values, text, ctx)
                return found if isinstance(found, Rejected) else _completed_or_next(found)
            case "reason":
                reason = text_from(text, ctx)
                if isinstance(reason, Rejected):
                    return reason
                return _completed_or_next(values.model_copy(update={"reason": reason}))
        return Rejected(ctx.translate("forms.press_a_button"))

    def choose(self, step: str, values: HandoverValues, choice: str, ctx: FormContext) -> StepResult:
        giver, person = choice_index(choice, "g"), choice_index(choice, "p")
        if step == GIVER and giver is not None and giver < len(values.givers):
            return _from_giver(values, values.givers[giver])
        if step == WHO and person is not None and person < len(values.takers):
            return _completed_or_next(values.model_copy(update={"to": values.takers[person].id}))
        if step == REASON and choice == "s" and values.kind is HandoverKind.forward:
            return Completed(values.model_copy(update={"note_passed": True}))
        if step == REVIEW and choice == "go":
            return Completed(values)
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: HandoverValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """Only those who may take over are offered, not the whole company."""
        fields: list[FormField] = []
        if len(values.givers) > 1:
            asked = [(str(each.id), each.name) for each in values.givers]
            giver = str(values.giver or "")
            text = ctx.translate("forms.handover.giver")
            fields.append(FormField(GIVER, text, FieldKind.choice, giver, asked))
        people = [(str(each.id), each.name) for each in values.takers]
        many, to = len(people) > MAX_OPTIONS, str(values.to or "")
        who = ctx.translate("forms.handover.who")
        fields.append(FormField(WHO, who, FieldKind.choice, to, people, optional=many))
        if many:
            fields.append(FormField(NAME, ctx.translate("forms.handover.name"), optional=True))
        optional = values.kind is HandoverKind.forward
        reason = ctx.translate("forms.handover.note" if optional else "forms.handover.reason")
        fields.append(FormField(REASON, reason, FieldKind.long_text, values.reason, optional=optional))
        title = ctx.translate(f"slack.titles.{values.kind.value}")
        return Fieldset(title, fields, ctx.translate("buttons.send"), values.about)

    def read_fields(
        self, values: HandoverValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        """Somebody who is not among those that were offered is nobody."""
        errors: dict[str, str] = {}
        giver = values.giver
        if len(values.givers) > 1:
            giver = next((each.id for each in values.givers if str(each.id) == answers.get(GIVER)), None)
            if giver is None:
                errors[GIVER] = ctx.translate("forms.press_a_button")
        to = _chosen(values.takers, answers)
        if to is None or to == giver:
            errors[WHO] = ctx.translate("forms.press_a_button")
        reason, written = "", answers.get(REASON, "")
        if written or values.kind is HandoverKind.reassign:
            reason = value_or_error(REASON, errors, text_from(written, ctx)) or ""
        updated = values.model_copy(
            update={"giver": giver, "to": to, "reason": reason, "note_passed": not reason}
        )
        return FieldErrors(updated, errors) if errors else Completed(updated)


def _chosen(takers: Sequence[Colleague], answers: Mapping[str, str]) -> UUID | None:
    """The one in the menu, or whose name was typed where the menu has not room for all."""
    if answers.get(NAME):
        matches, _ = match_colleagues(takers, answers[NAME].strip().lstrip("@"))
        return matches[0].id if len(matches) == 1 else None
    return next((each.id for each in takers if str(each.id) == answers.get(WHO)), None)


def _from_giver(values: HandoverValues, giver: Colleague) -> StepResult:
    """Nobody takes over from themselves, even when they were named before."""
    to = None if values.to == giver.id else values.to
    return _completed_or_next(values.model_copy(update={"giver": giver.id, "to": to}))


def _completed_or_next(values: HandoverValues) -> StepResult:
    return Completed(values) if values.is_complete and not values.doubtful else values
