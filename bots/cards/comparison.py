"""The comparison of all quotes to an RFQ, as a table for the officer and as a list for a narrow screen.

One rule: while the RFQ is open prices are sealed for everybody, so the card only counts answers.
"""

from uuid import UUID

from api.contract.awards import ComparedLine, ComparedQuote, ComparisonOut
from api.contract.rfqs import RfqLineOut
from api.text import day, money, number, translate
from bots.cards import words
from bots.cards.card import Button, Card, Row, Style, Table, label, rows_of
from bots.cards.press import Op, Press, short
from bots.cards.viewer import Viewer


def for_officer(compared: ComparisonOut, viewer: Viewer) -> Card:
    """Vendors side by side, differences marked by words."""
    card = _frame(compared, viewer)
    if compared.sealed or not compared.quotes:
        return card
    return Card(
        title=card.title,
        facts=card.facts,
        table=_table(compared, viewer.locale),
        buttons=card.buttons,
        more=card.more,
    )


def as_text(compared: ComparisonOut, viewer: Viewer) -> Card:
    """The same as a list, vendor by vendor."""
    card = _frame(compared, viewer)
    if compared.sealed:
        return card
    items = [text for quote in compared.quotes for text in _listed(compared, quote, viewer.locale)]
    return Card(title=card.title, facts=card.facts, items=tuple(items), more=card.more)


def _frame(compared: ComparisonOut, viewer: Viewer) -> Card:
    locale = viewer.locale
    state = compared.rfq_state.value if compared.rfq_state else "open"
    subject = translate(
        "cards.compare", locale, number=compared.rfq_number or "", request=compared.request_number
    )
    facts = [
        translate("cards.answered", locale, answered=str(compared.answered), invited=str(compared.invited))
    ]
    if compared.sealed:
        facts.append(translate("cards.sealed", locale))
    if compared.not_answered:
        facts.append(translate("cards.not_answered", locale, vendors=", ".join(compared.not_answered)))
    if compared.declined:
        facts.append(translate("cards.declined", locale, vendors=", ".join(compared.declined)))
    if not compared.sealed and compared.quotes:
        facts.append(translate("cards.all_in", locale, currency=compared.currency))
    return Card(
        title=words.title(subject, words.state("rfq", state, locale), locale),
        facts=tuple(facts),
        buttons=_buttons(compared, viewer),
        more=translate("cards.more", locale, n="{n}"),
    )


def _table(compared: ComparisonOut, locale: str) -> Table:
    quotes = compared.quotes
    head = (translate("cards.column_line", locale), *(quote.vendor_name for quote in quotes))
    rows = [
        (
            words.line(line.quantity, line.unit, line.description, locale),
            *(_price(_line_of(quote, line), locale) for quote in quotes),
        )
        for line in compared.lines
    ]
    rows.append((translate("cards.column_shipping", locale), *(_shipping(quote, locale) for quote in quotes)))
    rows.append((translate("cards.column_total", locale), *(_total(quote, locale) for quote in quotes)))
    rows.append(
        (
            translate("cards.column_lead_time", locale),
            *(words.days(quote.lead_time_days, locale) for quote in quotes),
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
    return translate("cards.lowest", locale, price=price) if answer.best else price


def _shipping(quote: ComparedQuote, locale: str) -> str:
    return number(quote.shipping_converted, locale)


def _total(quote: ComparedQuote, locale: str) -> str:
    total = number(quote.total_converted, locale)
    if not quote.complete:
        return translate("cards.incomplete", locale, price=total)
    return translate("cards.lowest", locale, price=total) if quote.best_total else total


def _listed(compared: ComparisonOut, quote: ComparedQuote, locale: str) -> list[str]:
    total = money(quote.total_converted, compared.currency, locale)
    told = [
        translate(
            "cards.vendor_total",
            locale,
            vendor=quote.vendor_name,
            total=total if quote.complete else translate("cards.incomplete", locale, price=total),
            days=words.days(quote.lead_time_days, locale),
            day=day(quote.valid_until, locale),
        )
    ]
    for line in compared.lines:
        item = words.line(line.quantity, line.unit, line.description, locale)
        told.append(f"· {item}: {_price(_line_of(quote, line), locale)}")
    if quote.documents:
        told.append(f"· {words.files(quote.documents, locale)}")
    return told


def _buttons(compared: ComparisonOut, viewer: Viewer) -> tuple[Row, ...]:
    """What an officer may do with the answers, then how anybody may read them."""
    if compared.rfq_id is None or compared.rfq_state is None:
        return ()
    choices: tuple[Row, ...] = ()
    if viewer.has("officer"):
        choices = _choices(compared, compared.rfq_id, compared.rfq_state.value, viewer.locale)
    return (*choices, *_readings(compared, viewer.locale))


def _choices(compared: ComparisonOut, rfq_id: UUID, state: str, locale: str) -> tuple[Row, ...]:
    version = compared.rfq_version or 1
    if state == "open":
        close = Press(Op.close_rfq, rfq_id, version)
        return rows_of(Button(translate("buttons.close_rfq", locale), close, Style.danger))
    decided = any(quote.state.value == "approved" for quote in compared.quotes)
    choices = [
        Button(
            label(translate("cards.propose", locale, vendor=quote.vendor_name)),
            Press(Op.propose, rfq_id, version, short(quote.quote_id)),
        )
        for quote in compared.quotes
        if state == "closed"
        and not decided
        and quote.complete
        and not quote.selected
        and quote.state.value == "submitted"
    ]
    return rows_of(*choices[:9], wide=1)


def _readings(compared: ComparisonOut, locale: str) -> tuple[Row, ...]:
    """As a list, and what the vendors attached."""
    if not compared.quotes:
        return ()
    buttons = [Button(translate("buttons.view_as_text", locale), Press(Op.compare_text, compared.request_id))]
    count = sum(len(quote.documents) for quote in compared.quotes)
    if count:
        buttons.append(
            Button(translate("buttons.files", locale, n=str(count)), Press(Op.files, compared.request_id))
        )
    return rows_of(*buttons)
