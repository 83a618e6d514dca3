"""Linking: /start with a code, and the button that links a chat account to a person.

One rule: both identities are named before they are linked, and a button does it, never the code alone.
"""

import re

from api.contract.people import LinkPreviewIn, ReachIn
from api.text import supported, translate
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.client.errors import NotLinked
from bots.dialog import help_text, press_checks
from bots.dialog.context import UnlinkedContext
from bots.dialog.message import IncomingMessage

_CODE = re.compile(r"(?:inv_)?[A-Za-z0-9_-]{16,40}")


async def start(unlinked: UnlinkedContext, message: IncomingMessage) -> None:
    """With a code: who would be linked to whom. Without: what one can do, or how to get a code."""
    await report_reachable(unlinked, reachable=True)
    code = message.args
    if not _CODE.fullmatch(code):
        await unlinked.responder.text(
            translate("errors.links.unknown", unlinked.locale) if code else await _welcome(unlinked)
        )
        return
    preview = await unlinked.bot_api.links.preview(
        _link_body(code, unlinked), key=f"{unlinked.update_key}:preview"
    )
    facts = {"display_name": preview.chat, "person": preview.account}
    if preview.vendor and preview.invited_by:
        text = translate(
            "link.ask_vendor", unlinked.locale, vendor=preview.vendor, company=preview.invited_by, **facts
        )
    else:
        text = translate("link.ask_account", unlinked.locale, **facts)
    short = code.removeprefix("inv_")
    await unlinked.responder.post(
        Card(
            text,
            buttons=rows_of(
                Button(
                    translate("buttons.confirm_link", unlinked.locale),
                    Press(Op.link_confirm, arg=short),
                    Style.good,
                ),
                Button(translate("buttons.not_me", unlinked.locale), Press(Op.link_refuse, arg=short)),
            ),
        )
    )


async def report_reachable(unlinked: UnlinkedContext, *, reachable: bool) -> None:
    """The account blocked the bot or unblocked it. It gets no answer; cards may be due to it."""
    origin = unlinked.origin
    body = ReachIn(platform=origin.platform, external_id=origin.external_id, reachable=reachable)
    await unlinked.bot_api.links.report_reachable(body, key=f"{unlinked.update_key}:reach")


async def confirm(unlinked: UnlinkedContext, press: Press) -> str:
    """Link them; the code is used up."""
    if not _CODE.fullmatch(press.arg):
        return press_checks.log_refused_press(
            press, "no_code", translate("cards.not_a_button", unlinked.locale)
        )
    me = await unlinked.bot_api.links.confirm(
        _link_body(press.arg, unlinked), key=f"{unlinked.update_key}:confirm"
    )
    unlinked.client.forget(unlinked.origin.platform, unlinked.origin.external_id)
    text = translate("link.done", me.locale, display_name=unlinked.account_name, person=me.name)
    await unlinked.responder.edit(unlinked.origin.message_id, Card(text))
    await unlinked.responder.text(help_text.help_text(me))
    await unlinked.responder.set_menu(me)
    return ""


async def refuse(unlinked: UnlinkedContext, press: Press) -> str:
    """Not this person: nothing is linked."""
    if not _CODE.fullmatch(press.arg):
        return press_checks.log_refused_press(
            press, "no_code", translate("cards.not_a_button", unlinked.locale)
        )
    text = translate("link.not_me", unlinked.locale, display_name=unlinked.account_name)
    await unlinked.responder.edit(unlinked.origin.message_id, Card(text))
    return ""


async def _welcome(unlinked: UnlinkedContext) -> str:
    try:
        return help_text.help_text(await unlinked.person_api.me())
    except NotLinked:
        return translate("help.unlinked", unlinked.locale)


def _link_body(code: str, unlinked: UnlinkedContext) -> LinkPreviewIn:
    return LinkPreviewIn(
        code=code,
        platform=unlinked.origin.platform,
        external_id=unlinked.origin.external_id,
        display_name=unlinked.account_name,
        locale=supported(unlinked.language),
    )
