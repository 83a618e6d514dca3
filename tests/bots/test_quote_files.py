"""A vendor sends its quote as a file: it fills the review card, asks about what it leaves open, and sends nothing."""

import asyncio
from decimal import Decimal
from uuid import uuid4

import aiohttp
import pytest

from api.contract import endpoints as e
from api.contract.file_quotes import QuoteFileOut, ReadQuoteFileIn
from api.quote_files import reader_limits as limits
from bots.cards.attachment import Attachment
from bots.client.errors import ApiTimeout, ApiUnavailable
from bots.client.quotes import QuotesApi
from bots.client.transport import FILE_SECONDS, ApiTransport, CallMetadata
from core.requests.commands import RequestLineDraft
from tests.api.quote_files.pdf_layouts import LAYOUTS, pdf
from tests.api.quote_files.sheet_layouts import rows, workbook
from tests.bots.bot_env import BOTH, BotEnv, ChatUser
from tests.support.world import World

ENGLISH = (
    RequestLineDraft("Laptop 14 inch", Decimal(3), "pcs", Decimal("1200")),
    RequestLineDraft("Docking station USB-C", Decimal(2), "pcs", Decimal("100")),
    RequestLineDraft("HDMI cable 2 m", Decimal(100), "pcs", Decimal("4")),
)
US = LAYOUTS["US, unruled, dollar signs"]


async def asked(bot_env: BotEnv, world: World) -> ChatUser:
    vendor, contact = await world.a_vendor()
    await world.an_rfq(await world.a_request(lines=ENGLISH), to=[vendor])
    user: ChatUser = await bot_env.a_user(contact)
    return user


async def quotes(bot_env: BotEnv, user: ChatUser) -> tuple[object, ...]:
    return (await bot_env.api.as_(user.person).call(e.list_quotes)).items


@BOTH
async def test_a_pdf_fills_the_review_and_is_sent_only_by_its_button(bot_env: BotEnv, world: World) -> None:
    user = await asked(bot_env, world)
    await user.drop("quote.pdf", pdf(US.source), "lead time 10 days; valid 2027-01-31; note: as printed")
    review = await user.with_button("Send quote")
    for words in (
        "I filled in what I could read in quote.pdf",
        "1,180.00",
        "99.50",
        "3.20",
        "45.00",
        "Files: quote.pdf",
        "3 Laptop 14 inch, model 5440",
    ):
        assert words in review["text"], review["text"]
    assert await quotes(bot_env, user) == ()
    await user.press("Send quote")
    await user.sees("was sent")
    [quote] = (await bot_env.api.as_(user.person).call(e.list_quotes)).items
    assert [line.unit_price for line in quote.lines] == [Decimal(1180), Decimal("99.5"), Decimal("3.2")]
    assert quote.shipping == 45


