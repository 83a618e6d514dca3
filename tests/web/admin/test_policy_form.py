"""The policy’s form, tier by tier, without script: what is typed is set, tried, refused at its place, and kept."""

import pytest

from api.contract import endpoints as e
from api.web.admin.policy_draft import MOST_STEPS, PolicyDraft, TierDraft
from core.access.roles import Role
from core.people import service as people
from core.people.commands import EditPerson
from tests.support.api import Api
from tests.support.world import PASSWORD, World
from tests.web.admin.test_admin_pages import confirmed
from tests.web.browser import Browser, Visit, WebForm, browser_of

PAGE = "/administration/policy"
TWO = {
    "tiers.0.name": "small",
    "tiers.0.below": "2,500.50",
    "tiers.0.departments": "",
    "tiers.0.categories": "",
    "tiers.0.due_hours": "24",
    "tiers.0.ask_once": "consecutive",
    "tiers.0.steps.0.name": "head",
    "tiers.0.steps.0.needs": "1",
    "tiers.0.steps.0.heads.cost_centre": "true",
    "tiers.1.name": "large",
    "tiers.1.below": "",
    "tiers.1.departments": "IT",
    "tiers.1.categories": "",
    "tiers.1.due_hours": "48",
    "tiers.1.ask_once": "never",
    "tiers.1.steps.0.name": "managers",
    "tiers.1.steps.0.needs": "2",
    "tiers.1.steps.0.roles.manager": "true",
    "tiers.1.steps.0.roles.finance": "true",
    "tiers.1.steps.1.name": "the last word",
    "tiers.1.steps.1.needs": "1",
    "splits.days": "30",
    "splits.who": "cost_centre",
    "splits.what": "vendor",
    "undo_seconds": "60",
}


async def the_form(browser: Browser) -> WebForm:
    page = await browser.get(PAGE)
    assert page.wrong == []
    return page.form("/policy/set-tiers")


def two_tiers(form: WebForm, **changes: str) -> dict[str, str]:
    """The form with two tiers in place of those that it holds."""
    ours = {name: value for name, value in form.fields.items() if not name.startswith("tiers.")}
    return {**ours, **TWO, **changes}


async def change(browser: Browser, form: WebForm, what: str) -> Visit:
    answer = await browser.post(f"{PAGE}/change", {**form.fields, "change": what})
    assert answer.status_code == 200, answer.text
    return Visit(answer)


async def test_what_is_in_force_is_in_the_form_and_set_again_unchanged(api: Api, world: World) -> None:
    admin = await world.an_admin()
    before = await api.as_(admin).call(e.show_policy)
    async with confirmed(api, world) as (browser, _):
        saved = await browser.send(await the_form(browser))
        assert "It is saved." in saved.words, saved.words
    after = await api.as_(admin).call(e.show_policy)
    assert after.version == before.version + 1
    kept = {"currency", "tiers", "undo_seconds", "splits"}
    assert after.model_dump(include=kept) == before.model_dump(include=kept)


async def test_tiers_steps_people_limits_and_splits_are_set_as_typed(api: Api, world: World) -> None:
    boss = await world.a_person(Role.manager)
    assert boss.email is not None
    async with confirmed(api, world) as (browser, admin):
        sent = two_tiers(await the_form(browser), **{"tiers.1.steps.1.people": f" {boss.email}, "})
        answer = await browser.post(f"{PAGE}/set-tiers", sent)
        assert answer.headers["location"] == f"{PAGE}?done=yes", Visit(answer).words
        found = (await api.as_(admin).call(e.show_policy)).model_dump(mode="json")
    small, large = found["tiers"]
    assert (small["name"], small["below"], small["due_hours"], small["ask_once"]) == (
        "small",
        "2500.5",
        24,
        "consecutive",
    )
    assert small["steps"][0]["approvers"] == [{"role": None, "person": None, "head_of": "cost_centre"}]
    assert (large["below"], large["departments"], large["steps"][0]["needs"]) == (None, ["IT"], 2)
    assert [each["role"] for each in large["steps"][0]["approvers"]] == ["manager", "finance"]
    assert large["steps"][1]["approvers"][0]["person"] == boss.email
    assert (found["undo_seconds"], found["splits"]) == (
        60,
        {"days": 30, "who": "cost_centre", "what": "vendor"},
    )


