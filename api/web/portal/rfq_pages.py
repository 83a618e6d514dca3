"""An RFQ as its vendor sees it, and everything that a vendor answers to it.

One rule: what is sent goes through the API's own routes, and what is typed is kept until then.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.contract.actions import ActionVerb
from api.contract.amendments import ConfirmIn
from api.contract.clarifications import RfqQuestionIn
from api.contract.file_quotes import QuoteFileOut, ReadQuoteFileIn
from api.contract.problems import Problem
from api.contract.quotes import DeclineIn, DocumentOut, QuoteOut, WithdrawQuoteIn
from api.contract.rfqs import RfqOut
from api.present import rfqs as present_rfqs
from api.server.deps.call import Call
from api.server.rate_limits import UPLOADS
from api.server.routes import amendments, clarifications, documents, quote_file_reading, quotes
from api.server.routes.documents import UploadedFile
from api.web.action_forms import AMBIGUOUS
from api.web.portal import file_filling, guests, quote_entry, quote_sheet
from api.web.portal.guests import Guest
from api.web.portal.typed_body import body_of
from api.web.room import get, post, problem_of
from api.web.visitors import MAX_FIELDS, Visitor
from core.access.actor import Actor
from core.invitations import queries as rfqs
from core.kernel.errors import DomainError, FieldError, Invalid, NotFound, Unauthenticated, invalid
from core.kernel.ids import RfqId
from core.quote_drafts import service as drafts
from core.quote_drafts.commands import SaveQuoteDraft
from core.uow import Uow

DONE = frozenset({"quote", "saved", "asked", "declined", "withdrawn", "confirmed", "file", "filled", "read"})
"""What the page may say was done."""
CORRECTED = 409
"""What was typed for an earlier version of the RFQ is not sent."""


@dataclass(frozen=True)
class RfqOnPage:
    rfq: RfqOut
    draft: dict[str, str]


def id_of(visitor: Visitor) -> UUID:
    """The id in the address; anything else is no page."""
    try:
        return UUID(str(visitor.request.path_params["id"]))
    except ValueError as error:
        raise NotFound(what="path") from error


async def read_rfq(visitor: Visitor, rfq_id: UUID, *, drafted: bool = False) -> RfqOnPage:
    """``drafted``: with what this person typed before."""

    async def work(uow: Uow, actor: Actor) -> RfqOnPage:
        rfq = present_rfqs.rfq_view(await rfqs.show(uow, actor, RfqId(rfq_id)))
        draft = await drafts.my_draft(uow, actor, RfqId(rfq_id)) if drafted else {}
        return RfqOnPage(rfq, draft)

    found = await visitor.read("rfqs", work)
    guests.in_wanted_language(visitor)
    return found


async def file_ids(visitor: Visitor, rfq_id: UUID) -> set[str]:
    """The files that stand on the page: the RFQ's and those of the vendor's own quote."""
    rfq = (await read_rfq(visitor, rfq_id)).rfq
    mine = rfq.my_quote.documents if rfq.my_quote is not None else ()
    return {str(each.id) for each in (*rfq.documents, *mine)}


async def draw_rfq(
    visitor: Visitor,
    guest: Guest,
    rfq_id: UUID,
    problem: Problem | None = None,
    refused: str = "",
) -> Response:
    """The page; a refused form comes back as it was typed, with the sentence at its field."""
    it = await read_rfq(visitor, rfq_id, drafted=not guest.link)
    again = refused == "quote" or (bool(guest.link) and quote_entry.REVISION in visitor.typed)
    typed = visitor.typed if again else it.draft or quote_entry.as_typed(it.rfq, visitor.phrases)
    entry = quote_entry.read(typed, it.rfq, visitor.phrases)
    wrong = entry.wrong if it.draft or again else {}
    if problem is not None:
        wrong = {quote_entry.in_form(each.field, it.rfq): each.message for each in problem.errors} | wrong
    done = visitor.request.query_params.get("done", "")
    return guests.drawn(
        visitor,
        guest,
        "portal/rfq.html",
        problem.status if problem is not None else CORRECTED if refused else 200,
        rfq=it.rfq,
        keeps=f"/portal/rfqs/{it.rfq.id}" if _may_quote(it.rfq) else "",
        corrected=quote_entry.is_for_earlier(typed, it.rfq),
        saved=bool(it.draft),
        entry=entry,
        file=file_filling.shown_file(entry.typed),
        wrong=wrong,
        problem=problem,
        refused=refused,
        typed=visitor.typed if problem is not None else {},
        done=done if done in DONE and problem is None else "",
    )


def _may_quote(rfq: RfqOut) -> bool:
    mine = rfq.my_quote
    return rfq.offers(ActionVerb.quote) or (mine is not None and mine.offers(ActionVerb.revise))


async def rfq_page(visitor: Visitor) -> Response:
    return await draw_rfq(visitor, guests.by_session(visitor), id_of(visitor))


def _at(rfq_id: UUID, done: str) -> Response:
    return RedirectResponse(f"/portal/rfqs/{rfq_id}?{urlencode({'done': done})}", 303)


async def quote(visitor: Visitor) -> Response:
    """Save what was typed, or send it; saved it is in either case."""
    code_page = await guests.asks_for_code(visitor)
    if code_page is not None:
        return code_page
    guest = guests.by_session(visitor)
    return await _saved_or_sent(visitor, guest, id_of(visitor), await visitor.request.body())


async def _saved_or_sent(visitor: Visitor, guest: Guest, rfq_id: UUID, mark: bytes) -> Response:
    rfq = (await read_rfq(visitor, rfq_id)).rfq
    entry = quote_entry.read(visitor.typed, rfq, visitor.phrases)
    await save_typed(visitor, rfq, entry.typed)
    if quote_entry.is_for_earlier({quote_entry.REVISION: "", **visitor.typed}, rfq):
        return await draw_rfq(visitor, guest, rfq_id, refused="quote")
    if visitor.typed.get("do") != "send":
        return _at(rfq_id, "saved")
    missing = quote_entry.unanswered(entry, rfq)
    try:
        _check_whole(entry, missing, rfq, visitor)
        call = visitor.call(visitor.typed.get("nonce") or None, mark)
        await quotes.submit_quote(call, body=quote_entry.body(entry, rfq))
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), "quote")

    async def forget(uow: Uow, actor: Actor) -> None:
        await drafts.drop_draft(uow, actor, RfqId(rfq_id))

    await visitor.run("quote_drafts", forget)
    return _at(rfq_id, "quote")


def _check_whole(entry: quote_entry.QuoteEntry, missing: list[str], rfq: RfqOut, visitor: Visitor) -> None:
    """Nothing is sent that could not be read, and no line is left out without being said so."""
    told = {**entry.wrong, **{name: visitor.phrases.say("portal.quote.price_or_no") for name in missing}}
    if told:
        at_fields = ((quote_entry.in_body(name, rfq), why) for name, why in told.items())
        raise Invalid(tuple(FieldError(field, AMBIGUOUS, why, "") for field, why in at_fields))


async def save_typed(visitor: Visitor, rfq: RfqOut, typed: dict[str, str]) -> None:
    command = SaveQuoteDraft(RfqId(rfq.id), typed)

    async def work(uow: Uow, actor: Actor) -> None:
        await drafts.save_draft(uow, actor, command)

    await visitor.run("quote_drafts", work)


async def keep_typed(visitor: Visitor, rfq_id: UUID) -> None:
    """What stands in the quote's fields beside the button that was pressed; nothing when nobody touched them."""
    if quote_entry.REVISION not in visitor.typed:
        return
    it = await read_rfq(visitor, rfq_id, drafted=True)
    typed = quote_entry.kept(visitor.typed, it.rfq)
    if it.draft or quote_entry.is_changed(typed, it.rfq, visitor.phrases):
        await save_typed(visitor, it.rfq, typed)


