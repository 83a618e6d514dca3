"""The comparison of all quotes to an RFQ, as a table for the officer and as a list for a narrow screen.

One rule: while the RFQ is open prices are sealed for everybody, so the card only counts answers.
"""

from uuid import UUID

from api.contract.actions import ActionVerb
from api.contract.awards import (
    ComparedLine,
    ComparedQuote,
    ComparisonOut,
    Doubt,
    IncompleteQuoteOut,
    ShareOut,
    SplitAwardOut,
)
from api.contract.rfqs import RfqLineOut
from api.text import comma_separated, day, moment, money, number, translate, vendor_scores
from bots.cards import action_buttons, phrases
from bots.cards.action_buttons import buttons_of
from bots.cards.card import Button, ButtonRow, Card, Table, label, rows_of
from bots.cards.press import Op, Press, short_id
from bots.cards.viewer import Viewer

MAX_PROPOSALS = 9
MAX_ANSWERS = 5


def for_officer(comparison: ComparisonOut, viewer: Viewer) -> Card:
    """Vendors side by side, differences marked in words."""
    card = _base_card(comparison, viewer)
    if comparison.sealed or not comparison.quotes:
        return card
    return Card(
        title=card.title,
        facts=card.facts,
        table=_table(comparison, viewer.locale),
        buttons=card.buttons,
        more=card.more,
    )


def as_text(comparison: ComparisonOut, viewer: Viewer) -> Card:
    """The same as a list, vendor by vendor."""
    card = _base_card(comparison, viewer)
    if comparison.sealed:
        return card
    items = [text for quote in comparison.quotes for text in _vendor_lines(comparison, quote, viewer.locale)]
    return Card(title=card.title, facts=card.facts, items=tuple(items), more=card.more)


def _base_card(comparison: ComparisonOut, viewer: Viewer) -> Card:
    locale = viewer.locale
    state = comparison.rfq_state.value if comparison.rfq_state else "open"
    subject = translate(
        "cards.compare", locale, number=comparison.rfq_number or "", request=comparison.request_number
    )
    facts = [
        translate(
            "cards.answered", locale, answered=str(comparison.answered), invited=str(comparison.invited)
        )
    ]
    if comparison.sealed:
        facts.append(translate("cards.sealed", locale))
    if comparison.not_answered:
        facts.append(
            translate("cards.not_answered", locale, vendors=comma_separated(comparison.not_answered, locale))
        )
    if comparison.declined:
        facts.append(
            translate("cards.declined", locale, vendors=comma_separated(comparison.declined, locale))
        )
    facts += _hints(comparison, viewer)
    if not comparison.sealed and comparison.quotes:
        facts.append(translate("cards.all_in", locale, currency=comparison.currency))
    return Card(
        title=phrases.title(subject, phrases.state("rfq", state, locale), locale),
        facts=tuple(facts),
        buttons=_buttons(comparison, viewer),
        more=translate("cards.more", locale, n="{n}"),
    )


def _hints(comparison: ComparisonOut, viewer: Viewer) -> list[str]:
    """What the officer has to do something about: vendors without a chat, questions, lines left out, others' hand."""
    locale = viewer.locale
    hints = [
        translate("cards.unanswered", locale, vendor=each.vendor_name, text=each.text)
        for each in comparison.unanswered
    ]
    if comparison.sealed and comparison.no_chat:
        hints.insert(
            0, translate("cards.no_chat", locale, vendors=comma_separated(comparison.no_chat, locale))
        )
    hints += [_left_out(comparison, each, viewer) for each in comparison.incomplete]
    for quote in comparison.quotes:
        if quote.entered_by_name:
            facts = {"vendor": quote.vendor_name, "person": quote.entered_by_name}
            hints.append(translate("cards.entered_by", locale, **facts))
        if quote.outdated:
            hints.append(translate("cards.outdated", locale, vendor=quote.vendor_name))
        if quote.score is not None:
            hints.append(vendor_scores.in_short(quote.score, locale))
    return [*hints, *_alternatives(comparison, locale), *_split_facts(comparison, locale)]


