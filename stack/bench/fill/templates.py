"""The purchases that are written again: those of the demo's history, which real use cases made.

Each row and each event of such a purchase is a text in which everything that differs between copies is a token: ids of
the purchase, numbers, dates, people, vendors, the cost centre. Copies are therefore right whatever columns a table has.

One rule: a text is cut into tokens once, and joined again per pattern.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from stack.bench.bench_installation import SqlConnection
from stack.bench.fill.population import Casting, Population

LOG = "audit_events"
_OF_REQUEST = "t.request_id"
TABLES: Mapping[str, tuple[str, str]] = {
    "procurement_requests": ("", "t.id"),
    "request_lines": ("", _OF_REQUEST),
    "request_comments": ("", _OF_REQUEST),
    "rfqs": ("", _OF_REQUEST),
    "rfq_lines": ("JOIN rfqs p ON p.id = t.rfq_id", "p.request_id"),
    "rfq_invitations": ("JOIN rfqs p ON p.id = t.rfq_id", "p.request_id"),
    "vendor_quotes": ("", _OF_REQUEST),
    "quote_lines": ("JOIN vendor_quotes p ON p.id = t.quote_id", "p.request_id"),
    "quote_revisions": ("JOIN vendor_quotes p ON p.id = t.quote_id", "p.request_id"),
    "approvals": ("", _OF_REQUEST),
    "approval_steps": ("JOIN approvals p ON p.id = t.approval_id", "p.request_id"),
    "approval_logs": ("JOIN approvals p ON p.id = t.approval_id", "p.request_id"),
    "purchase_orders": ("", _OF_REQUEST),
    "purchase_order_lines": ("JOIN purchase_orders p ON p.id = t.order_id", "p.request_id"),
    "receipts": ("JOIN purchase_orders p ON p.id = t.order_id", "p.request_id"),
    "stage_visits": ("", _OF_REQUEST),
}
"""How each table of a purchase finds its request; parents come first."""
_ENDED = ("completed", "withdrawn", "cancelled", "rejected")
_HISTORY = "SELECT DISTINCT request_id FROM audit_events WHERE channel = 'seed' AND request_id IS NOT NULL"
_EVENTS = f"""
SELECT request_id, canonical, (to_jsonb(t) - 'seq' - 'position' - 'chain' - 'digest' - 'canonical')::text AS body
FROM {LOG} t WHERE channel = 'seed' AND request_id IS NOT NULL ORDER BY seq
"""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NUMBER = r"\b(?:REQ|RFQ|Q)-\d+\b|\bPO-\d{4}-\d{5}\b"
_DATE = r'(?<=")\d{4}-\d{2}-\d{2}(?=[T"])'
_CENTRE = r'(?<="cost_centre":)"[^"]+"|(?<="cost_centre": )"[^"]+"'
_CHANNEL = r'(?<="channel":)"seed"|(?<="channel": )"seed"'
_LETTERS = {"REQ": "R", "RFQ": "F", "Q": "Q", "PO": "O"}
_MOST_NUMBERS = {"R": 1, "F": 1, "Q": 3, "O": 1}
"""A copy has room for so many RFQs, quotes and orders; a purchase with more is left out."""
_MOST_IDS = 0xFFF


class TextToken(NamedTuple):
    """A place in a text that differs between copies: its kind, and what stands there in the template."""

    kind: str
    value: str


TokenText = Sequence[str | TextToken]


@dataclass(frozen=True)
class PatternRow:
    """One row as JSON; of an event also its canonical text."""

    body: TokenText
    canonical: TokenText = ()


@dataclass(frozen=True)
class PurchaseTemplate:
    """One purchase of the history."""

    ended: bool
    started: dt.datetime
    cost_centre: str
    known_ids: Sequence[UUID]
    numbers: Mapping[str, int]
    order_date: dt.date | None
    rows: Mapping[str, Sequence[PatternRow]]
    tokens: Collection[TextToken]

    def values(self, casting: Casting, shift: dt.timedelta, channel: str) -> Mapping[TextToken, str]:
        """What stands in one pattern for each token."""
        return {token: _rendered(token, casting, shift, channel) for token in self.tokens}


def render(text: TokenText, values: Mapping[TextToken, str]) -> str:
    """The text of one pattern; what differs between its copies stays in braces."""
    return "".join(part if isinstance(part, str) else values[part] for part in text)


def _rendered(token: TextToken, casting: Casting, shift: dt.timedelta, channel: str) -> str:
    match token.kind:
        case "person":
            known = UUID(token.value)
            return str(casting.ids.get(known, known))
        case "name":
            return casting.names.get(token.value, token.value)
        case "centre":
            return casting.cost_centres.get(token.value, token.value)
        case "date":
            return (dt.date.fromisoformat(token.value) + shift).isoformat()
        case "year":
            return str((dt.date.fromisoformat(token.value) + shift).year)
        case "channel":
            return channel
        case _:
            return token.value


async def read_templates(connection: SqlConnection, population: Population) -> list[PurchaseTemplate]:
    """Every purchase of the history that names no other one, with its rows and events cut into tokens."""
    bodies: dict[UUID, dict[str, list[tuple[str, str]]]] = {
        row["request_id"]: {} for row in await connection.fetch(_HISTORY)
    }
    for table, (join, of_request) in TABLES.items():
        rows = f"SELECT {of_request} AS request_id, to_jsonb(t)::text AS body FROM {table} t {join}"
        for row in await connection.fetch(f"{rows} WHERE {of_request} = ANY($1)", list(bodies)):
            bodies[row["request_id"]].setdefault(table, []).append((row["body"], ""))
    for row in await connection.fetch(_EVENTS):
        bodies[row["request_id"]].setdefault(LOG, []).append((row["body"], row["canonical"]))
    templates = [_template(rows, population) for rows in bodies.values()]
    return [
        each
        for each in templates
        if all(each.numbers[letter] <= most for letter, most in _MOST_NUMBERS.items())
    ]


def _template(rows: Mapping[str, Sequence[tuple[str, str]]], population: Population) -> PurchaseTemplate:
    request = json.loads(rows["procurement_requests"][0][0])
    order = next((json.loads(body) for body, _ in rows.get("purchase_orders", ())), None)
    ordered = dt.datetime.fromisoformat(order["created_at"]).date() if order else None
    cutter = TextCutter(rows, population, ordered)
    cut = {
        table: [PatternRow(tuple(cutter.cut(body)), tuple(cutter.cut(text))) for body, text in found]
        for table, found in rows.items()
    }
    return PurchaseTemplate(
        ended=request["state"] in _ENDED,
        started=dt.datetime.fromisoformat(request["created_at"]),
        cost_centre=request["cost_centre"],
        known_ids=cutter.known_ids,
        numbers=cutter.count_numbers(),
        order_date=ordered,
        rows=cut,
        tokens=frozenset(
            part
            for found in cut.values()
            for row in found
            for part in (*row.body, *row.canonical)
            if not isinstance(part, str)
        ),
    )


class TextCutter:
    """Cuts the texts of one purchase; knows which ids and numbers are the purchase's own."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[tuple[str, str]]],
        population: Population,
        ordered: dt.date | None,
    ) -> None:
        texts = [text for found in rows.values() for pair in found for text in pair]
        ids = sorted({UUID(each) for text in texts for each in re.findall(_UUID, text)})
        known = population.known
        own = [each for each in ids if each not in known]
        assert len(own) <= _MOST_IDS
        self.known_ids = [each for each in ids if each in known]
        self._own = {str(each): f"{{P}}-7{number:03x}-8000-{{K}}" for number, each in enumerate(own)}
        self._numbers = self._numbered(texts)
        self._ordered = ordered.isoformat() if ordered else ""
        names = "|".join(f'(?<="){re.escape(seller.name)}(?=")' for seller in population.sellers)
        kinds = {"id": _UUID, "number": _NUMBER, "date": _DATE, "centre": _CENTRE, "channel": _CHANNEL}
        kinds |= {"name": names} if names else {}
        self._pattern = re.compile("|".join(f"(?P<{kind}>{text})" for kind, text in kinds.items()))

    def count_numbers(self) -> dict[str, int]:
        """How many numbers of each kind a copy needs."""
        return {
            letter: sum(1 for each in self._numbers.values() if f"{{{letter}" in each) for letter in "RFQO"
        }

    def _numbered(self, texts: Sequence[str]) -> dict[str, str]:
        """REQ-183 → REQ-{R0}, by kind in order of first use."""
        found: dict[str, str] = {}
        counts = dict.fromkeys(_LETTERS.values(), 0)
        for number in sorted({each for text in texts for each in re.findall(_NUMBER, text)}):
            prefix = number.partition("-")[0]
            letter = _LETTERS[prefix]
            found[number] = f"{{{letter}{counts[letter]}}}"
            counts[letter] += 1
        return found

    def cut(self, text: str) -> Iterator[str | TextToken]:
        """Literal text and tokens in turn."""
        end = 0
        for match in self._pattern.finditer(text):
            yield text[end : match.start()]
            yield from self._token(match.lastgroup or "", match[0])
            end = match.end()
        yield text[end:]

    def _token(self, kind: str, value: str) -> Iterator[str | TextToken]:
        if kind == "id":
            yield self._own[value] if value in self._own else TextToken("person", value)
        elif kind == "number" and value.startswith("PO-"):
            yield "PO-"
            yield TextToken("year", self._ordered)
            yield f"-{self._numbers[value]}"
        elif kind == "number":
            yield f"{value.partition('-')[0]}-{self._numbers[value]}"
        elif kind in ("centre", "channel"):
            yield '"'
            yield TextToken(kind, value.strip('"'))
            yield '"'
        else:
            yield TextToken(kind, value)
