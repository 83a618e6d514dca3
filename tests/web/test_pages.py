"""Every page of every role: what it answers, its headers, that it is well formed, and what it never shows."""

import asyncio
import csv
import io
from decimal import Decimal
from uuid import UUID

import pytest

from api.text import has_key
from api.web import purchase_page
from api.web.table_specs import SPECS
from api.web.templating import asset_url, assets
from core.access.roles import ROLE_PERMISSIONS, Role
from core.comments import service as comments
from core.comments.commands import AddComment
from core.people import service as people
from core.people.commands import EditPerson
from core.policies import service as policies
from core.policies.commands import SetPolicy
from core.requests.commands import RequestLineDraft
from core.worklist.model import WorkKind
from tests.api.deciding import REASON as WHY
from tests.api.deciding import Decided
from tests.api.sourcing import Sourcing, sourcing
from tests.api.splitting import REASON, Splitting
from tests.api.test_statement_counts import Statements, statements
from tests.api.test_unreadable_rows import spoil
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import ADMINISTRATOR, POLICY, World
from tests.web.browser import Visit, a_browser, browser_of
from tests.web.test_live import sealed

__all__ = ["sourcing", "statements"]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STAFF = (Role.requester, Role.officer, Role.manager, Role.finance, Role.admin, Role.auditor)
INJECTIONS = tuple(
    before + core + after
    for before in ("", '">', "'>", "</textarea>", "]]>")
    for core in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "{{1234*5678}}{%raw%}",
        "javascript:alert(1)",
        "<form action=//evil.example>",
    )
    for after in ("", "<!--")
)


CONFIRMED = ("/lists/people.csv",)
"""What is given only to somebody who has just proved who they are (tests/web/admin)."""


async def test_every_list_answers_every_role_as_its_right_says(api: Api, world: World) -> None:
    await world.an_order(acknowledged=True)
    surprises = []
    _, contact = await world.a_vendor()
    people_by_role = {role: await world.the(role) for role in STAFF} | {Role.vendor: contact}
    for role, person in people_by_role.items():
        async with browser_of(api, world, person) as browser:
            for spec in SPECS.values():
                for path in (spec.path, f"/lists/{spec.name}.csv"):
                    found = (await browser.client.get(path)).status_code
                    allowed = spec.right in ROLE_PERMISSIONS[role] and path not in CONFIRMED
                    expected = 200 if allowed else 403
                    if found != expected:
                        surprises.append((role, path, found))
            for path in ("/home", "/sessions"):
                if (await browser.client.get(path)).status_code != 200:
                    surprises.append((role, path, 0))
    assert surprises == []


