"""Help, who am I, commands that do not exist, and words that nothing waits for.

One rule: text never acts by itself; what looks like a decision gets the way to the button.
"""

import difflib

from bots.cards import words
from bots.forms.quote_values import begun, read_quote, says_something
from bots.talk import help_words, quoting
from bots.talk.menu import KNOWN
from bots.talk.said import Said
from bots.talk.turn import Turn


async def help_(turn: Turn, said: Said) -> None:
    """The top actions of the person's role, with examples."""
    await turn.voice.text(help_words.for_person(turn.me))


async def whoami(turn: Turn, said: Said) -> None:
    """Which account this chat acts as."""
    await turn.voice.text(
        turn.say(
            "link.whoami",
            display_name=turn.account or turn.place.external_id,
            person=turn.me.name,
            roles=", ".join(words.role(role, turn.locale) for role in turn.me.roles),
        )
    )


async def unknown(turn: Turn, said: Said) -> None:
    """The nearest commands."""
    command = said.command[:32]
    near = difflib.get_close_matches(command, KNOWN, n=3, cutoff=0.3) or list(KNOWN[:3])
    nearest = ", ".join(f"/{name}" for name in near)
    await turn.voice.text(turn.say("commands.unknown", command=f"/{command}", nearest=nearest))


async def loose(turn: Turn, said: Said) -> None:
    """Words without a form: a vendor's quote, or a hint."""
    if turn.is_vendor and await _looks_like_quote(turn, said.text):
        await quoting.place(turn, said, said.text)
        return
    await turn.voice.text(turn.say("forms.words_do_nothing"))


async def _looks_like_quote(turn: Turn, text: str) -> bool:
    """Whether any open RFQ could take these words as prices."""
    readings = [read_quote(text, begun(rfq), turn.asking) for rfq in await quoting.open_rfqs(turn)]
    return any(says_something(reading) or reading.ambiguous for reading in readings)
