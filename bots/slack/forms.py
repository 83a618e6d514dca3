"""Forms as modals: what is asked at once where a chat asks question by question.

    block_id   the field, which an answer that cannot be taken is named by

One rule: pure. A view shows what the form holds; what was filled is read in ``answers``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bots.forms.delegate import DelegateValues
from bots.forms.form import Asking, Values
from bots.forms.receive import ReceiveValues
from bots.forms.request_values import RequestValues
from bots.forms.saying import PROMPTS, SayingValues
from bots.forms.settings import OFF, SettingsValues, native
from bots.slack import fields
from bots.slack.texts import Block, plain

REASON, TEXT = "reason", "text"
OTHER = "other"
MOST_LINES = 10


@dataclass(frozen=True)
class Asked:
    """A modal's title, its blocks, and the button that sends it; ``lines`` where lines can be added."""

    title: str
    blocks: Sequence[Block]
    submit: str
    lines: int = 1


def asked(values: Values, asking: Asking, lines: int) -> Asked:
    """What this form asks."""
    match values:
        case SayingValues():
            return _saying(values, asking)
        case ReceiveValues():
            return _receive(values, asking)
        case RequestValues():
            return _request(values, asking, lines)
        case DelegateValues():
            return _delegate(values, asking)
        case SettingsValues():
            return _settings(values, asking)
    raise TypeError(f"no modal for {type(values).__name__}")


def _saying(values: SayingValues, asking: Asking) -> Asked:
    """A reason from a list or in words; without a list the words are asked for."""
    prompt = PROMPTS[values.saying]
    question = asking.say(prompt.key, person=values.person)
    blocks: list[Block] = []
    if values.about:
        blocks.append({"type": "section", "text": plain(values.about, 500)})
    if prompt.quick:
        named = [(f"r{place}", asking.say(key)) for place, key in enumerate(prompt.quick)]
        choices = fields.select(REASON, [*named, (OTHER, asking.say("slack.other"))], named[0][0])
        blocks.append(fields.field(REASON, question, choices))
        blocks.append(
            fields.field(
                TEXT, asking.say("slack.own_words"), fields.text(TEXT, multiline=True), optional=True
            )
        )
    else:
        own = fields.text(TEXT, values.text, multiline=True, most=prompt.most)
        blocks.append(fields.field(TEXT, question, own))
    return Asked(asking.say(f"slack.titles.{values.saying.value}"), blocks, asking.say("buttons.send"))


def _receive(values: ReceiveValues, asking: Asking) -> Asked:
    """Per line how many are good and how many are not; what is still open is filled in."""
    blocks: list[Block] = []
    for place, due in enumerate(values.lines[:20], start=1):
        item = f"{place}. {due.description}"
        accepted, rejected = asking.say("slack.accepted"), asking.say("slack.rejected")
        blocks.append(
            fields.field(
                f"good:{place}",
                f"{item} · {accepted}",
                fields.number("good", due.open, due.open),
                optional=True,
            )
        )
        blocks.append(
            fields.field(
                f"bad:{place}",
                f"{item} · {rejected}",
                fields.number("bad", Decimal(0), due.open),
                optional=True,
            )
        )
    return Asked(values.number, blocks, asking.say("forms.receive.record"))


def _request(values: RequestValues, asking: Asking, lines: int) -> Asked:
    lines = min(MOST_LINES, max(lines, len(values.lines), 1))
    blocks: list[Block] = []
    for number in range(1, lines + 1):
        line = values.lines[number - 1] if number <= len(values.lines) else None
        beyond = number > 1
        shown = (
            ("item", line.description if line else "", beyond),
            ("quantity", fields.plainly(line.quantity if line else None, line.unit if line else ""), beyond),
            ("price", fields.plainly(line.price if line else None), True),
        )
        blocks += [
            fields.field(
                f"{name}:{number}",
                asking.say(f"slack.fields.{name}", line=str(number)),
                fields.text(name, held),
                optional=skip,
            )
            for name, held, skip in shown
        ]
    if lines < MOST_LINES:
        add: Block = {
            "type": "button",
            "action_id": "modal:add_line",
            "text": plain(asking.say("buttons.add_line"), 75),
        }
        blocks.append({"type": "actions", "block_id": "more", "elements": [add]})
    blocks += _terms(values, asking)
    return Asked(asking.say("slack.titles.request"), blocks, asking.say("slack.review"), lines)


def _terms(values: RequestValues, asking: Asking) -> list[Block]:
    """What holds for all lines."""
    day = fields.date("needed_by", values.needed_by)
    found = [fields.field("needed_by", asking.say("slack.fields.needed_by"), day)]
    if asking.cost_centres:
        centres = [(code, f"{code} · {name}") for code, name in asking.cost_centres]
        codes = [code for code, _ in centres]
        held = values.cost_centre if values.cost_centre in codes else ""
        found.append(
            fields.field(
                "cost_centre",
                asking.say("slack.fields.cost_centre"),
                fields.select("cost_centre", centres, held),
            )
        )
    currency = fields.text("currency", values.currency)
    found.append(fields.field("currency", asking.say("slack.fields.currency"), currency))
    note = fields.text("note", values.note, multiline=True, most=2_000)
    return [*found, fields.field("note", asking.say("slack.fields.note"), note, optional=True)]


def _delegate(values: DelegateValues, asking: Asking) -> Asked:
    """Only those who may decide themselves are offered, so it is no menu of the whole workspace."""
    people = [(str(each.id), each.name) for each in values.colleagues]
    held = str(values.to) if values.to else ""
    until = values.until.date() if values.until else None
    blocks = [
        fields.field("to", asking.say("forms.delegate.who"), fields.select("to", people, held)),
        fields.field("until", asking.say("slack.fields.until"), fields.date("until", until)),
    ]
    return Asked(asking.say("slack.titles.delegate"), blocks, asking.say("buttons.send"))


def _settings(values: SettingsValues, asking: Asking) -> Asked:
    """All at once; quiet hours without times are none."""
    languages = [(each, native(each)) for each in values.locales]
    off = (OFF, asking.say("forms.settings.off"))
    hours = [off, *((str(hour), f"{hour:02}:00") for hour in range(24))]
    hour = OFF if values.digest_hour is None else str(values.digest_hour)
    begins, ends = values.night or ("", "")
    language = fields.select("language", languages, values.language)
    blocks = [
        fields.field("language", asking.say("slack.fields.language"), language),
        fields.field("digest", asking.say("slack.fields.digest"), fields.select("digest", hours, hour)),
        fields.field(
            "begins", asking.say("slack.fields.quiet_from"), fields.time("begins", begins), optional=True
        ),
        fields.field("ends", asking.say("slack.fields.quiet_to"), fields.time("ends", ends), optional=True),
    ]
    return Asked(asking.say("slack.titles.settings"), blocks, asking.say("buttons.save"))
