"""An RFQ is changed, asked about and confirmed in both chats; a request is rejected as such."""

import datetime as dt
import json
from decimal import Decimal

from api.contract import endpoints as e
from api.contract.rfqs import RfqOut
from bots.cards.drawing import CardKind
from core.kernel.ids import new_id
from core.people.model import Person
from core.requests.states import RequestState
from core.rfqs.model import RfqDetails
from core.rfqs.states import RfqState
from core.vendors.model import Vendor
from tests.bots.bot_env import BOTH, BotEnv, labels
from tests.bots.slack_env import SlackEnv
from tests.support.sandbox_client import Json
from tests.support.world import World

CHANGING = {"Deadline…", "Add vendors…", "Correct…", "Cancel RFQ…"}


async def an_rfq(world: World, count: int = 2) -> tuple[RfqDetails, list[tuple[Vendor, Person]]]:
    sellers = [await world.a_vendor() for _ in range(count)]
    return await world.an_rfq(to=[vendor for vendor, _ in sellers]), sellers


async def shown(bot_env: BotEnv, who: Person, rfq: RfqDetails) -> RfqOut:
    return await bot_env.api.as_(who).call(e.show_rfq, path={"id": rfq.rfq.id})


@BOTH
async def test_the_officers_card_changes_the_rfq_while_it_is_open(bot_env: BotEnv, world: World) -> None:
    rfq, sellers = await an_rfq(world)
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/compare {rfq.rfq.number}")
    card = await user.with_button("Deadline…")
    assert set(labels(card)) >= CHANGING
    assert sellers[0][0].name in str(card), "whoever has no chat is named"
    await user.say(f"/cancel_rfq {rfq.rfq.number} wrong model")
    await user.sees(f"{rfq.rfq.number} was cancelled")
    assert (await shown(bot_env, officer, rfq)).state is RfqState.cancelled
    await user.say(f"/cancel_rfq {rfq.rfq.number} wrong model")
    await user.sees("no longer possible")


@BOTH
async def test_a_question_is_asked_and_answered_to_all(bot_env: BotEnv, world: World) -> None:
    rfq, sellers = await an_rfq(world)
    officer = await world.an_officer()
    asking, answering = await bot_env.a_user(sellers[0][1]), await bot_env.a_user(officer)
    await asking.say(f"/question {rfq.rfq.number} Which keyboard?")
    await asking.sees("Your question about")
    await answering.say(f"/compare {rfq.rfq.number}")
    card = await answering.with_button(f"Answer {sellers[0][0].name}…"[:24])
    assert "Which keyboard?" in str(card)
    await answering.say(f"/clarify {rfq.rfq.number} German.")
    await answering.sees("without a name")
    other = await bot_env.a_user(sellers[1][1])
    card_id = await bot_env.card(other, CardKind.vendor_rfq, rfq.rfq.id)
    assert card_id
    seen = str(await other.with_button("Ask a question…"))
    assert "Which keyboard?" in seen
    assert "German." in seen
    assert sellers[0][0].name not in seen
    await answering.say(f"/clarify {rfq.rfq.number} once more")
    await answering.sees("No question about")


@BOTH
async def test_a_quote_is_confirmed_after_a_correction(bot_env: BotEnv, world: World) -> None:
    rfq, sellers = await an_rfq(world)
    officer, contact = await world.an_officer(), sellers[0][1]
    await world.a_quote(rfq, contact)
    body = {"note": "with docking station"}
    await bot_env.api.as_(officer).call(e.correct_rfq, body, path={"id": rfq.rfq.id})
    user = await bot_env.a_user(contact)
    await bot_env.card(user, CardKind.vendor_rfq, rfq.rfq.id)
    card = await user.with_button("Confirm quote")
    assert "was corrected after your quote" in str(card)
    await user.press("Confirm quote", card["id"])
    own = (await shown(bot_env, contact, rfq)).my_quote
    assert own is not None
    assert (own.outdated, own.complete) == (False, True)
    await user.say(f"/confirm {rfq.rfq.number}")
    await user.sees("nothing to confirm")


@BOTH
async def test_vendors_without_a_chat_come_with_a_link_to_hand_over(bot_env: BotEnv, world: World) -> None:
    rfq, _ = await an_rfq(world, 1)
    newcomer, _ = await world.a_vendor()
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/add_vendors {rfq.rfq.number}")
    await user.press(newcomer.name)
    await user.press("Next")
    told = await user.sees(f"{newcomer.name} has no chat")
    assert "hand over this link" in str(told)
    asked = (await shown(bot_env, officer, rfq)).invitations
    assert [each.has_chat for each in asked if each.vendor_id == newcomer.id] == [False]


@BOTH
async def test_a_request_is_rejected_by_command_before_anything_is_approved(
    bot_env: BotEnv, world: World
) -> None:
    request = (await world.a_request()).request
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/reject_request {request.number} we have enough")
    await user.sees(f"{request.number} was rejected")
    found = await bot_env.api.as_(officer).call(e.show_request, path={"id": request.id})
    assert (found.state, found.reason) == (RequestState.rejected, "we have enough")


