"""The world that tests act in is the one that production has: a vendor is limited by the database itself."""

from sqlalchemy import text

from core.access.actor import Actor
from core.uow import Uow
from tests.support.world import World


async def database_role(uow: Uow, actor: Actor, command: None) -> str:
    return str(await uow.connection.scalar(text("SELECT current_user")))


async def test_a_vendor_acts_in_the_vendors_role_and_nobody_else_does(world: World) -> None:
    _, contact = await world.a_vendor()
    officer = await world.an_officer()
    assert await world.act(contact, database_role, None) == "parley_vendor"
    assert await world.act(officer, database_role, None) == "parley_app"
