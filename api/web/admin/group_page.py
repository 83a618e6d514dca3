"""Chats: which groups and channels show whose requests, and who of the staff is reached where."""

from api.contract import groups as wire
from api.present import groups as present
from api.present import people as present_people
from api.server.routes import groups as routes
from api.web.admin.admin_forms import AdminAction, AdminField, Choice, DrawnForm
from api.web.admin.page_content import AdminPage, Cell, ContentRow, PageContent, Section, forms_for, plain
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.accounts import team
from core.accounts.team import StaffFilter
from core.db.pages import PageQuery
from core.groups import queries
from core.groups.states import GroupKind
from core.uow import Uow

ADDRESS = "/administration/chats"
MOST_PEOPLE = 200
PLATFORMS: tuple[Choice, ...] = (("telegram", "Telegram"), ("slack", "Slack"))


def _bound(visitor: Visitor) -> dict[str, object]:
    typed = visitor.typed
    kind, _, code = typed.get("place", "").partition("/")
    told = {name: typed.get(name, "").strip() for name in ("platform", "chat_id", "title", "kind")}
    return told | {"place": {"kind": kind, "code": code}}


BIND = AdminAction(
    "bind",
    "web.admin.bind_group",
    routes.bind_group,
    Permission.groups_bind,
    (
        AdminField("platform", "web.admin.platform", "choice"),
        AdminField("chat_id", "web.admin.chat_id", hint="web.admin.hint.chat_id"),
        AdminField("title", "fields.name"),
        AdminField("kind", "fields.kind", "choice"),
        AdminField("place", "web.admin.place_shown", "choice"),
    ),
    wire.GroupIn,
    reads=_bound,
)
UNBIND = AdminAction(
    "unbind", "web.admin.unbind_group", routes.unbind_group, Permission.groups_bind, places=("id",)
)


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    found = present.groups(await queries.list_groups(uow, actor))
    places = tuple((f"{each.kind.value}/{each.code}", f"{each.code} · {each.name}") for each in found.places)
    kinds = tuple((kind.value, p.say(f"web.admin.group.{kind.value}")) for kind in GroupKind)
    bind = DrawnForm(BIND, ADDRESS, choices={"platform": PLATFORMS, "kind": kinds, "place": places})
    staff = await team.listing(uow, actor, StaffFilter(None, None, PageQuery(None, MOST_PEOPLE), active=True))
    people = [
        ContentRow((Cell(each.name, f"/administration/people/{each.id}"), _reached(visitor, each.chats)))
        for each in present_people.staff(staff).items
    ]
    return PageContent(
        (
            Section(
                "web.admin.groups",
                columns=(
                    "fields.name",
                    "web.admin.platform",
                    "fields.kind",
                    "web.admin.place_shown",
                    "web.column.state",
                ),
                rows=[_group(visitor, actor, each) for each in found.items],
                forms=forms_for(actor, bind),
            ),
            Section("web.admin.reached", columns=("web.column.name", "web.column.chats"), rows=people),
        )
    )


def _group(visitor: Visitor, actor: Actor, group: wire.GroupOut) -> ContentRow:
    p = visitor.phrases
    state = Cell(
        p.say("web.admin.reachable" if group.reachable else "web.admin.unreachable"),
        tone="good" if group.reachable else "bad",
    )
    told = plain(
        group.title,
        group.platform.capitalize(),
        p.say(f"web.admin.group.{group.kind.value}"),
        f"{group.place.code} · {group.place.name}",
    )
    unbind = DrawnForm(UNBIND, ADDRESS, hidden={"id": str(group.id)})
    return ContentRow((*told, state), forms_for(actor, unbind))


def _reached(visitor: Visitor, chats: tuple[str, ...]) -> Cell:
    if not chats:
        return Cell(visitor.phrases.say("web.admin.no_chat"), tone="bad")
    return Cell(", ".join(each.capitalize() for each in chats), tone="good")


PAGE = AdminPage("chats", Permission.groups_bind, _read, (BIND, UNBIND))
