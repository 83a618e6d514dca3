"""Every address that pages answer × every role × own and foreign, in whole and as a part: the table, and nothing else.

R requester · O officer · M manager · F finance · A admin · U auditor · V the vendor's contact · N nobody
r another requester · v another vendor's contact: what is R's and V's is none of theirs

One rule: the addresses are those of the application; one that is not in the table fails the test.
"""

from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest

from api.web.admin.admin_routes import PAGES
from api.web.all_pages import ROUTES
from api.web.table_specs import SPECS
from core.access.roles import Role
from core.people.model import Person
from tests.support.api import Api
from tests.support.postgres import Database
from tests.support.world import World
from tests.web.browser import a_browser, browser_of
from tests.web.test_live import sealed

STAFF = "ROMFAUr"
INSIDE = f"{STAFF}Vv"
ALL = f"{INSIDE}N"
Cells = dict[int, str]

MATRIX: Mapping[str, Mapping[str, Cells]] = {
    "/": {"/": {303: ALL}},
    "/login": {"/login": {303: INSIDE, 200: "N"}},
    "/login/number": {"/login/number": {200: ALL}},
    "/login/continue": {"/login/continue": {200: ALL}},
    "/login/telegram": {"/login/telegram": {404: ALL}},
    "/login/slack": {"/login/slack": {404: ALL}},
    "/login/telegram/back": {"/login/telegram/back?code=x&state=y": {404: ALL}},
    "/login/slack/back": {"/login/slack/back?code=x&state=y": {404: ALL}},
    "/login/telegram/chat": {"/login/telegram/chat?id=1&hash=x": {404: ALL}},
    "/enter/{ticket}": {"/enter/unknown": {409: ALL}},
    "/sessions": {"/sessions": {200: INSIDE}},
    "/confirm": {"/confirm": {200: INSIDE}},
    "/confirm/number": {"/confirm/number": {200: INSIDE}},
    "/confirm/continue": {"/confirm/continue": {200: INSIDE}},
    "/home": {"/home": {200: INSIDE}},
    "/files/{id}": {"/files/{file}": {200: "OMFAUV", 404: "Rrv"}, "/files/{unknown}": {404: INSIDE}},
    "/assets/{mark}/{name}": {"/assets/x/page.css": {404: ALL}},
    "/scripts/{mark}/htmx.js": {"/scripts/x/htmx.js": {404: ALL}},
    "/purchases": {"/purchases": {200: STAFF, 403: "Vv"}},
    "/purchases/{number}": {
        "/purchases/{number}": {200: "ROMFAU", 404: "r", 403: "Vv"},
        "/purchases/{request}": {303: "ROMFAU", 404: "r", 403: "Vv"},
        "/purchases/REQ-999999": {404: STAFF, 403: "Vv"},
    },
    "/purchases/{number}/{kind}/{verb}": {"/purchases/{number}/order/receive": {303: INSIDE}},
    "/lists/names": {"/lists/names?person=a": {200: "ROMFAr", 403: "UVv"}},
    "/lists/{name}": {
        "/lists/rfqs": {200: "OMFAUVv", 403: "Rr"},
        "/lists/quotes": {200: "OMFAUVv", 403: "Rr"},
        "/lists/orders": {200: INSIDE},
        "/lists/vendors": {200: "OMFAU", 403: "RrVv"},
        "/lists/people": {200: "A", 403: "ROMFUrVv"},
        "/lists/people.csv": {403: INSIDE},
        "/lists/vendors.xlsx": {200: "OMFAU", 403: "RrVv"},
        "/lists/nothing": {404: INSIDE},
    },
    "/lists/{kind}/views": {
        "/lists/orders/views": {200: STAFF, 404: "Vv"},
        "/lists/people/views": {200: "A", 403: "ROMFUrVv"},
    },
    "/purchases/{number}/links": {"/purchases/{number}/links": {200: "OA", 403: "RMFUVv", 404: "r"}},
    "/purchases/{number}/links/{verb}": {"/purchases/{number}/links/new": {303: INSIDE}},
    "/demand": {"/demand": {200: "OMFAU", 403: "RrVv"}},
    "/demand/{id}": {"/demand/{unknown}": {404: "OMFAU", 403: "RrVv"}},
    "/demand/{id}/needs": {
        "/demand/{unknown}/needs?first=2026-01-01&last=2026-06-01": {404: "OMFAU", 403: "RrVv"}
    },
    "/findings": {"/findings": {200: "OMFAU", 403: "RrVv"}},
    "/findings/{id}": {"/findings/{unknown}": {404: "OMFAU", 403: "RrVv"}},
    "/changes": {},
    "/administration": {"/administration": {303: "OMFAU", 403: "RrVv"}},
    "/administration/{kind}": {
        "/administration/organisation": {200: "OMFAU", 403: "RrVv"},
        "/administration/units": {200: "OMFAU", 403: "RrVv"},
        "/administration/people": {200: "A", 403: "ROMFUrVv"},
        "/administration/vendors": {200: "OMFAU", 403: "RrVv"},
        "/administration/rates": {200: "OMFAU", 403: "RrVv"},
        "/administration/policy": {200: "OMFAU", 403: "RrVv"},
        "/administration/chats": {200: "A", 403: "ROMFUrVv"},
        "/administration/deliveries": {200: "AU", 403: "ROMFrVv"},
        "/administration/flows": {200: "OMFAU", 403: "RrVv"},
        "/administration/checkpoints": {200: "AU", 403: "ROMFrVv"},
        "/administration/insights": {200: "OMFAU", 403: "RrVv"},
        "/administration/nothing": {404: INSIDE},
    },
    "/administration/{kind}/{id}": {
        "/administration/people/{person}": {200: "A", 403: "ROMFUrVv"},
        "/administration/vendors/{vendor}": {200: "OMFAU", 403: "RrVv"},
        "/administration/rates/{person}": {404: INSIDE},
    },
    "/administration/{kind}/{id}/{verb}": {"/administration/people/{person}/edit": {303: INSIDE}},
    "/audit-log": {"/audit-log": {200: "FAU", 403: "ROMrVv"}},
    "/audit-log/verify": {"/audit-log/verify": {200: "AU", 403: "ROMFrVv"}},
    "/audit-log/bundles/{id}": {"/audit-log/bundles/{request}": {200: "AU", 403: "ROMFrVv"}},
    "/portal": {"/portal": {200: "Vv", 404: STAFF}},
    "/portal/record": {"/portal/record": {200: "Vv", 404: STAFF}},
    "/portal/new-link": {"/portal/new-link": {200: ALL}},
    "/portal/link/{secret}": {"/portal/link/unknown": {404: ALL}},
    "/portal/link/{secret}/files/{id}": {"/portal/link/unknown/files/{file}": {404: ALL}},
    "/portal/link/{secret}/quote.{kind}": {"/portal/link/unknown/quote.csv": {404: ALL}},
    "/portal/rfqs/{id}": {"/portal/rfqs/{rfq}": {200: "V", 404: f"{STAFF}v"}},
    "/portal/rfqs/{id}/quote.{kind}": {"/portal/rfqs/{rfq}/quote.csv": {200: "V", 404: f"{STAFF}v"}},
    "/portal/files/{id}/pages/{page}": {"/portal/files/{file}/pages/1": {404: f"{INSIDE}"}},
    "/portal/rfqs/{id}/{verb}": {"/portal/rfqs/{rfq}/decline": {303: INSIDE}},
    "/portal/orders/{id}": {"/portal/orders/{order}": {200: "V", 404: f"{STAFF}v"}},
    "/portal/orders/{id}/{verb}": {"/portal/orders/{order}/acknowledge": {303: INSIDE}},
    "/figures": {"/figures": {200: "OMFAU", 403: "RrVv"}},
    "/figures/{question}": {"/figures/time": {200: "OMFAU", 403: "RrVv"}},
    "/figures/{question}/rows": {
        "/figures/spend/rows?section=months&key=2026-11": {200: "OMFAU", 403: "RrVv"}
    },
    "/figures/{question}/{section}.csv": {"/figures/spend/vendors.csv": {200: "OMFAU", 403: "RrVv"}},
}
"""By the route: an address of it, and who is answered what. Whoever is not named at all is sent to log in."""
ELSEWHERE = {"/changes": "a stream that does not end: tests/web/test_live.py"}


