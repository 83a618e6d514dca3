"""Which vendor gets which line of an RFQ, and why.

line 1 → line 2 … → reason → review → send; lines that nobody priced are skipped and left out
"""

from collections.abc import Mapping
from decimal import Decimal

from api.contract.values import MAX_REASON_LENGTH, MIN_REASON_LENGTH
from api.text import money, number
from bots.cards import phrases
from bots.cards.card import Style
from bots.forms.field_parsers import text_from
from bots.forms.fieldset import FieldKind, Fieldset, FormField
from bots.forms.form import (
    REVIEW,
    TEXT,
    Completed,
    FieldErrors,
    Form,
    FormContext,
    FormQuestion,
    Rejected,
    StepResult,
    button_rows,
    choice_index,
    split_step,
)
from bots.forms.split_values import SplitLine, SplitOffer, SplitValues

LEAVE_OUT, REASON = "out", "reason"
OTHER = "⇄"
"""Before whatever is not what was asked for."""
QUICK = ("forms.split.cheaper", "forms.split.faster")
MAX_FIELDS = 20
"""More lines are asked one by one, also where all can be asked at once."""
MAX_LINES = 40
"""A draft has a limit of size; with more lines it is a program's work."""


class SplitForm(Form[SplitValues]):
    name = "split"
    values_type = SplitValues

    def step(self, values: SplitValues) -> str:
        for place, line in enumerate(values.lines, start=1):
            if line.offers and str(place) not in values.picked:
                return f"line:{place}"
        return REVIEW if values.reason and values.is_split else "reason"

    def question(self, step: str, values: SplitValues, ctx: FormContext) -> FormQuestion:
        name, place = split_step(step)
        if name == "reason":
            quick = [ctx.button(key, f"r{index}") for index, key in enumerate(QUICK)]
            return FormQuestion(ctx.translate("forms.split.reason"), buttons=button_rows(*quick, per_row=1))
        if name == REVIEW:
            return _review(values, ctx)
        line = values.lines[place - 1]
        item = phrases.line(line.quantity, line.unit, line.description, ctx.locale)
        buttons = [
            ctx.labelled_button(_short_offer(values, line, offer, ctx), f"v{index}")
            for index, offer in enumerate(line.offers)
        ]
        buttons.append(ctx.button("forms.split.leave_out", LEAVE_OUT))
        return FormQuestion(
            ctx.translate("forms.split.line", item=item, n=str(place), of=str(len(values.lines))),
            facts=_about_offers(line, ctx),
            items=[f"· {_offer(values, line, offer, ctx)}" for offer in line.offers],
            buttons=button_rows(*buttons, per_row=1),
        )

    def answer(self, step: str, values: SplitValues, text: str, ctx: FormContext) -> StepResult:
        """A vendor by its name, for what was asked; an alternative is pressed. And the reason in own words."""
        name, place = split_step(step)
        if name == "line":
            wanted = text.strip().casefold()
            asked = [each for each in values.lines[place - 1].offers if not each.alternative]
            offered = [offer.vendor for offer in asked]
            names = {vendor: values.vendors[vendor].name.casefold() for vendor in offered}
            exact = [vendor for vendor in offered if names[vendor] == wanted]
            named = exact or [vendor for vendor in offered if wanted and names[vendor].startswith(wanted)]
            if len(named) != 1:
                return Rejected(ctx.translate("forms.press_a_button"))
            return _picked(values, place, next(each for each in asked if each.vendor == named[0]), ctx)
        reason = text_from(text, ctx, min_length=MIN_REASON_LENGTH, max_length=MAX_REASON_LENGTH)
        return reason if isinstance(reason, Rejected) else values.model_copy(update={"reason": reason})

    def choose(self, step: str, values: SplitValues, choice: str, ctx: FormContext) -> StepResult:
        name, place = split_step(step)
        if name == "line":
            if choice == LEAVE_OUT:
                return _picked(values, place, None, ctx)
            index = choice_index(choice, "v")
            offers = values.lines[place - 1].offers
            if index is not None and index < len(offers):
                return _picked(values, place, offers[index], ctx)
        index = choice_index(choice, "r")
        if name == "reason" and index is not None and index < len(QUICK):
            return values.model_copy(update={"reason": ctx.translate(QUICK[index])})
        if name == REVIEW and choice == "go":
            return Completed(values)
        return Rejected(ctx.translate("forms.press_a_button"))

    def fields(self, values: SplitValues, ctx: FormContext, lines: int = 1) -> Fieldset:
        """All lines and the reason at once, the cheapest chosen; then the review. Many lines are asked one by one."""
        asked = [(place, line) for place, line in enumerate(values.lines, start=1) if line.offers]
        if self.step(values) == REVIEW or len(asked) > MAX_FIELDS:
            return super().fields(values, ctx, lines)
        fields = []
        for place, line in asked:
            item = phrases.line(line.quantity, line.unit, line.description, ctx.locale)
            options = [
                (f"v{index}", _offer(values, line, offer, ctx)) for index, offer in enumerate(line.offers)
            ]
            options.append((LEAVE_OUT, ctx.translate("forms.split.leave_out")))
            fields.append(
                FormField(
                    f"line:{place}",
                    f"{place}. {item}",
                    FieldKind.choice,
                    _chosen(values, place, line),
                    tuple(options),
                )
            )
        why = ctx.translate("forms.split.reason")
        quick = tuple((f"r{index}", ctx.translate(key)) for index, key in enumerate(QUICK))
        fields.append(FormField(REASON, why, FieldKind.choice, options=quick, optional=True))
        own_words = ctx.translate("slack.own_words")
        fields.append(FormField(TEXT, own_words, FieldKind.long_text, values.reason, optional=True))
        about = " ".join(dict.fromkeys(told for _, line in asked for told in _about_offers(line, ctx)))
        return Fieldset(values.number, fields, ctx.translate("buttons.next"), about)

    def read_fields(
        self, values: SplitValues, answers: Mapping[str, str], ctx: FormContext
    ) -> StepResult | FieldErrors:
        if not any(name.startswith("line:") for name in answers):
            return super().read_fields(values, answers, ctx)
        picked: dict[str, int | None] = {}
        instead: list[str] = []
        errors: dict[str, str] = {}
        last = ""
        for place, line in enumerate(values.lines, start=1):
            if not line.offers:
                continue
            last = f"line:{place}"
            answer = answers.get(last, "")
            index = choice_index(answer, "v")
            if index is not None and index < len(line.offers):
                picked[str(place)] = line.offers[index].vendor
                instead += [str(place)] if line.offers[index].alternative else []
            elif answer == LEAVE_OUT:
                picked[str(place)] = None
            else:
                errors[last] = ctx.translate("forms.press_a_button")
        filled = values.model_copy(update={"picked": picked, "instead": instead})
        wrong = "" if errors else _not_split(filled, ctx)
        if wrong:
            errors[last] = wrong
        reason = _reason(answers, ctx)
        if isinstance(reason, Rejected):
            errors[TEXT] = reason.text
        else:
            filled = filled.model_copy(update={"reason": reason})
        return FieldErrors(filled, errors) if errors else filled


