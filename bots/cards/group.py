"""What stands in a group about a request: the title of its topic, and the one card in it.

One rule: drawn from what everybody in the group may know, in the organisation's language. No price, no vendor, no
budget and nobody's free words ever stand there; whoever may see more presses Open.
"""

from api.contract.groups import TopicOut
from api.text import day, translate
from bots.cards import phrases
from bots.cards.card import Button, Card, rows_of
from bots.cards.clean import clean
from bots.cards.press import Op, Press

MAX_TITLE = 128
"""Of a Telegram topic, in characters."""


def title(topic: TopicOut, locale: str) -> str:
    """Number, what is wanted first, and the state, which is never what is cut."""
    state = phrases.state("request", topic.state.value, locale)
    item = clean(topic.lines[0].description).strip()
    full = translate("groups.title", locale, number=topic.number, item=item, state=state)
    over = len(full) - MAX_TITLE
    if over <= 0:
        return full
    cut = f"{item[: max(0, len(item) - over - 1)]}…"
    return translate("groups.title", locale, number=topic.number, item=cut, state=state)


def for_group(topic: TopicOut, locale: str) -> Card:
    """The same for everybody who reads it."""
    open_button = Button(
        translate("buttons.open", locale), Press(Op.open_request, topic.request_id, topic.version)
    )
    return Card(
        title=phrases.title(topic.number, phrases.state("request", topic.state.value, locale), locale),
        items=tuple(phrases.line(line.quantity, line.unit, line.description, locale) for line in topic.lines),
        facts=(
            translate(
                "groups.summary", locale, cost_centre=topic.cost_centre_name, day=day(topic.needed_by, locale)
            ),
            translate("cards.asked_by", locale, person=topic.asked_by),
            translate("groups.no_prices", locale),
        ),
        buttons=rows_of(open_button),
        locale=locale,
        more=translate("cards.more", locale, n="{n}"),
        silent=True,
    )
