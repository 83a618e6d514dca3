"""/report: what the figures say, with a small picture.

One rule: the sentence and the picture are the API's; a chat draws and computes nothing.
"""

from api.contract.analytics import SectionOut
from api.text import isolate
from api.text.analytics import figure_label, figure_value
from bots.client.analytics import ANSWERS
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

MOST_LINES = 8
FIRST = "waits"


async def report(ctx: Context, message: IncomingMessage) -> None:
    """/report, or /report spend for another question; the words of all questions when it is none of them."""
    word = message.args.casefold().strip() or FIRST
    if word not in ANSWERS:
        words = ", ".join(ANSWERS)
        await ctx.responder.text(ctx.translate("lists.report_unknown", word=word[:20], words=words))
        return
    answer = await ctx.api.analytics.answer(word)
    section = next((each for each in answer.sections if each.rows), None)
    if section is None:
        await ctx.responder.text(answer.sentence)
        return
    picture = await ctx.api.analytics.picture(word, section.name)
    caption = "\n".join((answer.sentence, "", *_lines(ctx, section)))
    reply_to = "" if ctx.origin.group is not None else ctx.origin.message_id
    await ctx.responder.file(picture, caption=caption, reply_to=reply_to)


def _lines(ctx: Context, section: SectionOut) -> list[str]:
    """The rows of the picture in words, numbered as it numbers what its font cannot write."""
    lines = []
    for place, row in enumerate(section.rows[:MOST_LINES], start=1):
        label = isolate(figure_label(section.name, row.key, row.label, ctx.locale))
        value = figure_value(row.value, section.unit.value, section.currency or row.key, ctx.locale)
        lines.append(f"{place}. {label}: {isolate(value)}")
    return lines
