"""Which vendors are asked, and until when they may quote.

vendors (toggled, found by typing) → (the request's files: all, some or none)
→ deadline (buttons, or a typed day → confirmed) → sent
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from api.contract.attachments import RequestFileOut
from api.contract.recommendations import BoughtBeforeOut, SuggestedVendorOut, WarnedOut, WhyOut
from api.contract.requests import RequestOut
from api.contract.rfqs import RfqIn, RfqOut
from api.text import moment
from api.text.vendor_scores import warned_line
from bots.cards import phrases
from bots.cards.card import Picker, Style
from bots.cards.press import Op, Press
from bots.cards.recommendations import bought_line, why_line
from bots.forms import file_choice
from bots.forms.field_parsers import date_from
from bots.forms.file_choice import FileChoice
from bots.forms.form import (
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    choice_index,
)

SPAN_DAYS = (2, 5, 10)
CLOSES_AT = dt.time(18)
MAX_BUTTONS, MAX_VENDORS = 12, 50
PICKED = "pick"


class VendorOption(BaseModel):
    id: UUID
    name: str
    category: str
    why: WhyOut | None = None
    warned: WarnedOut | None = None


class RfqValues(FileChoice):
    request_id: UUID
    number: str
    vendors: list[VendorOption]
    chosen: list[UUID] = Field(default_factory=list)
    bought: list[BoughtBeforeOut] = Field(default_factory=list)
    """What was ordered like the request's lines."""
    wanted: str = ""
    quote_by: dt.datetime | None = None
    stage: str = "vendors"
    rfq_id: UUID | None = None
    """The RFQ that gets another deadline, or more vendors; None while it is made."""
    version: int = 1

    def body(self) -> RfqIn:
        return RfqIn.model_validate(
            {
                "vendor_ids": self.chosen,
                "quote_by": self.quote_by,
                "document_ids": [file.id for file in self.files],
                "files": self.carried,
            }
        )

    @property
    def file_taken(self) -> str:
        """Files go along with a new RFQ; a new deadline or more vendors bring none."""
        return "forms.file_taken" if self.rfq_id is None else ""

    def visible_vendors(self) -> list[VendorOption]:
        """Those that were chosen, then those that fit what was typed."""
        chosen = [vendor for vendor in self.vendors if vendor.id in self.chosen]
        matches = [
            vendor
            for vendor in self.vendors
            if vendor.id not in self.chosen
            and self.wanted.casefold() in f"{vendor.name} {vendor.category}".casefold()
        ]
        return [*chosen, *matches][:MAX_BUTTONS]


def with_found(values: RfqValues, found: Sequence[SuggestedVendorOut]) -> RfqValues:
    """With vendors that a search on the server found; those that are known keep their place."""
    known = {vendor.id for vendor in values.vendors}
    new = _options(found)
    vendors = [*values.vendors, *(each for each in new[:MAX_BUTTONS] if each.id not in known)]
    return values.model_copy(update={"vendors": vendors})


def _options(vendors: Sequence[SuggestedVendorOut]) -> list[VendorOption]:
    return [
        VendorOption(id=each.id, name=each.name, category=each.category, why=each.why, warned=each.warned)
        for each in vendors
    ]


def initial_values(
    request: RequestOut,
    vendors: Sequence[SuggestedVendorOut],
    files: Sequence[RequestFileOut] = (),
    bought: Sequence[BoughtBeforeOut] = (),
) -> RfqValues:
    """All who may be asked, in the order in which they are suggested, the request's files, and earlier prices."""
    return RfqValues(
        request_id=request.id,
        number=request.number,
        vendors=_options(vendors),
        bought=list(bought),
        offered=file_choice.files_to_offer(files),
    )


def new_deadline(rfq: RfqOut) -> RfqValues:
    """Until when vendors may quote instead."""
    return RfqValues(
        request_id=rfq.request_id,
        number=rfq.number,
        vendors=[],
        stage="deadline",
        rfq_id=rfq.id,
        version=rfq.version,
    )


def more_vendors(rfq: RfqOut, vendors: Sequence[SuggestedVendorOut]) -> RfqValues:
    """Who may be asked as well; the deadline stays."""
    return RfqValues(
        request_id=rfq.request_id,
        number=rfq.number,
        vendors=_options(vendors),
        rfq_id=rfq.id,
        version=rfq.version,
    )


