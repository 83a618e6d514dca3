"""Language, theme and log-out on an RFQ's page, where prices may have been typed that nobody has saved yet.

One rule: no button of that page loses a field: what was typed is kept first, or stands in the answer.
"""

from dataclasses import replace

from starlette.responses import Response

from api.contract.rfqs import RfqOut
from api.text import SUPPORTED
from api.web import doors
from api.web.portal import guests, own_pages, quote_entry
from api.web.portal.rfq_pages import draw_rfq, id_of, keep_typed, read_rfq, save_typed
from api.web.room import post
from api.web.visitors import THEMES, Visitor
from core.kernel.errors import NotFound


async def set_language(visitor: Visitor) -> Response:
    """The same page in another language; numbers that were read are written as that language writes them."""
    wanted = visitor.typed.get("locale", "")
    if wanted not in SUPPORTED:
        raise NotFound(what="path")
    if visitor.typed.get("link"):
        return await _drawn_by_link(visitor, wanted)
    guests.by_session(visitor)
    it = await read_rfq(visitor, id_of(visitor), drafted=True)
    typed = quote_entry.kept(visitor.typed, it.rfq)
    if it.draft or quote_entry.is_changed(typed, it.rfq, visitor.phrases):
        await save_typed(visitor, it.rfq, _in_language(visitor, typed, wanted, it.rfq))
    visitor.typed = {"locale": wanted, "next": f"/portal/rfqs/{it.rfq.id}"}
    return await own_pages.set_language_and_zone(visitor)


async def set_theme(visitor: Visitor) -> Response:
    if visitor.typed.get("link"):
        wanted = visitor.typed.get("theme", "")
        visitor.cookies["theme"] = wanted if wanted in THEMES else THEMES[0]
        return await _drawn_by_link(visitor, "")
    guests.by_session(visitor)
    await keep_typed(visitor, id_of(visitor))
    visitor.typed["next"] = f"/portal/rfqs/{id_of(visitor)}"
    return await doors.set_theme(visitor)


async def log_out(visitor: Visitor) -> Response:
    guests.by_session(visitor)
    await keep_typed(visitor, id_of(visitor))
    return await doors.log_out(visitor)


async def _drawn_by_link(visitor: Visitor, language: str) -> Response:
    """Whoever came by a link has no draft yet: the fields stand in the page."""
    guest, about = await guests.by_link(visitor, visitor.typed["link"])
    if about.id != id_of(visitor):
        raise NotFound(what="path")
    rfq = (await read_rfq(visitor, about.id)).rfq
    if language:
        typed = _in_language(visitor, quote_entry.kept(visitor.typed, rfq), language, rfq)
        visitor.typed |= typed | {"lang": language}
    return await draw_rfq(visitor, guest, about.id)


def _in_language(visitor: Visitor, typed: dict[str, str], language: str, rfq: RfqOut) -> dict[str, str]:
    entry = quote_entry.read(typed, rfq, visitor.phrases)
    return quote_entry.retold(entry, replace(visitor.phrases, locale=language))


ROUTES = (
    post("/portal/rfqs/{id}/language", guests.keeping(set_language), public=True),
    post("/portal/rfqs/{id}/theme", guests.keeping(set_theme), public=True),
    post("/portal/rfqs/{id}/logout", guests.keeping(log_out), public=True),
)
