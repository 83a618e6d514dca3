"""What a message says about a quote: prices and terms, and what is offered in place of a line.

One rule: alternatives are taken out of the message first, so that their prices are never those of what was asked for.
"""

from bots.forms.form import FormContext, Rejected
from bots.forms.quote_alternatives import split_alternatives, with_alternatives
from bots.forms.quote_values import QuoteValues, has_content, read_quote, with_reading


def with_answer(
    values: QuoteValues, text: str, ctx: FormContext, line: int | None = None
) -> QuoteValues | Rejected:
    """The answer to a question of the form; ``line`` is the one that was asked. Refuses what was not understood."""
    rest, said = split_alternatives(text, values, ctx)
    if rest.strip() or not said:
        read = with_reading(values, read_quote(rest, values, ctx, line), ctx, strict=True)
        if isinstance(read, Rejected):
            return read
        values = read
    return with_alternatives(values, said, ctx, line)


def with_text(values: QuoteValues, text: str, ctx: FormContext) -> QuoteValues | Rejected:
    """A whole quote in one message; what was not understood is quoted in the summary."""
    rest, said = split_alternatives(text, values, ctx)
    reading = read_quote(rest, values, ctx)
    if not said and not has_content(reading) and not reading.ambiguous and not reading.refused:
        return Rejected(ctx.translate("forms.quote.not_understood"))
    read = with_reading(values, reading, ctx, strict=False)
    return read if isinstance(read, Rejected) else with_alternatives(read, said, ctx)


def looks_like_quote(values: QuoteValues, text: str, ctx: FormContext) -> bool:
    """Whether the text could be prices, or something in place of a line."""
    rest, said = split_alternatives(text, values, ctx)
    reading = read_quote(rest, values, ctx)
    return bool(said or has_content(reading) or reading.ambiguous)
