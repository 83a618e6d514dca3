"""The app's home: what waits for this person, what they asked for, what they left open, and their settings.

One rule: everything there is a shortcut; the same can be typed and pressed in the conversation.
"""

from collections.abc import Sequence

from api.text import translate
from bots.cards import delegation, words
from bots.cards.card import Button, Card, Row, label, rows_of
from bots.cards.press import Op, Press
from bots.slack import render
from bots.slack.texts import Block, plain
from bots.slack.views import View
from bots.talk.rooms.delegations import MAY
from bots.talk.turn import Turn

SHOWN = 10
NEW, CONTINUE, CONNECT = "home:new_request", "home:continue", "home:connect"


async def of(turn: Turn) -> View:
    """Everything that this person may see of theirs, with their own rights."""
    blocks = [*_greeting(turn), *(await _vendor(turn) if turn.is_vendor else await _staff(turn))]
    open_ = await turn.open_form()
    if open_ is not None:
        blocks += [_header(turn.say("slack.home.draft"))]
        blocks += render.blocks(Card(open_.card(turn.asking).title, locale=turn.locale))[:1]
        blocks += [_buttons("left", (CONTINUE, turn.say("slack.home.continue")))]
    return view([*blocks, *_settings(turn)])


def unlinked(locale: str) -> View:
    """How to connect, and where to enter the code."""
    return view(
        [
            {"type": "section", "text": plain(translate("help.unlinked", locale), 2_900, lines=True)},
            _buttons("door", (CONNECT, translate("slack.home.connect", locale))),
        ]
    )


def sentence(text: str) -> View:
    return view([{"type": "section", "text": plain(text, 2_900, lines=True)}])


def view(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": [_numbered(block, place) for place, block in enumerate(blocks)][:100]}


def _numbered(block: Block, place: int) -> Block:
    """Cards name their own blocks; on one page the names have to differ."""
    return {**block, "block_id": f"home:{place}"}


def _greeting(turn: Turn) -> list[Block]:
    shown: list[Block] = [_header(turn.me.name)]
    if not turn.is_vendor:
        shown.append(_buttons("new", (NEW, turn.say("slack.titles.request"))))
    return shown


async def _staff(turn: Turn) -> list[Block]:
    waiting = (await turn.api.approvals.listing(state="pending", mine=True, limit=SHOWN)).items
    mine = (await turn.api.requests.listing(mine=True, limit=SHOWN)).items
    return [
        *_list(
            turn,
            "slack.home.waiting",
            [(each.title, Press(Op.open_approval, each.id, each.version)) for each in waiting],
        ),
        *await _deputies(turn),
        *_list(
            turn,
            "lists.my_requests",
            [
                (
                    words.title(
                        each.number, words.state("request", each.state.value, turn.locale), turn.locale
                    ),
                    Press(Op.open_request, each.id, each.version),
                )
                for each in mine
            ],
        ),
    ]


async def _deputies(turn: Turn) -> list[Block]:
    """Who decides for whom, where somebody is away."""
    found = (await turn.api.delegations.mine()).items if MAY in turn.me.permissions else ()
    return render.blocks(delegation.for_person(found, turn.viewer)) if found else []


async def _vendor(turn: Turn) -> list[Block]:
    found = (await turn.api.rfqs.listing(state="open", limit=SHOWN)).items
    return _list(
        turn, "lists.open_rfqs", [(each.number, Press(Op.open_rfq, each.id, each.version)) for each in found]
    )


def _list(turn: Turn, heading: str, found: Sequence[tuple[str, Press]]) -> list[Block]:
    """A heading, a line each, and a button each."""
    items = tuple(text for text, _ in found) or (turn.say("slack.home.nothing"),)
    rows: tuple[Row, ...] = rows_of(*(Button(label(text.split(" · ")[0]), press) for text, press in found))
    return render.blocks(Card(turn.say(heading), items=items, buttons=rows, locale=turn.locale))


def _settings(turn: Turn) -> list[Block]:
    """How this person is spoken to, and the buttons that change it."""
    told = turn.say("slack.home.settings", language=turn.locale, zone=turn.me.zone)
    named = [Button(turn.say("buttons.settings"), Press(Op.settings))]
    if MAY in turn.me.permissions:
        named.append(Button(turn.say("buttons.delegate"), Press(Op.delegate)))
    buttons = render.actions(Card(told, buttons=rows_of(*named), locale=turn.locale))
    return [{"type": "divider"}, {"type": "context", "elements": [plain(told, 300)]}, *buttons]


def _header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def _buttons(block_id: str, *named: tuple[str, str]) -> Block:
    elements = [{"type": "button", "action_id": name, "text": plain(text, 75)} for name, text in named]
    return {"type": "actions", "block_id": block_id, "elements": elements}
