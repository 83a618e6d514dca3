"""The staff in chat, for administrators: who holds which role, and whom no chat reaches.

One rule: roles are shown here and changed on the command line, where a second look is taken.
"""

from api.contract import endpoints as e
from api.contract.people import MemberOut
from bots.cards import words
from bots.cards.card import Card
from bots.talk.said import Said
from bots.talk.turn import Turn

SHOWN = 30
ROLES = ("requester", "officer", "manager", "finance", "admin", "auditor")


async def team(turn: Turn, said: Said) -> None:
    """/team, /team manager, or those in whose name or address the words stand."""
    page = await turn.api.call(e.list_people, None, query={"limit": str(SHOWN), **_asked(turn, said.args)})
    if not page.items:
        await turn.voice.text(turn.say("lists.no_people"))
        return
    await turn.show(
        Card(
            turn.say("lists.team"),
            facts=(turn.say("lists.more_people"),) if page.next_cursor else (),
            items=tuple(_line(turn, member) for member in page.items),
            more=turn.say("cards.more", n="{n}"),
        )
    )


def _asked(turn: Turn, said: str) -> dict[str, str]:
    """A role, by its own name or as the person calls it; else a part of a name."""
    for role in ROLES:
        if said.casefold() in (role, words.role(role, turn.locale).casefold()):
            return {"role": role}
    return {"q": said[:60]} if said else {}


def _line(turn: Turn, member: MemberOut) -> str:
    roles = ", ".join(words.role(role, turn.locale) for role in member.roles)
    reached = ", ".join(platform.capitalize() for platform in member.chats) or turn.say("lists.no_chat")
    told = f"{member.name} · {roles} · {reached}"
    return told if member.active else f"{told} · {turn.say('lists.disabled')}"