@BOTH
async def test_an_approver_rejects_the_request_and_not_only_the_quote(bot_env: BotEnv, world: World) -> None:
    approval = (await world.an_open_approval()).approval
    manager = await world.a_manager()
    user = await bot_env.a_user(manager)
    await bot_env.card(user, CardKind.approval, approval.id)
    assert "Reject the request…" in labels(await user.with_button("Reject the request…"))
    found = await bot_env.api.as_(manager).call(e.show_request, path={"id": approval.request_id})
    await user.say(f"/reject_request {found.number} nobody needs this")
    await user.sees("Rejected:")
    found = await bot_env.api.as_(manager).call(e.show_request, path={"id": approval.request_id})
    assert found.state is RequestState.rejected


@BOTH
async def test_a_deadline_is_moved_with_a_button(bot_env: BotEnv, world: World) -> None:
    rfq, _ = await an_rfq(world)
    officer = await world.an_officer()
    user = await bot_env.a_user(officer)
    await user.say(f"/deadline {rfq.rfq.number}")
    await user.press("10 days")
    await user.sees("can now quote")
    moved = (await shown(bot_env, officer, rfq)).quote_by
    assert moved > rfq.rfq.quote_by + dt.timedelta(days=5)


@BOTH
async def test_the_officer_corrects_a_line_and_then_the_note_by_buttons(
    bot_env: BotEnv, world: World
) -> None:
    rfq, sellers = await an_rfq(world)
    officer, contact = await world.an_officer(), sellers[0][1]
    await world.a_quote(rfq, contact)
    user = await bot_env.a_user(officer)
    await user.say(f"/compare {rfq.rfq.number}")
    await user.press("Correct…")
    asked = await user.sees(f"What do you want to correct in {rfq.rfq.number}?")
    assert labels(asked)[:3] == ["1  3 × Laptop 14 inch", "The note", "Attach files…"]
    await user.press("1  3 × Laptop 14 inch")
    await user.sees("What should this line say?")
    await user.say("one; two")
    await user.sees("I need one line")
    await user.say("4 boxes Laptop 16 inch")
    await user.sees(f"{rfq.rfq.number} is now version 2. The vendors will be notified")
    found = await shown(bot_env, officer, rfq)
    assert [(line.quantity, line.unit, line.description) for line in found.lines] == [
        (Decimal(4), "box", "Laptop 16 inch")
    ]
    await user.say(f"/correct {rfq.rfq.number}")
    await user.press("The note")
    await user.sees("What should the note say?")
    await user.say("with a German keyboard")
    await user.sees(f"{rfq.rfq.number} is now version 3.")
    found = await shown(bot_env, contact, rfq)
    assert (found.note, found.lines[0].description) == ("with a German keyboard", "Laptop 16 inch")
    [quote] = (await bot_env.api.as_(contact).call(e.list_quotes)).items
    assert quote.rfq_revision != found.revision, "the earlier quote is marked"


async def test_vendors_are_picked_in_a_field_of_slacks(slack: SlackEnv, world: World) -> None:
    """Slack asks for what fits while one types, and says what stands in the field afterwards."""
    vendors = [(await world.a_vendor())[0] for _ in range(14)]
    request = (await world.a_request()).request
    officer = await slack.a_user(await world.an_officer())
    card = await slack.card(officer, CardKind.officer_request, request.id)
    await officer.press("Ask vendors…", card)
    question = await officer.sees("Which vendors")
    (field,) = (each["accessory"] for each in question["blocks"] if "accessory" in each)
    assert field["type"] == "multi_external_select"
    pressed = await slack.last_posted("block_actions")
    base: Json = {name: pressed[name] for name in ("user", "team", "api_app_id") if name in pressed}
    asks: Json = {**base, "type": "block_suggestion", "action_id": field["action_id"], "block_id": "pick"}
    status, answer = await slack.send({**asks, "value": vendors[0].name})
    offered: dict[str, Json] = {each["text"]["text"]: each for each in json.loads(answer)["options"]}
    assert status == 200
    assert vendors[0].name in offered
    chosen = [
        offered[vendors[0].name],
        {"text": {"type": "plain_text", "text": "Nobody"}, "value": str(new_id())},
    ]
    action = {"type": field["type"], "action_id": field["action_id"], "selected_options": chosen}
    container = {**pressed["container"], "message_ts": question["id"]}
    told = {**pressed, "actions": [action], "container": container, "trigger_id": "1.2.picked"}
    assert (await slack.send(told))[0] == 200
    shown = await officer.with_button(f"✓ {vendors[0].name}")
    (field,) = (each["accessory"] for each in shown["blocks"] if "accessory" in each)
    assert [each["text"]["text"] for each in field["initial_options"]] == [vendors[0].name]
    await officer.say("/cancel")
    await officer.sees("Nothing was sent")
    await slack.settled()
    left = next(each for each in await officer.chat() if each["id"] == shown["id"])
    assert not [each for each in left["blocks"] if "accessory" in each], "nothing can be picked any more"
