"""Forms as modals: what is asked at once where a chat asks question by question.

    block_id   the field, which an answer that cannot be taken is named by

One rule: pure. A view shows what the form holds; what was filled is read in ``answers``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bots.forms.delegate import DelegateValues
from bots.forms.form import FormContext, Values
from bots.forms.preferences import OFF, PreferencesValues, native_name
from bots.forms.reason import PROMPTS, ReasonValues
from bots.forms.receive import ReceiveValues
from bots.forms.request_values import RequestValues
from bots.slack import input_blocks
from bots.slack.text_objects import Block, plain_text

REASON, TEXT = "reason", "text"
OTHER = "other"
MAX_LINES = 10


@dataclass(frozen=True)
class ModalContent:
    """A modal's title, its blocks, and the button that sends it; ``lines`` where lines can be added."""

    title: str
    blocks: Sequence[Block]
    submit: str
    lines: int = 1


def modal_content(values: Values, ctx: FormContext, lines: int) -> ModalContent:
    """What this form asks."""
    match values:
        case ReasonValues():
            return _reason(values, ctx)
        case ReceiveValues():
            return _receive(values, ctx)
        case RequestValues():
            return _request(values, ctx, lines)
        case DelegateValues():
            return _delegate(values, ctx)
        case PreferencesValues():
            return _preferences(values, ctx)
    raise TypeError(f"no modal for {type(values).__name__}")


def _reason(values: ReasonValues, ctx: FormContext) -> ModalContent:
    """A reason from a list or in words; without a list the words are asked for."""
    prompt = PROMPTS[values.saying]
    question = ctx.translate(prompt.key, person=values.person)
    blocks: list[Block] = []
    if values.about:
        blocks.append({"type": "section", "text": plain_text(values.about, 500)})
    if prompt.quick:
        named = [(f"r{index}", ctx.translate(key)) for index, key in enumerate(prompt.quick)]
        choices = input_blocks.static_select(
            REASON, [*named, (OTHER, ctx.translate("slack.other"))], named[0][0]
        )
        blocks.append(input_blocks.input_block(REASON, question, choices))
        blocks.append(
            input_blocks.input_block(
                TEXT,
                ctx.translate("slack.own_words"),
                input_blocks.text_input(TEXT, multiline=True),
                optional=True,
            )
        )
    else:
        own = input_blocks.text_input(TEXT, values.text, multiline=True, max_length=prompt.max_length)
        blocks.append(input_blocks.input_block(TEXT, question, own))
    return ModalContent(
        ctx.translate(f"slack.titles.{values.saying.value}"), blocks, ctx.translate("buttons.send")
    )


def _receive(values: ReceiveValues, ctx: FormContext) -> ModalContent:
    """Per line how many are good and how many are not; what is still open is filled in."""
    blocks: list[Block] = []
    for index, receivable in enumerate(values.lines[:20], start=1):
        item = f"{index}. {receivable.description}"
        accepted, rejected = ctx.translate("slack.accepted"), ctx.translate("slack.rejected")
        blocks.append(
            input_blocks.input_block(
                f"good:{index}",
                f"{item} · {accepted}",
                input_blocks.number_input("good", receivable.open, receivable.open),
                optional=True,
            )
        )
        blocks.append(
            input_blocks.input_block(
                f"bad:{index}",
                f"{item} · {rejected}",
                input_blocks.number_input("bad", Decimal(0), receivable.open),
                optional=True,
            )
        )
    return ModalContent(values.number, blocks, ctx.translate("forms.receive.record"))


