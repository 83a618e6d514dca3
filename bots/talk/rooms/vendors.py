"""The vendor file in chat: who there is, and a one-time invitation for a contact.

One rule: a code is said to whoever asked for it and to nobody else.
"""

from api.contract import endpoints as e
from api.contract.people import LinkIn
from api.contract.vendors import VendorOut
from api.text import moment
from bots.cards.card import Card
from bots.talk.said import Said
from bots.talk.turn import Turn

SHOWN = 20


async def vendors(turn: Turn, said: Said) -> None:
    """/vendors, or those of whom the words stand in name or category."""
    found = await _found(turn, said.args)
    if not found:
        await turn.voice.text(turn.say("lists.no_vendors"))
        return
    await turn.show(
        Card(
            turn.say("lists.vendors"),
            facts=(turn.say("lists.more"),) if len(found) > SHOWN else (),
            items=tuple(_line(turn, vendor) for vendor in found[:SHOWN]),
        )
    )


async def invite(turn: Turn, said: Said) -> None:
    """/invite Alder Computing: a code for its first contact, once, for seven days."""
    found = await _found(turn, said.args) if said.args else []
    exact = [vendor for vendor in found if vendor.name.casefold() == said.args.casefold()]
    fitting = exact or found
    if not fitting:
        await turn.voice.text(turn.say("lists.no_vendors"))
        return
    if len(fitting) > 1:
        names = ", ".join(vendor.name for vendor in fitting[:5])
        await turn.voice.text(turn.say("lists.which_vendor", names=names))
        return
    made = await turn.api.call(e.link_vendor, LinkIn(), path={"id": fitting[0].id})
    until = moment(made.expires_at, turn.locale, turn.me.zone)
    facts = {"vendor": fitting[0].name, "moment": until, "code": made.code, "url": made.url}
    await turn.voice.text(turn.say("link.invitation", **facts))


async def _found(turn: Turn, words: str) -> list[VendorOut]:
    query = {"limit": str(SHOWN + 1)} | ({"q": words[:60]} if words else {})
    return list((await turn.api.call(e.list_vendors, None, query=query)).items)


def _line(turn: Turn, vendor: VendorOut) -> str:
    told = f"{vendor.name} · {vendor.category} · {vendor.currency}"
    there = any(contact.linked for contact in vendor.contacts)
    return told if there else f"{told} · {turn.say('lists.no_chat')}"
