"""Which department or cost centre a group is to show: one question, a button for each."""

from pydantic import BaseModel

from api.contract.groups import GroupIn, GroupKind, PlaceIn, PlaceKind
from api.contract.people import Platform
from bots.cards.card import label
from bots.forms.form import (
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    Values,
    button_rows,
    choice_index,
)

MAX_BUTTONS = 40
"""More buttons than this nobody reads; the code can be typed."""


class BindingOption(BaseModel):
    kind: PlaceKind
    code: str
    name: str


class BindingValues(Values):
    """The group as the platform knows it, and what it can be bound to."""

    platform: Platform
    chat_id: str
    title: str
    kind: GroupKind
    options: list[BindingOption]
    chosen: BindingOption | None = None

    def body(self) -> GroupIn:
        if self.chosen is None:
            raise ValueError("nothing was chosen")
        index = PlaceIn(kind=self.chosen.kind, code=self.chosen.code)
        return GroupIn(
            platform=self.platform, chat_id=self.chat_id, title=self.title, kind=self.kind, place=index
        )


class BindingForm(Form[BindingValues]):
    name = "binding"
    values_type = BindingValues

    def step(self, values: BindingValues) -> str:
        return "place"

    def question(self, step: str, values: BindingValues, ctx: FormContext) -> FormQuestion:
        buttons = [
            ctx.labelled_button(label(_option_label(each, ctx)), f"g{index}")
            for index, each in enumerate(values.options[:MAX_BUTTONS])
        ]
        title = ctx.translate("groups.which_place", title=values.title)
        return FormQuestion(
            title, facts=(ctx.translate("groups.no_prices"),), buttons=button_rows(*buttons, per_row=2)
        )

    def answer(self, step: str, values: BindingValues, text: str, ctx: FormContext) -> StepResult:
        """The code or the name of one of them, when only one is called so."""
        wanted = text.strip().casefold()
        matches = [each for each in values.options if wanted in (each.code.casefold(), each.name.casefold())]
        return _complete(values, matches[0]) if len(matches) == 1 else _rejected(ctx)

    def choose(self, step: str, values: BindingValues, choice: str, ctx: FormContext) -> StepResult:
        index = choice_index(choice, "g")
        if index is not None and index < len(values.options):
            return _complete(values, values.options[index])
        return _rejected(ctx)


def _option_label(option: BindingOption, ctx: FormContext) -> str:
    """A department and a cost centre may have the same name."""
    return ctx.translate(f"groups.{option.kind.value}", name=option.name)


def _complete(values: BindingValues, option: BindingOption) -> StepResult:
    return Completed(values.model_copy(update={"chosen": option}))


def _rejected(ctx: FormContext) -> StepResult:
    return Rejected(ctx.translate("forms.press_a_button"))