def _alternatives(comparison: ComparisonOut, locale: str) -> list[str]:
    """What vendors would supply instead, line by line; none of it is in a total."""
    return [
        translate(
            "cards.alternative_of",
            locale,
            vendor=quote.vendor_name,
            line=line.description,
            text=answer.alternative.description,
            price=phrases.alternative_terms(answer.alternative, comparison.currency, locale),
        )
        for line in comparison.lines
        for quote in comparison.quotes
        if (answer := _line_of(quote, line)) is not None and answer.alternative is not None
    ]


def _split_facts(comparison: ComparisonOut, locale: str) -> list[str]:
    """The split that is proposed or ordered; else the cheapest one beside the cheapest single vendor."""
    if comparison.split is not None:
        return _proposed_split(comparison, comparison.split, locale)
    cheapest = comparison.cheapest_split
    if cheapest is None:
        return []
    vendors = comma_separated((share.vendor_name for share in cheapest.shares), locale)
    total = money(cheapest.total, comparison.currency, locale)
    if cheapest.best_single is None:
        return [translate("cards.cheapest_split_only", locale, total=total, vendors=vendors)]
    single = money(cheapest.best_single, comparison.currency, locale)
    return [translate("cards.cheapest_split", locale, total=total, vendors=vendors, single=single)]


def _proposed_split(comparison: ComparisonOut, split: SplitAwardOut, locale: str) -> list[str]:
    names = {line.id: line.description for line in comparison.lines}
    total = money(split.total, split.currency, locale)
    told = [translate("cards.split_proposed", locale, total=total, person=split.proposed_by_name)]
    for share in split.shares:
        chosen = names | _chosen_alternatives(comparison, share, locale)
        lines = comma_separated((chosen[line] for line in share.lines), locale)
        own = money(share.total, share.currency, locale)
        key = "cards.split_stopped" if share.stopped else "cards.split_vendor"
        told.append(translate(key, locale, vendor=share.vendor_name, lines=lines, total=own))
    if split.left_out:
        left = comma_separated((names[line] for line in split.left_out), locale)
        told.append(translate("cards.split_left_out", locale, lines=left))
    return [*told, *phrases.reason(split.reason, locale)]


def _chosen_alternatives(comparison: ComparisonOut, share: ShareOut, locale: str) -> dict[UUID, str]:
    """By line: what is ordered, and what was asked for."""
    asked = {line.id: line.description for line in comparison.lines}
    return {
        line.rfq_line_id: phrases.in_place_of(line.alternative.description, asked[line.rfq_line_id], locale)
        for quote in comparison.quotes
        if quote.quote_id == share.quote_id
        for line in quote.lines
        if line.rfq_line_id in share.alternatives and line.alternative is not None
    }


def _left_out(comparison: ComparisonOut, quote: IncompleteQuoteOut, viewer: Viewer) -> str:
    """Whose quote has no price for which lines, and since when the vendor was asked."""
    locale = viewer.locale
    lines = phrases.lines([line for line in comparison.lines if line.id in quote.missing], locale)
    if quote.asked_at is None:
        return translate("cards.left_out", locale, vendor=quote.vendor_name, lines=lines)
    asked = moment(quote.asked_at, locale, viewer.zone)
    return translate("cards.left_out_asked", locale, vendor=quote.vendor_name, lines=lines, moment=asked)


def _table(comparison: ComparisonOut, locale: str) -> Table:
    quotes = comparison.quotes
    head = (translate("cards.column_line", locale), *(quote.vendor_name for quote in quotes))
    rows = [
        (
            phrases.line(line.quantity, line.unit, line.description, locale),
            *(_price(_line_of(quote, line), locale) for quote in quotes),
        )
        for line in comparison.lines
    ]
    rows.append((translate("cards.column_shipping", locale), *(_shipping(quote, locale) for quote in quotes)))
    rows.append((translate("cards.column_total", locale), *(_total(quote, locale) for quote in quotes)))
    rows.append(
        (
            translate("cards.column_lead_time", locale),
            *(_lead_time(quote, locale) for quote in quotes),
        )
    )
    rows.append(
        (translate("cards.column_valid", locale), *(day(quote.valid_until, locale) for quote in quotes))
    )
    return Table(head, tuple(rows))


def _line_of(quote: ComparedQuote, line: RfqLineOut) -> ComparedLine | None:
    return next((answer for answer in quote.lines if answer.rfq_line_id == line.id), None)