def _chosen(values: SplitValues, place: int, line: SplitLine) -> str:
    """What is filled in: what was chosen before, else the cheapest that was asked for; never an alternative."""
    if str(place) not in values.picked:
        return LEAVE_OUT if line.offers[0].alternative else "v0"
    index = values.place_of(place, line)
    return LEAVE_OUT if index is None else f"v{index}"


def _about_offers(line: SplitLine, ctx: FormContext) -> tuple[str, ...]:
    """What prices mean; and where there is an alternative, that it is another thing."""
    shipping = ctx.translate("forms.split.shipping_extra")
    if not any(offer.alternative for offer in line.offers):
        return (shipping,)
    return shipping, ctx.translate("forms.split.alternative_extra")


def _reason(answers: Mapping[str, str], ctx: FormContext) -> str | Rejected:
    """Own words win over the list."""
    own, index = answers.get(TEXT, ""), choice_index(answers.get(REASON, ""), "r")
    if not own and index is not None and index < len(QUICK):
        return ctx.translate(QUICK[index])
    return text_from(own, ctx, min_length=MIN_REASON_LENGTH, max_length=MAX_REASON_LENGTH)


def _not_split(values: SplitValues, ctx: FormContext) -> str:
    """Why this is no split: every line left out, or all to one vendor; nothing when it is one."""
    if values.is_split:
        return ""
    shares = values.shares()
    if not shares:
        return ctx.translate("forms.split.nothing")
    only = values.vendors[next(iter(shares))].name
    return ctx.translate("forms.split.one_vendor", vendor=only)


