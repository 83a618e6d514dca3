"""The draft of a request as it is shown before it is submitted: every field named, nothing that was typed left out."""

from collections.abc import Sequence
from decimal import Decimal

from api.text import day, money, number, quantity
from bots.cards import phrases
from bots.cards.card import Style
from bots.cards.recommendations import bought_line
from bots.forms import request_people
from bots.forms.form import FormContext, FormQuestion, button_rows
from bots.forms.quote_values import file_names
from bots.forms.request_values import LineValues, RequestValues, Resembled, UnusualQuantity


def line_text(line: LineValues, values: RequestValues, ctx: FormContext) -> str:
    text = phrases.line(line.quantity or Decimal(0), line.unit, line.description, ctx.locale)
    return phrases.priced(text, line.price, values.currency, ctx.locale)


def _title(values: RequestValues, ctx: FormContext) -> str:
    if values.resembled:
        return ctx.translate("forms.request.resembles")
    if values.request_id is not None:
        return ctx.translate("forms.request.correction", number=values.number)
    return ctx.translate("forms.request.draft")


def review(values: RequestValues, ctx: FormContext) -> FormQuestion:
    """The draft card: every field named, text that was not understood quoted."""
    locale = ctx.locale
    items = [line_text(line, values, ctx) for line in values.lines]
    total = None if values.total is None else money(values.total, values.currency, locale)
    facts = [
        ctx.translate(
            "cards.request_summary",
            total=total or ctx.translate("cards.price_open", currency=values.currency),
            cost_centre=values.cost_centre or "",
            day=day(values.needed_by, locale) if values.needed_by else "",
        ),
        *phrases.note(values.note, locale),
        *file_names(values.files, ctx),
        *request_people.facts(values, ctx),
        *(_warning(each, ctx) for each in values.resembled),
        *(_question(each, ctx) for each in values.unusual),
        *bought_before(values, values.lines, ctx),
    ]
    if values.unread:
        quoted = ", ".join(f"“{each}”" for each in values.unread)
        facts.append(ctx.translate("forms.request.unread", words=quoted))
    submit = ("buttons.submit_anyway", "anyway") if values.warned else ("buttons.submit", "go")
    return FormQuestion(
        _title(values, ctx),
        facts=facts,
        items=items,
        buttons=button_rows(
            ctx.button(*submit, Style.good),
            ctx.button("buttons.edit", "edit"),
            ctx.button("buttons.add_line", "line"),
        ),
    )


def _question(line: UnusualQuantity, ctx: FormContext) -> str:
    """Whether so many are meant."""
    return ctx.translate(
        "forms.request.usual_quantity",
        quantity=quantity(line.quantity, line.unit, ctx.locale),
        usual=quantity(line.usual, line.unit, ctx.locale),
        n=number(line.n, ctx.locale),
        since=day(line.since, ctx.locale),
    )


def bought_before(values: RequestValues, lines: Sequence[LineValues], ctx: FormContext) -> list[str]:
    """What was ordered like these lines, of all that the person may see."""
    found = {each.item: each for each in map(values.bought_like, lines) if each is not None}
    return [bought_line(each, ctx.locale) for each in found.values()]


def _warning(earlier: Resembled, ctx: FormContext) -> str:
    """Which earlier request, whose, since when, and how far it has come."""
    return ctx.translate(
        "forms.request.earlier",
        number=earlier.number,
        person=earlier.requested_by_name,
        day=day(earlier.created_at.date(), ctx.locale),
        state=phrases.state("request", earlier.state, ctx.locale),
    )
