"""The door: /start with a code, and the button that joins a chat account to a person.

One rule: both identities are named before anything is joined, and a button does it, never the link itself.
"""

import re

from api.contract.people import LinkPreviewIn, ReachIn
from api.text import supported, translate
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.client.errors import NotLinked
from bots.talk import claims, help_words
from bots.talk.said import Said
from bots.talk.turn import Guest

_CODE = re.compile(r"(?:inv_)?[A-Za-z0-9_-]{16,40}")


async def start(guest: Guest, said: Said) -> None:
    """With a code: who would be joined to whom. Without: what one can do, or how to get a code."""
    await heard(guest, reachable=True)
    code = said.args
    if not _CODE.fullmatch(code):
        await guest.voice.text(await _welcome(guest))
        return
    preview = await guest.api.links.preview(_body(code, guest), key=f"{guest.key}:preview")
    facts = {"display_name": preview.chat, "person": preview.account}
    if preview.vendor and preview.invited_by:
        told = translate(
            "link.ask_vendor", guest.locale, vendor=preview.vendor, company=preview.invited_by, **facts
        )
    else:
        told = translate("link.ask_account", guest.locale, **facts)
    short = code.removeprefix("inv_")
    await guest.voice.post(
        Card(
            told,
            buttons=rows_of(
                Button(
                    translate("buttons.confirm_link", guest.locale),
                    Press(Op.link_confirm, arg=short),
                    Style.good,
                ),
                Button(translate("buttons.not_me", guest.locale), Press(Op.link_refuse, arg=short)),
            ),
        )
    )


async def heard(guest: Guest, *, reachable: bool) -> None:
    """The account blocked us, or speaks to us again; nothing is told, the system may have something to show."""
    place = guest.place
    body = ReachIn(platform=place.platform, external_id=place.external_id, reachable=reachable)
    await guest.api.links.reach(body, key=f"{guest.key}:reach")


async def confirm(guest: Guest, claim: Press) -> str:
    """Join them; the code is used up."""
    if not _CODE.fullmatch(claim.arg):
        return claims.refused(claim, "no_code", translate("cards.not_a_button", guest.locale))
    me = await guest.api.links.confirm(_body(claim.arg, guest), key=f"{guest.key}:confirm")
    guest.client.forget(guest.place.platform, guest.place.external_id)
    told = translate("link.done", me.locale, display_name=guest.account, person=me.name)
    await guest.voice.edit(guest.place.message_id, Card(told))
    await guest.voice.text(help_words.for_person(me))
    await guest.voice.menu(me)
    return ""


async def refuse(guest: Guest, claim: Press) -> str:
    """Not this person: nothing is joined."""
    if not _CODE.fullmatch(claim.arg):
        return claims.refused(claim, "no_code", translate("cards.not_a_button", guest.locale))
    told = translate("link.not_me", guest.locale, display_name=guest.account)
    await guest.voice.edit(guest.place.message_id, Card(told))
    return ""


async def _welcome(guest: Guest) -> str:
    try:
        return help_words.for_person(await guest.person.me())
    except NotLinked:
        return translate("help.unlinked", guest.locale)


def _body(code: str, guest: Guest) -> LinkPreviewIn:
    return LinkPreviewIn(
        code=code,
        platform=guest.place.platform,
        external_id=guest.place.external_id,
        display_name=guest.account,
        locale=supported(guest.language),
    )
