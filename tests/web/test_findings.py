"""What looked unusual as pages: who sees them, what may be said, how a rule is set, and nothing while it is off."""

from core.access.roles import Role
from core.insights import service as insights
from core.insights.commands import SwitchInsight
from core.insights.states import Feature
from tests.core.findings.cases import Case
from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import browser_of


async def a_purchase(world: World) -> Case:
    """From a vendor of today."""
    case = await Case.begin(world)
    await case.found(await case.proposed("1180"))
    return case


async def test_a_reviewer_comes_from_the_first_page_and_says_why_it_is_fine(api: Api, world: World) -> None:
    case = await a_purchase(world)
    finance = await world.a_finance()
    async with browser_of(api, world, finance) as browser:
        assert "1 waiting" in (await browser.get("/home")).words
        page = await browser.get("/findings")
        assert page.wrong == []
        assert f"{case.vendor.name} was added on" in page.words
        assert "Nobody has looked at one yet." in page.words
        link = next(
            given["href"] for tag, given in page.reader.tags if (given.get("href") or "")[:10] == "/findings/"
        )
        shown = await browser.get(str(link))
        assert shown.wrong == []
        assert "Less than 7 days passed" in shown.words
        refused = await browser.send(shown.form("/dismiss"), reason="x")
        assert refused.status == 422
        held = await browser.send(shown.form("/hold"))
        assert f"{finance.name} has been looking into it since" in held.words
        fine = await browser.send(held.form("/dismiss"), reason="<b>Known</b> to us.")
        assert f"Fine, says {finance.name}: <b>Known</b> to us." in fine.words
        assert "0 waiting" in (await browser.get("/home")).words
        assert "0 of 1 confirmed since" in (await browser.get("/findings?state=fine&rule=new_vendor")).words


async def test_an_administrator_sets_a_rule_where_it_stands(api: Api, world: World) -> None:
    async with browser_of(api, world, await world.an_admin()) as browser:
        page = await browser.get("/findings")
        form = next(each for each in page.forms("/findings/rules") if each.fields["rule"] == "single_quote")
        assert form.fields["limit_amount"] == "5000"
        wrong = await browser.send(form, weekly_cards="many")
        assert wrong.status == 422
        assert wrong.wrong == []
        await browser.send(form, weekly_cards="2", raises_level="on")
        again = next(
            each
            for each in (await browser.get("/findings")).forms("/findings/rules")
            if each.fields["rule"] == "single_quote"
        )
        assert (again.fields["weekly_cards"], again.fields["version"]) == ("2", "1")
    async with browser_of(api, world, await world.an_officer()) as browser:
        assert (await browser.get("/findings")).forms("/findings/rules") == []


async def test_it_is_for_whom_the_rights_say_and_for_nobody_while_it_is_off(api: Api, world: World) -> None:
    await a_purchase(world)
    vendor = (await world.a_vendor())[1]
    readers = {Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor}
    people = {role: await world.the(role) for role in (*readers, Role.requester)} | {Role.vendor: vendor}
    for role, person in people.items():
        async with browser_of(api, world, person) as browser:
            assert (await browser.get("/findings")).status == (200 if role in readers else 403), role
            assert ("/findings" in (await browser.get("/home")).html) == (role in readers), role
    await world.act(
        people[Role.admin], insights.switch_insight, SwitchInsight(Feature.findings, enabled=False)
    )
    async with browser_of(api, world, people[Role.finance]) as browser:
        assert (await browser.get("/findings")).status == 404
        assert "/findings" not in (await browser.get("/home")).html
