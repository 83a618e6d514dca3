"""The organisation: its name, language, zone and switches, and the categories that vendors may have."""

from typing import Any

from api.contract import organisation as wire
from api.contract import vendors as vendor_wire
from api.server.routes import organisation as routes
from api.server.routes import vendors as vendor_routes
from api.text import SUPPORTED
from api.web.admin.admin_forms import AdminAction, AdminField, Choice, DrawnForm
from api.web.admin.page_content import AdminPage, PageContent, Section, forms_for
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.organisation import queries
from core.uow import Uow
from core.vendors import queries as vendors

SAVE = AdminAction(
    "save",
    "buttons.save",
    routes.set_organisation,
    Permission.organisation_set,
    (
        AdminField("name", "fields.name"),
        AdminField("base_currency", "fields.base_currency", hint="web.admin.hint.base_currency"),
        AdminField("locale", "fields.locale", "choice"),
        AdminField("zone", "fields.zone", hint="web.admin.hint.zone"),
        AdminField("duplicate_days", "fields.duplicate_days", "number", required=False),
        AdminField("vendors_need_approval", "web.admin.vendors_need_approval", "tick"),
    ),
    wire.OrganisationIn,
    primary=True,
)


def _names(visitor: Visitor) -> dict[str, Any]:
    """One category a line."""
    lines = visitor.typed.get("names", "").splitlines()
    return {"names": [line.strip() for line in lines if line.strip()]}


CATEGORIES = AdminAction(
    "categories",
    "buttons.save",
    vendor_routes.set_categories,
    Permission.vendors_categorise,
    (AdminField("names", "fields.categories", "area", required=False, hint="web.admin.hint.one_a_line"),),
    vendor_wire.CategoriesIn,
    reads=_names,
)
ADDRESS = "/administration/organisation"


def languages() -> tuple[Choice, ...]:
    """Every language that Parley speaks, by its code."""
    return tuple((each, each) for each in SUPPORTED)


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    found = await queries.show_organisation(uow, actor)
    say = visitor.phrases.say
    values = {
        "name": found.name,
        "base_currency": found.base_currency,
        "locale": found.locale,
        "zone": found.zone,
        "duplicate_days": str(found.duplicate_days),
        "vendors_need_approval": found.vendors_need_approval,
    }
    form = DrawnForm(SAVE, ADDRESS, values, {"locale": languages()}, opened=True)
    facts = [f"{found.name} · {found.base_currency} · {found.zone}"]
    if found.vendors_need_approval:
        facts.append(say("web.admin.vendors_need_approval"))
    sections = [Section("web.admin.organisation", tuple(facts), forms=forms_for(actor, form))]
    if actor.may(Permission.vendors_read):
        names = (await vendors.list_categories(uow, actor)).names
        kept = DrawnForm(CATEGORIES, ADDRESS, {"names": "\n".join(names)}, opened=True)
        told = (", ".join(names) or say("web.admin.any_category"),)
        sections.append(Section("web.admin.categories", told, forms=forms_for(actor, kept)))
    return PageContent(tuple(sections))


PAGE = AdminPage("organisation", Permission.organisation_read, _read, (SAVE, CATEGORIES))