class RfqForm(Form[RfqValues]):
    name = "rfq"
    values_type = RfqValues

    def step(self, values: RfqValues) -> str:
        return values.stage

    def question(self, step: str, values: RfqValues, ctx: FormContext) -> FormQuestion:
        match step:
            case "vendors":
                return _vendors(values, ctx)
            case "files":
                leave = ctx.button("buttons.next", "next", Style.good) if values.carried else None
                return FormQuestion(
                    ctx.translate("forms.rfq.files", number=values.number),
                    facts=_about(values, ctx),
                    buttons=button_rows(
                        *file_choice.buttons(values, ctx), leave or ctx.button("buttons.skip", "s"), per_row=2
                    ),
                )
            case "date":
                return FormQuestion(ctx.translate("forms.rfq.date"), facts=_about(values, ctx))
            case "review":
                until = moment(values.quote_by, ctx.locale, ctx.zone) if values.quote_by else ""
                key = "forms.rfq.review" if values.rfq_id is None else "forms.rfq.review_deadline"
                return FormQuestion(
                    ctx.translate(key, number=values.number, moment=until),
                    facts=_about(values, ctx),
                    buttons=button_rows(ctx.button("buttons.send", "go", Style.good)),
                )
        days = [ctx.labelled_button(phrases.days(span, ctx.locale), f"d{span}") for span in SPAN_DAYS]
        return FormQuestion(
            ctx.translate("forms.rfq.deadline"),
            facts=(*_about(values, ctx), *_hint(values, ctx)),
            buttons=button_rows(*days, ctx.button("forms.rfq.other_day", "date"), per_row=2),
        )

    def answer(self, step: str, values: RfqValues, text: str, ctx: FormContext) -> StepResult:
        if step == "vendors":
            found = values.model_copy(update={"wanted": text.strip()[:60]})
            if len(found.visible_vendors()) == len(found.chosen):
                return Rejected(ctx.translate("forms.rfq.no_vendor", text=text.strip()[:60]))
            return found
        if step == "files":
            return Rejected(ctx.translate("forms.press_a_button"))
        until = date_from(text, ctx)
        if isinstance(until, Rejected):
            return until
        quote_by = _closing_time(until, ctx)
        if quote_by <= ctx.now:
            return Rejected(ctx.translate("errors.fields.past", day=until))
        return values.model_copy(update={"quote_by": quote_by, "stage": "review"})

    def choose(self, step: str, values: RfqValues, choice: str, ctx: FormContext) -> StepResult:
        index, days = choice_index(choice, "t"), choice_index(choice, "d")
        if index is not None and step == "vendors":
            return _toggled(values, index, ctx)
        if days in SPAN_DAYS and step == "deadline":
            until = ctx.today + dt.timedelta(days=days)
            return Completed(values.model_copy(update={"quote_by": _closing_time(until, ctx)}))
        files = file_choice.chosen(values, choice) if step == "files" else None
        if files is not None:
            return files.model_copy(update={"stage": "deadline"}) if choice == file_choice.ALL else files
        match choice:
            case "next" if step == "vendors" and values.chosen and values.rfq_id:
                return Completed(values)
            case "next" if step == "vendors" and values.chosen:
                stage = "files" if values.offered else "deadline"
                return values.model_copy(update={"stage": stage, "wanted": ""})
            case "s" if step == "files" and not values.carried:
                return values.model_copy(update={"stage": "deadline"})
            case "next" if step == "files" and values.carried:
                return values.model_copy(update={"stage": "deadline"})
            case "date" if step == "deadline":
                return values.model_copy(update={"stage": "date"})
            case "go" if step == "review" and values.quote_by:
                return Completed(values)
        return Rejected(ctx.translate("forms.press_a_button"))


def _toggled(values: RfqValues, index: int, ctx: FormContext) -> StepResult:
    if index >= len(values.vendors):
        return values
    vendor = values.vendors[index].id
    chosen = [each for each in values.chosen if each != vendor]
    if len(chosen) == len(values.chosen):
        chosen.append(vendor)
    if len(chosen) > MAX_VENDORS:
        return Rejected(ctx.translate("forms.rfq.too_many", most=str(MAX_VENDORS)))
    return values.model_copy(update={"chosen": chosen})


def _vendors(values: RfqValues, ctx: FormContext) -> FormQuestion:
    indexes = {vendor.id: index for index, vendor in enumerate(values.vendors)}
    found = [
        ctx.labelled_button(
            f"✓ {vendor.name}" if vendor.id in values.chosen else vendor.name, f"t{indexes[vendor.id]}"
        )
        for vendor in values.visible_vendors()
    ]
    rows = button_rows(*found, per_row=2)
    if values.chosen:
        rows = (*rows, (ctx.button("buttons.next", "next", Style.good),))
    facts = [ctx.translate("forms.rfq.search")] if len(values.vendors) > MAX_BUTTONS else []
    return FormQuestion(
        ctx.translate("forms.rfq.vendors", number=values.number),
        facts=[*facts, *(bought_line(each, ctx.locale) for each in values.bought), *_about(values, ctx)],
        items=[line for each in values.visible_vendors() for line in _told(each, ctx)],
        buttons=rows,
        picker=_picker(values, ctx),
    )


def _picker(values: RfqValues, ctx: FormContext) -> Picker:
    chosen = tuple((str(each.id), each.name) for each in values.vendors if each.id in values.chosen)
    press = Press(Op.form, ctx.nonce, ctx.version, PICKED)
    return Picker(ctx.translate("forms.rfq.pick"), press, chosen)


def with_picked(values: RfqValues, picked: Collection[UUID]) -> RfqValues:
    """Exactly these of the vendors that are known are chosen."""
    chosen = [vendor.id for vendor in values.vendors if vendor.id in picked]
    return values.model_copy(update={"chosen": chosen[:MAX_VENDORS], "wanted": ""})


def _told(vendor: VendorOption, ctx: FormContext) -> Iterator[str]:
    """Why it is suggested, and that its score is below the bound of a warning."""
    if vendor.why:
        yield why_line(vendor.name, vendor.why, ctx.locale)
    if vendor.warned:
        yield warned_line(vendor.name, vendor.warned, ctx.locale)


def _hint(values: RfqValues, ctx: FormContext) -> tuple[str, ...]:
    """That files can be sent along, while none is."""
    return (ctx.translate("forms.rfq.send_files"),) if values.file_taken and not values.going else ()


def _about(values: RfqValues, ctx: FormContext) -> tuple[str, ...]:
    """Who is asked, and which files they get."""
    return (*_chosen_names(values, ctx), *file_choice.named(values, ctx))


def _chosen_names(values: RfqValues, ctx: FormContext) -> tuple[str, ...]:
    names = [vendor.name for vendor in values.vendors if vendor.id in values.chosen]
    return (ctx.translate("forms.rfq.chosen", vendors=", ".join(names)),) if names else ()


def _closing_time(day: dt.date, ctx: FormContext) -> dt.datetime:
    """18:00 of that day where the officer is."""
    return dt.datetime.combine(day, CLOSES_AT, ZoneInfo(ctx.zone))
