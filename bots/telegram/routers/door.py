"""The door: /start with a code, and the button that joins a chat account to a person.

One rule: both identities are named before anything is joined, and a button does it, never the link itself.
"""

import re

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message, User

from api.contract.people import LinkPreviewIn
from api.text import say
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.client.errors import NotLinked
from bots.client.wire import Sender
from bots.telegram import commands, help_words
from bots.telegram.correlation import correlation_id
from bots.telegram.payloads import Pressed
from bots.telegram.render import clean
from bots.telegram.turn import Guest, Place

_CODE = re.compile(r"(?:inv_)?[A-Za-z0-9_-]{16,40}")


async def start(message: Message, command: CommandObject, guest: Guest) -> None:
    """With a code: who would be joined to whom. Without: what one can do, or how to get a code."""
    code = (command.args or "").strip()
    if not _CODE.fullmatch(code):
        await guest.voice.text(await _welcome(guest))
        return
    body = _body(code, guest.place, message.from_user)
    preview = await guest.api.links.preview(body, key=f"{guest.key}:preview")
    facts = {"display_name": preview.chat, "person": preview.account}
    if preview.vendor and preview.invited_by:
        told = say(
            "link.ask_vendor", guest.locale, vendor=preview.vendor, company=preview.invited_by, **facts
        )
    else:
        told = say("link.ask_account", guest.locale, **facts)
    short = code.removeprefix("inv_")
    await guest.voice.post(
        Card(
            told,
            buttons=rows_of(
                Button(
                    say("buttons.confirm_link", guest.locale), Press(Op.link_confirm, arg=short), Style.good
                ),
                Button(say("buttons.not_me", guest.locale), Press(Op.link_refuse, arg=short)),
            ),
        )
    )


async def confirm(query: CallbackQuery, claim: Press, guest: Guest) -> str:
    """Join them; the code is used up."""
    body = _body(claim.arg, guest.place, query.from_user)
    me = await guest.api.links.confirm(body, key=f"{guest.key}:confirm")
    guest.client.forget("telegram", guest.place.external_id)
    told = say("link.done", me.locale, display_name=body.display_name, person=me.name)
    await guest.voice.edit(guest.place.message_id, Card(told))
    await guest.voice.text(help_words.for_person(me))
    if query.bot is not None:
        await commands.set_for_chat(query.bot, int(guest.place.chat_id), me)
    return ""


async def refuse(query: CallbackQuery, guest: Guest) -> str:
    """Not this person: nothing is joined."""
    told = say("link.not_me", guest.locale, display_name=_name(query.from_user))
    await guest.voice.edit(guest.place.message_id, Card(told))
    return ""


async def _welcome(guest: Guest) -> str:
    sender = Sender(correlation_id=correlation_id(), locale=guest.locale)
    try:
        person = guest.client.for_person("telegram", guest.place.external_id, sender)
        return help_words.for_person(await person.me())
    except NotLinked:
        return say("help.unlinked", guest.locale)


def _body(code: str, place: Place, user: User | None) -> LinkPreviewIn:
    return LinkPreviewIn(
        code=code, platform="telegram", external_id=place.external_id, display_name=_name(user)
    )


def _name(user: User | None) -> str:
    """The account as its owner named it, cleaned; the id when nothing is left."""
    if user is None:
        return "?"
    return clean(user.full_name).strip()[:200] or str(user.id)


def make_router() -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="door")
    router.message.register(start, CommandStart(), F.chat.type == "private")
    router.callback_query.register(confirm, Pressed(Op.link_confirm))
    router.callback_query.register(refuse, Pressed(Op.link_refuse))
    return router
