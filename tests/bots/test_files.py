"""Files that leave Parley for a chat: with the rights of whoever asks, whole, and under what was pressed."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from api.contract import endpoints as e
from api.contract.people import ChatIn
from bots.cards.attachment import Attachment
from bots.cards.card import Card
from bots.cards.deck import CardKind
from bots.cards.press import Op, Press, pack
from bots.cards.sending import RetryLater
from bots.client.api import ApiClient
from bots.client.wire import Sender
from core.access.roles import Role
from core.people import service as people
from core.people.commands import ChangeRoles
from core.people.model import Person
from core.rfqs.model import RfqDetails
from tests.bots.slack_stage import SlackStage
from tests.bots.stage import BOTH, PDF, Player, Stage, labels
from tests.bots.test_forged import a_button
from tests.support.api import BOT_KEY
from tests.support.world import World

SHEET = b"item,price\nlaptop,1180\n"
CARRIES = {"telegram": "sendDocument", "slack": "files.completeUploadExternal"}


async def kept(stage: Stage, by: Person, name: str, content: bytes = PDF) -> Any:
    answer = await stage.api.as_(by).send("POST", "/documents", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def quoted(
    stage: Stage, world: World, names: dict[str, bytes], *, silent: bool = False
) -> tuple[RfqDetails, Person]:
    """An RFQ whose quote carries these files, and its vendor's contact; open while another vendor is silent."""
    vendor, contact = await world.a_vendor()
    others = [(await world.a_vendor())[0]] if silent else []
    rfq = await world.an_rfq(to=[vendor, *others])
    files = [await kept(stage, contact, name, content) for name, content in names.items()]
    await world.a_quote(rfq, contact, files=files)
    return rfq, contact


async def opened(stage: Stage, player: Player, name: str) -> bytes:
    """The bytes of the newest file of this name in the chat."""
    seen = await player.waits(
        lambda chat: next((m for m in reversed(chat["messages"]) if m["document"] == name), None), name
    )
    where = f"{stage.sandbox_url}/control/people/{player.id}/files/{seen['id']}"
    async with stage.http.get(where) as answer:
        assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return await answer.read()


async def documents(player: Player) -> list[str]:
    return [each["document"] for each in await player.chat() if each["document"]]


@BOTH
async def test_several_files_are_listed_and_the_chosen_one_comes_under_the_list(
    stage: Stage, world: World
) -> None:
    rfq, _ = await quoted(stage, world, {"Angebot für 7.pdf": PDF, "prices.csv": SHEET})
    player = await stage.play(await world.an_officer())
    await stage.card(player, CardKind.comparison, rfq.rfq.request_id)
    await player.press("Files (2)")
    listed = await player.with_button("2 prices.csv")
    assert "Angebot für 7.pdf (1 kB) · Vendor" in listed["text"], listed["text"]
    await player.press("2 prices.csv")
    assert await opened(stage, player, "prices.csv") == SHEET
    [came] = [each for each in await player.chat() if each["document"]]
    assert came["reply_to"] == listed["id"]
    assert came["text"].endswith(f"· {rfq.request_number}"), came["text"]
    await player.press("1 Angebot für 7.pdf")
    assert await opened(stage, player, "Angebot für 7.pdf") == PDF


@BOTH
async def test_the_only_file_comes_at_once_and_a_typed_number_picks_one(stage: Stage, world: World) -> None:
    one, _ = await quoted(stage, world, {"offer.pdf": PDF})
    two, _ = await quoted(stage, world, {"first.pdf": PDF, "second.csv": SHEET})
    player = await stage.play(await world.a_manager())
    await player.say(f"/files {one.request_number}")
    assert await opened(stage, player, "offer.pdf") == PDF
    await player.say(f"/files {two.rfq.number} 2")
    assert await opened(stage, player, "second.csv") == SHEET
    for wrong in ("3", "0", "two", "²"):
        await player.say(f"/files {two.request_number} {wrong}")
        await player.sees(f"None has the number “{wrong}”")
    assert await documents(player) == ["offer.pdf", "second.csv"]


@BOTH
async def test_files_of_one_name_can_be_told_apart(stage: Stage, world: World) -> None:
    made = [await world.a_vendor() for _ in range(2)]
    rfq = await world.an_rfq(to=[vendor for vendor, _ in made])
    for _, contact in made:
        await world.a_quote(rfq, contact, files=[await kept(stage, contact, "quote.pdf")])
    player = await stage.play(await world.an_officer())
    await player.say(f"/files {rfq.request_number}")
    assert labels(await player.with_button("2 quote.pdf")) == ["1 quote.pdf", "2 quote.pdf"]
    await player.press("2 quote.pdf")
    assert await opened(stage, player, "quote.pdf") == PDF
    [came] = [each for each in await player.chat() if each["document"]]
    [whose] = [vendor.name for vendor, _ in made if vendor.name in came["text"]]
    listed = await player.with_button("2 quote.pdf")
    assert f"2  quote.pdf (1 kB) · {whose}" in listed["text"]


