"""Help, who am I, commands that do not exist, and text that nothing waits for.

One rule: plain text never acts by itself; a vendor's prices open the quote's form, anything else gets a hint.
"""

import difflib
from collections.abc import Sequence

from api.text import CommandName, comma_separated
from bots.cards import phrases
from bots.dialog import help_text, rfq_matching
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms.quote_values import has_content, initial_values, read_quote

FALLBACK = ("help", "cancel", "whoami")
"""What anybody may try who typed a command that resembles none."""


async def show_help(ctx: Context, message: IncomingMessage) -> None:
    """The top actions of the person's role, with examples."""
    await ctx.responder.text(help_text.help_text(ctx.me))


async def whoami(ctx: Context, message: IncomingMessage) -> None:
    """Which account this chat acts as."""
    await ctx.responder.text(
        ctx.translate(
            "link.whoami",
            display_name=ctx.account_name or ctx.origin.external_id,
            person=ctx.me.name,
            roles=comma_separated((phrases.role(role, ctx.locale) for role in ctx.me.roles), ctx.locale),
        )
    )


async def unknown_command(ctx: Context, message: IncomingMessage, *, known: Sequence[str]) -> None:
    """The nearest commands."""
    command = message.command[:32]
    near = difflib.get_close_matches(command, known, n=3, cutoff=0.3) or FALLBACK
    facts = {"command": CommandName(command), "nearest": tuple(CommandName(name) for name in near)}
    await ctx.responder.text(ctx.translate("commands.unknown", **facts))


async def unexpected_text(ctx: Context, message: IncomingMessage) -> None:
    """Words without a form: a vendor's quote, or a hint."""
    if ctx.is_vendor and await _looks_like_quote(ctx, message.text):
        await rfq_matching.assign_to_rfq(ctx, message, message.text)
        return
    await ctx.responder.text(ctx.translate("forms.words_do_nothing"))


async def _looks_like_quote(ctx: Context, text: str) -> bool:
    """Whether the text could be prices for any open RFQ."""
    readings = [
        read_quote(text, initial_values(rfq), ctx.form_ctx) for rfq in await rfq_matching.open_rfqs(ctx)
    ]
    return any(has_content(reading) or reading.ambiguous for reading in readings)
