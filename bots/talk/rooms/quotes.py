"""The vendor's side of an RFQ: quote line by line or at once, drop a file, decline, withdraw."""

from api.contract.quotes import DocumentOut
from bots.cards.card import Card
from bots.cards.deck import CardKind, draw
from bots.cards.press import Press
from bots.forms.saying import Saying, SayingValues
from bots.talk import claims, find, quoting
from bots.talk.said import NotFetched, Said, TooLarge
from bots.talk.say_it import said_or_asked
from bots.talk.turn import Turn


async def begin(turn: Turn, claim: Press) -> str:
    """The form of a quote, line by line."""
    if not turn.is_vendor:
        return claims.refused(claim, "no_vendor", turn.say("forms.only_vendors"))
    return await quoting.quote(turn, await turn.api.rfqs.show(claim.id))


async def decline(turn: Turn, claim: Press) -> str:
    """Ask why, then decline."""
    if not turn.is_vendor:
        return claims.refused(claim, "no_vendor", turn.say("forms.only_vendors"))
    rfq = await turn.api.rfqs.show(claim.id)
    refusal = claims.refusal(turn, claim, draw(CardKind.vendor_rfq, rfq, turn.viewer))
    if refusal:
        return refusal
    values = SayingValues(saying=Saying.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await turn.ask(await turn.begin("saying", values))
    return ""


async def withdraw(turn: Turn, claim: Press) -> str:
    """Ask why, then take the quote back."""
    rfq = await find.quoted(turn, claim.id)
    refusal = claims.refusal(turn, claim, draw(CardKind.vendor_rfq, rfq, turn.viewer) if rfq else Card(""))
    if refusal:
        return refusal
    values = SayingValues(saying=Saying.withdraw_quote, id=claim.id, version=claim.version)
    await turn.ask(await turn.begin("saying", values))
    return ""


async def quote(turn: Turn, said: Said) -> None:
    """/quote RFQ-31, with or without the whole quote behind it and a file above it."""
    if not turn.is_vendor:
        await turn.voice.text(turn.say("forms.only_vendors"))
        return
    files = await _files(turn, said)
    if files is None:
        return
    if not said.number:
        await quoting.place(turn, said, "", files)
        return
    rfq = await find.rfq(turn, said.number)
    if rfq is None:
        await find.unknown(turn, said.number, "RFQ-…")
        return
    words = await quoting.quote(turn, rfq, said.rest, files)
    if words:
        await turn.voice.text(words)


async def no_bid(turn: Turn, said: Said) -> None:
    """/nobid RFQ-31, with or without the reason."""
    if not turn.is_vendor:
        await turn.voice.text(turn.say("forms.only_vendors"))
        return
    rfq = await find.rfq(turn, said.number)
    if rfq is None:
        await find.unknown(turn, said.number, "RFQ-…")
        return
    values = SayingValues(saying=Saying.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await said_or_asked(turn, values, said.rest)


async def dropped(turn: Turn, said: Said) -> None:
    """A vendor's file goes to the quote that is being made, or opens one; from others none is expected."""
    if not turn.is_vendor:
        await turn.voice.text(turn.say("forms.file_not_expected"))
        return
    files = await _files(turn, said)
    if files and not await quoting.attach(turn, files[0]):
        await quoting.place(turn, said, said.text, files)


async def _files(turn: Turn, said: Said) -> tuple[DocumentOut, ...] | None:
    """What came with the message, kept behind the API; None when that failed, and the vendor is told why."""
    kept: list[DocumentOut] = []
    try:
        for place, file in enumerate(said.files):
            key = turn.key(f"file{place or ''}")
            kept.append(await turn.api.documents.upload(await file.fetch(), key=key))
    except TooLarge:
        await turn.voice.text(turn.say("errors.too_large", limit="10 MB"))
        return None
    except NotFetched:
        await turn.voice.text(turn.say("forms.quote.file_lost"))
        return None
    return tuple(kept)
