"""Files out of Parley: what vendors attached to their quotes, listed and sent into the chat.

One rule: listed is what the API lets this person read, and each file is fetched with their own rights.
"""

from dataclasses import dataclass
from uuid import UUID

from api.contract.awards import ComparisonOut
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from bots.cards import words
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press, long, short
from bots.talk import find
from bots.talk.said import Said
from bots.talk.turn import Turn

MOST_BUTTONS = 20
"""The others are typed."""


@dataclass(frozen=True)
class Shelf:
    """The files that belong to one thing, each with whose it is."""

    id: UUID
    """The request, or a vendor's RFQ: what its buttons carry."""
    number: str
    files: tuple[tuple[str, DocumentOut], ...]

    @classmethod
    def of_quotes(cls, compared: ComparisonOut) -> "Shelf":
        found = [(quote.vendor_name, file) for quote in compared.quotes for file in quote.documents]
        return cls(compared.request_id, compared.request_number, tuple(found))

    @classmethod
    def of_own(cls, rfq: RfqOut) -> "Shelf":
        quote = rfq.my_quote
        found = [(quote.vendor_name, file) for file in quote.documents] if quote is not None else []
        return cls(rfq.id, rfq.number, tuple(found))

    def about(self, document_id: UUID) -> str:
        """Whose file it is and what it belongs to; nothing of one that is not here."""
        found = (f"{whose} · {self.number}" for whose, file in self.files if file.id == document_id)
        return next(found, "")


async def listing(turn: Turn, claim: Press) -> str:
    """The files of a request's quotes: the only one at once, several to choose from."""
    return await _open(turn, await _shelf_of(turn, claim.id))


async def one(turn: Turn, claim: Press) -> str:
    """The file that was chosen; one that is not on its shelf any more is the API's to refuse."""
    shelf_id = long(claim.arg)
    about = (await _shelf_of(turn, shelf_id)).about(claim.id) if shelf_id is not None else ""
    await _send(turn, claim.id, about)
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
        return Shelf.of_own(asked) if asked is not None else None
    request_id = await find.purchase(turn, number)
    return await _shelf_of(turn, request_id) if request_id is not None else None


async def _shelf_of(turn: Turn, shelf_id: UUID) -> Shelf:
    if turn.is_vendor:
        return Shelf.of_own(await turn.api.rfqs.show(shelf_id))
    return Shelf.of_quotes(await turn.api.requests.compare(shelf_id))


async def _open(turn: Turn, shelf: Shelf) -> str:
    if not shelf.files:
        return turn.say("lists.no_files", number=shelf.number)
    if len(shelf.files) == 1:
        await _hand_over(turn, shelf, 1)
        return ""
    await turn.show(_card(turn, shelf))
    return ""


async def _numbered(turn: Turn, shelf: Shelf, place: str) -> str:
    if not place.isascii() or not place.isdigit() or not 1 <= int(place) <= len(shelf.files):
        return turn.say("lists.file_unknown", number=shelf.number, place=place[:20], n=str(len(shelf.files)))
    await _hand_over(turn, shelf, int(place))
    return ""


async def _hand_over(turn: Turn, shelf: Shelf, place: int) -> None:
    _, file = shelf.files[place - 1]
    await _send(turn, file.id, shelf.about(file.id))


async def _send(turn: Turn, document_id: UUID, caption: str) -> None:
    """Under what was pressed or said; what was pressed in a group is handed over in private."""
    file = await turn.api.documents.fetch(document_id)
    under = "" if turn.place.group is not None else turn.place.message_id
    await turn.voice.file(file, caption=caption, under=under)


def _card(turn: Turn, shelf: Shelf) -> Card:
    return Card(
        turn.say("lists.files", number=shelf.number),
        items=tuple(
            f"{place}  {file.name} ({words.size(file.size, turn.locale)}) · {whose}"
            for place, (whose, file) in enumerate(shelf.files, start=1)
        ),
        buttons=rows_of(
            *(
                Button(label(f"{place} {file.name}"), Press(Op.file, file.id, arg=short(shelf.id)))
                for place, (_, file) in enumerate(shelf.files[:MOST_BUTTONS], start=1)
            ),
            wide=1,
        ),
        more=turn.say("cards.more", n="{n}"),
    )
