"""What looked unusual about a purchase, for whoever reviews it: a question that stops nothing.

One rule: the card says what was counted; what to think of it is the reader's.
"""

from pydantic import BaseModel

from api.contract.findings import FindingOut
from api.text import moment, translate
from api.text.findings import finding_sentence
from bots.cards import phrases
from bots.cards.card import Button, Card, Style, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer


class FindingOff(BaseModel):
    """A finding while findings are switched off: nothing of it is shown."""

    request_number: str


def switched_off(finding: FindingOff, viewer: Viewer) -> Card:
    """What a card that was sent before says then."""
    return Card(
        finding.request_number,
        facts=(translate("findings.switched_off", viewer.locale),),
        locale=viewer.locale,
    )


def for_reviewer(finding: FindingOut, viewer: Viewer) -> Card:
    """The sentence, what became of it, and what the reader may say."""
    name = translate(f"findings.{finding.rule}.name", viewer.locale)
    return Card(
        phrases.title(finding.request_number, name, viewer.locale),
        facts=(
            finding_sentence(finding.rule, finding.facts, viewer.locale, viewer.zone),
            _standing(finding, viewer),
        ),
        buttons=rows_of(*_buttons(finding, viewer.locale)),
        locale=viewer.locale,
    )


def _standing(finding: FindingOut, viewer: Viewer) -> str:
    """Who said what about it, or that it stops nothing."""
    if finding.reviewed_by is None or finding.reviewed_at is None:
        return translate("findings.goes_on", viewer.locale)
    person, at = finding.reviewed_by, moment(finding.reviewed_at, viewer.locale, viewer.zone)
    if finding.state == "fine":
        return translate("findings.because", viewer.locale, person=person, reason=finding.reason or "")
    key = "findings.held_by" if finding.state == "held" else "findings.confirmed_by"
    return translate(key, viewer.locale, person=person, moment=at)


def _buttons(finding: FindingOut, locale: str) -> list[Button]:
    def button(key: str, op: Op, style: Style = Style.plain) -> Button:
        return Button(translate(key, locale), Press(op, finding.id, finding.version), style)

    offered = [button("buttons.explain_finding", Op.explain_finding)]
    if finding.state in ("fine", "confirmed"):
        return offered
    if "dismiss" in finding.verbs:
        offered.append(button("buttons.fine_because", Op.fine_because))
    if "hold" in finding.verbs:
        offered.append(button("buttons.hold_finding", Op.hold_finding))
    elif "confirm" in finding.verbs:
        offered.append(button("buttons.confirm_finding", Op.confirm_finding, Style.danger))
    return offered
