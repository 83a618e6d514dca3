"""The question of a browser: which of three numbers does it show? Sent to its person's chats alone.

One rule: the card does not know which number is right; whoever cannot see the browser can only guess.
"""

from api.contract.people import WebLoginQuestionOut
from api.text import translate
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer

NOT_ME = "no"


def for_person(question: WebLoginQuestionOut, viewer: Viewer) -> Card:
    """Makes a sound: somebody waits in front of a browser."""
    locale = viewer.locale
    title = "web_login.confirm" if question.confirms else "web_login.question"
    numbers = [
        Button(str(number), Press(Op.web_login, question.id, arg=str(number))) for number in question.offered
    ]
    refusal = Button(
        translate("buttons.not_me", locale), Press(Op.web_login, question.id, arg=NOT_ME), Style.danger
    )
    return Card(
        title=translate(title, locale, device=question.device),
        facts=(translate("web_login.which", locale),),
        buttons=(*rows_of(*numbers), (refusal,)),
        locale=locale,
    )
