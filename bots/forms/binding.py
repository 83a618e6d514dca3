"""Which department or cost centre a group is to show: one question, a button for each."""

from pydantic import BaseModel

from api.contract.groups import GroupIn, GroupKind, PlaceIn, PlaceKind
from api.contract.people import Platform
from bots.cards.card import label
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked

SHOWN = 40
"""More buttons than this nobody reads; the code can be typed."""


class Option(BaseModel):
    kind: PlaceKind
    code: str
    name: str


class BindingValues(Values):
    """The group as the platform knows it, and what it can be bound to."""

    platform: Platform
    chat_id: str
    title: str
    kind: GroupKind
    options: list[Option]
    chosen: Option | None = None

    def body(self) -> GroupIn:
        if self.chosen is None:
            raise ValueError("nothing was chosen")
        place = PlaceIn(kind=self.chosen.kind, code=self.chosen.code)
        return GroupIn(
            platform=self.platform, chat_id=self.chat_id, title=self.title, kind=self.kind, place=place
        )


class BindingForm(Form[BindingValues]):
    name = "binding"
    kind = BindingValues

    def step(self, values: BindingValues) -> str:
        return "place"

    def question(self, step: str, values: BindingValues, asking: Asking) -> Question:
        found = [
            asking.named(label(_named(each, asking)), f"g{place}")
            for place, each in enumerate(values.options[:SHOWN])
        ]
        title = asking.say("groups.which_place", title=values.title)
        return Question(title, facts=(asking.say("groups.no_prices"),), buttons=choices(*found, wide=2))

    def answer(self, step: str, values: BindingValues, text: str, asking: Asking) -> Step:
        """The code or the name of one of them, when only one is called so."""
        said = text.strip().casefold()
        fitting = [each for each in values.options if said in (each.code.casefold(), each.name.casefold())]
        return _chosen(values, fitting[0]) if len(fitting) == 1 else _nothing(asking)

    def choose(self, step: str, values: BindingValues, choice: str, asking: Asking) -> Step:
        place = picked(choice, "g")
        if place is not None and place < len(values.options):
            return _chosen(values, values.options[place])
        return _nothing(asking)


def _named(option: Option, asking: Asking) -> str:
    """A department and a cost centre may have the same name."""
    return asking.say(f"groups.{option.kind.value}", name=option.name)


def _chosen(values: BindingValues, option: Option) -> Step:
    return Done(values.model_copy(update={"chosen": option}))


def _nothing(asking: Asking) -> Step:
    return Trouble(asking.say("forms.press_a_button"))
