"""The vendor's quote, line by line or in one message.

    line 1 … line n (→ which?) → lead time → valid until → shipping? → note? → files?
        → (lines left out?) → review → send

One rule: nothing is sent before Send; a file that was dropped is held with the draft.
"""

import datetime as dt
from collections.abc import Sequence

from api.text import day, money
from bots.cards import phrases
from bots.cards.card import ButtonRow, Style
from bots.forms.field_parsers import date_from, price_from
from bots.forms.form import (
    Completed,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    choice_index,
    split_step,
)
from bots.forms.quote_doubts import doubt_question, lead_days, with_chosen, with_typed
from bots.forms.quote_message import with_answer
from bots.forms.quote_values import Offer, QuoteValues, file_names

OPTIONAL_STEPS = ("shipping", "note", "files")
LEFT_OUT = "left_out"
"""The step that asks about lines without a price, once, before anything is sent."""
WHICH = "which"
"""The step that asks which of its readings a text has."""
VALIDITY_DAYS = (14, 30, 60)
_EMPTY: tuple[object, ...] = (None, "", [])  # a shipping of 0 was said


class QuoteForm(Form[QuoteValues]):
    name = "quote"
    values_type = QuoteValues

    def step(self, values: QuoteValues) -> str:
        if values.asked:
            return values.asked
        if values.doubts:
            return WHICH
        for number in range(1, len(values.lines) + 1):
            if values.is_open(number):
                return f"line:{number}"
        if not values.priced and not values.alternatives:
            return "nothing"
        if values.lead_time_days is None:
            return "lead_time"
        if values.valid_until is None:
            return "valid_until"
        for name in OPTIONAL_STEPS:
            if name not in values.passed and getattr(values, name) in _EMPTY:
                return name
        return LEFT_OUT if values.left_out and LEFT_OUT not in values.passed else "review"

    def question(self, step: str, values: QuoteValues, ctx: FormContext) -> FormQuestion:
        name, number = split_step(step)
        match name:
            case "line":
                return _line_question(number, values, ctx)
            case "which":
                return doubt_question(values, ctx)
            case "review":
                return _review(values, ctx)
            case "edit":
                return FormQuestion(
                    ctx.translate("forms.quote.which_line"), buttons=_line_buttons(values, ctx)
                )
            case "nothing":
                key = "forms.enter.nothing" if values.vendor_id else "forms.quote.nothing"
                return FormQuestion(
                    ctx.translate(key), facts=_for(values, ctx), buttons=_line_buttons(values, ctx)
                )
            case "left_out":
                return _left_out_question(values, ctx)
        skip = [ctx.button("buttons.skip", "s")] if name in OPTIONAL_STEPS else []
        if name == "valid_until":
            skip = [ctx.labelled_button(phrases.days(days, ctx.locale), f"v{days}") for days in VALIDITY_DAYS]
        return FormQuestion(
            ctx.translate(_prompt(name, values), **_facts(name, values)),
            facts=_for(values, ctx),
            buttons=button_rows(*skip),
        )

    def answer(self, step: str, values: QuoteValues, text: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        match name:
            case "line":
                return with_answer(values, text, ctx, number)
            case "which":
                return with_typed(values, text, ctx)
            case "lead_time":
                days = lead_days(values, text, ctx)
                return days if isinstance(days, Rejected) else _with(values, lead_time=days)
            case "valid_until":
                until = date_from(text, ctx)
                return until if isinstance(until, Rejected) else _with(values, valid_until=until)
            case "shipping":
                price = price_from(text, ctx, values.currency)
                if isinstance(price, Rejected):
                    return price
                if price.currency not in (None, values.currency):
                    return Rejected(ctx.translate("forms.quote.one_currency", currency=values.currency))
                return _skipped(values, name, shipping=price.value)
            case "note":
                return _skipped(values, name, note=text.strip()[:2000])
            case "review" | "edit" | "nothing" | "left_out":
                return with_answer(values, text, ctx)
        return Rejected(ctx.translate(_prompt("files", values), **_facts(name, values)))

    def choose(self, step: str, values: QuoteValues, choice: str, ctx: FormContext) -> StepResult:
        name, number = split_step(step)
        line, days = choice_index(choice, "l"), choice_index(choice, "v")
        if line and line <= len(values.lines) and name in ("edit", "nothing", LEFT_OUT):
            return _with(values, asked=f"line:{line}")
        doubt = choice_index(choice, "d")
        if doubt is not None and name == WHICH:
            return with_chosen(values, doubt, ctx)
        if days in VALIDITY_DAYS and name == "valid_until":
            return _with(values, valid_until=ctx.today + dt.timedelta(days=days))
        match choice:
            case "go" if step == "review":
                return Completed(values)
            case "no" if name == "line":
                return _with(values, offers={**values.offers, str(number): Offer(no_bid=True)})
            case "edit" if step == "review":
                return _with(values, asked="edit")
            case "files" if step == "review":
                return _with(values, asked="files")
            case "s" if name in (*OPTIONAL_STEPS, LEFT_OUT):
                return _skipped(values, name)
        return Rejected(ctx.translate("forms.press_a_button"))


_PROMPTS = {"files": "attach"}
_ENTERED_PROMPTS = {"files": "evidence", "lead_time": "lead_time", "note": "note", LEFT_OUT: LEFT_OUT}


def _prompt(name: str, values: QuoteValues) -> str:
    """The key of a question; some are asked otherwise of an officer who enters a vendor's answer."""
    if values.vendor_id and name in _ENTERED_PROMPTS:
        return f"forms.enter.{_ENTERED_PROMPTS[name]}"
    return f"forms.quote.{_PROMPTS.get(name, name)}"


def _for(values: QuoteValues, ctx: FormContext) -> tuple[str, ...]:
    """For whom an officer enters it."""
    return (ctx.translate("forms.enter.for", vendor=values.vendor),) if values.vendor_id else ()


def _with(values: QuoteValues, **update: object) -> QuoteValues:
    return values.model_copy(update={"asked": "", **update})


def _skipped(values: QuoteValues, name: str, **update: object) -> QuoteValues:
    return _with(values, passed=[*values.passed, name], **update)


def _facts(name: str, values: QuoteValues) -> dict[str, object]:
    return {"currency": values.currency, "vendor": values.vendor}


def _line_question(number: int, values: QuoteValues, ctx: FormContext) -> FormQuestion:
    line = values.lines[number - 1]
    return FormQuestion(
        ctx.translate(
            "forms.quote.line",
            line=str(number),
            lines=str(len(values.lines)),
            item=phrases.line(line.quantity, line.unit, line.description, ctx.locale),
            currency=values.currency,
        ),
        facts=(*_for(values, ctx), *_unread_notes(values, ctx)),
        buttons=button_rows(ctx.button("buttons.no_bid_line", "no")),
    )


def _unread_notes(values: QuoteValues, ctx: FormContext) -> Sequence[str]:
    if not values.unread:
        return ()
    return (ctx.translate("forms.request.unread", words=", ".join(f"“{each}”" for each in values.unread)),)


def _left_out_question(values: QuoteValues, ctx: FormContext) -> FormQuestion:
    """Which lines have no price, and what that means."""
    return FormQuestion(
        ctx.translate(_prompt(LEFT_OUT, values), vendor=values.vendor),
        facts=(
            *_for(values, ctx),
            *(() if values.vendor_id else (ctx.translate("forms.quote.left_out_why"),)),
        ),
        items=[_line_summary(number, values, ctx) for number in values.left_out],
        buttons=(
            *_line_buttons(values, ctx, only=values.left_out),
            (ctx.button("buttons.leave_out", "s"),),
        ),
    )


def _line_buttons(
    values: QuoteValues, ctx: FormContext, only: Sequence[int] | None = None
) -> tuple[ButtonRow, ...]:
    buttons = [
        ctx.labelled_button(f"{number}  {line.description}", f"l{number}")
        for number, line in enumerate(values.lines, start=1)
        if only is None or number in only
    ]
    return button_rows(*buttons[:20], per_row=2)


def _review(values: QuoteValues, ctx: FormContext) -> FormQuestion:
    """Everything that will be sent, with the total."""
    locale = ctx.locale
    items = [_line_summary(number, values, ctx) for number in range(1, len(values.lines) + 1)]
    shipping = values.shipping
    facts = [
        ctx.translate(
            "forms.quote.totals",
            total=money(values.total, values.currency, locale),
            shipping=money(shipping, values.currency, locale)
            if shipping
            else ctx.translate("forms.quote.no_shipping"),
        ),
        ctx.translate(
            "forms.quote.terms",
            days=phrases.days(values.lead_time_days or 0, locale),
            day=day(values.valid_until, locale) if values.valid_until else "",
        ),
        *phrases.note(values.note, locale),
        *_sources(values, ctx),
        *_unread_notes(values, ctx),
        *values.file_notes,
    ]
    facts += file_names(values.files, ctx)
    key = "forms.enter.summary" if values.vendor_id else "forms.quote.summary"
    return FormQuestion(
        ctx.translate(key, number=values.number, vendor=values.vendor, person=values.person),
        facts=facts,
        items=items,
        buttons=button_rows(
            ctx.button("buttons.send_quote", "go", Style.good),
            ctx.button("buttons.edit", "edit"),
            ctx.button("buttons.add_file", "files"),
        ),
    )


def _sources(values: QuoteValues, ctx: FormContext) -> tuple[str, ...]:
    """What was worked out, and from which words: a sum of the line, days from weeks, a day from a span."""
    priced = [offer.read_from for _, offer in values.priced if offer.read_from]
    words = ", ".join(f"“{each}”" for each in (*priced, *values.read_from.values()))
    return (ctx.translate("forms.quote.read_from", words=words),) if words else ()


def _line_summary(number: int, values: QuoteValues, ctx: FormContext) -> str:
    line, offer = values.lines[number - 1], values.offer(number)
    text = f"{number}  {phrases.line(line.quantity, line.unit, line.description, ctx.locale)}"
    if offer is None or offer.no_bid or offer.price is None:
        told = ctx.translate("cards.your_no_bid", line=text)
    else:
        days = values.days_of(offer) or 0
        price = money(offer.price, values.currency, ctx.locale)
        key = "forms.enter.price" if values.vendor_id else "cards.your_price"
        told = ctx.translate(key, line=text, price=price, days=phrases.days(days, ctx.locale))
    other = values.alternatives.get(str(number))
    return told if other is None else f"{told} · {phrases.alternative(other, values.currency, ctx.locale)}"
