"""Which RFQ a message or a file belongs to, when that is not clear; what was sent is held until it is."""

from uuid import UUID

from pydantic import BaseModel, Field

from bots.cards.card import label
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked
from bots.forms.quote_values import File


class Choice(BaseModel):
    id: UUID
    number: str
    about: str


class WhichValues(Values):
    options: list[Choice]
    text: str = ""
    files: list[File] = Field(default_factory=list)
    chosen: UUID | None = None


class WhichForm(Form[WhichValues]):
    name = "which"
    kind = WhichValues

    def step(self, values: WhichValues) -> str:
        return "rfq"

    def question(self, step: str, values: WhichValues, asking: Asking) -> Question:
        found = [
            asking.named(label(f"{each.number} {each.about}"), f"w{place}")
            for place, each in enumerate(values.options)
        ]
        return Question(asking.say("forms.quote.which_rfq"), buttons=choices(*found, wide=1))

    def answer(self, step: str, values: WhichValues, text: str, asking: Asking) -> Step:
        said = text.strip().casefold()
        for each in values.options:
            if each.number.casefold() == said:
                return Done(values.model_copy(update={"chosen": each.id}))
        return Trouble(asking.say("forms.press_a_button"))

    def choose(self, step: str, values: WhichValues, choice: str, asking: Asking) -> Step:
        place = picked(choice, "w")
        if place is not None and place < len(values.options):
            return Done(values.model_copy(update={"chosen": values.options[place].id}))
        return Trouble(asking.say("forms.press_a_button"))
