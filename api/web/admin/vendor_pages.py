"""The vendor file: names, categories, holds by kind, until when a vendor is approved, contacts, invitations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from starlette.responses import Response

from api.contract import people as people_wire
from api.contract import vendor_links as links_wire
from api.contract import vendors as wire
from api.contract.vendor_scores import VendorScoreOut
from api.present import vendor_links as present_links
from api.present import vendor_scores as present_scores
from api.present import vendors as present
from api.server.deps.call import Call
from api.server.routes import vendor_links as link_routes
from api.server.routes import vendors as routes
from api.text import vendor_scores as words
from api.web import link_words
from api.web.admin.admin_forms import AdminAction, AdminField, Choice, DrawnForm, id_in_path
from api.web.admin.insight_page import OVERRIDE
from api.web.admin.organisation_page import languages
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
from api.web.phrasing import Phrasing
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.db.pages import PageQuery
from core.kernel.errors import NotFound
from core.kernel.ids import VendorId
from core.uow import Uow
from core.vendor_links import queries as link_queries
from core.vendor_links.model import LinkKind
from core.vendor_scores import queries as scores
from core.vendors import queries
from core.vendors.model import HoldKind, VendorFilter
from core.vendors.states import VendorState

ADDRESS = "/administration/vendors"
ROWS = 50


async def link_vendor(call: Call, *, id: UUID, body: people_wire.LinkIn) -> Response:
    return await routes.link(call, id=id, body=body, settings=call.request.app.state.settings)


async def _release(call: Call, *, id: UUID, hold: str) -> Response:
    kinds = {kind.value: kind for kind in HoldKind}
    if hold not in kinds:
        raise NotFound(what="hold")
    return await routes.release(call, id=id, kind=kinds[hold])


def _created(visitor: Visitor) -> dict[str, Any]:
    """The vendor and its first contact, from one form."""
    typed = visitor.typed
    names = ("name", "category", "currency", "country")
    contact = {name: typed.get(f"contact.{name}", "").strip() for name in ("name", "email")}
    return {name: typed.get(name, "").strip() for name in names} | {"contact": contact}


_FILE = (
    AdminField("name", "fields.name"),
    AdminField("category", "fields.category"),
    AdminField("currency", "fields.currency", hint="web.admin.hint.currency"),
    AdminField("country", "fields.country", hint="web.admin.hint.country"),
)
CREATE = AdminAction(
    "create",
    "web.admin.add_vendor",
    routes.create,
    Permission.vendors_create,
    (
        *_FILE,
        AdminField("contact.name", "web.admin.contact_name"),
        AdminField("contact.email", "web.admin.contact_email", "email"),
    ),
    wire.VendorIn,
    reads=_created,
    primary=True,
)
EDIT = AdminAction(
    "edit",
    "buttons.save",
    routes.edit,
    Permission.vendors_edit,
    _FILE,
    wire.VendorPatch,
    ("id",),
    primary=True,
)
HOLD = AdminAction(
    "hold",
    "web.admin.hold",
    routes.hold,
    Permission.vendors_hold,
    (
        AdminField("kind", "fields.kind", "choice"),
        AdminField("reason", "fields.reason", "area"),
        AdminField("until", "fields.until", "date", required=False),
    ),
    wire.HoldIn,
    ("id",),
)
RELEASE = AdminAction(
    "release", "web.admin.release", _release, Permission.vendors_hold, places=("id", "hold")
)
APPROVE = AdminAction(
    "approve",
    "web.admin.approve_vendor",
    routes.approve,
    Permission.vendors_approve,
    (AdminField("until", "fields.until", "date"),),
    wire.VendorApprovalIn,
    ("id",),
)
ADD_CONTACT = AdminAction(
    "add-contact",
    "web.admin.add_contact",
    routes.add_contact,
    Permission.vendors_edit,
    (
        AdminField("name", "fields.name"),
        AdminField("email", "fields.email", "email"),
        AdminField("locale", "fields.locale", "choice", required=False),
    ),
    wire.ContactIn,
    ("id",),
)
LINK = AdminAction(
    "link",
    "web.admin.invite_contact",
    link_vendor,
    Permission.vendors_link,
    model=people_wire.LinkIn,
    places=("id",),
    reads=lambda visitor: {"person_id": visitor.typed.get("person_id")},
    shows=True,
    dangerous=True,
)


async def _new_link(call: Call, *, id: UUID, about: str, body: links_wire.VendorLinkIn) -> Response:
    kind, _, subject = about.partition(":")
    make = {LinkKind.rfq.value: link_routes.link_to_rfq, LinkKind.order.value: link_routes.link_to_order}
    if kind not in make:
        raise NotFound(what="link")
    return await make[kind](call, id=_uuid(subject), body=body, settings=call.request.app.state.settings)


async def _end_link(call: Call, *, id: UUID, link_id: str) -> Response:
    return await link_routes.revoke(call, id=_uuid(link_id))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(what="link") from error


NEW_LINK = AdminAction(
    "new-link",
    "web.link.new",
    _new_link,
    Permission.vendors_link,
    model=links_wire.VendorLinkIn,
    places=("id", "about"),
    reads=lambda visitor: {
        "vendor_id": visitor.request.path_params["id"],
        "person_id": visitor.typed.get("person_id"),
    },
    shows=True,
)
END_LINK = AdminAction(
    "end-link", "web.link.end", _end_link, Permission.vendors_link, places=("id", "link_id")
)


def _kinds(p: Phrasing) -> tuple[Choice, ...]:
    return tuple((kind.value, p.say(f"web.admin.hold.{kind.value}")) for kind in HoldKind)


def _state(p: Phrasing, state: VendorState) -> Cell:
    return Cell(p.state("vendor", state.value), tone=p.tone(state.value))


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p, sent = visitor.phrases, visitor.request.query_params
    text = sent.get("q", "").strip()[:100]
    page = PageQuery(sent.get("cursor") or None, ROWS)
    found = present.vendors(await queries.listing(uow, actor, VendorFilter(text or None, None, page)))
    rows = [
        ContentRow(
            (
                Cell(each.name, f"{ADDRESS}/{each.id}"),
                *plain(each.category, each.country, each.currency),
                _state(p, each.state),
            )
        )
        for each in found.items
    ]
    columns = (
        "web.column.name",
        "web.column.category",
        "web.column.country",
        "web.column.currency",
        "web.column.state",
    )
    older = f"{ADDRESS}?cursor={found.next_cursor}" if found.next_cursor else ""
    section = Section(
        "web.admin.vendors",
        columns=columns,
        rows=rows,
        forms=forms_for(actor, DrawnForm(CREATE, ADDRESS)),
        older=older,
    )
    return PageContent((section,), search=(SearchField("q", "web.filter.q", text),))


async def _read_one(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    found = present.vendor(await queries.show(uow, actor, _id(visitor)))
    here = f"{ADDRESS}/{found.id}"
    values = {
        "name": found.name,
        "category": found.category,
        "currency": found.currency,
        "country": found.country,
    }
    score = await scores_of(uow, actor, found.id)
    edit = DrawnForm(EDIT, here, values, hidden={"version": str(found.version)}, opened=True)
    approved = ""
    if found.approved_until is not None:
        approved = p.say("web.admin.approved_until", day=p.day(found.approved_until))
    links: Sequence[links_wire.KnownLinkOut] = ()
    if actor.may(Permission.vendors_link):
        links = present_links.known_links(await link_queries.links_of_vendor(uow, actor, _id(visitor))).items
    return PageContent(
        (
            Section(
                "web.admin.vendor",
                (p.state("vendor", found.state.value), approved) if approved else (),
                forms=forms_for(actor, edit, DrawnForm(APPROVE, here)),
            ),
            *((Section("scores.row", words.in_full(score, p.locale)),) if score is not None else ()),
            Section(
                "web.admin.holds",
                columns=("fields.kind", "fields.reason", "fields.until"),
                rows=[_hold(p, actor, here, each) for each in found.holds],
                forms=forms_for(actor, DrawnForm(HOLD, here, choices={"kind": _kinds(p)})),
            ),
            Section(
                "web.column.contacts",
                columns=("web.column.name", "web.column.email", "web.column.chats"),
                rows=[_contact(p, actor, here, each) for each in found.contacts],
                forms=forms_for(actor, DrawnForm(ADD_CONTACT, here, choices={"locale": languages()})),
            ),
            *((_links(p, actor, here, links),) if links else ()),
        ),
        found.name,
    )


async def scores_of(uow: Uow, actor: Actor, vendor_id: UUID) -> VendorScoreOut | None:
    """The vendor's score; None for readers without the right, while there is none, and with the feature off."""
    if not actor.may(Permission.insights_read):
        return None
    found = await scores.find(uow, actor, VendorId(vendor_id))
    return present_scores.named(found) if found is not None else None


