"""Comments: /comment REQ-104 with words, and words in reply to a card or notice that names a request.

One rule: words in reply are kept by nobody before their button is pressed.
"""

import re
from collections.abc import Sequence

from api.contract.comments import CommentOut
from api.contract.requests import RequestOut
from api.text import moment
from bots.cards.press import Op
from bots.forms.form import Trouble
from bots.forms.saying import PROMPTS, Saying, SayingValues
from bots.talk import find
from bots.talk.menu import NO_STAFF
from bots.talk.said import Original, Said
from bots.talk.say_it import said_or_asked
from bots.talk.turn import Turn

SHOWN = 10
ROOM = 2_700
"""Fits into one message on either platform."""
_NUMBER = re.compile(r"\bREQ-[0-9]{1,12}\b")


async def by_command(turn: Turn, said: Said) -> None:
    """/comment REQ-104 the old ones go to the workshop; without words what was said, and the question for more."""
    request = await find.request(turn, said.number)
    if request is None:
        await find.unknown(turn, said.number, "REQ-…")
        return
    if not said.rest:
        await _tell(turn, await turn.api.requests.comments(request.id))
    await said_or_asked(turn, _about(request), said.rest)


async def _tell(turn: Turn, comments: Sequence[CommentOut]) -> None:
    """The newest ones, each whole; as few messages as hold them."""
    message = ""
    for comment in comments[-SHOWN:]:
        at = moment(comment.made_at, turn.locale, turn.me.zone)
        told = turn.say("lists.comment", moment=at, person=comment.author_name, text=comment.text)
        if message and len(message) + len(told) > ROOM:
            await turn.voice.text(message)
            message = ""
        message = f"{message}\n\n{told}".strip()
    if message:
        await turn.voice.text(message)


async def by_reply(turn: Turn, said: Said) -> bool:
    """Words that could be a comment, and the button that makes them one; False when they are something else."""
    number = _named_by(said.reply)
    if not number or NO_STAFF.issuperset(turn.me.roles) or await _is_explaining(turn):
        return False
    request = await find.request(turn, number)
    if request is None:
        return False
    text = PROMPTS[Saying.comment].read(said.text, turn.asking)
    if isinstance(text, Trouble):
        await turn.voice.text(text.text)
        return True
    await turn.ask(await turn.begin("saying", _about(request).model_copy(update={"text": text})))
    return True


def _about(request: RequestOut) -> SayingValues:
    return SayingValues(saying=Saying.comment, id=request.id, about=request.number)


def _named_by(original: Original | None) -> str:
    """The request in the first line of a message; a question that we ask is answered, not commented on."""
    if original is None or any(press.op is Op.form for press in original.presses):
        return ""
    found = _NUMBER.search(original.text.partition("\n")[0])
    return found[0] if found else ""


async def _is_explaining(turn: Turn) -> bool:
    """Whoever has pressed Reject and replies to the card is giving the reason."""
    open_ = await turn.open_form()
    values = open_.values if open_ is not None else None
    return isinstance(values, SayingValues) and values.saying is not Saying.comment
