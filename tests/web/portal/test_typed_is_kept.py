"""Whatever is pressed on an RFQ's page, nothing that was typed and not saved yet is lost; all without script."""

from decimal import Decimal

import pytest

from api.contract.values import MAX_LINES
from core.people.model import Person
from core.requests.commands import RequestLineDraft
from core.rfqs.model import RfqDetails
from tests.support.api import Api
from tests.support.mailbox import Mailbox
from tests.support.world import World
from tests.web.browser import a_browser, browser_of


async def asked(world: World) -> tuple[RfqDetails, Person, str, str]:
    """The RFQ, the vendor's contact, its page, and the name of the first line's price."""
    vendor, contact = await world.a_vendor()
    rfq = await world.an_rfq(to=[vendor])
    return rfq, contact, f"/portal/rfqs/{rfq.rfq.id}", f"lines.{rfq.rfq.lines[0].id}.price"


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("/ask", "Your question was sent."),
        ("/decline", "You declined to quote."),
        ("/theme", 'data-theme="dark"'),
    ],
)
async def test_a_button_beside_the_prices_keeps_them(api: Api, world: World, button: str, said: str) -> None:
    _, contact, page, price = await asked(world)
    words = {"text": "Which keyboard?", "decline.reason": "Sold out."}
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form(button)
        after = await browser.send(form, **words | {price: "1,180.50", "note": "Ex works"})
        assert said in after.html
        assert after.wrong == []
        if button != "/decline":
            assert {price: "1,180.50", "note": "Ex works"}.items() <= after.form("/quote").fields.items()


async def test_a_question_that_is_refused_keeps_the_prices_too(api: Api, world: World) -> None:
    _, contact, page, price = await asked(world)
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/ask")
        refused = await browser.send(form, **{price: "1,180.50", "text": ""})
        assert refused.status == 422
        assert refused.form("/quote").fields[price] == "1,180.50"
        assert 'aria-invalid="true"' in refused.html


async def test_another_language_keeps_the_prices_as_it_writes_them(api: Api, world: World) -> None:
    """``1,180.50`` typed in English is ``1.180,5`` in German, and counts as the same."""
    _, contact, page, price = await asked(world)
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/language")
        german = await browser.send(form, **{price: "1,180.50", "locale": "de", "note": "ab Werk"})
        assert 'lang="de"' in german.html
        fields = german.form("/quote").fields
        assert (fields[price], fields["note"]) == ("1.180,5", "ab Werk")
        assert "1.180,50" in german.words
        untouched = await browser.send(german.form("/logout"))
        assert untouched.status == 200


async def test_whoever_logs_out_finds_the_prices_when_they_come_back(api: Api, world: World) -> None:
    _, contact, page, price = await asked(world)
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/logout")
        await browser.send(form, **{price: "1180"})
    async with browser_of(api, world, contact) as browser:
        assert (await browser.get(page)).form("/quote").fields[price] == "1180"


async def test_by_link_language_and_theme_keep_what_was_typed_without_a_code(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    _, _, _, price = await asked(world)
    [invitation] = await mailbox.collect()
    async with a_browser(api) as browser:
        page = await browser.get(invitation.link)
        german = await browser.send(page.form("/language"), **{price: "1,180.50", "locale": "de"})
        assert 'lang="de"' in german.html
        assert german.form("/quote").fields[price] == "1.180,5"
        dark = await browser.send(german.form("/theme"))
        assert ('data-theme="dark"' in dark.html, browser.client.cookies.get("theme")) == (True, "dark")
        assert dark.form("/quote").fields[price] == "1.180,5"
        assert 'lang="de"' in dark.html
        assert await mailbox.collect() == [], "looking in another language needs no code"
        foreign = await browser.post(
            "/portal/rfqs/00000000-0000-7000-8000-000000000000/theme", dark.form("/theme").fields
        )
        assert foreign.status_code == 404


async def test_by_link_a_question_keeps_the_prices_over_the_code(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    _, contact, _, price = await asked(world)
    [invitation] = await mailbox.collect()
    async with a_browser(api) as browser:
        page = await browser.get(invitation.link)
        ask = page.form("/ask")
        code_page = await browser.send(ask, **{price: "1180", "text": "Which keyboard?"})
        await mailbox.collect()
        after = await browser.send(
            code_page.reader.forms[-2], at=ask.action, code=mailbox.newest(contact).code
        )
        assert "Your question was sent." in after.words
        assert after.form("/quote").fields[price] == "1180"


async def test_a_page_on_which_nobody_typed_keeps_no_draft(api: Api, world: World) -> None:
    """A question alone makes no draft, so nobody is told that something was not sent."""
    _, contact, page, _ = await asked(world)
    async with browser_of(api, world, contact) as browser:
        after = await browser.send((await browser.get(page)).form("/ask"), text="Which keyboard?")
        assert "Your question was sent." in after.words
        assert "Nothing was sent yet" not in after.words


@pytest.mark.parametrize("in_parts", [False, True])
async def test_the_longest_rfq_with_an_alternative_for_each_line_is_kept(
    api: Api, world: World, *, in_parts: bool
) -> None:
    """In letters of which each is six bytes in a form, and every field full."""
    vendor, contact = await world.a_vendor()
    wanted = [RequestLineDraft(f"Part {n}", Decimal(2), "pcs", Decimal(5)) for n in range(MAX_LINES)]
    rfq = await world.an_rfq(await world.a_request(lines=wanted), to=[vendor])
    full = {"price": "1.25", "days": "12"}
    full |= {"alternative.description": "ق" * 300, "alternative.price": "1.5", "alternative.lead_time": "9"}
    full["alternative.note"] = "ق" * 500
    typed = {f"lines.{line.id}.{name}": value for line in rfq.rfq.lines for name, value in full.items()}
    page = f"/portal/rfqs/{rfq.rfq.id}"
    async with browser_of(api, world, contact) as browser:
        form = (await browser.get(page)).form("/quote")
        if in_parts:
            answer = await browser.client.post(
                "/portal/file",
                data={**form.fields, **typed, "do": "keep"},
                files={"file": ("quote.csv", b"a,b\n1,2\n", "text/csv")},
                headers={"Sec-Fetch-Site": "same-origin"},
            )
        else:
            answer = await browser.post(form.action or page, {**form.fields, **typed, "do": "save"})
        assert answer.status_code == 303, answer.text[:500]
        kept = (await browser.get(page)).form("/quote").fields
        assert {name: kept.get(name) for name in typed} == typed
