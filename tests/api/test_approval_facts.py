"""The approval on the wire, as the API gives it to its reader and as its card shows it."""

import pytest

from api.contract import endpoints as e
from api.contract.approvals import ApprovalOut
from api.text.locales import SUPPORTED
from bots.cards.approval_facts import MAX_LINES
from bots.cards.drawing import CardKind, draw
from bots.cards.viewer import Viewer
from core.access.roles import Role
from core.kernel.policy_terms import AskOnce
from core.requests.commands import RequestLineDraft
from tests.core.approval_facts.test_facts import LINES, three_quotes
from tests.support.api import Api
from tests.support.world import World


async def shown(api: Api, world: World, approval_id: object) -> ApprovalOut:
    manager = api.as_(await world.a_manager())
    return await manager.call(e.show_approval, path={"id": approval_id})


async def test_one_approval_and_the_waiting_ones_have_the_same_facts(api: Api, world: World) -> None:
    await world.an_order(price="1100", acknowledged=True)
    opened = (await world.an_open_approval(price="1180")).approval
    one = await shown(api, world, opened.id)
    mine = await api.as_(await world.a_manager()).call(e.list_approvals, query={"mine": True})
    assert one.facts is not None
    assert one.facts.lines[0].last_paid is not None
    assert one.facts.similar
    assert [each.facts for each in mine.items if each.id == opened.id] == [one.facts]


async def test_other_lists_are_without_facts(api: Api, world: World) -> None:
    await world.an_open_approval()
    listed = await api.as_(await world.a_manager()).call(e.list_approvals)
    assert [each.facts for each in listed.items] == [None] * len(listed.items)
    assert listed.items


async def test_the_card_shows_all_lines_days_and_the_rank(api: Api, world: World) -> None:
    best = (await three_quotes(world))[0]
    opened = (await world.open_approval_of(best.quote.id)).approval
    model = await shown(api, world, opened.id)
    card = draw(CardKind.approval, model, Viewer(model.requested_by, "en", "UTC", None))
    assert [item.split(" · ")[0] for item in card.items] == ["1 × Beamer", "2 × Screen", "5 × HDMI cable"]
    text = "\n".join(card.facts)
    assert "The best of 3 quotes" in text
    assert "Needed " in text
    assert "delivery about" in text


async def test_a_long_list_is_folded(api: Api, world: World) -> None:
    lines = [RequestLineDraft(f"Part {number}", LINES[0].quantity, "pcs", None) for number in range(12)]
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(lines=lines), to=[vendor])
    quote = await world.a_quote(rfq, contact, "10")
    model = await shown(api, world, (await world.open_approval_of(quote.quote.id)).approval.id)
    card = draw(CardKind.approval, model, Viewer(model.requested_by, "en", "UTC", None))
    assert len(card.items) == MAX_LINES
    assert card.items[-1] == "… and 5 more"


@pytest.mark.parametrize("locale", SUPPORTED)
async def test_a_decided_card_leaves_the_past_out_in_every_language(
    api: Api, world: World, locale: str
) -> None:
    earlier = await world.an_order(price="1100", acknowledged=True)
    opened = await world.an_open_approval(price="1180")
    viewer = Viewer(opened.approval.requested_by, locale, "UTC", None)
    waiting = draw(CardKind.approval, await shown(api, world, opened.approval.id), viewer)
    assert earlier.order.number in "\n".join(waiting.items)
    await world.approved(opened)
    decided = draw(CardKind.approval, await shown(api, world, opened.approval.id), viewer)
    assert earlier.order.number not in "\n".join(decided.items)
    assert len(decided.items) == len(waiting.items)


async def test_a_policy_with_all_its_rules_comes_back_as_it_was_set(api: Api, world: World) -> None:
    body = {
        "currency": "USD",
        "tiers": [
            {
                "name": "all",
                "ask_once": "consecutive",
                "steps": [{"name": "two", "needs": 2, "approvers": [{"role": "finance"}]}],
            }
        ],
        "splits": {"days": 7, "who": "person", "what": "vendor"},
    }
    admin = api.as_(await world.an_admin())
    await admin.call(e.set_policy, body, key="all-rules")
    kept = await admin.call(e.show_policy)
    assert (kept.tiers[0].ask_once, kept.tiers[0].steps[0].needs) == (AskOnce.consecutive, 2)
    assert kept.splits.model_dump(mode="json") == body["splits"]


async def test_forwarding_and_reassigning_by_the_api(api: Api, world: World) -> None:
    opened = (await world.an_open_approval()).approval
    giver = await world.person(opened.steps[0].candidates[0])
    taker, third = await world.a_person(Role.finance), await world.a_person(Role.finance)
    forwarded = await api.as_(giver).call(
        e.forward_step,
        {"to": str(taker.id), "reason": "knows the project", "expected_version": opened.version},
        path={"id": opened.id},
        key="forward",
    )
    assert taker.id in {each.person_id for each in forwarded.steps[0].candidates}
    assert giver.id not in {each.person_id for each in forwarded.steps[0].candidates}
    body = {
        "from_person": str(taker.id),
        "to": str(third.id),
        "reason": "is on holiday",
        "expected_version": forwarded.version,
    }
    admin = api.as_(await world.an_admin())
    after = await admin.call(e.reassign_step, body, path={"id": opened.id}, key="reassign")
    assert third.id in {each.person_id for each in after.steps[0].candidates}
    due = [opened.steps[0].due_at, forwarded.steps[0].due_at, after.steps[0].due_at]
    assert all(due)
    assert due == sorted(due, key=str)
    assert len(set(due)) == 3, "whoever takes over has the whole time again"
