"""A vendor by link alone, from the RFQ to the confirmed order, without script, account or chat."""

import datetime as dt

from core.invitations.queries import show as _rfq_show
from core.kernel.ids import OrderId, RequestId
from core.orders import queries as orders
from core.orders.states import OrderState
from core.people.model import Person
from core.purchases import request_queries
from core.rfqs.model import RfqDetails
from tests.support.api import Api
from tests.support.mailbox import Mailbox
from tests.support.world import World
from tests.web.browser import Browser, Visit, a_browser


async def test_a_vendor_gets_from_rfq_to_confirmed_order_by_link_alone(
    api: Api, world: World, mailbox: Mailbox
) -> None:
    vendor, contact = await world.a_vendor()
    await world.a_finance()
    rfq = await world.an_rfq(to=[vendor])
    [invitation] = await mailbox.collect()
    assert invitation.to == contact.email
    assert rfq.rfq.number in invitation.subject
    async with a_browser(api) as browser:
        page = await browser.get(invitation.link)
        assert page.wrong == []
        assert "Laptop 14 inch" in page.words
        await quoted(browser, page, mailbox, contact)
        order_id = await ordered(world, mailbox, rfq)
        assert "has ordered from you" in mailbox.newest(contact).text
        await confirmed(browser, mailbox.newest(contact).link, order_id)
    order = await world.act(contact, orders.show, order_id)
    assert order.order.state is OrderState.acknowledged


async def quoted(browser: Browser, page: Visit, mailbox: Mailbox, contact: Person) -> None:
    """Save asks for the code once; the sum runs along; sending needs no second code."""
    until = (mailbox.world.today + dt.timedelta(days=60)).isoformat()
    [price] = [
        name for name in page.form("/quote").fields if name.endswith(".price") and "alternative" not in name
    ]
    typed = {price: "1.180,50", "lead_time": "10", "valid_until": until, "do": "save", "lang": "de"}
    asked = await browser.send(page.form("/quote"), **typed)
    assert "six-digit code" in asked.words or "sechsstelligen" in asked.words
    await mailbox.collect()
    code = mailbox.newest(contact).code
    saved = await browser.send(asked.reader.forms[-2], at=page.form("/quote").action, code=code)
    assert "1,180.50 USD × 3 pcs = 3,541.50 USD" in saved.words
    assert "Nothing was sent yet." in saved.words
    sent = await browser.send(saved.form("/quote"), do="send")
    assert "Your quote was sent." in sent.words
    assert sent.wrong == []


async def ordered(world: World, mailbox: Mailbox, rfq: RfqDetails) -> OrderId:
    """Procurement chooses the only quote, the manager approves, the order goes out."""
    officer = await world.an_officer()
    view = await world.act(officer, _rfq_show, rfq.rfq.id)
    assert view.details.rfq.selected_quote_id is not None
    await world.approved(await world.open_approval_of(view.details.rfq.selected_quote_id))
    found = await world.act(officer, request_queries.show, RequestId(rfq.rfq.request_id))
    assert found.request.order_id is not None
    await mailbox.collect()
    return OrderId(found.request.order_id)


async def confirmed(browser: Browser, link: str, order_id: OrderId) -> None:
    """The order's own link opens in the browser that is known already: no code any more."""
    page = await browser.get(link)
    done = await browser.send(page.form("/acknowledge"))
    assert "You confirmed the order." in done.words
    assert done.forms("/acknowledge") == []
    assert done.wrong == []