def _picked(values: SplitValues, place: int, offer: SplitOffer | None, ctx: FormContext) -> StepResult:
    """With the last line it is clear whether anything is split; then the person goes back, or proposes one quote."""
    picked = {**values.picked, str(place): None if offer is None else offer.vendor}
    instead = [each for each in values.instead if each != str(place)]
    if offer is not None and offer.alternative:
        instead.append(str(place))
    after = values.model_copy(update={"picked": picked, "instead": instead})
    wrong = _not_split(after, ctx) if SplitForm().step(after) == "reason" else ""
    return Rejected(wrong) if wrong else after


def _short_offer(values: SplitValues, line: SplitLine, offer: SplitOffer, ctx: FormContext) -> str:
    """``3,540 · Alder``: a button's label is short, and the price must be on it; ``⇄``: for something else."""
    name = values.vendors[offer.vendor].name
    who = f"{OTHER} {name}" if offer.alternative else name
    return f"{number(line.total(offer, values.currency), ctx.locale)} · {who}"


def _offered(values: SplitValues, offer: SplitOffer, ctx: FormContext) -> str:
    """Who offers it, and what, when it is not what was asked for."""
    name = values.vendors[offer.vendor].name
    if not offer.alternative:
        return name
    return f"{OTHER} {ctx.translate('forms.split.alternative', vendor=name, text=offer.alternative)}"


def _offer(values: SplitValues, line: SplitLine, offer: SplitOffer, ctx: FormContext) -> str:
    """``Alder · 1,180.00 USD · 10 days``."""
    facts = [
        _offered(values, offer, ctx),
        money(line.total(offer, values.currency), values.currency, ctx.locale),
    ]
    if offer.days is not None:
        facts.append(phrases.days(offer.days, ctx.locale))
    return " · ".join(facts)


def _item(line: SplitLine, offer: SplitOffer, ctx: FormContext) -> str:
    """What would be ordered, and where it is an alternative, of what."""
    item = phrases.line(line.quantity, line.unit, offer.alternative or line.description, ctx.locale)
    return phrases.in_place_of(item, line.description, ctx.locale) if offer.alternative else item


def _about(amount: Decimal, currency: str, ctx: FormContext, *, converted: bool) -> str:
    told = money(amount, currency, ctx.locale)
    return f"≈ {told}" if converted else told


def _review(values: SplitValues, ctx: FormContext) -> FormQuestion:
    """What each vendor would get with its shipping, and all together beside the best single vendor."""
    items, total = [], Decimal(0)
    for vendor, found in values.shares().items():
        one = values.vendors[vendor]
        own = sum((line.total(offer, values.currency) for line, offer in found), one.shipping)
        total += own
        items.append(
            ctx.translate(
                "cards.split_share",
                vendor=one.name,
                total=_about(own, values.currency, ctx, converted=one.converted),
                shipping=money(one.shipping, values.currency, ctx.locale),
            )
        )
        items += [
            f"· {_item(line, offer, ctx)}: {number(line.total(offer, values.currency), ctx.locale)}"
            for line, offer in found
        ]
    converted = any(values.vendors[vendor].converted for vendor in values.shares())
    told = _about(total, values.currency, ctx, converted=converted)
    facts = [ctx.translate("forms.split.total", total=told)]
    if values.best_single is not None:
        best = money(values.best_single, values.currency, ctx.locale)
        facts.append(ctx.translate("cards.split_best_single", total=best))
    if values.left_out:
        facts.append(ctx.translate("cards.split_left_out", lines=", ".join(values.left_out)))
    facts.append(ctx.translate("cards.reason", text=values.reason))
    return FormQuestion(
        ctx.translate("forms.split.review", number=values.number),
        facts=facts,
        items=items,
        buttons=button_rows(ctx.button("buttons.send", "go", Style.good)),
    )
