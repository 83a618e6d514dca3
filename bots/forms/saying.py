"""Forms of one answer: why something is rejected, declined, withdrawn, proposed; what is asked, answered, remarked.

One rule: the quick reasons are buttons, anything else is typed, 3 to 500 characters (a comment: 1 to 2,000).
Words that were not said as an answer to the question (``begun`` with them) are shown first, and a button sends
them.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from bots.cards.card import Style
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked
from bots.forms.reading import LONGEST, SHORTEST, words_from


class Saying(StrEnum):
    reject = "reject"
    ask = "ask"
    answer = "answer"
    comment = "comment"
    no_bid = "no_bid"
    propose = "propose"
    withdraw_request = "withdraw_request"
    cancel_request = "cancel_request"
    withdraw_quote = "withdraw_quote"


@dataclass(frozen=True)
class Prompt:
    """The question's key, the keys of its quick answers, and how many characters other words may have."""

    key: str
    quick: tuple[str, ...] = ()
    least: int = SHORTEST
    most: int = LONGEST

    def read(self, text: str, asking: Asking) -> str | Trouble:
        """The words, cleaned, when they are neither too few nor too many."""
        return words_from(text, asking, least=self.least, most=self.most)


PROMPTS = {
    Saying.reject: Prompt(
        "forms.reject.reason", ("forms.reject.budget", "forms.reject.duplicate", "forms.reject.supplier")
    ),
    Saying.ask: Prompt("forms.ask.question"),
    Saying.answer: Prompt("forms.answer.text"),
    Saying.comment: Prompt("forms.comment.text", least=1, most=2_000),
    Saying.no_bid: Prompt(
        "forms.decline.reason", ("forms.decline.range", "forms.decline.capacity", "forms.decline.deadline")
    ),
    Saying.propose: Prompt("forms.propose.reason", ("forms.propose.faster", "forms.propose.proven")),
    Saying.withdraw_request: Prompt(
        "forms.withdraw.reason", ("forms.withdraw.needless", "forms.withdraw.mistake")
    ),
    Saying.cancel_request: Prompt(
        "forms.cancel_request.reason", ("forms.withdraw.needless", "forms.reject.budget")
    ),
    Saying.withdraw_quote: Prompt(
        "forms.withdraw_quote.reason", ("forms.withdraw.mistake", "forms.decline.capacity")
    ),
}


class SayingValues(Values):
    saying: Saying
    id: UUID
    version: int = 1
    other: UUID | None = None
    """The quote that is proposed, where there is one."""
    about: str = ""
    person: str = ""
    text: str = ""


class SayingForm(Form[SayingValues]):
    name = "saying"
    kind = SayingValues

    def step(self, values: SayingValues) -> str:
        return "review" if values.text else values.saying.value

    def question(self, step: str, values: SayingValues, asking: Asking) -> Question:
        prompt = PROMPTS[values.saying]
        if step == "review":
            return _review(values, asking)
        facts = {"person": values.person} if values.saying is Saying.ask else {}
        found = [asking.button(key, f"r{place}") for place, key in enumerate(prompt.quick)]
        return Question(
            asking.say(prompt.key, **facts),
            facts=(values.about,) if values.about else (),
            buttons=choices(*found, wide=1),
        )

    def answer(self, step: str, values: SayingValues, text: str, asking: Asking) -> Step:
        said = PROMPTS[values.saying].read(text, asking)
        if isinstance(said, Trouble):
            return said
        filled = values.model_copy(update={"text": said})
        return filled if step == "review" else Done(filled)

    def choose(self, step: str, values: SayingValues, choice: str, asking: Asking) -> Step:
        if step == "review":
            return Done(values) if choice == "go" else Trouble(asking.say("forms.press_a_button"))
        quick = PROMPTS[values.saying].quick
        place = picked(choice, "r")
        if place is not None and place < len(quick):
            return Done(values.model_copy(update={"text": asking.say(quick[place])}))
        return Trouble(asking.say("forms.press_a_button"))


def _review(values: SayingValues, asking: Asking) -> Question:
    """The words as they were understood, and the button that means them."""
    if values.saying is Saying.comment:
        return Question(
            asking.say("forms.comment.review", number=values.about),
            facts=(values.text,),
            buttons=choices(asking.button("buttons.add_comment", "go", Style.good)),
        )
    label = "buttons.reject_now" if values.saying is Saying.reject else "buttons.send"
    return Question(
        asking.say("forms.saying.review", text=values.text),
        facts=(values.about,) if values.about else (),
        buttons=choices(asking.button(label, "go", Style.danger)),
    )
