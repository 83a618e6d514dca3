from tests.support.api import Api
from tests.support.world import World
from tests.web.browser import browser_of, a_browser

async def test_smoke(api: Api, world: World) -> None:
    async with a_browser(api) as b:
        v = await b.get("/home")
        print(v.status, v.words, v.wrong)
    approval = await world.an_open_approval()
    order = await world.an_order(acknowledged=True)
    for who in (await world.an_officer(), await world.a_manager(), await world.a_requester(), await world.an_admin(), (await world.a_vendor())[1]):
        async with browser_of(api, world, who) as b:
            for path in ("/home","/purchases","/lists/rfqs","/lists/quotes","/lists/orders","/lists/vendors","/lists/people","/lists/orders.csv","/sessions", f"/purchases/{order.request_number}"):
                v = await b.get(path)
                print(who.name, path, v.status, len(v.html), v.wrong, v.words[-300:] if v.status>=400 else "")
                assert v.status < 500, v.html[:500]