async def sheet_of(visitor: Visitor, guest: Guest, rfq_id: UUID) -> Response:
    """The lines as a spreadsheet, with what was typed so far."""
    kind = str(visitor.request.path_params["kind"])
    if kind not in quote_sheet.KINDS:
        raise NotFound(what="path")
    it = await read_rfq(visitor, rfq_id, drafted=not guest.link)
    typed = it.draft or quote_entry.as_typed(it.rfq, visitor.phrases)
    entry = quote_entry.read(typed, it.rfq, visitor.phrases)
    name = {
        "Content-Disposition": f'attachment; filename="{it.rfq.number}.{kind}"',
        "Referrer-Policy": guests.REFERRER,
    }
    content = quote_sheet.sheet(kind, it.rfq, entry, visitor.phrases)
    return Response(content, media_type=quote_sheet.KINDS[kind], headers=name)


async def sheet(visitor: Visitor) -> Response:
    return await sheet_of(visitor, guests.by_session(visitor), id_of(visitor))


async def add_file(visitor: Visitor) -> Response:
    """The quote's form with a file: the fields are saved first; a spreadsheet may fill in more of them."""
    sent, file = await _form_of(visitor)
    visitor.typed = dict(sent)
    guest, rfq_id = guests.by_session(visitor), _form_id(sent.get("rfq", ""))
    it = await read_rfq(visitor, rfq_id, drafted=True)
    typed = quote_entry.kept(sent, it.rfq) or it.draft or quote_entry.as_typed(it.rfq, visitor.phrases)
    await save_typed(visitor, it.rfq, quote_entry.kept(typed, it.rfq))
    sends, done = sent.get("do") in ("save", "send"), "file"
    try:
        if file is not None:
            number = quote_entry.QuoteEntry(typed).free_number
            typed |= await _uploaded(visitor, file, number)
        elif not sends:
            raise invalid("/file", "file.missing", "send one file in the field 'file'", "quote.pdf")
        if file is not None and sent.get("do") == "read":
            typed, done = await _filled(visitor, it.rfq, typed, number)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), "file")
    if sends:
        visitor.typed |= typed
        return await _saved_or_sent(visitor, guest, rfq_id, _mark(sent, file))
    await save_typed(visitor, it.rfq, quote_entry.kept(typed, it.rfq))
    return RedirectResponse(f"/portal/rfqs/{rfq_id}?done={done}", 303)


