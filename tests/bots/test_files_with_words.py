"""Files that come with a command, with words, or several at once: all are kept with what they belong to."""

from typing import Any

import pytest

from api.contract import endpoints as e
from api.contract.attachments import MAX_ATTACHED
from core.orders.model import OrderDetails
from core.people.model import Person
from tests.bots.bot_env import BOTH, PDF, BotEnv
from tests.bots.telegram_env import TelegramEnv
from tests.support.world import World

LINE = "3x laptop @1200 needed 24 Dec for IT"


async def attached(bot_env: BotEnv, requester: Person) -> list[str]:
    """The names of the files of the only request."""
    caller = bot_env.api.as_(requester)
    (request,) = (await caller.call(e.list_requests, query={"mine": "true"})).items
    return [each.name for each in (await caller.call(e.list_files, path={"id": request.id})).items]


async def receipts(bot_env: BotEnv, requester: Person, order: OrderDetails) -> list[Any]:
    caller = bot_env.api.as_(requester)
    return list((await caller.call(e.list_receipts, path={"id": order.order.id})).items)


async def test_a_file_with_the_request_command_goes_with_the_request(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.drop("offer.pdf", PDF, f"/request {LINE}")
    review = await user.with_button("Submit")
    assert "offer.pdf" in review["text"]
    await user.press("Submit")
    await user.sees("submitted")
    assert await attached(bot_env, requester) == ["offer.pdf"]


@BOTH
async def test_a_file_with_words_that_ask_goes_with_the_request(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.drop("offer.pdf", PDF, LINE)
    await user.press("Submit")
    await user.sees("submitted")
    assert await attached(bot_env, requester) == ["offer.pdf"]


@BOTH
async def test_a_file_that_follows_the_draft_goes_with_it(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say(f"/request {LINE}")
    await user.with_button("Submit")
    await user.drop("offer.pdf", PDF)
    await user.sees("I received offer.pdf")
    await user.press("Submit")
    await user.sees("submitted")
    assert await attached(bot_env, requester) == ["offer.pdf"]


async def test_a_photo_with_the_receive_command_is_kept_with_the_delivery(
    bot_env: BotEnv, world: World
) -> None:
    requester = await world.a_requester()
    order = await world.an_order(acknowledged=True)
    user = await bot_env.a_user(requester)
    await user.drop("delivery.pdf", PDF, f"/receive {order.order.number} all")
    await user.sees("recorded")
    (receipt,) = await receipts(bot_env, requester, order)
    assert [each.name for each in receipt.documents] == ["delivery.pdf"]


async def test_the_words_above_a_file_answer_the_open_question(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    user = await bot_env.a_user(requester)
    await user.say("/request 3 laptops for IT")
    await user.sees("When do you need")
    await user.drop("offer.pdf", PDF, "24 Dec")
    review = await user.with_button("Submit")
    assert "offer.pdf" in review["text"]


async def test_all_photos_of_an_album_are_kept_with_the_delivery(telegram: TelegramEnv, world: World) -> None:
    """Telegram brings one message for each, and the words with the first."""
    requester = await world.a_requester()
    order = await world.an_order(acknowledged=True)
    user = await telegram.a_user(requester)
    await user.drop("1.pdf", PDF, f"/receive {order.order.number} all", album="77")
    await user.drop("2.pdf", PDF, album="77")
    await user.drop("3.pdf", PDF, album="77")
    await user.sees("I received 3.pdf")
    await user.press("Record")
    await user.sees("recorded")
    (receipt,) = await receipts(telegram, requester, order)
    assert sorted(each.name for each in receipt.documents) == ["1.pdf", "2.pdf", "3.pdf"]


async def test_all_files_of_a_vendors_album_go_with_the_quote(telegram: TelegramEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, (await world.a_vendor())[0]])
    user = await telegram.a_user(contact)
    words = "1: 1180 10d; valid 2027-01-31; shipping 0; note: as ever"
    await user.drop("1.pdf", PDF, words, album="78")
    await user.drop("2.pdf", PDF, album="78")
    await user.sees("I received 2.pdf")
    await user.press("Send quote")
    await user.sees("was sent")
    shown = await telegram.api.as_(contact).call(e.show_rfq, path={"id": rfq.rfq.id})
    assert shown.my_quote is not None
    assert sorted(each.name for each in shown.my_quote.documents) == ["1.pdf", "2.pdf"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
@BOTH
async def test_a_table_as_excel_writes_it_is_not_told_that_its_kind_is_unknown(
    bot_env: BotEnv, world: World, encoding: str
) -> None:
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor, (await world.a_vendor())[0]])
    user = await bot_env.a_user(contact)
    before = len(await user.chat())
    await user.drop("quote.csv", "Artikel;Preis\nLaptop für Büro;1.180,00\n".encode(encoding))
    await bot_env.settled()
    told = "\n".join(each["text"] for each in (await user.chat())[before:] if each["from"] == "bot")
    assert told
    assert "kind of file" not in told
    assert rfq.rfq.number in told or "quote.csv" in told or "price" in told


async def test_of_too_many_files_the_first_go_with_the_request_and_the_rest_is_told(
    telegram: TelegramEnv, world: World
) -> None:
    requester = await world.a_requester()
    user = await telegram.a_user(requester)
    await user.say(f"/request {LINE}")
    await user.with_button("Submit")
    names = [f"offer-{number}.pdf" for number in range(MAX_ATTACHED + 1)]
    for name in names:
        await user.drop(name, PDF)
        await user.sees(f"I received {name}")
    await user.press("Submit")
    await user.sees("submitted")
    await user.sees("Please correct files")
    assert sorted(await attached(telegram, requester)) == sorted(names[:MAX_ATTACHED])
