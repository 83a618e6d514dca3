"""Exchange rates: the newest ones, one more by hand, or a file of them."""

from typing import Any

from starlette.responses import Response

from api.contract import rates as wire
from api.present import rates as present
from api.server.deps.call import Call
from api.server.routes import rates as routes
from api.server.routes.documents import uploaded_file
from api.web.admin.admin_forms import AdminAction, AdminField, DrawnForm
from api.web.admin.page_content import (
    AdminPage,
    Cell,
    ContentRow,
    PageContent,
    SearchField,
    Section,
    forms_for,
    plain,
)
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.rates import queries
from core.rates.model import RateFilter
from core.uow import Uow

ADDRESS = "/administration/rates"
ROWS = 100
MOST_ROWS = 1_000_000


def _single(visitor: Visitor) -> dict[str, Any]:
    typed = visitor.typed
    row = {name: typed.get(name, "").strip() for name in ("currency", "day", "rate")}
    return {"rates": [row], "source": visitor.actor.name[:60] or "api"}


async def _load_file(call: Call) -> Response:
    return await routes.load_file(await uploaded_file(call.request, call))


ONE = AdminAction(
    "add",
    "web.admin.add_rate",
    routes.load,
    Permission.rates_load,
    (
        AdminField("currency", "fields.currency", hint="web.admin.hint.currency"),
        AdminField("day", "fields.day", "date"),
        AdminField("rate", "fields.rate", hint="web.admin.hint.rate"),
    ),
    wire.RatesIn,
    reads=_single,
    shows=True,
    primary=True,
)
FILE = AdminAction(
    "file",
    "web.admin.load_rates",
    _load_file,
    Permission.rates_load,
    (AdminField("file", "fields.file", "file", hint="web.admin.hint.rates_file"),),
    shows=True,
    upload=True,
)


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p, sent = visitor.phrases, visitor.request.query_params
    currency = sent.get("currency", "").strip().upper()[:3]
    after = sent.get("after", "")
    offset = min(int(after), MOST_ROWS) if after.isascii() and after.isdecimal() and len(after) < 8 else 0
    wanted = RateFilter(currency or None, None, None, ROWS, offset)
    found = present.rates(await queries.list_rates(uow, actor, wanted)).items
    rows = [
        ContentRow(
            (
                Cell(each.currency),
                Cell(p.day(each.day)),
                Cell(f"{each.rate:f}", number=True),
                Cell(each.source),
            )
        )
        for each in found
    ]
    older = f"{ADDRESS}?currency={currency}&after={offset + ROWS}" if len(found) == ROWS else ""
    section = Section(
        "fields.rates",
        columns=("fields.currency", "fields.day", "fields.rate", "web.admin.source"),
        rows=rows,
        forms=forms_for(actor, DrawnForm(ONE, ADDRESS), DrawnForm(FILE, ADDRESS)),
        older=older,
    )
    return PageContent((section,), search=(SearchField("currency", "fields.currency", currency),))


def _show(visitor: Visitor, body: bytes) -> Section:
    """How many were stored, and why the others were not, each by its place."""
    loaded = wire.RatesLoadedOut.model_validate_json(body)
    told = (visitor.phrases.say("web.admin.rates_loaded", n=loaded.loaded, refused=len(loaded.refused)),)
    rows = [
        ContentRow(plain(each.field.removeprefix("/rates/"), each.message, each.example))
        for each in loaded.refused
    ]
    columns = ("web.admin.place", "fields.text", "web.admin.example") if rows else ()
    return Section("fields.rates", told, columns, rows, good=not rows)


PAGE = AdminPage("rates", Permission.rates_read, _read, (ONE, FILE), show=_show)
