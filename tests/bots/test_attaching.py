"""Files on their way through a chat: to a request, from there to the vendors, and to an RFQ that is open."""

from api.contract import endpoints as e
from bots.cards.drawing import CardKind
from core.people.model import Person
from core.requests.model import RequestDetails
from tests.bots.bot_env import BOTH, PDF, BotEnv, ChatUser, labels
from tests.support.world import World


async def attached(bot_env: BotEnv, by: Person, request: RequestDetails, name: str, *, inside: bool) -> None:
    caller = bot_env.api.as_(by)
    answer = await caller.send("POST", "/documents", files={"file": (name, PDF)})
    body = {"document_ids": [answer.json()["id"]], "inside": inside}
    await caller.call(e.attach_files, body, path={"id": request.request.id})


async def names_of(bot_env: BotEnv, who: Person, request: RequestDetails) -> list[str]:
    caller = bot_env.api.as_(who)
    [rfq] = (await caller.call(e.list_rfqs, query={"request_id": str(request.request.id)})).items
    return [each.name for each in (await caller.call(e.show_rfq, path={"id": rfq.id})).documents]


async def choosing_files(
    bot_env: BotEnv, world: World, *names: str
) -> tuple[ChatUser, Person, RequestDetails]:
    """The officer has chosen the vendor of a request with these files, and one for those who decide."""
    requester, officer = await world.a_requester(), await world.an_officer()
    request = await world.a_request(requester)
    for name in names:
        await attached(bot_env, requester, request, name, inside=False)
    await attached(bot_env, requester, request, "budget.pdf", inside=True)
    vendor, contact = await world.a_vendor()
    user: ChatUser = await bot_env.a_user(officer)
    await user.say(f"/rfq {request.request.number}")
    await user.say(vendor.name)
    await user.press(vendor.name)
    await user.press("Next")
    return user, contact, request


@BOTH
async def test_the_officer_chooses_which_files_go_along(bot_env: BotEnv, world: World) -> None:
    user, contact, request = await choosing_files(bot_env, world, "drawing.pdf", "terms.pdf")
    asked = await user.sees("should the vendors get")
    assert {"All files", "drawing.pdf", "terms.pdf", "Skip"} <= set(labels(asked))
    assert "budget.pdf" not in str(asked), "it stays inside and is not even offered"
    await user.press("terms.pdf")
    await user.press("Next", (await user.with_button("✓ terms.pdf"))["id"])
    assert "terms.pdf" in str(await user.sees("When should the RFQ close?"))
    await user.press("5 days")
    await user.sees("was sent to")
    assert await names_of(bot_env, contact, request) == ["terms.pdf"]


@BOTH
async def test_without_a_choice_nothing_goes_along_and_all_is_one_press(
    bot_env: BotEnv, world: World
) -> None:
    for press, expected in (("Skip", []), ("All files", ["drawing.pdf", "terms.pdf"])):
        user, contact, request = await choosing_files(bot_env, world, "drawing.pdf", "terms.pdf")
        await user.sees("should the vendors get")
        await user.press(press)
        await user.press("5 days")
        await user.sees("was sent to")
        assert await names_of(bot_env, contact, request) == expected


@BOTH
async def test_a_request_without_files_is_not_asked_about_them(bot_env: BotEnv, world: World) -> None:
    user, contact, request = await choosing_files(bot_env, world)
    await user.sees("When should the RFQ close?")
    await user.drop("sketch.pdf", PDF)
    await user.sees("I received sketch.pdf")
    await user.press("5 days")
    await user.sees("was sent to")
    assert await names_of(bot_env, contact, request) == ["sketch.pdf"], "sent while the RFQ was made"


@BOTH
async def test_a_file_in_reply_to_the_rfqs_card_goes_to_its_vendors_after_a_press(
    bot_env: BotEnv, world: World
) -> None:
    vendor, contact = await world.a_vendor()
    silent, _ = await world.a_vendor()
    request = await world.a_request()
    await world.an_rfq(request, to=[vendor, silent])
    user = await bot_env.a_user(await world.an_officer())
    card = await bot_env.card(user, CardKind.comparison, request.request.id)
    await user.drop("plan.pdf", PDF, reply_to=card)
    asked = await user.with_button("Send")
    assert "plan.pdf" in str(asked)
    assert await names_of(bot_env, contact, request) == [], "a file that was only sent is shown to nobody"
    await user.press("Send")
    await user.sees("is now version 2")
    assert await names_of(bot_env, contact, request) == ["plan.pdf"]
    buyer = await bot_env.a_user(contact)
    [rfq] = (await bot_env.api.as_(contact).call(e.list_rfqs)).items
    await bot_env.card(buyer, CardKind.vendor_rfq, rfq.id)
    await buyer.press("Files (1)")
    await buyer.waits(
        lambda chat: next((m for m in chat["messages"] if m["document"] == "plan.pdf"), None), "plan.pdf"
    )


@BOTH
async def test_files_are_attached_with_a_button_while_the_rfq_is_open(bot_env: BotEnv, world: World) -> None:
    vendor, contact = await world.a_vendor()
    silent, _ = await world.a_vendor()
    requester, officer = await world.a_requester(), await world.an_officer()
    request = await world.a_request(requester)
    await attached(bot_env, requester, request, "drawing.pdf", inside=False)
    rfq = await world.an_rfq(request, to=[vendor, silent])
    user = await bot_env.a_user(officer)
    card = await bot_env.card(user, CardKind.comparison, request.request.id)
    await user.press("Attach files…")
    await user.drop("terms.pdf", PDF)
    await user.sees("I received terms.pdf")
    await user.press("drawing.pdf")
    await user.press("Send", (await user.with_button("✓ drawing.pdf"))["id"])
    await user.sees("is now version 2")
    assert sorted(await names_of(bot_env, contact, request)) == ["drawing.pdf", "terms.pdf"]
    await bot_env.api.as_(officer).call(e.close_rfq, {}, path={"id": rfq.rfq.id})
    told = await user.press("Attach files…", card)
    assert "no longer possible" in str(told["text"]) or await user.sees("no longer possible")


@BOTH
async def test_a_file_in_reply_to_a_requests_card_is_attached_to_it(bot_env: BotEnv, world: World) -> None:
    requester = await world.a_requester()
    request = await world.a_request(requester)
    user = await bot_env.a_user(requester)
    card = await bot_env.card(user, CardKind.request, request.request.id)
    await user.drop("budget.pdf", PDF, reply_to=card)
    await user.press("Only for who decides")
    await user.sees("only for those who decide")
    await user.say(f"/attach {request.request.number}")
    await user.sees("Send the files for")
    await user.drop("drawing.pdf", PDF)
    await user.press("Add to the request")
    await user.sees("only if the officer sends it along")
    found = (await bot_env.api.as_(requester).call(e.list_files, path={"id": request.request.id})).items
    assert [(each.name, each.inside) for each in found] == [("budget.pdf", True), ("drawing.pdf", False)]


@BOTH
async def test_a_file_without_any_place_is_not_kept(bot_env: BotEnv, world: World) -> None:
    user = await bot_env.a_user(await world.an_officer())
    await user.drop("stray.pdf", PDF)
    await user.sees("wasn’t expecting a file")


@BOTH
async def test_who_only_reads_a_request_is_told_that_no_file_is_taken(bot_env: BotEnv, world: World) -> None:
    request = (await world.a_request()).request
    user = await bot_env.a_user(await world.an_auditor())
    await user.say(f"/attach {request.number}")
    await user.sees("you are not allowed to do it")