def _price(answer: ComparedLine | None, locale: str) -> str:
    if answer is None:
        return "–"
    if answer.no_bid or answer.unit_price is None:
        return translate("cards.no_bid", locale)
    price = number(answer.unit_price, locale)
    if answer.unit_price == 0:
        return translate("cards.costs_nothing", locale, price=price)
    return translate("cards.lowest", locale, price=price) if answer.best else price


def _lead_time(quote: ComparedQuote, locale: str) -> str:
    """How long it takes; what comes after the needed day is marked in words."""
    days = phrases.days(quote.lead_time_days, locale)
    return translate("cards.too_late", locale, days=days) if Doubt.late in quote.doubts else days


def _shipping(quote: ComparedQuote, locale: str) -> str:
    return number(quote.shipping_converted, locale)


def _total(quote: ComparedQuote, locale: str) -> str:
    total = number(quote.total_converted, locale)
    if not quote.complete:
        return translate("cards.incomplete", locale, price=total)
    return translate("cards.lowest", locale, price=total) if quote.best_total else total


def _vendor_lines(comparison: ComparisonOut, quote: ComparedQuote, locale: str) -> list[str]:
    total = money(quote.total_converted, comparison.currency, locale)
    lines = [
        translate(
            "cards.vendor_total",
            locale,
            vendor=quote.vendor_name,
            total=total if quote.complete else translate("cards.incomplete", locale, price=total),
            days=_lead_time(quote, locale),
            day=day(quote.valid_until, locale),
        )
    ]
    for line in comparison.lines:
        item = phrases.line(line.quantity, line.unit, line.description, locale)
        lines.append(f"· {item}: {_price(_line_of(quote, line), locale)}")
    if quote.documents:
        lines.append(f"· {phrases.files(quote.documents, locale)}")
    return lines


def _buttons(comparison: ComparisonOut, viewer: Viewer) -> tuple[ButtonRow, ...]:
    """What the reader may do with the answers, then how anybody may read them."""
    if comparison.rfq_id is None:
        return ()
    rfq_id, version = comparison.rfq_id, comparison.rfq_version or 1
    choices = [
        Button(
            label(translate("cards.propose", viewer.locale, vendor=quote.vendor_name)),
            Press(Op.propose, rfq_id, version, short_id(quote.quote_id)),
        )
        for quote in comparison.quotes
        if quote.offers(ActionVerb.propose) and (comparison.split is not None or not quote.selected)
    ]
    splitting = buttons_of(
        comparison, action_buttons.SPLITTING, lambda op: Press(op, rfq_id, version), viewer.locale
    )
    closing = buttons_of(
        comparison, action_buttons.CLOSING, lambda op: Press(op, rfq_id, version), viewer.locale
    )
    amending = buttons_of(
        comparison, action_buttons.AMENDING, lambda op: Press(op, rfq_id, version), viewer.locale
    )
    answering = [
        Button(
            label(translate("cards.answer_question", viewer.locale, vendor=each.vendor_name)),
            Press(Op.answer_rfq, rfq_id, version, short_id(each.id)),
        )
        for each in comparison.unanswered
        if each.offers(ActionVerb.answer_question)
    ]
    completing = [
        Button(
            label(translate("cards.ask_to_complete", viewer.locale, vendor=each.vendor_name)),
            Press(Op.ask_to_complete, rfq_id, version, short_id(each.quote_id)),
        )
        for each in comparison.incomplete
        if each.offers(ActionVerb.ask_to_complete)
    ]
    return (
        *rows_of(*answering[:MAX_ANSWERS], per_row=1),
        *rows_of(*completing[:MAX_ANSWERS], per_row=1),
        *rows_of(*closing),
        *rows_of(*amending, per_row=2),
        *rows_of(*choices[:MAX_PROPOSALS], per_row=1),
        *rows_of(*splitting),
        *_view_buttons(comparison, viewer.locale),
    )


def _view_buttons(comparison: ComparisonOut, locale: str) -> tuple[ButtonRow, ...]:
    """As a list, and what requester and vendors attached."""
    buttons = []
    if comparison.quotes:
        text = translate("buttons.view_as_text", locale)
        buttons.append(Button(text, Press(Op.compare_text, comparison.request_id)))
    count = len(comparison.documents) + sum(len(quote.documents) for quote in comparison.quotes)
    if count:
        buttons.append(
            Button(translate("buttons.files", locale, n=str(count)), Press(Op.files, comparison.request_id))
        )
    return rows_of(*buttons)
