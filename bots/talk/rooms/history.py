"""Everything that happened to a purchase, on whatever surface, as the log has it: the newest first."""

from api.contract import endpoints as e
from api.contract.requests import TimelineItem
from api.text import moment, translate
from bots.cards.card import Card
from bots.talk import find
from bots.talk.said import Said
from bots.talk.turn import Turn


async def audit(turn: Turn, said: Said) -> None:
    """/audit REQ-104"""
    request = await find.request(turn, said.number)
    if request is None:
        await find.unknown(turn, said.number, "REQ-…")
        return
    found = await turn.api.call(e.timeline, None, path={"id": request.id})
    lines = tuple(_line(turn, item) for item in reversed(found.items))
    more = turn.say("cards.more", n="{n}")
    await turn.show(Card(turn.say("lists.history", number=request.number), items=lines, more=more))


def _line(turn: Turn, item: TimelineItem) -> str:
    """The log's own words for what happened, as in docs/events.md, and what somebody said."""
    who = item.actor_name or item.actor
    if item.on_behalf_of_name is not None:
        who = translate("cards.person_for", turn.locale, person=who, absent=item.on_behalf_of_name)
    at = moment(item.occurred_at, turn.locale, turn.me.zone)
    told = f"{at} · {item.action} · {who} · {item.channel}"
    said = item.data.get("text")
    return translate("cards.with_words", turn.locale, told=told, text=said) if said else told
