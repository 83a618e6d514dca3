"""The RFQ's card for a vendor, and the comparison for the officer."""

from decimal import Decimal

from api.contract.sourcing import ComparedQuote, ComparisonOut, QuoteOut, RfqOut
from api.text import day, moment, money, number, quantity, say
from bots.cards.lines import shortened, wanted
from bots.cards.model import Button, Card, Op, Press, Style, Viewer
from core.sourcing.states import InvitationState, QuoteState, RfqState


def draw_for_vendor(rfq: RfqOut, viewer: Viewer) -> Card:
    """What a buyer wants to know, until when, and what I answered."""
    locale = viewer.locale
    if rfq.state is RfqState.open:
        title = say(
            "cards.rfq.until", locale, number=rfq.number, moment=moment(rfq.quote_by, locale, viewer.zone)
        )
    else:
        state = say(f"states.rfq.{_shown(rfq).value}", locale)
        title = say("cards.title", locale, number=rfq.number, state=state)
    lines = (wanted(line.description, line.quantity, line.unit, locale) for line in rfq.lines)
    facts = [
        say(
            "cards.rfq.asks", locale, company=rfq.buyer, currency=rfq.currency, day=day(rfq.needed_by, locale)
        ),
        *shortened((f"{place}. {line}" for place, line in enumerate(lines, start=1)), locale),
    ]
    if rfq.note:
        facts.append(say("cards.note", locale, note=rfq.note))
    if rfq.my_quote is not None:
        facts += _answer(rfq.my_quote, locale)
    declined = any(item.state is InvitationState.declined for item in rfq.invitations)
    if declined:
        facts.append(say("cards.rfq.declined", locale))
    return Card(title, tuple(facts), rows=_vendor_rows(rfq, locale, declined=declined))


def _shown(rfq: RfqOut) -> RfqState:
    """A vendor whose quote was not approved hears "closed", not how it went on."""
    mine = rfq.my_quote
    won = mine is not None and mine.state is QuoteState.approved
    return rfq.state if won or rfq.state is RfqState.cancelled else RfqState.closed


def _answer(quote: QuoteOut, locale: str) -> list[str]:
    return [
        say(
            "cards.rfq.my_quote",
            locale,
            number=quote.number,
            revision=quote.revision,
            amount=money(quote.total, quote.currency, locale),
            days=quote.lead_time_days,
            day=day(quote.valid_until, locale),
            state=say(f"states.quote.{quote.state.value}", locale),
        )
    ]


def _vendor_rows(rfq: RfqOut, locale: str, *, declined: bool) -> tuple[tuple[Button, ...], ...]:
    if rfq.state is not RfqState.open:
        return ()
    quoted = rfq.my_quote is not None and rfq.my_quote.state is QuoteState.submitted
    label = say("buttons.revise_quote" if quoted else "buttons.quote", locale)
    first = [Button(label, Press(Op.quote, rfq.id, rfq.version), Style.good)]
    if not declined:
        first.append(Button(say("buttons.no_bid", locale), Press(Op.no_bid, rfq.id, rfq.version), Style.bad))
    rows = [tuple(first)]
    if quoted and rfq.my_quote is not None:
        press = Press(Op.withdraw_quote, rfq.my_quote.id, rfq.my_quote.version)
        rows.append((Button(say("buttons.withdraw_quote", locale), press),))
    return tuple(rows)


def draw_comparison(compared: ComparisonOut, viewer: Viewer) -> Card:
    """All answers side by side; sealed while vendors may still answer."""
    locale = viewer.locale
    number_of = compared.rfq_number or compared.request_number
    state = say(f"states.rfq.{compared.rfq_state.value}", locale) if compared.rfq_state else ""
    title = say("cards.title", locale, number=f"{number_of} · {compared.request_number}", state=state)
    facts = [say("cards.rfq.answered", locale, answered=compared.answered, invited=compared.invited)]
    if compared.sealed:
        facts.append(say("cards.rfq.sealed", locale))
    for key, names in (("cards.rfq.silent", compared.not_answered), ("cards.rfq.no_bid", compared.declined)):
        if names:
            facts.append(say(key, locale, names=", ".join(names)))
    facts += [_told(quote, compared, locale) for quote in compared.quotes]
    return Card(title, tuple(facts), _table(compared, locale), rows=_officer_rows(compared, viewer))


def _told(quote: ComparedQuote, compared: ComparisonOut, locale: str) -> str:
    marks = [
        say(key, locale)
        for key, holds in (
            ("cards.rfq.lowest", quote.best_total),
            ("cards.rfq.selected", quote.selected),
            ("cards.rfq.incomplete", not quote.complete),
        )
        if holds
    ]
    return say(
        "cards.rfq.offer",
        locale,
        vendor=quote.vendor_name,
        amount=money(quote.total_converted, compared.currency, locale),
        days=quote.lead_time_days,
        day=day(quote.valid_until, locale),
        marks=" · ".join(marks),
    ).rstrip(" ·")


def _table(compared: ComparisonOut, locale: str) -> tuple[tuple[str, ...], ...]:
    """Unit prices line by line; the best of each line is marked by a sign and not by colour."""
    if not compared.quotes:
        return ()
    shown = compared.quotes[:4]
    rows = [("", *(quote.vendor_name[:12] for quote in shown))]
    for line in compared.lines[:20]:
        cells = []
        for quote in shown:
            mine = next((item for item in quote.lines if item.rfq_line_id == line.id), None)
            cells.append(_cell(mine.unit_price if mine else None, locale, best=bool(mine and mine.best)))
        label = f"{quantity(line.quantity, line.unit, locale)} × {line.description}"
        rows.append((label[:18], *cells))
    return tuple(rows)


def _cell(price: Decimal | None, locale: str, *, best: bool) -> str:
    if price is None:
        return "–"
    return f"{number(price, locale)}{' *' if best else ''}"


def _officer_rows(compared: ComparisonOut, viewer: Viewer) -> tuple[tuple[Button, ...], ...]:
    if "officer" not in viewer.roles or compared.rfq_id is None:
        return ()
    locale, version = viewer.locale, compared.rfq_version or 0
    if compared.rfq_state is RfqState.open:
        return ((Button(say("buttons.close_rfq", locale), Press(Op.close_rfq, compared.rfq_id, version)),),)
    if compared.rfq_state is not RfqState.closed:
        return ()
    return tuple(
        (
            Button(
                say("cards.rfq.propose", locale, vendor=quote.vendor_name)[:40],
                Press(Op.propose, quote.quote_id, version),
            ),
        )
        for quote in compared.quotes
        if quote.state is QuoteState.submitted and quote.complete
    )