def _hold(p: Phrasing, actor: Actor, here: str, hold: wire.HoldOut) -> ContentRow:
    kind = p.say(f"web.admin.hold.{hold.kind}")
    until = p.day(hold.until) if hold.until is not None else ""
    if hold.by_score:
        form = DrawnForm(OVERRIDE, here, hidden={"kind": hold.kind})
        return ContentRow(
            plain(kind, p.say("web.admin.held_by_score", why=hold.reason), until), forms_for(actor, form)
        )
    release = DrawnForm(RELEASE, here, hidden={"hold": hold.kind})
    return ContentRow(plain(kind, hold.reason, until), forms_for(actor, release))


def _contact(p: Phrasing, actor: Actor, here: str, contact: wire.ContactOut) -> ContentRow:
    linked = Cell(
        p.say("buttons.yes" if contact.linked else "buttons.no"), tone="good" if contact.linked else "plain"
    )
    invite = DrawnForm(LINK, here, hidden={"person_id": str(contact.person_id)})
    return ContentRow((*plain(contact.name, contact.email), linked), forms_for(actor, invite))


def _links(p: Phrasing, actor: Actor, here: str, links: Sequence[links_wire.KnownLinkOut]) -> Section:
    """What the vendor's contacts were given, and what became of it."""
    return Section(
        "web.link.links",
        (p.say("web.link.why"),),
        columns=(
            "web.column.name",
            "web.column.link_to",
            "web.column.state",
            "web.column.made",
            "web.column.used",
            "web.column.browsers",
        ),
        rows=[_link(p, actor, here, each) for each in links],
    )