def test_every_address_of_the_application_is_in_the_table() -> None:
    kinds = {f"/administration/{page.kind}" for page in PAGES}
    assert kinds | {"/administration/nothing"} == set(MATRIX["/administration/{kind}"])
    lists = {spec.path for spec in SPECS.values()} - {"/purchases"}
    assert lists <= set(MATRIX["/lists/{name}"])
    routes = {each.path for each in ROUTES if "GET" in (each.methods or ())}
    assert {path for path in routes if not path.endswith("/{rest:path}")} == set(MATRIX)
    assert {path for path, addresses in MATRIX.items() if not addresses} == set(ELSEWHERE)
    for addresses in MATRIX.values():
        for address, cells in addresses.items():
            named = "".join(cells.values())
            assert len(set(named)) == len(named), address
            assert set(named) | {"N"} == set(ALL), address


@pytest.fixture
async def places(api: Api, world: World, database: Database) -> tuple[dict[str, str], dict[str, Person]]:
    """What is R's and V's: an order that was confirmed, an open RFQ, and a file of the vendor's quote."""
    (vendor, contact), (_, foreign_contact) = await world.a_vendor(), await world.a_vendor()
    sent = {"file": ("quote.pdf", b"%PDF-1.7\n%%EOF\n")}
    file = (await api.as_(contact).send("POST", "/documents", files=sent)).json()["id"]
    order = await world.an_order(acknowledged=True, vendor=vendor, contact=contact)
    rfq = await world.an_rfq(to=[vendor])
    await world.a_quote(await world.an_rfq(to=[vendor]), contact, files=[UUID(file)])
    await sealed(database)
    foreign = await world.a_person(Role.requester)
    letters = {"R": Role.requester, "O": Role.officer, "M": Role.manager, "F": Role.finance, "A": Role.admin}
    people = {letter: await world.the(role) for letter, role in {**letters, "U": Role.auditor}.items()}
    people |= {"r": foreign, "V": contact, "v": foreign_contact}
    parts = {
        "number": order.request_number,
        "request": order.order.request_id,
        "order": order.order.id,
        "rfq": rfq.rfq.id,
        "file": file,
        "vendor": vendor.id,
        "person": people["R"].id,
        "unknown": uuid4(),
    }
    return {name: str(value) for name, value in parts.items()}, people


async def test_nobody_is_answered_more_than_the_table_says(
    api: Api, world: World, places: tuple[dict[str, str], dict[str, Person]]
) -> None:
    parts, people = places
    surprises, cells = list[tuple[str, str, str, int]](), 0
    for letter in ALL:
        opened = browser_of(api, world, people[letter]) if letter in people else a_browser(api)
        async with opened as browser:
            for addresses in MATRIX.values():
                for address, expected in addresses.items():
                    whole = next((status for status, who in expected.items() if letter in who), 303)
                    for part in ("false", "true"):
                        path = address.format(**parts)
                        answer = await browser.client.get(path, headers={"HX-Request": part})
                        cells += 1
                        if answer.status_code != _as_part(whole, part, letter, expected, path):
                            surprises.append((letter, address, part, answer.status_code))
    assert surprises == []
    assert cells == len(ALL) * 2 * sum(len(addresses) for addresses in MATRIX.values())


def _as_part(whole: int, part: str, letter: str, expected: Cells, path: str) -> int:
    """A part of a page cannot lead to the log-in: its script is told to. The portal's own door stays one."""
    sent_away = letter == "N" and not any("N" in who for who in expected.values())
    return 401 if sent_away and part == "true" and not path.startswith("/portal") else whole
