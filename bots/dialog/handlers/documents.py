"""Files out of Parley: of requests, RFQs and quotes, listed and sent into the chat.

One rule: only what the API lets this person read is listed, and each file is fetched with their own rights.
"""

from dataclasses import dataclass
from uuid import UUID

from api.contract.awards import ComparisonOut
from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from bots.cards import phrases
from bots.cards.card import Button, Card, label, rows_of
from bots.cards.press import Op, Press, parse_short_id, short_id
from bots.dialog import find, which_one
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

MAX_BUTTONS = 20
"""The others are typed."""


@dataclass(frozen=True)
class DocumentList:
    """The files that belong to one thing, each with whose it is."""

    id: UUID
    """The request, or a vendor's RFQ: what its buttons carry."""
    number: str
    files: tuple[tuple[str, DocumentOut], ...]

    @classmethod
    def of_purchase(cls, comparison: ComparisonOut, request: str) -> "DocumentList":
        """The request's own, which ``request`` names, then those of the quotes."""
        own = [(request, file) for file in comparison.documents]
        found = [(quote.vendor_name, file) for quote in comparison.quotes for file in quote.documents]
        return cls(comparison.request_id, comparison.request_number, (*own, *found))

    @classmethod
    def of_rfq(cls, rfq: RfqOut) -> "DocumentList":
        """What the buyer sent along, then what the vendor itself attached."""
        sent = [(rfq.buyer, file) for file in rfq.documents]
        quote = rfq.my_quote
        own = [(quote.vendor_name, file) for file in quote.documents] if quote is not None else []
        return cls(rfq.id, rfq.number, (*sent, *own))

    def caption(self, document_id: UUID) -> str:
        """Whose file it is and what it belongs to; nothing of one that is not here."""
        found = (f"{owner} · {self.number}" for owner, file in self.files if file.id == document_id)
        return next(found, "")


async def show_files(ctx: Context, press: Press) -> str:
    """The files of a purchase, or of a vendor's RFQ: the only one at once, several to choose from."""
    return await _show_or_send(ctx, await _documents_of(ctx, press.id))


async def send_file(ctx: Context, press: Press) -> str:
    """The file that was chosen; the API refuses one that may not be read any more."""
    subject_id = parse_short_id(press.arg)
    caption = (await _documents_of(ctx, subject_id)).caption(press.id) if subject_id is not None else ""
    await _send(ctx, press.id, caption)
    return ""


async def files(ctx: Context, message: IncomingMessage) -> None:
    """/files REQ-104, or a vendor's of RFQ-31; with a number behind it that file alone."""
    documents = await _find_documents(ctx, message.number)
    if documents is None:
        await which_one.reply_not_found(ctx, message, "RFQ-31" if ctx.is_vendor else "REQ-104")
        return
    text = await (
        _send_numbered(ctx, documents, message.text_after_number)
        if message.text_after_number
        else _show_or_send(ctx, documents)
    )
    if text:
        await ctx.responder.text(text)


async def _find_documents(ctx: Context, number: str) -> DocumentList | None:
    """The files behind this number; nothing when there is no such thing for this person."""
    if ctx.is_vendor:
        rfq = await find.rfq(ctx, number)
        return DocumentList.of_rfq(rfq) if rfq is not None else None
    request_id = await find.purchase(ctx, number)
    return await _documents_of(ctx, request_id) if request_id is not None else None


async def _documents_of(ctx: Context, subject_id: UUID) -> DocumentList:
    if ctx.is_vendor:
        return DocumentList.of_rfq(await ctx.api.rfqs.show(subject_id))
    return DocumentList.of_purchase(
        await ctx.api.requests.compare(subject_id), ctx.translate("things.request")
    )


async def _show_or_send(ctx: Context, documents: DocumentList) -> str:
    if not documents.files:
        return ctx.translate("lists.no_files", number=documents.number)
    if len(documents.files) == 1:
        await _send_at(ctx, documents, 1)
        return ""
    await ctx.show(_card(ctx, documents))
    return ""


async def _send_numbered(ctx: Context, documents: DocumentList, position: str) -> str:
    if not position.isascii() or not position.isdigit() or not 1 <= int(position) <= len(documents.files):
        return ctx.translate(
            "lists.file_unknown", number=documents.number, place=position[:20], n=str(len(documents.files))
        )
    await _send_at(ctx, documents, int(position))
    return ""


async def _send_at(ctx: Context, documents: DocumentList, position: int) -> None:
    _, file = documents.files[position - 1]
    await _send(ctx, file.id, documents.caption(file.id))


async def _send(ctx: Context, document_id: UUID, caption: str) -> None:
    """In reply to what was pressed or typed; after a press in a group, in the private chat."""
    file = await ctx.api.documents.download(document_id)
    reply_to = "" if ctx.origin.group is not None else ctx.origin.message_id
    await ctx.responder.file(file, caption=caption, reply_to=reply_to)


def _card(ctx: Context, documents: DocumentList) -> Card:
    return Card(
        ctx.translate("lists.files", number=documents.number),
        items=tuple(
            f"{position}  {file.name} ({phrases.size(file.size, ctx.locale)}) · {owner}"
            for position, (owner, file) in enumerate(documents.files, start=1)
        ),
        buttons=rows_of(
            *(
                Button(label(f"{position} {file.name}"), Press(Op.file, file.id, arg=short_id(documents.id)))
                for position, (_, file) in enumerate(documents.files[:MAX_BUTTONS], start=1)
            ),
            per_row=1,
        ),
        more=ctx.translate("cards.more", n="{n}"),
    )