async def _filled(
    visitor: Visitor, rfq: RfqOut, typed: dict[str, str], number: int
) -> tuple[dict[str, str], str]:
    """The fields with what the file of this number says, and what the page says was done."""
    body = ReadQuoteFileIn(rfq_id=rfq.id, document_id=UUID(typed[f"file.{number}.id"]))
    answer = await quote_file_reading.read_file(visitor.call(None, b""), body=body)
    read = QuoteFileOut.model_validate_json(bytes(answer.body))
    file = (body.document_id, typed[f"file.{number}.name"])
    found = file_filling.with_file(typed, read, file, rfq, visitor.phrases)
    return found, "filled" if read.lines else "read"


async def _form_of(visitor: Visitor) -> tuple[dict[str, str], UploadedFile | None]:
    """The fields and the file, if one was chosen; read once, however often the page is tried."""
    request = visitor.request
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return visitor.typed, None
    if not hasattr(request.state, "sent"):
        async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("file")
            chosen = isinstance(file, UploadFile) and bool(file.filename)
            content = await file.read() if isinstance(file, UploadFile) else b""
            name = file.filename or "" if isinstance(file, UploadFile) else ""
        request.state.sent = fields, UploadedFile(name, content) if chosen else None
    found: tuple[dict[str, str], UploadedFile | None] = request.state.sent
    return found


def _mark(sent: Mapping[str, str], file: UploadedFile | None) -> bytes:
    """What the form's number is bound to: the same for a second press, whose boundary is another."""
    content = hashlib.sha256(file.content).digest() if file is not None else b""
    return urlencode(sorted(sent.items())).encode() + content


