"""Files out of Parley: what vendors attached to their quotes, listed and sent into the chat.

One rule: listed is what the API lets this person read, and each file is fetched with their own rights.
"""

from dataclasses import dataclass
from uuid import UUID

from api.contract.sourcing import ComparisonOut, DocumentOut, QuoteOut
from bots.cards import words
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.talk import find
from bots.talk.said import Said
from bots.talk.turn import Turn

MOST_BUTTONS = 20
"""The others are typed."""


@dataclass(frozen=True)
class Shelf:
    """The files that belong to one thing, each with whose it is."""

    number: str
    files: tuple[tuple[str, DocumentOut], ...]

    @classmethod
    def of_quotes(cls, compared: ComparisonOut) -> "Shelf":
        found = [(quote.vendor_name, file) for quote in compared.quotes for file in quote.documents]
        return cls(compared.request_number, tuple(found))

    @classmethod
    def of_own(cls, number: str, quote: QuoteOut | None) -> "Shelf":
        found = [(quote.vendor_name, file) for file in quote.documents] if quote is not None else []
        return cls(number, tuple(found))


async def listing(turn: Turn, claim: Press) -> str:
    """The files of a request's quotes: the only one at once, several to choose from."""
    return await _open(turn, Shelf.of_quotes(await turn.api.requests.compare(claim.id)))


async def one(turn: Turn, claim: Press) -> str:
    """The file that was chosen."""
    await _send(turn, claim.id)
    return ""


async def by_command(turn: Turn, said: Said) -> None:
    """/files REQ-104, or a vendor's own of RFQ-31; with a number behind it that file alone."""
    shelf = await _shelf(turn, said.number)
    if shelf is None:
        await find.unknown(turn, said.number, "RFQ-…" if turn.is_vendor else "REQ-…")
        return
    told = await (_numbered(turn, shelf, said.rest) if said.rest else _open(turn, shelf))
    if told:
        await turn.voice.text(told)


async def _shelf(turn: Turn, number: str) -> Shelf | None:
    """The files behind this number; nothing when there is no such thing for this person."""
    if turn.is_vendor:
        asked = await find.rfq(turn, number)
        return Shelf.of_own(asked.number, asked.my_quote) if asked is not None else None
    request_id = await find.purchase(turn, number)
    return Shelf.of_quotes(await turn.api.requests.compare(request_id)) if request_id is not None else None


async def _open(turn: Turn, shelf: Shelf) -> str:
    if not shelf.files:
        return turn.say("lists.no_files", number=shelf.number)
    if len(shelf.files) == 1:
        await _send(turn, shelf.files[0][1].id)
        return ""
    await turn.show(_card(turn, shelf))
    return ""


async def _numbered(turn: Turn, shelf: Shelf, place: str) -> str:
    if not place.isascii() or not place.isdigit() or not 1 <= int(place) <= len(shelf.files):
        return turn.say("lists.file_unknown", number=shelf.number, place=place[:20], n=str(len(shelf.files)))
    await _send(turn, shelf.files[int(place) - 1][1].id)
    return ""


async def _send(turn: Turn, document_id: UUID) -> None:
    """Under what was pressed or said; what was pressed in a group is handed over in private."""
    file = await turn.api.documents.fetch(document_id)
    await turn.voice.file(file, under="" if turn.place.group is not None else turn.place.message_id)


def _card(turn: Turn, shelf: Shelf) -> Card:
    return Card(
        turn.say("lists.files", number=shelf.number),
        items=tuple(
            f"{place}  {file.name} ({words.size(file.size, turn.locale)}) · {whose}"
            for place, (whose, file) in enumerate(shelf.files, start=1)
        ),
        buttons=rows_of(
            *(Button(label(file.name), Press(Op.file, file.id)) for _, file in shelf.files[:MOST_BUTTONS]),
            wide=1,
        ),
        more=turn.say("cards.more", n="{n}"),
    )
