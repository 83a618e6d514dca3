"""Which RFQ a vendor's words or file belong to: the card they reply to, else the only open one, else asked.

One rule: never guessed; what was sent is held with the form until it is clear.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from api.contract.quotes import DocumentOut
from api.contract.rfqs import RfqOut
from bots.cards.press import Op
from bots.forms import quote_values
from bots.forms.form import Trouble
from bots.forms.quote_values import File, QuoteValues
from bots.forms.which import Choice, WhichValues
from bots.talk import claims
from bots.talk.said import Said
from bots.talk.turn import Turn

MOST = 20
_ABOUT_RFQ = (Op.quote, Op.no_bid)


async def open_rfqs(turn: Turn) -> tuple[RfqOut, ...]:
    """Those that this vendor can still answer."""
    return (await turn.api.rfqs.listing(state="open", limit=MOST)).items


def replied_to(said: Said) -> UUID | None:
    """The RFQ on whose card this is a reply, by the ids in its buttons."""
    presses = said.reply.presses if said.reply is not None else ()
    return next((press.id for press in presses if press.op in _ABOUT_RFQ), None)


async def quote(turn: Turn, rfq: RfqOut, text: str = "", files: Sequence[DocumentOut] = ()) -> str:
    """Open the quote's form with what was said already; the sentence when that was nothing."""
    if rfq.state.value != "open":
        return claims.turned_down("rfq_closed", turn.say("errors.rfqs.closed", number=rfq.number))
    values = quote_values.begun(rfq, files)
    trouble = ""
    if text:
        told = quote_values.told(values, text, turn.asking)
        if isinstance(told, Trouble):
            trouble = told.text
        else:
            values = told
    await turn.ask(await turn.begin("quote", values), trouble=trouble)
    return ""


async def place(turn: Turn, said: Said, text: str, files: Sequence[DocumentOut] = ()) -> None:
    """Find out where words or files of a vendor belong, and go on there."""
    replied = replied_to(said)
    if replied is not None:
        await _say(turn, await quote(turn, await turn.api.rfqs.show(replied), text, files))
        return
    candidates = await open_rfqs(turn)
    match len(candidates):
        case 0:
            await turn.voice.text(turn.say("forms.quote.none_open"))
        case 1:
            await _say(turn, await quote(turn, candidates[0], text, files))
        case _:
            await turn.ask(await turn.begin("which", _which(candidates, text, files)))


async def attach(turn: Turn, document: DocumentOut) -> bool:
    """Put a file to the quote that is being made; False when none is."""
    open_ = await turn.open_form()
    if open_ is None or not isinstance(open_.values, QuoteValues | WhichValues):
        return False
    file = File(id=document.id, name=document.name, size=document.size)
    if all(each.id != file.id for each in open_.values.files):
        values = open_.values.model_copy(update={"files": [*open_.values.files, file]})
        open_ = await turn.keep(replace(open_, values=values))
    await turn.ask(open_, trouble=turn.say("forms.quote.file_taken", name=document.name))
    return True


def _which(candidates: Sequence[RfqOut], text: str, files: Sequence[DocumentOut]) -> WhichValues:
    return WhichValues(
        options=[
            Choice(id=rfq.id, number=rfq.number, about=rfq.lines[0].description if rfq.lines else "")
            for rfq in candidates
        ],
        text=text,
        files=[File(id=each.id, name=each.name, size=each.size) for each in files],
    )


async def _say(turn: Turn, words: str) -> None:
    if words:
        await turn.voice.text(words)