async def test_a_file_that_cannot_be_read_now_is_kept(
    bot_env: BotEnv, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise ApiUnavailable

    monkeypatch.setattr(QuotesApi, "read_file", away)
    user = await asked(bot_env, world)
    await user.drop("quote.pdf", pdf(US.source))
    await user.sees("Line 1 of 3")
    await user.say("1: 10; 2: 10; 3: 10; 10d; valid 2027-01-31; shipping 0; note: as printed")
    assert "quote.pdf" in (await user.with_button("Send quote"))["text"]


@BOTH
async def test_what_a_file_leaves_open_is_asked_line_by_line_and_named(bot_env: BotEnv, world: World) -> None:
    user = await asked(bot_env, world)
    content = workbook(
        rows(
            ["Item", "Qty", "Unit price USD"],
            ["Laptop 14 inch", 3, 1180],
            ["Docking station USB-C", 5, 99.5],
            ["Backpack", 3, 49],
        )
    )
    await user.drop("quote.xlsx", content)
    asks = await user.sees("Docking station USB-C")
    assert "the file’s price is for 5, but 2 are asked for" in asks["text"], asks["text"]
    assert "which line this row is for: “Backpack · 3 · 49”" in asks["text"]


@BOTH
async def test_a_price_that_was_typed_is_kept_and_the_difference_is_named(
    bot_env: BotEnv, world: World
) -> None:
    user = await asked(bot_env, world)
    await user.drop("quote.pdf", pdf(US.source), "1: 1200 10d")
    seen = await user.sees("you said 1,200.00 USD, the file says 1,180.00 USD")
    assert "I kept yours" in seen["text"]


@BOTH
async def test_a_file_that_does_not_add_up_fills_nothing_and_says_why(bot_env: BotEnv, world: World) -> None:
    user = await asked(bot_env, world)
    await user.drop("offer.pdf", pdf(LAYOUTS["no amounts and no sums"].source))
    seen = await user.sees("No row of this file shows that quantity × unit price is its amount")
    assert "Laptop 14 inch" in seen["text"]


@BOTH
async def test_an_alternative_in_a_column_of_its_own_stands_beside_its_line(
    bot_env: BotEnv, world: World
) -> None:
    user = await asked(bot_env, world)
    content = workbook(
        rows(
            ["Item", "Qty", "Unit price USD", "Alternative", "Alternative: unit price", "Alternative: note"],
            ["Laptop 14 inch", 3, "", "ThinkPad E14", 990.5, "from stock"],
            ["Docking station USB-C", 2, 99.5, "Dock HDMI", "ask us", ""],
            ["HDMI cable 2 m", 100, 3.2, "", "", ""],
        )
    )
    await user.drop(
        "quote.xlsx", content, "lead time 10 days; valid 2027-01-31; shipping 0; note: as printed"
    )
    seen = await user.with_button("Send without them")
    for words in (
        "ThinkPad E14",
        "990.50",
        "Line 2, column “Alternative: unit price”",
        "Write it like 990.5.",
    ):
        assert words in seen["text"], seen["text"]
    await user.press("Send without them")
    await user.with_button("Send quote")
    await user.press("Send quote")
    await user.sees("was sent")
    [quote] = (await bot_env.api.as_(user.person).call(e.list_quotes)).items
    assert [line.unit_price for line in quote.lines] == [None, Decimal("99.5"), Decimal("3.2")]
    other, *rest = [line.alternative for line in quote.lines]
    assert other is not None
    assert (other.description, other.unit_price) == ("ThinkPad E14", Decimal("990.5"))
    assert other.note == "from stock"
    assert rest == [None, None]


@BOTH
async def test_what_a_file_leaves_open_is_said_too_when_its_rfq_is_chosen_later(
    bot_env: BotEnv, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    rfqs = [await world.an_rfq(await world.a_request(lines=ENGLISH), to=[vendor]) for _ in range(2)]
    user = await bot_env.a_user(contact)
    content = workbook(rows(["Item", "Qty", "Unit price USD"], ["Docking station USB-C", 5, 99.5]))
    await user.drop("quote.xlsx", content)
    await user.sees("Which RFQ")
    await user.say(rfqs[0].rfq.number)
    asks = await user.sees("Line 1 of 3")
    assert "the file’s price is for 5, but 2 are asked for" in asks["text"], asks["text"]


async def test_of_several_files_the_gaps_of_each_are_named(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfqs = [await world.an_rfq(await world.a_request(lines=ENGLISH), to=[vendor]) for _ in range(2)]
    user = await bot_env.a_user(contact)
    head = ["Item", "Qty", "Unit price USD"]
    await user.drop("one.xlsx", workbook(rows(head, ["Docking station USB-C", 5, 99.5])))
    await user.sees("Which RFQ")
    await user.drop("two.xlsx", workbook(rows(head, ["HDMI cable 2 m", 90, 3.2])))
    await user.say(rfqs[0].rfq.number)
    asks = await user.sees("Line 1 of 3")
    assert "is for 5, but 2 are asked for" in asks["text"], asks["text"]
    assert "is for 90, but 100 are asked for" in asks["text"], asks["text"]


def test_a_chat_waits_for_a_file_as_long_as_the_api_does() -> None:
    assert FILE_SECONDS >= limits.WALL_SECONDS
    assert e.read_quote_file.opens_file


async def test_only_an_answer_that_waits_for_a_file_has_more_time_than_others() -> None:
    read = QuoteFileOut(lines=(), currency="EUR", shipping=None, gaps=(), pages=())
    body = read.model_dump_json().encode()

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    file, metadata = Attachment("quote.pdf", b"%PDF", "application/pdf"), CallMetadata()
    async with server, aiohttp.ClientSession() as http:
        api = ApiTransport(url, http, timeout=0.01)
        with pytest.raises(ApiTimeout):
            await api.call(e.list_quotes, None, metadata=metadata)
        wanted = ReadQuoteFileIn(rfq_id=uuid4(), document_id=uuid4())
        assert await api.call(e.read_quote_file, wanted, metadata=metadata) == read
        assert await api.upload("/documents", file, metadata=metadata, key="file") == body
