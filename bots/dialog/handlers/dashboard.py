"""/dashboard: a link that opens the browser as this person, without a password.

One rule: the link goes to the private chat alone, and is taken out of it when it opens nothing any more.

Where the platform logs people in by a button, there is no link: the button says who pressed it, and stays good.
"""

import asyncio
import re

from api.contract import endpoints as e
from api.contract.people import WebTicketIn, WebTicketOut
from bots.background import BackgroundTasks
from bots.cards.card import Button, Card
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.message import IncomingMessage

_NUMBER = re.compile(r"[A-Z]{1,6}-[0-9]{1,12}", re.ASCII)
_EXPIRING = BackgroundTasks()


async def open_dashboard(ctx: Context, message: IncomingMessage) -> None:
    """The first page, or with a request's number that purchase's page."""
    number = message.args.strip().upper()
    shown = number if _NUMBER.fullmatch(number) and not ctx.is_vendor else ""
    await _send_link(ctx, f"/purchases/{shown}" if shown else "/home", ctx.command_key("dashboard"))


async def open_by_button(ctx: Context, press: Press) -> str:
    """The first page."""
    await _send_link(ctx, "/home", ctx.command_key("dashboard"))
    return ""


async def _send_link(ctx: Context, path: str, key: str) -> None:
    if ctx.responder.opens_pages:
        button = Button(ctx.translate("buttons.dashboard"), Press(Op.dashboard), opens=path)
        await ctx.responder.post(
            Card(ctx.translate("dashboard.open"), buttons=((button,),), locale=ctx.locale)
        )
        return
    ticket = await ctx.api.call(e.web_ticket, WebTicketIn(path=path), key=key)
    message_id = await ctx.responder.text(ctx.translate("dashboard.link", url=ticket.url))
    _EXPIRING.start(_take_out(ctx, message_id, ticket))


async def _take_out(ctx: Context, message_id: str, ticket: WebTicketOut) -> None:
    """After its two minutes the link is dead; its message says so, and how to get another."""
    await asyncio.sleep(max(0.0, (ticket.expires_at - ctx.now).total_seconds()))
    await ctx.responder.edit(message_id, Card(ctx.translate("dashboard.expired"), locale=ctx.locale))
