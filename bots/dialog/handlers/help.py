"""Help, who am I, commands that do not exist, and text that nothing waits for.

One rule: plain text never acts by itself; a vendor's prices open the quote's form, anything else gets a hint.
"""

import difflib
import re
from collections.abc import Sequence

from api.text import CommandName, comma_separated
from bots.cards import phrases
from bots.cards.card import Button, Card, rows_of
from bots.cards.press import Op, Press
from bots.dialog import help_text, rfq_matching
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage
from bots.forms.quote_message import looks_like_quote
from bots.forms.quote_values import initial_values

FALLBACK = ("help", "cancel", "whoami")
"""What anybody may try who typed a command that resembles none."""
MAX_COMMAND_BYTES = 36
"""What of a command fits into a button."""
_NUMBER = re.compile(r"[A-Za-z]{1,4}-[0-9]{1,12}", re.ASCII)
"""What a command is about: ``REQ-104``."""


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


async def offer_command(ctx: Context, message: IncomingMessage) -> None:
    """A command in somebody else's words, as a button; of a long one only what it is about."""
    whole = f"{message.command} {message.args}".strip()
    fits = len(whole.encode()) <= MAX_COMMAND_BYTES and whole.isprintable()
    about = f" {message.number}" if _NUMBER.fullmatch(message.number) else ""
    offered = whole if fits else f"{message.command}{about}"
    button = Button(ctx.translate("buttons.do_it"), Press(Op.run_command, arg=offered))
    title = ctx.translate("forms.others_command", text=f"/{offered}")
    await ctx.show(Card(title, buttons=rows_of(button), locale=ctx.locale))


async def unread_kind(ctx: Context, message: IncomingMessage) -> None:
    """What can be read, to whoever sent something else; its words were read."""
    key = "forms.only_words_read" if message.text.strip() else "forms.kind_not_read"
    await ctx.responder.text(ctx.translate(key))


async def unexpected_text(ctx: Context, message: IncomingMessage) -> None:
    """Words without a form: a vendor's quote, or a hint."""
    if ctx.is_vendor and await _looks_like_quote(ctx, message.text):
        await rfq_matching.assign_to_rfq(ctx, message, message.text)
        return
    await ctx.responder.text(ctx.translate("forms.words_do_nothing"))


async def _looks_like_quote(ctx: Context, text: str) -> bool:
    """Whether the text could be prices for any open RFQ."""
    rfqs = await rfq_matching.open_rfqs(ctx)
    return any(looks_like_quote(initial_values(rfq), text, ctx.form_ctx) for rfq in rfqs)
