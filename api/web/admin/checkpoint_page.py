"""Checkpoints: the signed sizes and roots of the log, newest first, and the way to verify it."""

from api.web.admin.page_content import AdminPage, Cell, ContentRow, PageContent, Section
from api.web.visitors import Visitor
from core.access.actor import Actor
from core.access.permissions import Permission
from core.audit import queries
from core.uow import Uow


async def _read(visitor: Visitor, uow: Uow, actor: Actor) -> PageContent:
    p = visitor.phrases
    found = await queries.list_checkpoints(uow, actor)
    rows = [
        ContentRow(
            (
                Cell(p.number(each.size), number=True),
                Cell(each.root.hex(), code=True),
                Cell(p.moment(each.made_at)),
            )
        )
        for each in found
    ]
    columns = ("web.admin.size", "web.admin.root", "web.column.made")
    verify = Cell(p.say("web.audit.verify"), "/audit-log/verify")
    told = (p.say("web.admin.about_checkpoints"),)
    return PageContent((Section("web.admin.checkpoints", told, columns, rows, links=(verify,)),))


PAGE = AdminPage("checkpoints", Permission.audit_verify, _read)
