"""Reads a vendor's uploaded file as its answer to an RFQ; nothing is stored.

One rule: the file is read when no transaction is open, by a process that knows the file and nothing else.
"""

import asyncio
from dataclasses import dataclass

from starlette.responses import Response

from api.contract import file_quotes as wire
from api.contract.file_quotes import GapKind
from api.quote_files.alternatives import Offered
from api.quote_files.child import KINDS, OpenedFile
from api.quote_files.model import Box, FileReading, Gap, refused
from api.quote_files.placing import PlacedFile, PlacedLine, WantedLine, place
from api.server.deps.call import Call
from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.documents import service as documents
from core.documents.service import FetchDocument, FetchedDocument
from core.kernel.ids import RfqId
from core.rfqs import repo as rfqs
from core.rfqs.model import Rfq
from core.uow import Uow


@dataclass(frozen=True)
class FileForRfq:
    """Which file is read, and for which RFQ."""

    rfq_id: RfqId
    fetch: FetchDocument


@requires(Permission.rfqs_answer)
async def file_for_rfq(uow: Uow, actor: Actor, wanted: FileForRfq) -> tuple[Rfq, FetchedDocument]:
    """The RFQ and the file, as far as this person may see both."""
    rfq = await rfqs.visible_to(uow, actor, wanted.rfq_id)
    return rfq, await documents.fetch(uow, actor, wanted.fetch)


async def read_for(call: Call, wanted: FileForRfq) -> wire.QuoteFileOut:
    """What the file says of each line, and which gaps it leaves."""
    async with call.services.file_reader.turn(call.sender) as opened:
        rfq, reading = await _reading(call, wanted, opened)
    asked = [WantedLine(line.id, line.description, line.quantity, line.unit) for line in rfq.lines]
    return _told(await asyncio.to_thread(place, reading, asked, rfq.currency))


async def _reading(call: Call, wanted: FileForRfq, opened: OpenedFile) -> tuple[Rfq, FileReading]:
    found: list[tuple[Rfq, FetchedDocument]] = []

    def keep(sources: tuple[Rfq, FetchedDocument]) -> Response:
        found.append(sources)
        return Response()

    await call.read(file_for_rfq, wanted, keep)
    rfq, file = found[0]
    if file.document.media_type not in KINDS:
        return rfq, refused(GapKind.no_text)
    return rfq, await opened.read(file.document.media_type, file.content)


def _told(placed: PlacedFile) -> wire.QuoteFileOut:
    return wire.QuoteFileOut(
        lines=tuple(_line(line) for line in placed.lines),
        currency=placed.currency,
        shipping=placed.shipping,
        gaps=tuple(_gap(gap) for gap in placed.gaps),
        pages=tuple(wire.FilePageOut(width=page.width, height=page.height) for page in placed.pages),
    )


def _gap(gap: Gap) -> wire.FileGapOut:
    line = gap.facts.get("line", "")
    return wire.FileGapOut(kind=gap.kind, line=int(line) if line else None, facts=gap.facts)


def _line(line: PlacedLine) -> wire.FileLineOut:
    instead = line.instead
    return wire.FileLineOut(
        rfq_line_id=line.line_id,
        unit_price=line.unit_price,
        lead_time_days=line.days,
        no_bid=line.no_bid,
        text=line.text,
        shown=line.shown,
        alternative=_alternative(instead) if instead is not None else None,
        no_alternative=line.nothing_instead,
        box=_box(line.box),
        price_box=_box(line.price_box),
    )


def _alternative(other: Offered) -> wire.FileAlternativeOut:
    return wire.FileAlternativeOut(
        description=other.description,
        unit_price=other.unit_price,
        lead_time_days=other.days,
        note=other.note,
        text=other.text,
    )


def _box(box: Box | None) -> wire.FileBoxOut | None:
    return wire.FileBoxOut(**box.model_dump()) if box is not None else None
