"""The vendor's side of an RFQ: quote line by line or at once, drop a file, decline, withdraw."""

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Document, Message, PhotoSize

from api.contract.sourcing import DocumentOut
from bots.cards.press import Op, Press
from bots.forms.saying import Saying, SayingValues
from bots.telegram import quoting
from bots.telegram.files import NotFetched, TooLarge, fetch
from bots.telegram.payloads import Pressed
from bots.telegram.turn import Turn


async def begin(query: CallbackQuery, claim: Press, turn: Turn) -> str:
    """The form of a quote, line by line."""
    return await quoting.quote(turn, await turn.api.sourcing.show(claim.id))


async def decline(query: CallbackQuery, claim: Press, turn: Turn) -> str:
    """Ask why, then decline."""
    rfq = await turn.api.sourcing.show(claim.id)
    values = SayingValues(saying=Saying.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await turn.ask(await turn.begin("saying", values))
    return ""


async def withdraw(query: CallbackQuery, claim: Press, turn: Turn) -> str:
    """Ask why, then take the quote back."""
    values = SayingValues(saying=Saying.withdraw_quote, id=claim.id, version=claim.version)
    await turn.ask(await turn.begin("saying", values))
    return ""


async def by_command(message: Message, command: CommandObject, turn: Turn, bot: Bot) -> None:
    """/quote RFQ-31, with or without the whole quote behind it and a file above it; /nobid RFQ-31."""
    if not turn.is_vendor:
        await turn.voice.text(turn.say("forms.only_vendors"))
        return
    number, _, rest = (command.args or "").strip().partition(" ")
    if command.command == "quote":
        await _quote(message, number, rest.strip(), turn, bot)
        return
    rfq = await quoting.wanted(turn, number)
    if rfq is None:
        await _unknown(turn, number)
        return
    values = SayingValues(saying=Saying.no_bid, id=rfq.id, version=rfq.version, about=rfq.number)
    await turn.ask(await turn.begin("saying", values))


async def _quote(message: Message, number: str, rest: str, turn: Turn, bot: Bot) -> None:
    files = await _files(message, turn, bot)
    if files is None:
        return
    if not number:
        await quoting.place(turn, message, "", files)
        return
    rfq = await quoting.wanted(turn, number)
    if rfq is None:
        await _unknown(turn, number)
        return
    words = await quoting.quote(turn, rfq, rest, files)
    if words:
        await turn.voice.text(words)


async def _unknown(turn: Turn, number: str) -> None:
    await turn.voice.text(turn.say("forms.number_unknown", number=number or "RFQ-…"))


async def dropped(message: Message, turn: Turn, bot: Bot) -> None:
    """A vendor's file goes to the quote that is being made, or opens one; from others none is expected."""
    if not turn.is_vendor:
        await turn.voice.text(turn.say("forms.file_not_expected"))
        return
    files = await _files(message, turn, bot)
    if files and not await quoting.attach(turn, files[0]):
        await quoting.place(turn, message, message.caption or "", files)


async def _files(message: Message, turn: Turn, bot: Bot) -> tuple[DocumentOut, ...] | None:
    """What came with the message, kept behind the API; None when that failed, and the vendor is told why."""
    file: Document | PhotoSize | None = message.document or (message.photo[-1] if message.photo else None)
    if file is None:
        return ()
    try:
        upload = await fetch(bot, file)
    except TooLarge:
        await turn.voice.text(turn.say("errors.too_large", limit="10 MB"))
        return None
    except NotFetched:
        await turn.voice.text(turn.say("forms.quote.file_lost"))
        return None
    return (await turn.api.documents.upload(upload, key=turn.key("file")),)


def make_router() -> Router:
    """A fresh router: aiogram lets one have one parent only."""
    router = Router(name="quotes")
    router.callback_query.register(begin, Pressed(Op.quote))
    router.callback_query.register(decline, Pressed(Op.no_bid))
    router.callback_query.register(withdraw, Pressed(Op.withdraw_quote))
    router.message.register(by_command, Command("quote", "nobid"))
    router.message.register(dropped, F.document | F.photo)
    return router
