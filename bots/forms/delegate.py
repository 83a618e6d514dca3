"""Who decides in one's place while one is away, and until when.

who → until → made

One rule: only those whom the API named may be chosen; a name that fits several is asked back.
"""

import datetime as dt
import re
from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from api.contract.approvals import CandidateOut
from api.contract.delegations import DelegationIn
from api.text import day
from bots.cards.card import label
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked
from bots.forms.reading import date_from

SPANS = (1, 7, 14, 28)
"""Days ahead that are offered; any other day is typed."""
SHOWN = 24
MOST_WORDS_BEFORE = 2
LAST_MINUTE = dt.time(23, 59)


class Colleague(BaseModel):
    id: UUID
    name: str


class DelegateValues(Values):
    colleagues: list[Colleague]
    narrowed: list[UUID] = Field(default_factory=list)
    """Those whom the words fit, when they fit several."""
    to: UUID | None = None
    until: dt.datetime | None = None

    def body(self) -> DelegationIn:
        return DelegationIn.model_validate({"to": self.to, "until": self.until})

    @property
    def whole(self) -> bool:
        return self.to is not None and self.until is not None

    @property
    def name(self) -> str:
        return next((each.name for each in self.colleagues if each.id == self.to), "")


def begun(colleagues: Sequence[CandidateOut]) -> DelegateValues:
    return DelegateValues(colleagues=[Colleague(id=each.person_id, name=each.name) for each in colleagues])


def told(values: DelegateValues, text: str, asking: Asking) -> DelegateValues | Trouble:
    """``@Oscar until 5 Dec``: who, and until when where that is said too."""
    said = text.strip().lstrip("@").strip()
    fitting, rest = _named(values.colleagues, said)
    if not fitting:
        return Trouble(asking.say("forms.delegate.nobody", text=said[:60]))
    until = _until(rest, asking) if rest else None
    if isinstance(until, Trouble):
        return until
    one = fitting[0].id if len(fitting) == 1 else None
    found = {"to": one, "narrowed": [] if one else [each.id for each in fitting], "until": until}
    return values.model_copy(update=found)


def whole_day(until: dt.date, asking: Asking) -> dt.datetime:
    """To the end of that day where the person is."""
    return dt.datetime.combine(until, LAST_MINUTE, ZoneInfo(asking.zone))


class DelegateForm(Form[DelegateValues]):
    name = "delegate"
    kind = DelegateValues

    def step(self, values: DelegateValues) -> str:
        return "who" if values.to is None else "until"

    def question(self, step: str, values: DelegateValues, asking: Asking) -> Question:
        if step == "who":
            named = [
                asking.named(label(each.name), f"p{place}")
                for place, each in enumerate(values.colleagues)
                if not values.narrowed or each.id in values.narrowed
            ]
            return Question(asking.say("forms.delegate.who"), buttons=choices(*named[:SHOWN], wide=2))
        days = [
            asking.named(day(asking.today + dt.timedelta(days=span), asking.locale), f"d{span}")
            for span in SPANS
        ]
        return Question(
            asking.say("forms.delegate.until", person=values.name), buttons=choices(*days, wide=2)
        )

    def answer(self, step: str, values: DelegateValues, text: str, asking: Asking) -> Step:
        if step == "who":
            found = told(values, text, asking)
            return found if isinstance(found, Trouble) else _settled(found)
        until = date_from(text, asking)
        return until if isinstance(until, Trouble) else _ending(values, until, asking)

    def choose(self, step: str, values: DelegateValues, choice: str, asking: Asking) -> Step:
        place, span = picked(choice, "p"), picked(choice, "d")
        if step == "who" and place is not None and place < len(values.colleagues):
            return _settled(values.model_copy(update={"to": values.colleagues[place].id}))
        if step == "until" and span in SPANS:
            return _ending(values, asking.today + dt.timedelta(days=span), asking)
        return Trouble(asking.say("forms.press_a_button"))


def _settled(values: DelegateValues) -> Step:
    return Done(values) if values.whole else values


def _ending(values: DelegateValues, until: dt.date, asking: Asking) -> Step:
    return _settled(values.model_copy(update={"until": whole_day(until, asking)}))


def _named(colleagues: Sequence[Colleague], said: str) -> tuple[list[Colleague], str]:
    """Those with whose whole name the words begin, else those one of whose names is the first word; and the rest."""
    whole = [each for each in colleagues if re.match(rf"{re.escape(each.name)}(?!\w)", said, re.IGNORECASE)]
    if whole:
        longest = max(len(each.name) for each in whole)
        return [each for each in whole if len(each.name) == longest], said[longest:].strip(" ,")
    first, _, rest = said.partition(" ")
    handle = set(first.casefold().replace(".", " ").replace("_", " ").strip(" ,").split())
    return [
        each for each in colleagues if handle and handle <= set(each.name.casefold().split())
    ], rest.strip()


def _until(rest: str, asking: Asking) -> dt.datetime | Trouble:
    """A day, after at most two words such as "until" or "bis zum"."""
    words = rest.split()
    readings = [
        date_from(" ".join(words[skipped:]), asking)
        for skipped in range(min(MOST_WORDS_BEFORE, len(words) - 1) + 1)
        if not any(letter.isdigit() for word in words[:skipped] for letter in word)
    ]
    found = next((each for each in readings if not isinstance(each, Trouble)), readings[-1])
    return found if isinstance(found, Trouble) else whole_day(found, asking)
