"""The app's home: what waits for this person, what they asked for, what they left open, and their settings.

One rule: everything there is a shortcut; the same can be typed and pressed in the conversation.
"""

from collections.abc import Sequence
from dataclasses import replace

from api.text import translate, zone_name
from bots.cards import delegation
from bots.cards.card import Button, Card, rows_of
from bots.cards.page_ref import ListName, PageRef
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.handlers import lists
from bots.dialog.handlers.delegations import PERMISSION
from bots.forms.preferences import native_name
from bots.slack import render
from bots.slack.text_objects import Block, plain_text
from bots.slack.views import View

NEW, CONTINUE, CONNECT = "home:new_request", "home:continue", "home:connect"


async def build(ctx: Context) -> View:
    """Everything that this person may see of theirs, with their own rights."""
    blocks = [*_greeting(ctx), *(await _vendor(ctx) if ctx.is_vendor else await _staff(ctx))]
    open_form = await ctx.open_form()
    if open_form is not None:
        blocks += [_header(ctx.translate("slack.home.draft"))]
        blocks += render.blocks(Card(open_form.card(ctx.form_ctx).title, locale=ctx.locale))[:1]
        blocks += [_buttons("left", (CONTINUE, ctx.translate("slack.home.continue")))]
    return home_view([*blocks, *_preferences(ctx)])


def unlinked(locale: str) -> View:
    """How to connect, and where to enter the code."""
    return home_view(
        [
            {"type": "section", "text": plain_text(translate("help.unlinked", locale), 2_900, lines=True)},
            _buttons("door", (CONNECT, translate("slack.home.connect", locale))),
        ]
    )


def text_view(text: str) -> View:
    return home_view([{"type": "section", "text": plain_text(text, 2_900, lines=True)}])


def home_view(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": [_numbered(block, index) for index, block in enumerate(blocks)][:100]}


def _numbered(block: Block, index: int) -> Block:
    """Cards name their own blocks; on one page the names have to differ."""
    return {**block, "block_id": f"home:{index}"}


def _greeting(ctx: Context) -> list[Block]:
    shown: list[Block] = [_header(ctx.me.name)]
    if not ctx.is_vendor:
        shown.append(_buttons("new", (NEW, ctx.translate("slack.titles.request"))))
    return shown


async def _staff(ctx: Context) -> list[Block]:
    mine = await lists.requests_page(ctx, PageRef(ListName.requests))
    return [*await _waiting(ctx), *await _deputies(ctx), *_section(ctx, "lists.my_requests", mine)]


async def _waiting(ctx: Context) -> list[Block]:
    return _section(ctx, "lists.waiting", await lists.worklist_page(ctx, PageRef(ListName.worklist)))


async def _deputies(ctx: Context) -> list[Block]:
    """Who decides for whom, where somebody is away."""
    found = (await ctx.api.delegations.mine()).items if PERMISSION in ctx.me.permissions else ()
    return render.blocks(delegation.for_person(found, ctx.viewer)) if found else []


async def _vendor(ctx: Context) -> list[Block]:
    rfqs = await lists.rfqs_page(ctx, PageRef(ListName.rfqs))
    return [*await _waiting(ctx), *_section(ctx, "lists.open_rfqs", rfqs)]


def _section(ctx: Context, heading: str, shown: Card | None) -> list[Block]:
    """The first page of a list as its command shows it; its next page is sent to the private chat."""
    card = shown or Card(ctx.translate(heading), items=(ctx.translate("slack.home.nothing"),))
    return render.blocks(replace(card, locale=ctx.locale))


def _named(ctx: Context) -> dict[str, str]:
    """The language as its speakers call it, and the time zone by its city."""
    return {"language": native_name(ctx.locale), "zone": zone_name(ctx.me.zone, ctx.locale)}


def _preferences(ctx: Context) -> list[Block]:
    """How this person is spoken to, and the buttons that change it."""
    text = ctx.translate("slack.home.settings", **_named(ctx))
    named = [
        Button(ctx.translate("buttons.settings"), Press(Op.settings)),
        Button(ctx.translate("buttons.dashboard"), Press(Op.dashboard)),
    ]
    if PERMISSION in ctx.me.permissions:
        named.append(Button(ctx.translate("buttons.delegate"), Press(Op.delegate)))
    buttons = render.actions(Card(text, buttons=rows_of(*named), locale=ctx.locale))
    return [{"type": "divider"}, {"type": "context", "elements": [plain_text(text, 300)]}, *buttons]


def _header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, 150)}


def _buttons(block_id: str, *named: tuple[str, str]) -> Block:
    elements = [{"type": "button", "action_id": name, "text": plain_text(text, 75)} for name, text in named]
    return {"type": "actions", "block_id": block_id, "elements": elements}
