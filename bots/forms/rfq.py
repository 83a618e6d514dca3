"""Which vendors are asked, and until when they may quote.

vendors (toggled, found by typing) → deadline (buttons, or a typed day → confirmed) → sent
"""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from api.contract.requests import RequestOut
from api.contract.rfqs import RfqIn
from api.contract.vendors import VendorOut
from api.text import moment
from bots.cards import words
from bots.cards.card import Style
from bots.forms.form import Asking, Done, Form, Question, Step, Trouble, Values, choices, picked
from bots.forms.reading import date_from

SPANS = (2, 5, 10)
CLOSES_AT = dt.time(18)
SHOWN, MOST = 12, 50


class Option(BaseModel):
    id: UUID
    name: str
    category: str


class RfqValues(Values):
    request_id: UUID
    number: str
    vendors: list[Option]
    chosen: list[UUID] = Field(default_factory=list)
    wanted: str = ""
    quote_by: dt.datetime | None = None
    stage: str = "vendors"

    def body(self) -> RfqIn:
        return RfqIn.model_validate({"vendor_ids": self.chosen, "quote_by": self.quote_by})

    def shown(self) -> list[Option]:
        """Those that were chosen, then those that fit what was typed."""
        chosen = [vendor for vendor in self.vendors if vendor.id in self.chosen]
        fitting = [
            vendor
            for vendor in self.vendors
            if vendor.id not in self.chosen
            and self.wanted.casefold() in f"{vendor.name} {vendor.category}".casefold()
        ]
        return [*chosen, *fitting][:SHOWN]


def begun(request: RequestOut, vendors: tuple[VendorOut, ...]) -> RfqValues:
    """All who may be asked, in the order in which they are suggested."""
    return RfqValues(
        request_id=request.id,
        number=request.number,
        vendors=[Option(id=each.id, name=each.name, category=each.category) for each in vendors],
    )


class RfqForm(Form[RfqValues]):
    name = "rfq"
    kind = RfqValues

    def step(self, values: RfqValues) -> str:
        return values.stage

    def question(self, step: str, values: RfqValues, asking: Asking) -> Question:
        match step:
            case "vendors":
                return _vendors(values, asking)
            case "date":
                return Question(asking.say("forms.rfq.date"), facts=(_asked(values, asking),))
            case "review":
                until = moment(values.quote_by, asking.locale, asking.zone) if values.quote_by else ""
                return Question(
                    asking.say("forms.rfq.review", number=values.number, moment=until),
                    facts=(_asked(values, asking),),
                    buttons=choices(asking.button("buttons.send", "go", Style.good)),
                )
        days = [asking.named(words.days(span, asking.locale), f"d{span}") for span in SPANS]
        return Question(
            asking.say("forms.rfq.deadline"),
            facts=(_asked(values, asking),),
            buttons=choices(*days, asking.button("forms.rfq.other_day", "date"), wide=2),
        )

    def answer(self, step: str, values: RfqValues, text: str, asking: Asking) -> Step:
        if step == "vendors":
            found = values.model_copy(update={"wanted": text.strip()[:60]})
            if len(found.shown()) == len(found.chosen):
                return Trouble(asking.say("forms.rfq.no_vendor", text=text.strip()[:60]))
            return found
        until = date_from(text, asking)
        if isinstance(until, Trouble):
            return until
        quote_by = _closing(until, asking)
        if quote_by <= asking.now:
            return Trouble(asking.say("errors.fields.past", day=until))
        return values.model_copy(update={"quote_by": quote_by, "stage": "review"})

    def choose(self, step: str, values: RfqValues, choice: str, asking: Asking) -> Step:
        place, days = picked(choice, "t"), picked(choice, "d")
        if place is not None and step == "vendors":
            return _toggled(values, place, asking)
        if days in SPANS and step == "deadline":
            until = asking.today + dt.timedelta(days=days)
            return Done(values.model_copy(update={"quote_by": _closing(until, asking)}))
        match choice:
            case "next" if step == "vendors" and values.chosen:
                return values.model_copy(update={"stage": "deadline", "wanted": ""})
            case "date" if step == "deadline":
                return values.model_copy(update={"stage": "date"})
            case "go" if step == "review" and values.quote_by:
                return Done(values)
        return Trouble(asking.say("forms.press_a_button"))


def _toggled(values: RfqValues, place: int, asking: Asking) -> Step:
    if place >= len(values.vendors):
        return values
    vendor = values.vendors[place].id
    chosen = [each for each in values.chosen if each != vendor]
    if len(chosen) == len(values.chosen):
        chosen.append(vendor)
    if len(chosen) > MOST:
        return Trouble(asking.say("forms.rfq.too_many", most=str(MOST)))
    return values.model_copy(update={"chosen": chosen})


def _vendors(values: RfqValues, asking: Asking) -> Question:
    places = {vendor.id: place for place, vendor in enumerate(values.vendors)}
    found = [
        asking.named(
            f"✓ {vendor.name}" if vendor.id in values.chosen else vendor.name, f"t{places[vendor.id]}"
        )
        for vendor in values.shown()
    ]
    rows = choices(*found, wide=2)
    if values.chosen:
        rows = (*rows, (asking.button("buttons.next", "next", Style.good),))
    facts = [asking.say("forms.rfq.search")] if len(values.vendors) > SHOWN else []
    return Question(
        asking.say("forms.rfq.vendors", number=values.number),
        facts=[*facts, *([_asked(values, asking)] if values.chosen else [])],
        buttons=rows,
    )


def _asked(values: RfqValues, asking: Asking) -> str:
    names = [vendor.name for vendor in values.vendors if vendor.id in values.chosen]
    return asking.say("forms.rfq.chosen", vendors=", ".join(names))


def _closing(day: dt.date, asking: Asking) -> dt.datetime:
    """18:00 of that day where the officer is."""
    return dt.datetime.combine(day, CLOSES_AT, ZoneInfo(asking.zone))
