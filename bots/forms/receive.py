"""What arrived, line by line: accepted, and rejected where not all is good.

line 1 → (rejected 1) → line 2 … → review → record
"""

from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from api.contract.orders import OrderOut, ReceiptIn
from api.text import number as shown
from bots.cards import words
from bots.cards.card import Style
from bots.cards.orders import still_open
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, numbered
from bots.forms.reading import count_from


class Due(BaseModel):
    """One line that is not complete."""

    id: UUID
    description: str
    unit: str
    ordered: Decimal
    open: Decimal


class Arrived(BaseModel):
    accepted: Decimal
    rejected: Decimal | None = None


class ReceiveValues(Values):
    order_id: UUID
    number: str
    version: int
    lines: list[Due]
    arrived: dict[str, Arrived] = Field(default_factory=dict)

    def body(self) -> ReceiptIn:
        """The lines of which something arrived."""
        pairs = [(line, self.arrived[str(place)]) for place, line in enumerate(self.lines, start=1)]
        return ReceiptIn.model_validate(
            {
                "lines": [
                    {"line_id": line.id, "accepted": got.accepted, "rejected": got.rejected or Decimal(0)}
                    for line, got in pairs
                    if got.accepted or got.rejected
                ],
                "expected_version": self.version,
            }
        )

    @property
    def nothing(self) -> bool:
        return not any(got.accepted or got.rejected for got in self.arrived.values())


def begun(order: OrderOut) -> ReceiveValues:
    """The lines that are still open."""
    return ReceiveValues(
        order_id=order.id,
        number=order.number,
        version=order.version,
        lines=[
            Due(
                id=line.id,
                description=line.description,
                unit=line.unit,
                ordered=line.quantity,
                open=still_open(line),
            )
            for line in order.lines
            if still_open(line)
        ],
    )


def everything(order: OrderOut) -> ReceiveValues:
    """All that is still open has arrived in good order."""
    values = begun(order)
    arrived = {str(place): Arrived(accepted=line.open) for place, line in enumerate(values.lines, start=1)}
    return values.model_copy(update={"arrived": arrived})


class ReceiveForm(Form[ReceiveValues]):
    name = "receive"
    kind = ReceiveValues

    def step(self, values: ReceiveValues) -> str:
        for place, line in enumerate(values.lines, start=1):
            got = values.arrived.get(str(place))
            if got is None:
                return f"line:{place}"
            if got.rejected is None and got.accepted < line.open:
                return f"rejected:{place}"
        return "review"

    def question(self, step: str, values: ReceiveValues, asking: Asking) -> Question:
        name, place = numbered(step)
        if name == "review":
            return _review(values, asking)
        line = values.lines[place - 1]
        item = f"{place}/{len(values.lines)}  {line.description}"
        if name == "rejected":
            return Question(
                asking.say("forms.receive.rejected", item=item),
                buttons=choices(asking.button("forms.receive.none", "0")),
            )
        facts = {"ordered": shown(line.ordered, asking.locale), "open": shown(line.open, asking.locale)}
        return Question(
            asking.say("forms.receive.accepted", item=item, **facts),
            buttons=choices(
                asking.button("forms.receive.all", "all", Style.good, open=facts["open"]),
                asking.button("forms.receive.none", "0"),
            ),
        )

    def answer(self, step: str, values: ReceiveValues, text: str, asking: Asking) -> Step:
        name, place = numbered(step)
        if name == "review":
            return Trouble(asking.say("forms.press_a_button"))
        line = values.lines[place - 1]
        got = values.arrived.get(str(place))
        most = line.open if got is None else line.open - got.accepted
        count = count_from(text, most, asking)
        return count if isinstance(count, Trouble) else _counted(values, name, place, count)

    def choose(self, step: str, values: ReceiveValues, choice: str, asking: Asking) -> Step:
        name, place = numbered(step)
        match choice:
            case "go" if name == "review" and not values.nothing:
                return Done(values)
            case "0" if place:
                return _counted(values, name, place, Decimal(0))
            case "all" if name == "line":
                return _counted(values, name, place, values.lines[place - 1].open)
        return Trouble(asking.say("forms.press_a_button"))


def _counted(values: ReceiveValues, name: str, place: int, count: Decimal) -> ReceiveValues:
    if name == "rejected":
        got = values.arrived[str(place)].model_copy(update={"rejected": count})
    else:
        got = Arrived(accepted=count)
    return values.model_copy(update={"arrived": {**values.arrived, str(place): got}})


def _review(values: ReceiveValues, asking: Asking) -> Question:
    items = []
    for place, line in enumerate(values.lines, start=1):
        got = values.arrived[str(place)]
        text = words.line(line.open, line.unit, line.description, asking.locale)
        facts = {
            "line": text,
            "accepted": shown(got.accepted, asking.locale),
            "rejected": shown(got.rejected or Decimal(0), asking.locale),
        }
        items.append(asking.say("forms.receive.line", **facts))
    if values.nothing:
        return Question(asking.say("forms.receive.nothing"), items=items)
    return Question(
        asking.say("forms.receive.summary"),
        items=items,
        buttons=choices(asking.button("forms.receive.record", "go", Style.good)),
    )
