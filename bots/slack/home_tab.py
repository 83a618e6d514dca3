"""The app's home: what waits for this person, what they asked for, what they left open, and their settings.

One rule: everything there is a shortcut; the same can be typed and pressed in the conversation.
"""

from collections.abc import Sequence

from api.text import translate, zone_name
from bots.cards import delegation, phrases
from bots.cards.card import Button, ButtonRow, Card, label, rows_of
from bots.cards.press import Op, Press
from bots.dialog.context import Context
from bots.dialog.handlers.delegations import PERMISSION
from bots.forms.preferences import native_name
from bots.slack import render
from bots.slack.text_objects import Block, plain_text
from bots.slack.views import View

MAX_ITEMS = 10
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
    waiting = (await ctx.api.approvals.list(state="pending", mine=True, limit=MAX_ITEMS)).items
    mine = (await ctx.api.requests.list(mine=True, limit=MAX_ITEMS)).items
    return [
        *_list_blocks(
            ctx,
            "slack.home.waiting",
            [(each.title, Press(Op.open_approval, each.id, each.version)) for each in waiting],
        ),
        *await _deputies(ctx),
        *_list_blocks(
            ctx,
            "lists.my_requests",
            [
                (
                    phrases.title(
                        each.number, phrases.state("request", each.state.value, ctx.locale), ctx.locale
                    ),
                    Press(Op.open_request, each.id, each.version),
                )
                for each in mine
            ],
        ),
    ]


async def _deputies(ctx: Context) -> list[Block]:
    """Who decides for whom, where somebody is away."""
    found = (await ctx.api.delegations.mine()).items if PERMISSION in ctx.me.permissions else ()
    return render.blocks(delegation.for_person(found, ctx.viewer)) if found else []


async def _vendor(ctx: Context) -> list[Block]:
    found = (await ctx.api.rfqs.list(state="open", limit=MAX_ITEMS)).items
    return _list_blocks(
        ctx, "lists.open_rfqs", [(each.number, Press(Op.open_rfq, each.id, each.version)) for each in found]
    )


def _list_blocks(ctx: Context, heading: str, found: Sequence[tuple[str, Press]]) -> list[Block]:
    """A heading, a line each, and a button each."""
    items = tuple(text for text, _ in found) or (ctx.translate("slack.home.nothing"),)
    rows: tuple[ButtonRow, ...] = rows_of(
        *(Button(label(text.split(" · ")[0]), press) for text, press in found)
    )
    return render.blocks(Card(ctx.translate(heading), items=items, buttons=rows, locale=ctx.locale))


def _named(ctx: Context) -> dict[str, str]:
    """The language as its speakers call it, and the time zone by its city."""
    return {"language": native_name(ctx.locale), "zone": zone_name(ctx.me.zone, ctx.locale)}


def _preferences(ctx: Context) -> list[Block]:
    """How this person is spoken to, and the buttons that change it."""
    text = ctx.translate("slack.home.settings", **_named(ctx))
    named = [Button(ctx.translate("buttons.settings"), Press(Op.settings))]
    if PERMISSION in ctx.me.permissions:
        named.append(Button(ctx.translate("buttons.delegate"), Press(Op.delegate)))
    buttons = render.actions(Card(text, buttons=rows_of(*named), locale=ctx.locale))
    return [{"type": "divider"}, {"type": "context", "elements": [plain_text(text, 300)]}, *buttons]


def _header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, 150)}


def _buttons(block_id: str, *named: tuple[str, str]) -> Block:
    elements = [{"type": "button", "action_id": name, "text": plain_text(text, 75)} for name, text in named]
    return {"type": "actions", "block_id": block_id, "elements": elements}
