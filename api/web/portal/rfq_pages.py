"""An RFQ as its vendor sees it, and everything that a vendor answers to it.

One rule: what is sent goes through the API's own routes, and what is typed is kept until then.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from api.contract.amendments import ConfirmIn
from api.contract.clarifications import RfqQuestionIn
from api.contract.problems import Problem
from api.contract.quotes import DeclineIn, DocumentOut, QuoteOut, WithdrawQuoteIn
from api.contract.rfqs import RfqOut
from api.present import rfqs as present_rfqs
from api.server.rate_limits import UPLOADS
from api.server.routes import amendments, clarifications, documents, quotes
from api.server.routes.documents import UploadedFile
from api.web.action_forms import AMBIGUOUS
from api.web.portal import guests, quote_entry, quote_sheet
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

DONE = frozenset({"quote", "saved", "asked", "declined", "withdrawn", "confirmed", "file", "filled"})
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


async def _read(visitor: Visitor, rfq_id: UUID, *, drafted: bool = False) -> RfqOnPage:
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
    rfq = (await _read(visitor, rfq_id)).rfq
    mine = rfq.my_quote.documents if rfq.my_quote is not None else ()
    return {str(each.id) for each in (*rfq.documents, *mine)}


async def draw_rfq(
    visitor: Visitor,
    guest: Guest,
    rfq_id: UUID,
    problem: Problem | None = None,
    refused: str = "",
    missing: tuple[str, ...] = (),
) -> Response:
    """The page; a refused form comes back as it was typed, with the sentence at its field."""
    it = await _read(visitor, rfq_id, drafted=not guest.link)
    typed = visitor.typed if refused == "quote" else it.draft or quote_entry.as_typed(it.rfq, visitor.phrases)
    entry = quote_entry.read(typed, it.rfq, visitor.phrases)
    wrong = entry.wrong if it.draft or refused == "quote" else {}
    if problem is not None:
        wrong = {quote_entry.in_form(each.field, it.rfq): each.message for each in problem.errors} | wrong
    done = visitor.request.query_params.get("done", "")
    return guests.drawn(
        visitor,
        guest,
        "portal/rfq.html",
        problem.status if problem is not None else CORRECTED if refused else 200,
        rfq=it.rfq,
        corrected=quote_entry.is_for_earlier(typed, it.rfq),
        saved=bool(it.draft),
        entry=entry,
        wrong=wrong,
        missing=missing,
        problem=problem,
        refused=refused,
        typed=visitor.typed if problem is not None else {},
        done=done if done in DONE and problem is None else "",
    )


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
    rfq = (await _read(visitor, rfq_id)).rfq
    entry = quote_entry.read(visitor.typed, rfq, visitor.phrases)
    await _save(visitor, rfq, entry.typed)
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
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), "quote", tuple(missing))

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


async def _save(visitor: Visitor, rfq: RfqOut, typed: dict[str, str]) -> None:
    command = SaveQuoteDraft(RfqId(rfq.id), typed)

    async def work(uow: Uow, actor: Actor) -> None:
        await drafts.save_draft(uow, actor, command)

    await visitor.run("quote_drafts", work)


async def sheet_of(visitor: Visitor, guest: Guest, rfq_id: UUID) -> Response:
    """The lines as a spreadsheet, with what was typed so far."""
    kind = str(visitor.request.path_params["kind"])
    if kind not in quote_sheet.KINDS:
        raise NotFound(what="path")
    it = await _read(visitor, rfq_id, drafted=not guest.link)
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
    it = await _read(visitor, rfq_id, drafted=True)
    typed = quote_entry.kept(sent, it.rfq) or it.draft or quote_entry.as_typed(it.rfq, visitor.phrases)
    await _save(visitor, it.rfq, quote_entry.kept(typed, it.rfq))
    sends, more = sent.get("do") in ("save", "send"), dict[str, str]()
    try:
        if file is not None:
            typed |= await _uploaded(visitor, file, quote_entry.QuoteEntry(typed))
        elif not sends:
            raise invalid("/file", "file.missing", "send one file in the field 'file'", "quote.pdf")
        if file is not None and sent.get("do") == "read":
            more = await asyncio.to_thread(
                quote_sheet.filled, file.name, file.content, it.rfq, visitor.phrases
            )
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), "file")
    lines = {name.rpartition(".")[0] for name in more}
    typed = {name: value for name, value in typed.items() if name.rpartition(".")[0] not in lines} | more
    if sends:
        visitor.typed |= typed
        return await _saved_or_sent(visitor, guest, rfq_id, _mark(sent, file))
    await _save(visitor, it.rfq, quote_entry.kept(typed, it.rfq))
    return RedirectResponse(f"/portal/rfqs/{rfq_id}?done={'filled' if more else 'file'}", 303)


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


async def _uploaded(visitor: Visitor, file: UploadedFile, entry: quote_entry.QuoteEntry) -> dict[str, str]:
    """The stored file, by the fields in which it waits for the quote."""
    number = len(entry.files)
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
    try:
        await _ANSWERS[verb](visitor, rfq_id)
    except Unauthenticated:
        raise
    except DomainError as error:
        return await draw_rfq(visitor, guest, rfq_id, problem_of(visitor, error), verb)
    return _at(rfq_id, _SAID[verb])


async def _ask(visitor: Visitor, rfq_id: UUID) -> None:
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    await clarifications.ask(call, id=rfq_id, body=body_of(RfqQuestionIn, text=visitor.typed.get("text", "")))


async def _decline(visitor: Visitor, rfq_id: UUID) -> None:
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    await quotes.decline(call, id=rfq_id, body=body_of(DeclineIn, reason=visitor.typed.get("reason", "")))


async def _withdraw(visitor: Visitor, rfq_id: UUID) -> None:
    mine = await _own_quote(visitor, rfq_id)
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    reason = visitor.typed.get("reason", "").strip() or None
    await quotes.withdraw_quote(call, id=mine.id, body=body_of(WithdrawQuoteIn, reason=reason))


async def _confirm(visitor: Visitor, rfq_id: UUID) -> None:
    mine = await _own_quote(visitor, rfq_id)
    call = visitor.call(visitor.typed.get("nonce") or None, await visitor.request.body())
    await amendments.confirm(call, id=mine.id, body=ConfirmIn())


async def _own_quote(visitor: Visitor, rfq_id: UUID) -> QuoteOut:
    mine = (await _read(visitor, rfq_id)).rfq.my_quote
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