@BOTH
async def test_a_file_is_fetched_with_a_new_token_when_rights_have_changed(
    stage: Stage, world: World
) -> None:
    await quoted(stage, world, {"offer.pdf": PDF})
    officer = await world.a_person(Role.officer)
    account = ChatIn(platform=stage.platform, external_id=stage.chat_of(await stage.play(officer)))
    document = (await stage.api.as_(officer).call(e.list_quotes)).items[0].documents[0]
    api = ApiClient(stage.api_url, BOT_KEY, stage.http).for_person(
        account.platform, account.external_id, Sender()
    )
    before = await stage.api.as_bot().call(e.chat_token, account.model_dump())
    assert await api.me()
    roles = ChangeRoles(officer.id, (Role.officer, Role.manager))
    await world.act(await world.an_admin(), people.change_roles, roles)
    while (await stage.api.with_token(before.access_token).send("GET", "/me")).status_code == 200:
        await asyncio.sleep(0.05)
    assert (await api.documents.fetch(document.id)).content == PDF


async def test_without_the_scope_somebody_hears_what_to_do(slack: SlackStage, world: World) -> None:
    """A workspace that installed the app before it could send files."""
    _, contact = await quoted(slack, world, {"offer.pdf": PDF})
    player = await slack.play(contact)
    number = (await slack.api.as_(contact).call(e.list_rfqs)).items[0].number
    await slack.fault(kind="refuse", error="missing_scope", method="files.getUploadURLExternal", next=1)
    await player.say(f"/files {number}")
    await player.sees("installing the app again")


@BOTH
async def test_while_vendors_may_answer_nobody_gets_a_file(stage: Stage, world: World) -> None:
    rfq, contact = await quoted(stage, world, {"offer.pdf": PDF}, silent=True)
    document = (await stage.api.as_(contact).call(e.list_quotes)).items[0].documents[0]
    player = await stage.play(await world.an_officer())
    await player.say(f"/files {rfq.request_number}")
    await player.sees("has no files that you may read")
    forged = pack(Press(Op.file, document.id))
    assert "document" in (await player.forge(await a_button(stage, player), forged)).casefold()
    assert await documents(player) == []


@BOTH
async def test_a_requester_sees_prices_but_not_what_vendors_attached(stage: Stage, world: World) -> None:
    rfq, _ = await quoted(stage, world, {"offer.pdf": PDF})
    player = await stage.play(await world.a_requester())
    await stage.card(player, CardKind.comparison, rfq.rfq.request_id)
    assert labels(await player.sees("Compare")) == ["View as text"]
    await player.say(f"/files {rfq.request_number}")
    await player.sees("has no files that you may read")


@BOTH
async def test_a_vendor_gets_its_own_files_and_never_a_rivals(stage: Stage, world: World) -> None:
    rfq, contact = await quoted(stage, world, {"offer.pdf": PDF}, silent=True)
    document = (await stage.api.as_(contact).call(e.list_quotes)).items[0].documents[0]
    player = await stage.play(contact)
    await player.say(f"/files {rfq.rfq.number}")
    assert await opened(stage, player, "offer.pdf") == PDF
    rival = await stage.play((await world.a_vendor())[1])
    await rival.say(f"/files {rfq.rfq.number}")
    await rival.sees(f"I cannot find {rfq.rfq.number}")
    forged = pack(Press(Op.file, document.id))
    assert "document" in (await rival.forge(await a_button(stage, rival), forged)).casefold()
    assert await documents(rival) == []


@BOTH
async def test_a_pause_that_the_platform_asks_for_is_waited_out(stage: Stage, world: World) -> None:
    _, contact = await quoted(stage, world, {"offer.pdf": PDF})
    player = await stage.play(contact)
    await stage.fault(kind="429", retry_after=1, method=CARRIES[stage.platform], next=1)
    number = (await stage.api.as_(contact).call(e.list_rfqs)).items[0].number
    await player.say(f"/files {number}")
    assert await opened(stage, player, "offer.pdf") == PDF
    assert await documents(player) == ["offer.pdf"]


@BOTH
@pytest.mark.parametrize("kind", ["500", "drop"])
async def test_a_file_that_does_not_get_through_is_to_be_sent_again(
    stage: Stage, world: World, kind: str
) -> None:
    player = await stage.play(await world.a_requester())
    file = Attachment("offer.pdf", PDF, "application/pdf")
    await stage.fault(kind=kind, method=CARRIES[stage.platform], next=1)
    with pytest.raises(RetryLater):
        await stage.outbound.file(stage.chat_of(player), file)


@BOTH
async def test_what_belongs_under_a_message_stands_there(stage: Stage, world: World) -> None:
    player = await stage.play(await world.an_officer())
    card = await stage.outbound.post(stage.chat_of(player), Card("Look"))
    await stage.outbound.text(stage.chat_of(player), "A remark", under=card)
    assert (await player.sees("A remark"))["reply_to"] == stage.seen_as(card)
