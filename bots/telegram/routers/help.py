"""Help, who am I, commands that do not exist, and words that nothing waits for.

One rule: text never acts by itself; what looks like a decision gets the way to the button.
"""

import difflib

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from bots.cards import words
from bots.forms.quote_values import begun, read_quote, says_something
from bots.telegram import help_words, quoting
from bots.telegram.commands import KNOWN
from bots.telegram.turn import Turn


async def help_(message: Message, turn: Turn) -> None:
    """The top actions of the person's role, with examples."""
    await turn.voice.text(help_words.for_person(turn.me))


async def whoami(message: Message, turn: Turn) -> None:
    """Which account this chat acts as."""
    user = message.from_user
    await turn.voice.text(
        turn.say(
            "link.whoami",
            display_name=user.full_name if user else turn.place.external_id,
            person=turn.me.name,
            roles=", ".join(words.role(role, turn.locale) for role in turn.me.roles),
        )
    )


async def unknown(message: Message, turn: Turn) -> None:
    """The nearest commands."""
    command = (message.text or "/").split()[0].lstrip("/").split("@")[0][:32]
    near = difflib.get_close_matches(command, KNOWN, n=3, cutoff=0.3) or list(KNOWN[:3])
    nearest = ", ".join(f"/{name}" for name in near)
    await turn.voice.text(turn.say("commands.unknown", command=f"/{command}", nearest=nearest))


async def loose(message: Message, turn: Turn) -> None:
    """Words without a form: a vendor's quote, or a hint."""
    text = message.text or ""
    if turn.is_vendor and await _looks_like_quote(turn, text):
        await quoting.place(turn, message, text)
        return
    await turn.voice.text(turn.say("forms.words_do_nothing"))


async def _looks_like_quote(turn: Turn, text: str) -> bool:
    """Whether any open RFQ could take these words as prices."""
    readings = [read_quote(text, begun(rfq), turn.asking) for rfq in await quoting.open_rfqs(turn)]
    return any(says_something(reading) or reading.ambiguous for reading in readings)


def make_router() -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="help")
    router.message.register(help_, Command("help"))
    router.message.register(whoami, Command("whoami"))
    router.message.register(unknown, F.text.startswith("/"))
    router.message.register(loose, F.text)
    return router