def _link(p: Phrasing, actor: Actor, here: str, link: links_wire.KnownLinkOut) -> ContentRow:
    told = link_words.told(p, link)
    again = {"about": f"{link.about_kind}:{link.about_id}", "person_id": str(link.person_id)}
    forms = [DrawnForm(NEW_LINK, here, hidden=again)]
    if link.state is links_wire.LinkState.open:
        forms.append(DrawnForm(END_LINK, here, hidden={"link_id": str(link.id)}))
    cells = (
        Cell(link.person_name),
        Cell(link.number, code=True),
        Cell(p.cap(told.state), tone="good" if link.state is links_wire.LinkState.open else "bad"),
        *plain(told.made, told.used, told.browsers),
    )
    return ContentRow(cells, forms_for(actor, *forms))


def _show(visitor: Visitor, body: bytes) -> Section:
    """An invitation or a link; it is told this once."""
    if visitor.typed.get("about"):
        link = links_wire.VendorLinkOut.model_validate_json(body)
        send = visitor.phrases.say("web.link.send_it", person=link.person_name)
        return Section(NEW_LINK.label, (send,), secret=link.url)
    made = people_wire.LinkOut.model_validate_json(body)
    told = visitor.phrases.say("web.admin.link_until", moment=visitor.phrases.moment(made.expires_at))
    return Section(LINK.label, (told,), secret=made.url)


def _id(visitor: Visitor) -> VendorId:
    return VendorId(id_in_path(visitor, "vendor"))


PAGE = AdminPage(
    "vendors",
    Permission.vendors_read,
    _read,
    (CREATE, EDIT, HOLD, RELEASE, OVERRIDE, APPROVE, ADD_CONTACT, LINK, NEW_LINK, END_LINK),
    _read_one,
    _show,
)