async def test_tiers_and_steps_are_added_moved_and_removed_by_forms_alone(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_admin()) as browser:
        form = await the_form(browser)
        names = [form.fields[f"tiers.{n}.name"] for n in range(20) if f"tiers.{n}.name" in form.fields]
        form.fields["tiers.0.name"] = "typed <i>before</i>"
        page = await change(browser, form, "add-tier")
        assert page.wrong == []
        grown = page.form("/policy/set-tiers")
        new = f"tiers.{len(names)}"
        assert grown.fields["tiers.0.name"] == "typed <i>before</i>"
        assert (grown.fields[f"{new}.name"], grown.fields[f"{new}.due_hours"]) == ("", "72")
        assert f'name="{new}.name"' in page.html.partition("autofocus")[0].rpartition("<input")[2]
        stepped = (await change(browser, grown, f"add-step:{len(names)}")).form("/policy/set-tiers")
        assert f"{new}.steps.1.name" in stepped.fields
        fewer = (await change(browser, stepped, f"remove-step:{len(names)}:0")).form("/policy/set-tiers")
        assert f"{new}.steps.1.name" not in fewer.fields
        moved = (await change(browser, fewer, "earlier-tier:1")).form("/policy/set-tiers")
        assert (moved.fields["tiers.0.name"], moved.fields["tiers.1.name"]) == (
            names[1],
            "typed <i>before</i>",
        )
        gone = (await change(browser, moved, "remove-tier:1")).form("/policy/set-tiers")
        assert "typed <i>before</i>" not in gone.fields.values()
        for nonsense in ("remove-tier:40", "earlier-tier:0", "steal", "add-step:99", "remove-tier:²"):
            same = (await change(browser, gone, nonsense)).form("/policy/set-tiers")
            assert {n: v for n, v in same.fields.items() if n != "nonce"} == {
                n: v for n, v in gone.fields.items() if n != "nonce"
            }
        left = await the_form(browser)
        assert left.fields["tiers.0.name"] == names[0], "nothing was stored"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"tiers.0.below": "a lot"}, "tiers-0-below"),
        ({"tiers.1.below": "100", "tiers.1.departments": ""}, "tiers-1-below"),
        ({"tiers.0.due_hours": "0"}, "tiers-0-due_hours"),
        ({"tiers.1.steps.0.needs": "11"}, "tiers-1-steps-0-needs"),
        ({"tiers.1.steps.0.name": ""}, "tiers-1-steps-0-name"),
        ({"tiers.1.steps.1.people": "nobody@nowhere.example"}, "tiers-1-steps-1-approvers"),
        ({"tiers.1.departments": "IT, NOWHERE"}, "tiers-1-departments"),
        ({"splits.days": "400"}, "splits-days"),
        ({"undo_seconds": "soon"}, "undo_seconds"),
        ({"currency": "XXX"}, "currency"),
    ],
    ids=str,
)
async def test_what_cannot_be_taken_is_told_at_its_field_and_kept(
    api: Api, world: World, changes: dict[str, str], place: str
) -> None:
    async with confirmed(api, world) as (browser, _):
        step = {"tiers.1.steps.1.people": "", "tiers.1.steps.1.roles.manager": "true"}
        if "tiers.1.steps.1.people" in changes:
            step = {}
        sent = two_tiers(await the_form(browser), **{**step, **changes})
        refused = Visit(await browser.post(f"{PAGE}/set-tiers", sent))
        assert refused.status == 422
        assert refused.wrong == []
        assert f'id="p-{place}-why"' in refused.html, refused.words
        back = refused.form("/policy/set-tiers")
        for name, value in changes.items():
            assert back.fields[name] == value
        assert back.fields["tiers.1.steps.0.needs"] == sent["tiers.1.steps.0.needs"]


async def test_it_is_tried_on_past_purchases_and_finds_dead_ends_without_being_set(
    api: Api, world: World
) -> None:
    await world.an_order()
    async with browser_of(api, world, await world.an_admin()) as browser:
        form = await the_form(browser)
        sent = two_tiers(form, **{"tiers.1.steps.0.needs": "9", "tiers.1.steps.1.roles.admin": "true"})
        tried = Visit(await browser.post(f"{PAGE}/try-tiers", sent))
        assert tried.status == 200, tried.words
        assert "Nobody could approve: 1." in tried.words
        assert tried.form("/policy/set-tiers").fields["tiers.0.name"] == "small", "and what was typed stays"
        assert (await the_form(browser)).fields["tiers.0.name"] == form.fields["tiers.0.name"]


async def test_setting_asks_who_it_is_and_keeps_the_form(api: Api, world: World) -> None:
    person = await world.a_person(Role.admin, password=PASSWORD)
    async with browser_of(api, world, person) as browser:
        sent = two_tiers(await the_form(browser), **{"tiers.1.steps.1.roles.manager": "true"})
        asked = Visit(await browser.post(f"{PAGE}/set-tiers", sent))
        assert asked.status == 403
        again = asked.form("/policy/set-tiers")
        assert again.fields["tiers.1.name"] == "large"
        assert asked.forms("/policy/set")[0].fields.get("confirm.password") is None, "only where it was asked"
        saved = await browser.send(again, **{"confirm.password": PASSWORD})
        assert "It is saved." in saved.words
        stale = await browser.send(again, **{"nonce": "another", "confirm.password": PASSWORD})
        assert stale.status == 409


async def test_amounts_are_read_and_shown_as_the_reader_writes_them(api: Api, world: World) -> None:
    person = await world.a_person(Role.admin, password=PASSWORD)
    german = EditPerson(person.id, frozenset({"locale"}), name="", email=None, locale="de", zone="UTC")
    await world.act(await world.an_admin(), people.edit_person, german)
    async with browser_of(api, world, await world.person(person.id)) as browser:
        form = await the_form(browser)
        changes = {"tiers.0.below": "2.500,50", "tiers.1.steps.1.roles.manager": "true"}
        sent = two_tiers(form, **{**changes, "confirm.password": PASSWORD})
        await browser.post(f"{PAGE}/set-tiers", sent)
        assert (await the_form(browser)).fields["tiers.0.below"] == "2.500,5"
    found = await api.as_(await world.an_admin()).call(e.show_policy)
    assert str(found.tiers[0].below) == "2500.5"


async def test_who_may_not_set_it_sees_no_form_and_changes_nothing(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.a_manager()) as browser:
        page = await browser.get(PAGE)
        assert page.forms("/policy/set-tiers") == []
        assert (await browser.post(f"{PAGE}/change", {"change": "add-tier"})).status_code == 403
        assert (await browser.post(f"{PAGE}/set-tiers", TWO)).status_code == 403


def test_a_draft_grows_to_what_the_contract_takes_and_no_further() -> None:
    draft = PolicyDraft("1", "EUR", "0", "0", "either", "either", (TierDraft(),))
    for _ in range(MOST_STEPS + 3):
        draft = draft.changed("add-step:0")
    assert len(draft.tiers[0].steps) == MOST_STEPS
    for _ in range(60):
        draft = draft.changed("add-tier")
    assert len(draft.tiers) == 50
