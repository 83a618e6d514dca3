"""Parses free texts with the grammars: what was understood and what was not; nothing is stored.

One rule: parsing needs the same right as the command, and a quote is parsed against the lines of its RFQ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.contract.requests import AmbiguousOut, ParsedOut
from api.language import parse_quote, parse_request, reading_locale
from api.language.readings import Ambiguous, TextRefusal
from core.access.actor import Actor
from core.access.guard import requires
from core.access.permissions import Permission
from core.kernel.errors import invalid
from core.kernel.ids import RfqId
from core.log.events import as_json
from core.people import directory
from core.people import repo as people
from core.rfqs import repo as rfqs
from core.rfqs.model import RfqLine
from core.uow import Uow

_REPORTED_SEPARATELY = {"unread", "missing", "ambiguous", "refused"}
MAX_LINES = 200


@dataclass(frozen=True)
class FreeText:
    """A text that somebody typed, its language, and the RFQ that it answers."""

    text: str
    locale: str
    rfq_id: UUID | None = None


@requires(Permission.requests_create)
async def request_line(uow: Uow, actor: Actor, typed: FreeText) -> ParsedOut:
    """What ``/request`` would understand; a price without a currency is in the base currency."""
    reading = parse_request(
        typed.text,
        locale=reading_locale(typed.locale, actor.locale),
        today=await _today(uow, actor),
        currency=(await directory.read_organisation(uow.connection)).base_currency,
        cost_centres=await directory.cost_centre_codes(uow.connection),
    )
    _refuse(reading.refused, "3x laptop @1200 needed 1 Dec for IT")
    understood = reading.model_dump(exclude=_REPORTED_SEPARATELY, exclude_none=True)
    return _parsed(understood, reading.unread, reading.missing, reading.ambiguous)


@requires(Permission.rfqs_answer)
async def quote_line(uow: Uow, actor: Actor, typed: FreeText) -> ParsedOut:
    """What a vendor's reply would mean; when the RFQ is named, each line has that line's id."""
    rfq = await rfqs.visible_to(uow, actor, RfqId(typed.rfq_id)) if typed.rfq_id is not None else None
    lines: Sequence[RfqLine] = rfq.lines if rfq else ()
    reading = parse_quote(
        typed.text,
        locale=reading_locale(typed.locale, actor.locale),
        today=await _today(uow, actor),
        lines=len(lines) or MAX_LINES,
        quantities=tuple(line.quantity for line in lines),
        items=tuple(line.description for line in lines),
        currency=rfq.currency if rfq else None,
    )
    _refuse(reading.refused, "1: 1180 10d; 2: 45 3d; 3: no")
    understood = reading.model_dump(exclude=_REPORTED_SEPARATELY, exclude_none=True)
    for line in understood.get("lines", ()):
        if line["line"] <= len(lines):
            line["rfq_line_id"] = lines[line["line"] - 1].id
    return _parsed(understood, reading.unread, reading.missing, reading.ambiguous)


async def _today(uow: Uow, actor: Actor) -> date:
    """Today where the person is, as the bots count it, so that "tomorrow" is theirs."""
    person = await people.person(uow.connection, actor.person_id) if actor.person_id else None
    return uow.now.astimezone(ZoneInfo(person.zone if person else "UTC")).date()


def _refuse(refused: TextRefusal | None, example: str) -> None:
    if refused is not None:
        message = f"cannot be read ({refused.why.value}); at most {refused.limit} characters"
        raise invalid("/text", f"text.{refused.why.value}", message, example, limit=refused.limit)


def _parsed(
    understood: dict[str, Any], unread: Sequence[str], missing: Sequence[str], ambiguous: Sequence[Ambiguous]
) -> ParsedOut:
    plain = as_json(understood)
    return ParsedOut(
        understood=plain if isinstance(plain, dict) else {},
        unread=tuple(unread),
        missing=tuple(missing),
        ambiguous=tuple(
            AmbiguousOut(field=item.field, text=item.text, readings=tuple(item.readings), line=item.line)
            for item in ambiguous
        ),
    )
