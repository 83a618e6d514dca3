"""Files that leave Parley for a chat: with the rights of whoever asks, whole, and under what was pressed."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from api.contract import endpoints as e
from api.contract.people import ChatIn
from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.drawing import CardKind
from bots.cards.press import Op, Press, pack
from bots.cards.sending import RetryLater
from bots.client.api import ApiClient
from bots.client.transport import CallMetadata
from core.access.roles import Role
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.rfqs.model import RfqDetails
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels
from tests.bots.slack_env import SlackEnv
from tests.bots.test_forged import a_button
from tests.support.api import BOT_KEY
from tests.support.world import World

SHEET = b"item,price\nlaptop,1180\n"
CARRIES = {"telegram": "sendDocument", "slack": "files.completeUploadExternal"}


async def kept(bot_env: BotEnv, by: Person, name: str, content: bytes = PDF) -> Any:
    answer = await bot_env.api.as_(by).send("POST", "/documents", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def quoted(
    bot_env: BotEnv, world: World, names: dict[str, bytes], *, silent: bool = False
) -> tuple[RfqDetails, Person]:
    """An RFQ whose quote carries these files, and its vendor's contact; open while another vendor is silent."""
    vendor, contact = await world.a_vendor()
    others = [(await world.a_vendor())[0]] if silent else []
    rfq = await world.an_rfq(to=[vendor, *others])
    files = [await kept(bot_env, contact, name, content) for name, content in names.items()]
    await world.a_quote(rfq, contact, files=files)
    return rfq, contact


async def opened(bot_env: BotEnv, user: ChatUser, name: str) -> bytes:
    """The bytes of the newest file of this name in the chat."""
    seen = await user.waits(
        lambda chat: next((m for m in reversed(chat["messages"]) if m["document"] == name), None), name
    )
    content, disposition = await bot_env.sandbox.file(user.id, seen["id"])
    assert disposition == f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return content


async def documents(user: ChatUser) -> list[str]:
    return [each["document"] for each in await user.chat() if each["document"]]


@BOTH
async def test_several_files_are_listed_and_the_chosen_one_comes_under_the_list(
    bot_env: BotEnv, world: World
) -> None:
    rfq, _ = await quoted(bot_env, world, {"Angebot für 7.pdf": PDF, "prices.csv": SHEET})
    user = await bot_env.a_user(await world.an_officer())
    await bot_env.card(user, CardKind.comparison, rfq.rfq.request_id)
    await user.press("Files (2)")
    listed = await user.with_button("2 prices.csv")
    assert "Angebot für 7.pdf (1 kB) · Vendor" in listed["text"], listed["text"]
    await user.press("2 prices.csv")
    assert await opened(bot_env, user, "prices.csv") == SHEET
    [came] = [each for each in await user.chat() if each["document"]]
    assert came["reply_to"] == listed["id"]
    assert came["text"].endswith(f"· {rfq.request_number}"), came["text"]
    await user.press("1 Angebot für 7.pdf")
    assert await opened(bot_env, user, "Angebot für 7.pdf") == PDF


@BOTH
async def test_the_only_file_comes_at_once_and_a_typed_number_picks_one(
    bot_env: BotEnv, world: World
) -> None:
    one, _ = await quoted(bot_env, world, {"offer.pdf": PDF})
    two, _ = await quoted(bot_env, world, {"first.pdf": PDF, "second.csv": SHEET})
    user = await bot_env.a_user(await world.a_manager())
    await user.say(f"/files {one.request_number}")
    assert await opened(bot_env, user, "offer.pdf") == PDF
    await user.say(f"/files {two.rfq.number} 2")
    assert await opened(bot_env, user, "second.csv") == SHEET
    for wrong in ("3", "0", "two", "²"):
        await user.say(f"/files {two.request_number} {wrong}")
        await user.sees(f"has no file “{wrong}”")
    assert await documents(user) == ["offer.pdf", "second.csv"]


@BOTH
async def test_files_of_one_name_can_be_told_apart(bot_env: BotEnv, world: World) -> None:
    made = [await world.a_vendor() for _ in range(2)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in made])
    for _, contact in made:
        await world.a_quote(rfq, contact, files=[await kept(bot_env, contact, "quote.pdf")])
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/files {rfq.request_number}")
    assert labels(await user.with_button("2 quote.pdf")) == ["1 quote.pdf", "2 quote.pdf"]
    await user.press("2 quote.pdf")
    assert await opened(bot_env, user, "quote.pdf") == PDF
    [came] = [each for each in await user.chat() if each["document"]]
    [whose] = [vendor.name for vendor, _ in made if vendor.name in came["text"]]
    listed = await user.with_button("2 quote.pdf")
    assert f"2  quote.pdf (1 kB) · {whose}" in listed["text"]


