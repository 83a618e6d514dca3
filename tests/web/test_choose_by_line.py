"""An officer chooses line by line on the purchase's page, without script: other vendors, and alternatives."""

from api.contract.awards import ComparisonOut
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import Splitting
from tests.web.browser import browser_of

__all__ = ["sourcing"]

OTHER = {"description": "Laptop B 13 inch", "unit_price": "800", "lead_time_days": 4, "note": "In stock"}


async def test_an_alternative_stands_beside_its_line_and_is_chosen_with_a_reason(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("950", "80"), alternatives={(0, 0): OTHER})
    number = (await case.compared()).request_number
    laptop, dock = (f"choice.{line.id}" for line in case.rfq.lines)
    alder = str(case.quotes[0].id)
    async with browser_of(sourcing.api, case.world, await case.world.an_officer()) as browser:
        page = await browser.get(f"/purchases/{number}")
        assert page.wrong == []
        assert "⇄ Instead Laptop B 13 inch · 800.00 USD · 4 days In stock" in page.words
        form = page.form("/rfq/split_award")
        filled = {name: form.fields[name] for name in (laptop, dock)}
        assert filled == dict.fromkeys((laptop, dock), str(case.quotes[1].id)), (
            "the best as asked, never another"
        )
        bare = await browser.send(form, **{laptop: f"{alder}+", dock: alder, "reason": ""})
        assert bare.status == 422
        again = bare.form("/rfq/split_award").fields
        assert (again[laptop], again[dock]) == (f"{alder}+", alder)
        same = await browser.send(form, **{laptop: alder, dock: alder, "reason": "as it was asked"})
        assert same.status == 409
        assert "Propose quote" in same.words
        done = await browser.send(
            bare.form("/rfq/split_award"), reason="Thirteen inches will do for the road"
        )
        assert "Your choice is proposed and goes to approval." in done.words
        await case.opened()
        assert (
            "Laptop B 13 inch · 3 pcs · 800.00 USD in place of Laptop"
            in (await browser.get(f"/purchases/{number}")).words
        )
        await case.approved()
        ordered = await browser.get(f"/purchases/{number}")
    split = (await case.compared()).split
    assert split is not None
    assert [each.alternatives for each in split.shares] == [(case.rfq.lines[0].id,)]
    assert "Laptop B 13 inch in place of Laptop" in ordered.words


async def test_lines_go_to_several_vendors_or_to_nobody(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    compared: ComparisonOut = await case.compared()
    laptop, dock = (f"choice.{line.id}" for line in case.rfq.lines)
    async with browser_of(sourcing.api, case.world, await case.world.an_officer()) as browser:
        form = (await browser.get(f"/purchases/{compared.request_number}")).form("/rfq/split_award")
        assert (form.fields[laptop], form.fields[dock]) == tuple(str(each.id) for each in case.quotes)
        done = await browser.send(form, **{dock: "", "reason": "Docks are in the store"})
        assert "Your choice is proposed" in done.words
        broken = await browser.send(form, **{dock: "nonsense", "reason": "Docks are in the store"})
        assert broken.status == 422
    split = (await case.compared()).split
    assert split is not None
    assert split.left_out == (case.rfq.lines[1].id,)


async def test_nobody_else_is_offered_the_form(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"))
    number = (await case.compared()).request_number
    async with browser_of(sourcing.api, case.world, await case.world.a_manager()) as browser:
        page = await browser.get(f"/purchases/{number}")
    assert page.status == 200
    assert page.forms("/rfq/split_award") == []