async def _uploaded(visitor: Visitor, file: UploadedFile, number: int) -> dict[str, str]:
    """The stored file, by the fields in which it waits for the quote."""
    if number >= quote_entry.MOST_FILES:
        why = visitor.phrases.say("portal.file.full", most=quote_entry.MOST_FILES)
        raise Invalid((FieldError("/file", AMBIGUOUS, why, ""),))
    call = visitor.call(None, b"")
    call.limit("upload", UPLOADS)
    answer = await documents.upload((call, file))
    stored = DocumentOut.model_validate(json.loads(bytes(answer.body)))
    return {f"file.{number}.id": str(stored.id), f"file.{number}.name": stored.name}


def _form_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="path") from error


async def answer_rfq(visitor: Visitor) -> Response:
    """Ask, decline, withdraw or confirm: each by the API's route."""
    verb = str(visitor.request.path_params["verb"])
    if verb not in _ANSWERS:
        raise NotFound(what="path")
    code_page = await guests.asks_for_code(visitor)
    if code_page is not None:
        return code_page
    guest, rfq_id = guests.by_session(visitor), id_of(visitor)
    await keep_typed(visitor, rfq_id)
    try:
        await _ANSWERS[verb](visitor, rfq_id)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), verb)
    return _at(rfq_id, _SAID[verb])


async def _call(visitor: Visitor, verb: str) -> Call:
    """All buttons of the page send one form, so its number counts once for each of them."""
    nonce = visitor.typed.get("nonce", "")
    return visitor.call(f"{nonce}-{verb}" if nonce else None, await visitor.request.body())


async def _ask(visitor: Visitor, rfq_id: UUID) -> None:
    call = await _call(visitor, "ask")
    await clarifications.ask(call, id=rfq_id, body=body_of(RfqQuestionIn, text=visitor.typed.get("text", "")))


async def _decline(visitor: Visitor, rfq_id: UUID) -> None:
    call = await _call(visitor, "decline")
    reason = visitor.typed.get("decline.reason", "")
    await quotes.decline(call, id=rfq_id, body=body_of(DeclineIn, reason=reason))


async def _withdraw(visitor: Visitor, rfq_id: UUID) -> None:
    mine = await _own_quote(visitor, rfq_id)
    call = await _call(visitor, "withdraw")
    reason = visitor.typed.get("withdraw.reason", "").strip() or None
    await quotes.withdraw_quote(call, id=mine.id, body=body_of(WithdrawQuoteIn, reason=reason))


async def _confirm(visitor: Visitor, rfq_id: UUID) -> None:
    mine = await _own_quote(visitor, rfq_id)
    call = await _call(visitor, "confirm")
    await amendments.confirm(call, id=mine.id, body=ConfirmIn())


async def _own_quote(visitor: Visitor, rfq_id: UUID) -> QuoteOut:
    mine = (await read_rfq(visitor, rfq_id)).rfq.my_quote
    if mine is None:
        raise NotFound(what="quote")
    return mine


_ANSWERS = {"ask": _ask, "decline": _decline, "withdraw": _withdraw, "confirm": _confirm}
_SAID = {"ask": "asked", "decline": "declined", "withdraw": "withdrawn", "confirm": "confirmed"}


async def back(visitor: Visitor) -> Response:
    """Whoever reloads the address of a form comes to the RFQ."""
    return RedirectResponse(f"/portal/rfqs/{id_of(visitor)}", 303)


ROUTES = (
    get("/portal/rfqs/{id}", rfq_page),
    get("/portal/rfqs/{id}/quote.{kind}", sheet),
    post("/portal/rfqs/{id}/quote", guests.keeping(quote), public=True),
    post("/portal/rfqs/{id}/{verb}", guests.keeping(answer_rfq), public=True),
    get("/portal/rfqs/{id}/{verb}", back, public=True),
    post("/portal/file", guests.keeping(add_file), public=True),
)