async def test_a_foreign_purchase_is_as_unknown_as_none(api: Api, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    own, foreign = f"/purchases/{order.request_number}", await world.a_person(Role.requester)
    _, contact = await world.a_vendor()
    expected = dict.fromkeys(STAFF, 200)
    for role in STAFF:
        async with browser_of(api, world, await world.the(role)) as browser:
            page = await browser.get(own)
            assert page.status == expected[role], role
    async with browser_of(api, world, foreign) as browser:
        hidden, unknown = await browser.get(own), await browser.get("/purchases/REQ-999999")
        assert hidden.status == unknown.status == 404
        assert hidden.words == unknown.words
        by_id = await browser.get(f"/purchases/{order.order.request_id}")
        assert by_id.status == 404
        fields = {
            "subject": str(order.order.id),
            "nonce": "n",
            "lines.0.line_id": "x",
            "lines.0.accepted": "1",
        }
        fields["lines.0.line_id"] = str(order.order.lines[0].id)
        assert (await browser.post(f"{own}/order/receive", fields)).status_code == 404
    async with browser_of(api, world, contact) as browser:
        assert (await browser.get(own)).status == 403
        assert order.order.number not in (await browser.get("/lists/orders")).words


async def test_pages_carry_their_headers_and_are_well_formed(api: Api, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    await world.an_open_approval()
    await world.an_rfq()
    paths = ["/home", "/sessions", f"/purchases/{order.request_number}", "/nothing", "/login", "/purchases/x"]
    paths += [spec.path for spec in SPECS.values()] + [
        "/purchases?from=never&state=nothing",
        "/lists/nothing",
    ]
    _, contact = await world.a_vendor()
    for person in [await world.the(role) for role in STAFF] + [contact]:
        async with browser_of(api, world, person) as browser:
            for path in paths:
                page = await browser.get(path, Accept="text/html")
                assert page.status < 500, path
                assert page.headers["content-security-policy"] == CSP, path
                assert page.headers["cache-control"] == "no-store", path
                assert page.headers["x-content-type-options"] == "nosniff", path
                assert page.wrong == [], path
                check_marks(page.reader.tags, path)


def check_marks(tags: list[tuple[str, dict[str, str | None]]], path: str) -> None:
    """Landmarks, labels and heads that people with a screen reader go by; and no script in the page."""
    names = [tag for tag, _ in tags]
    assert names.count("main") == names.count("h1") == 1, path
    assert tags[0][1]["lang"], path
    assert tags[0][1]["dir"] in ("ltr", "rtl"), path
    labelled = {given.get("for") for tag, given in tags if tag == "label"}
    for tag, given in tags:
        assert not [name for name in given if name.startswith("on") or name == "style"], (path, tag)
        if tag == "script":
            assert str(given["src"]).startswith(("/assets/", "/scripts/")), path
        if tag == "th":
            assert given.get("scope") in ("col", "row"), path
        if tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            assert given.get("id") in labelled or given.get("aria-label"), (path, given)


@pytest.mark.parametrize("locale", ["de", "ar"])
async def test_pages_speak_the_readers_language(api: Api, world: World, locale: str) -> None:
    order = await world.an_order(acknowledged=True)
    person = await world.a_person(Role.officer, Role.admin)
    changed = frozenset({"locale", "zone"})
    command = EditPerson(person.id, changed, name="", email=None, locale=locale, zone="Asia/Dubai")
    await world.act(await world.an_admin(), people.edit_person, command)
    async with browser_of(api, world, await world.person(person.id)) as browser:
        page = await browser.get(f"/purchases/{order.request_number}")
        assert page.reader.tags[0][1] == {
            "lang": locale,
            "dir": "rtl" if locale == "ar" else "ltr",
            "data-theme": "auto",
        }
        assert ("1.180,00 USD" in page.words) == (locale == "de")
        assert ("(Dubai)" in page.words) == (locale == "de")
        for path in (
            "/home",
            "/purchases",
            "/lists/rfqs",
            "/lists/orders",
            "/lists/vendors",
            "/lists/people",
        ):
            assert (await browser.get(path)).status == 200


async def test_whatever_people_write_stays_words(api: Api, world: World) -> None:
    assert len(INJECTIONS) == 60
    lines = [RequestLineDraft(each, Decimal(1), "pcs", None) for each in INJECTIONS]
    request = await world.a_request(lines=lines)
    requester = await world.a_requester()
    for each in INJECTIONS[:10]:
        await world.act(requester, comments.add_comment, AddComment(request.request.id, each))
    async with browser_of(api, world, requester) as browser:
        page = await browser.get(f"/purchases/{request.request.number}")
        assert page.wrong == []
        tags = [tag for tag, _ in page.reader.tags]
        assert {given["src"] for tag, given in page.reader.tags if tag == "script"} == {asset_url("live.js")}
        assert "svg" not in tags
        assert not [1 for _, given in page.reader.tags for name in given if name.startswith("on")]
        assert "7006652" not in page.words, "what stands in braces is no formula"
        assert all(" ".join(each.split()) in page.words for each in INJECTIONS)
        assert {each.action.partition("/")[0] for each in page.reader.forms} == {""}
        for each in INJECTIONS:
            found = await browser.client.get("/purchases", params={"q": each, "number": each[:40], "x": each})
            assert found.status_code == 200
            assert "<script>" not in found.text
            assert "<svg/" not in found.text
            gone = await browser.client.get("/home", params={"done": each, "number": each})
            assert "alert(1)" not in gone.text
            missing = await browser.client.get(f"/purchases/{each.replace('/', '')}")
            assert missing.status_code == 404
            assert missing.text.count("<script") == 1
            assert "<img src=x" not in missing.text


async def test_filters_are_in_the_address_and_an_empty_list_says_which_one_hides(
    api: Api, world: World
) -> None:
    first, second = await world.a_request(), await world.a_request(submit=False)
    async with browser_of(api, world, await world.a_requester()) as browser:
        drafts = await browser.get("/purchases?state=draft")
        assert second.request.number in drafts.words
        assert first.request.number not in drafts.words
        none = await browser.get("/purchases?state=draft&number=REQ-999")
        assert "Nothing matches these filters" in none.words
        ways = [given["href"] for tag, given in none.reader.tags if tag == "a"]
        assert "/purchases?state=draft" in ways
        assert "/purchases?number=REQ-999" in ways
        assert "Number: REQ-999 ✕ 1" in none.words
        assert "State: Draft ✕ 0" in none.words
        wrong = await browser.get("/purchases?from=never&state=draft")
        assert wrong.status == 422
        assert 'value="never"' in wrong.html
        assert second.request.number not in wrong.words


async def test_the_file_has_exactly_the_filtered_rows_and_no_formulas(api: Api, world: World) -> None:
    evil = RequestLineDraft("=cmd|'/C calc'!A0", Decimal(1), "pcs", Decimal("9.5"))
    wanted, other = await world.a_request(lines=[evil]), await world.a_request(submit=False)
    async with browser_of(api, world, await world.a_requester()) as browser:
        answer = await browser.client.get("/lists/purchases.csv?state=submitted")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:5] == ["Number", "What", "State", "Amount", "Currency"]
    assert [row[0] for row in rows[1:]] == [wanted.request.number]
    assert rows[1][1].startswith("'=")
    assert Decimal(rows[1][3]) == Decimal("9.5")
    assert other.request.number not in answer.text


async def test_why_another_quote_was_proposed_is_in_the_file_and_in_the_event_and_hidden_from_vendors(
    sourcing: Sourcing,
) -> None:
    decided = await Decided.of(sourcing)
    world = sourcing.world
    async with browser_of(sourcing.api, world, await world.an_officer()) as browser:
        answer = await browser.client.get("/lists/rfqs.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {row["Request"]: row["Reason"] for row in rows} == {
        decided.request_number: WHY,
        decided.earlier.request_number: "",
    }
    assert WHY in [told["reason"] for told in await world.recorded("quote.selected")]
    for contact in sourcing.contacts:
        vendor = sourcing.api.as_(contact)
        for path in ("/rfqs", "/vendors/quotes"):
            seen = await vendor.send("GET", path)
            assert seen.status_code == 200
            assert WHY not in seen.text


async def test_a_row_that_cannot_be_shown_is_named_beside_the_others(
    api: Api, world: World, database: Database
) -> None:
    bad, good = [(await world.a_request()).request for _ in range(2)]
    assert await spoil(database, "procurement_requests", "state") == str(bad.id)
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = await browser.get("/purchases")
        lines = (await browser.client.get("/lists/purchases.csv")).text.splitlines()
    assert lines[-1].endswith(f"have been told.,{bad.number}")
    told = f"Rows that cannot be shown: 1. The administrators have been told. {bad.number}"
    assert (page.status, told in page.words, good.number in page.words) == (200, True, True), page.words
    assert await world.events_of(bad.id) == ["request.created", "request.submitted", "row.unshown"]


async def test_a_list_is_turned_page_by_page(api: Api, world: World) -> None:
    made = [(await world.a_request()).request.number for _ in range(52)]
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = await browser.get("/purchases")
        links = [given.get("href") or "" for tag, given in page.reader.tags if tag == "a"]
        older = next(each for each in links if "cursor=" in each)
        rest = await browser.get(older)
    assert made[-1] in page.words
    assert made[0] not in page.words
    assert made[0] in rest.words


async def test_a_long_history_is_turned_to_its_begin_and_the_tier_stays(
    api: Api, world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await world.an_order(acknowledged=True)
    await sealed(database)
    events = await database.hand.fetch(
        "SELECT type FROM audit_events WHERE request_id = $1 ORDER BY position", order.order.request_id
    )
    monkeypatch.setattr(purchase_page, "MOST_EVENTS", 3)
    pages: list[Visit] = []
    async with browser_of(api, world, await world.an_officer()) as browser:
        path: str | None = f"/purchases/{order.request_number}"
        while path is not None:
            pages.append(await browser.get(path))
            older = [str(given.get("href")) for tag, given in pages[-1].reader.tags if tag == "a"]
            path = next((each for each in older if each.endswith("#log")), None)
    assert len(events) > 6
    assert sum(page.html.count('<li><span class="what">') for page in pages) == len(events)
    assert len(pages) == -(-len(events) // 3)
    tier = (await world.recorded("approval.opened"))[0]["tier"]
    assert all(str(tier) in page.words for page in pages)


async def test_a_purchase_page_is_one_read(api: Api, world: World, statements: Statements) -> None:
    order = await world.an_order(acknowledged=True)
    async with browser_of(api, world, await world.an_officer()) as browser:
        page = f"/purchases/{order.request_number}"
        await browser.get(page)
        await asyncio.sleep(0)  # the driver reports the last statement in the loop's next round
        async with statements.of("page"):
            await browser.get(page)
        first = list(statements.sent)
        async with statements.of("list"):
            await browser.get("/purchases")
    # where the log stands, while no other page is open · person's epoch · reader · the number's id · the purchase ·
    # comments · timeline · whom it waits for · proofs · which hints people had
    assert statements.counts["page"] == 10, [each[:90] for each in first]
    assert statements.counts["list"] <= 6


async def test_an_approval_is_undone_from_the_first_page_in_time(api: Api, world: World) -> None:
    await world.act(ADMINISTRATOR, policies.set_policy, SetPolicy("USD", POLICY, None, 60))
    await world.an_open_approval()
    async with browser_of(api, world, await world.a_manager()) as browser:
        approved = await browser.send((await browser.get("/home")).form("/approval/approve"))
        undone = await browser.send(approved.form("/approval/undo"))
        assert "Your approval is taken back." in undone.words
        assert undone.forms("/approval/approve")
        refused = await browser.send(undone.form("/approval/reject"), comment="no")
        assert refused.status == 422
        assert refused.form("/approval/reject").fields["comment"].strip() == "no"
        rejected = await browser.send(undone.form("/approval/reject"), comment="We have three of them.")
        assert "You rejected it." in rejected.words


async def test_files_of_pages_are_kept_for_ever_under_their_content(api: Api) -> None:
    async with a_browser(api) as browser:
        for name in assets():
            answer = await browser.client.get(asset_url(name))
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
        assert (await browser.client.get("/assets/0000/page.css")).status_code == 404
        assert (await browser.client.get("/assets/0000/..%2fpage.css")).status_code == 404


async def test_two_presses_at_once_are_one(api: Api, world: World) -> None:
    request = await world.a_request(submit=False)
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = await browser.get(f"/purchases/{request.request.number}")
        form = page.form("/request/comment")
        fields = {**form.fields, "text": "Once, please."}
        answers = await asyncio.gather(*(browser.post(form.action, fields) for _ in range(3)))
        assert {each.status_code for each in answers} <= {303, 409}
        after = await browser.get(f"/purchases/{request.request.number}")
        assert after.words.count("Once, please.") == 1


def test_every_kind_of_waiting_has_a_sentence() -> None:
    assert all(has_key(f"web.wait.{kind.value}") for kind in WorkKind)


async def test_a_wrong_count_is_told_at_its_own_line(api: Api, world: World) -> None:
    order = await world.an_order(acknowledged=True)
    assert len(order.order.lines) == 1
    async with browser_of(api, world, await world.a_requester()) as browser:
        page = f"/purchases/{order.request_number}"
        form = (await browser.get(page)).form("/order/receive")
        wrong = (
            ("1.5", 422, "whole"),
            ("1,5", 422, "could mean"),
            ("many", 422, "number"),
            ("999", 409, "most 3"),
        )
        for typed, status, sentence in wrong:
            refused = await browser.send(form, **{"lines.0.accepted": typed})
            assert refused.status == status, typed
            assert sentence in refused.words, typed
            assert refused.form("/order/receive").fields["lines.0.accepted"] == typed
        assert (await browser.send(form, **{"lines.0.accepted": "٢"})).status == 200


async def test_a_file_is_for_those_who_may_read_it(api: Api, world: World) -> None:
    vendor, contact = await world.a_vendor()
    sent = {"file": ("quote.pdf", b"%PDF-1.7\n%%EOF\n")}
    answer = await api.as_(contact).send("POST", "/documents", files=sent)
    assert answer.status_code == 201, answer.text
    rfq = await world.an_rfq(to=[vendor])
    await world.a_quote(rfq, contact, files=[UUID(answer.json()["id"])])
    path = f"/files/{answer.json()['id']}"
    async with (
        browser_of(api, world, await world.an_officer()) as officer,
        browser_of(api, world, await world.a_person(Role.requester)) as stranger,
    ):
        found = await officer.client.get(path)
        assert found.status_code == 200
        assert found.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in found.headers["content-security-policy"]
        assert (await stranger.client.get(path)).status_code == 404
        page = await officer.get(f"/purchases/{rfq.request_number}")
        assert path in [given.get("href") for tag, given in page.reader.tags if tag == "a"]


async def test_a_refused_list_is_in_the_log(api: Api, world: World) -> None:
    person = await world.a_person(Role.requester)
    async with browser_of(api, world, person) as browser:
        assert (await browser.get("/lists/vendors?state=nothing")).status == 403
    assert "person.refused" in await world.events_of(person.id)


async def test_an_approver_sees_what_is_decided_where_it_is_decided(api: Api, world: World) -> None:
    (first, contact), (second, colleague) = await world.a_vendor(), await world.a_vendor()
    rfq = await world.an_rfq(await world.a_request(), to=[first, second])
    await world.a_quote(rfq, contact, "1300")
    cheaper = await world.a_quote(rfq, colleague, "1180")
    await world.open_approval_of(cheaper.quote.id)
    async with browser_of(api, world, await world.a_manager()) as browser:
        home = await browser.get("/home")
    assert "Laptop 14 inch · 3 pcs · 1,180.00 USD" in home.words
    assert "The best of 2 quotes" in home.words
    assert "delivery about" in home.words


async def test_both_pages_say_everything_that_the_card_says(sourcing: Sourcing) -> None:
    decided = await Decided.of(sourcing)
    facts = await decided.facts() | {
        "first line": "Laptop 14 inch · 1 pc · 11.00 USD last paid 1,100.00 USD",
        "fold": "4 more lines",
    }
    world = sourcing.world
    async with browser_of(sourcing.api, world, await world.a_manager()) as browser:
        pages = [await browser.get(path) for path in ("/home", f"/purchases/{decided.request_number}")]
    for page in pages:
        assert {name: fact for name, fact in facts.items() if fact not in page.words} == {}, page.words
        assert page.wrong == []


async def test_a_split_award_shows_what_each_vendor_gets_in_its_own_currency(sourcing: Sourcing) -> None:
    case = await Splitting.of(sourcing, ("1000", "90"), ("1100", "70"), currencies=("USD", "EUR"))
    await case.split(0, 1)
    opened = await case.opened()
    assert opened.facts is not None
    world, (first, second) = sourcing.world, sourcing.vendors
    async with browser_of(sourcing.api, world, await world.the(Role.auditor)) as browser:
        page = await browser.get(f"/purchases/{opened.facts.request_number}")
    assert "The lines are split among several vendors: 2" in page.words
    assert f"{first.name} : Laptop · 3 pcs · 1,000.00 USD" in page.words
    assert f"{second.name} : Dock · 4 pcs · 70.00 EUR" in page.words
    assert f"{second.name}: 280.00 EUR, of which shipping 0.00 EUR" in page.words
    assert REASON in page.words


async def test_an_address_that_leads_nowhere_is_a_page_that_says_so(api: Api, world: World) -> None:
    request = await world.a_request()
    async with browser_of(api, world, await world.a_requester()) as browser:
        for path in ("/purchases/x/y", "/home/x", "/lists/orders/x", "/logout/x"):
            page = await browser.get(path)
            assert page.status == 404
            assert page.headers["content-type"].startswith("text/html")
        again = await browser.get(f"/purchases/{request.request.number}/request/withdraw")
        assert again.response.url.path == f"/purchases/{request.request.number}"