def _request(values: RequestValues, ctx: FormContext, lines: int) -> ModalContent:
    lines = min(MAX_LINES, max(lines, len(values.lines), 1))
    blocks: list[Block] = []
    for number in range(1, lines + 1):
        line = values.lines[number - 1] if number <= len(values.lines) else None
        beyond = number > 1
        shown = (
            ("item", line.description if line else "", beyond),
            (
                "quantity",
                input_blocks.format_quantity(line.quantity if line else None, line.unit if line else ""),
                beyond,
            ),
            ("price", input_blocks.format_quantity(line.price if line else None), True),
        )
        blocks += [
            input_blocks.input_block(
                f"{name}:{number}",
                ctx.translate(f"slack.fields.{name}", line=str(number)),
                input_blocks.text_input(name, initial),
                optional=skip,
            )
            for name, initial, skip in shown
        ]
    if lines < MAX_LINES:
        add: Block = {
            "type": "button",
            "action_id": "modal:add_line",
            "text": plain_text(ctx.translate("buttons.add_line"), 75),
        }
        blocks.append({"type": "actions", "block_id": "more", "elements": [add]})
    blocks += _terms(values, ctx)
    return ModalContent(ctx.translate("slack.titles.request"), blocks, ctx.translate("slack.review"), lines)


def _terms(values: RequestValues, ctx: FormContext) -> list[Block]:
    """What holds for all lines."""
    day = input_blocks.date_picker("needed_by", values.needed_by)
    found = [input_blocks.input_block("needed_by", ctx.translate("slack.fields.needed_by"), day)]
    if ctx.cost_centres:
        centres = [(code, f"{code} · {name}") for code, name in ctx.cost_centres]
        codes = [code for code, _ in centres]
        initial = values.cost_centre if values.cost_centre in codes else ""
        found.append(
            input_blocks.input_block(
                "cost_centre",
                ctx.translate("slack.fields.cost_centre"),
                input_blocks.static_select("cost_centre", centres, initial),
            )
        )
    currency = input_blocks.text_input("currency", values.currency)
    found.append(input_blocks.input_block("currency", ctx.translate("slack.fields.currency"), currency))
    note = input_blocks.text_input("note", values.note, multiline=True, max_length=2_000)
    return [*found, input_blocks.input_block("note", ctx.translate("slack.fields.note"), note, optional=True)]


def _delegate(values: DelegateValues, ctx: FormContext) -> ModalContent:
    """Only those who may decide themselves are offered, so it is no menu of the whole workspace."""
    people = [(str(each.id), each.name) for each in values.colleagues]
    initial = str(values.to) if values.to else ""
    until = values.until.date() if values.until else None
    blocks = [
        input_blocks.input_block(
            "to", ctx.translate("forms.delegate.who"), input_blocks.static_select("to", people, initial)
        ),
        input_blocks.input_block(
            "until", ctx.translate("slack.fields.until"), input_blocks.date_picker("until", until)
        ),
    ]
    return ModalContent(ctx.translate("slack.titles.delegate"), blocks, ctx.translate("buttons.send"))


def _preferences(values: PreferencesValues, ctx: FormContext) -> ModalContent:
    """All at once; quiet hours without times are none."""
    languages = [(each, native_name(each)) for each in values.locales]
    off = (OFF, ctx.translate("forms.settings.off"))
    hours = [off, *((str(hour), f"{hour:02}:00") for hour in range(24))]
    hour = OFF if values.digest_hour is None else str(values.digest_hour)
    begins, ends = values.night or ("", "")
    language = input_blocks.static_select("language", languages, values.language)
    blocks = [
        input_blocks.input_block("language", ctx.translate("slack.fields.language"), language),
        input_blocks.input_block(
            "digest", ctx.translate("slack.fields.digest"), input_blocks.static_select("digest", hours, hour)
        ),
        input_blocks.input_block(
            "begins",
            ctx.translate("slack.fields.quiet_from"),
            input_blocks.time_picker("begins", begins),
            optional=True,
        ),
        input_blocks.input_block(
            "ends",
            ctx.translate("slack.fields.quiet_to"),
            input_blocks.time_picker("ends", ends),
            optional=True,
        ),
    ]
    return ModalContent(ctx.translate("slack.titles.settings"), blocks, ctx.translate("buttons.save"))