@BOTH
async def test_a_file_is_fetched_with_a_new_token_when_rights_have_changed(
    bot_env: BotEnv, world: World
) -> None:
    await quoted(bot_env, world, {"offer.pdf": PDF})
    officer = await world.a_person(Role.officer)
    account = ChatIn(platform=bot_env.platform, external_id=bot_env.chat_of(await bot_env.a_user(officer)))
    document = (await bot_env.api.as_(officer).call(e.list_quotes)).items[0].documents[0]
    api = ApiClient(bot_env.api_url, BOT_KEY, bot_env.http).for_person(
        account.platform, account.external_id, CallMetadata()
    )
    before = await bot_env.api.as_bot().call(e.chat_token, account.model_dump())
    assert await api.me()
    roles = ChangeRoles(officer.id, (Role.officer, Role.manager))
    await world.act(await world.an_admin(), people.change_roles, roles)
    while (await bot_env.api.with_token(before.access_token).send("GET", "/me")).status_code == 200:
        await asyncio.sleep(0.05)
    assert (await api.documents.download(document.id)).content == PDF


async def test_without_the_scope_somebody_hears_what_to_do(slack: SlackEnv, world: World) -> None:
    """A workspace that installed the app before it could send files."""
    _, contact = await quoted(slack, world, {"offer.pdf": PDF})
    user = await slack.a_user(contact)
    number = (await slack.api.as_(contact).call(e.list_rfqs)).items[0].number
    await slack.set_fault("refuse", error="missing_scope", method="files.getUploadURLExternal", next=1)
    await user.say(f"/files {number}")
    await user.sees("installing the app again")


@BOTH
async def test_while_vendors_may_answer_nobody_gets_a_file(bot_env: BotEnv, world: World) -> None:
    rfq, contact = await quoted(bot_env, world, {"offer.pdf": PDF}, silent=True)
    document = (await bot_env.api.as_(contact).call(e.list_quotes)).items[0].documents[0]
    user = await bot_env.a_user(await world.an_officer())
    await user.say(f"/files {rfq.request_number}")
    await user.sees("has no files you can read")
    forged = pack(Press(Op.file, document.id))
    assert "document" in (await user.forge(await a_button(bot_env, user), forged)).casefold()
    assert await documents(user) == []


@BOTH
async def test_a_requester_sees_prices_but_not_what_vendors_attached(bot_env: BotEnv, world: World) -> None:
    rfq, _ = await quoted(bot_env, world, {"offer.pdf": PDF})
    user = await bot_env.a_user(await world.a_requester())
    await bot_env.card(user, CardKind.comparison, rfq.rfq.request_id)
    assert labels(await user.sees("Compare")) == ["View as text"]
    await user.say(f"/files {rfq.request_number}")
    await user.sees("has no files you can read")


@BOTH
async def test_a_vendor_gets_its_own_files_and_never_a_rivals(bot_env: BotEnv, world: World) -> None:
    rfq, contact = await quoted(bot_env, world, {"offer.pdf": PDF}, silent=True)
    document = (await bot_env.api.as_(contact).call(e.list_quotes)).items[0].documents[0]
    user = await bot_env.a_user(contact)
    await user.say(f"/files {rfq.rfq.number}")
    assert await opened(bot_env, user, "offer.pdf") == PDF
    rival = await bot_env.a_user((await world.a_vendor())[1])
    await rival.say(f"/files {rfq.rfq.number}")
    await rival.sees(f"I can’t find {rfq.rfq.number}")
    forged = pack(Press(Op.file, document.id))
    assert "document" in (await rival.forge(await a_button(bot_env, rival), forged)).casefold()
    assert await documents(rival) == []


@BOTH
async def test_a_pause_that_the_platform_asks_for_is_waited_out(bot_env: BotEnv, world: World) -> None:
    _, contact = await quoted(bot_env, world, {"offer.pdf": PDF})
    user = await bot_env.a_user(contact)
    await bot_env.set_fault("429", retry_after=1, method=CARRIES[bot_env.platform], next=1)
    number = (await bot_env.api.as_(contact).call(e.list_rfqs)).items[0].number
    await user.say(f"/files {number}")
    assert await opened(bot_env, user, "offer.pdf") == PDF
    assert await documents(user) == ["offer.pdf"]


@BOTH
@pytest.mark.parametrize("kind", ["500", "drop"])
async def test_a_file_that_does_not_get_through_is_to_be_sent_again(
    bot_env: BotEnv, world: World, kind: str
) -> None:
    user = await bot_env.a_user(await world.a_requester())
    file = Attachment("offer.pdf", PDF, "application/pdf")
    await bot_env.set_fault(kind, method=CARRIES[bot_env.platform], next=1)
    with pytest.raises(RetryLater):
        await bot_env.outbound.file(bot_env.chat_of(user), file)


@BOTH
async def test_what_belongs_under_a_message_stands_there(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.an_officer())
    card = await bot_env.outbound.post(bot_env.chat_of(user), Card("Look"))
    await bot_env.outbound.text(bot_env.chat_of(user), "A remark", reply_to=card)
    assert (await user.sees("A remark"))["reply_to"] == bot_env.seen_as(card)
