"""What the API reads in a typed line is what the bots read: one parser, in the reader's language."""

from decimal import Decimal

from api.contract import endpoints as e
from api.contract.requests import ParsedOut
from api.language import QuoteReading, RequestReading, parse_quote, parse_request
from api.text import SUPPORTED
from core.kernel.clock import SystemClock
from core.log.events import as_json
from core.people.tables import people
from core.requests.commands import RequestLineDraft
from tests.api.language.phrasings import PHRASINGS
from tests.api.language.quote_phrasings import QUOTED
from tests.support.api import Api
from tests.support.world import World

ASIDE = {"unread", "missing", "ambiguous", "refused"}
ASKED = ("3x laptop needed 12/01/2026", "3x laptop @12,50", "3 chairs next Friday", "@ @", "ß ½ ٣")
ASKED_QUOTES = ("1180 till 12/01/2026", "12,50", "450 x 7", "1180 10-14 days", "total 4500", "½")


def expected(reading: RequestReading | QuoteReading) -> tuple[object, ...]:
    understood = as_json(reading.model_dump(exclude=ASIDE, exclude_none=True))
    questions = [(each.field, each.text, each.readings, each.line) for each in reading.ambiguous]
    return understood, reading.unread, reading.missing, questions


def answered(parsed: ParsedOut) -> tuple[object, ...]:
    lines = parsed.understood.get("lines")
    for line in lines if isinstance(lines, list) else []:
        line.pop("rfq_line_id", None)
    questions = [(each.field, each.text, each.readings, each.line) for each in parsed.ambiguous]
    return parsed.understood, parsed.unread, parsed.missing, questions


def spoken(locale: str) -> str:
    return locale if locale[:2] in SUPPORTED else "en"


async def test_the_api_reads_a_request_as_the_bots_do(api: Api, world: World) -> None:
    requester, today = api.as_(await world.a_requester()), SystemClock().now().date()
    me = await requester.call(e.me)
    known = [centre.code for centre in me.cost_centres]
    for text, locale in [
        *((said.text, said.locale) for said in PHRASINGS),
        *((text, "en") for text in ASKED),
    ]:
        parsed = await requester.call(e.parse_request, {"text": text, "locale": locale})
        reading = parse_request(
            text, locale=spoken(locale), today=today, currency=me.base_currency, cost_centres=known
        )
        assert answered(parsed) == expected(reading), text


async def test_the_api_reads_a_quote_as_the_bots_do(api: Api, world: World) -> None:
    vendor, person = await world.a_vendor()
    contact, today = api.as_(person), SystemClock().now().date()
    rfqs = {}
    for lines in (1, 2, 3):
        drafts = [
            RequestLineDraft(f"Item {number}", Decimal(10), "pcs", Decimal(100)) for number in range(lines)
        ]
        rfqs[lines] = (await world.an_rfq(await world.a_request(lines=drafts), to=[vendor])).rfq
    texts = [(quoted.text, quoted.locale, quoted.lines) for quoted in QUOTED]
    for text, locale, lines in [*texts, *((text, "en", 1) for text in ASKED_QUOTES)]:
        rfq = rfqs[lines]
        parsed = await contact.call(e.parse_quote, {"text": text, "locale": locale, "rfq_id": str(rfq.id)})
        reading = parse_quote(
            text, locale=locale, today=today, lines=lines, quantities=[Decimal(10)] * lines, currency="USD"
        )
        assert answered(parsed) == expected(reading), text


async def test_without_a_locale_it_is_read_in_the_readers_own(api: Api, world: World) -> None:
    person = await world.a_requester()
    async with world.engine.begin() as connection:
        await connection.execute(people.update().where(people.c.id == person.id).values(locale="de"))
    own = api.as_(await world.person(person.id))
    parsed = await own.call(e.parse_request, {"text": "2,5 kg Kaffee @1.200,50 für IT"})
    assert parsed.understood["lines"] == [
        {"description": "Kaffee", "quantity": "2.5", "unit": "kg", "unit_price": "1200.50"}
    ]
