"""The card of an RFQ as its vendor sees it: the lines, the deadline, and the vendor's own answer."""

from api.contract.actions import ActionVerb
from api.contract.quotes import QuoteLineOut, QuoteOut
from api.contract.rfqs import RfqLineOut, RfqOut
from api.text import day, moment, money, translate, translate_plural
from bots.cards import action_buttons, phrases
from bots.cards.action_buttons import buttons_of
from bots.cards.card import Button, ButtonRow, Card, rows_of
from bots.cards.press import Op, Press
from bots.cards.viewer import Viewer


def for_vendor(rfq: RfqOut, viewer: Viewer) -> Card:
    """The vendor's own part and nothing of the others."""
    locale = viewer.locale
    own_quote = _own_quote(rfq)
    answers = {line.rfq_line_id: line for line in own_quote.lines} if own_quote else {}
    return Card(
        title=_title(rfq, viewer),
        facts=(
            translate_plural(
                "cards.rfq_asks", len(rfq.lines), locale, buyer=rfq.buyer, currency=rfq.currency
            ),
            translate("cards.rfq_needed", locale, day=day(rfq.needed_by, locale)),
            *phrases.note(rfq.note, locale),
            *((phrases.files(rfq.documents, locale),) if rfq.documents else ()),
            *(_answer(own_quote, viewer) if own_quote else ()),
            *(_left_out(rfq, own_quote, locale) if own_quote else ()),
            *_clarifications(rfq, locale),
        ),
        items=tuple(
            _line(number, line, answers.get(line.id), own_quote, locale)
            for number, line in enumerate(rfq.lines, start=1)
        ),
        buttons=(*_buttons(rfq, own_quote, locale), *_files(rfq, own_quote, locale)),
        more=translate("cards.more", locale, n="{n}"),
    )


def _own_quote(rfq: RfqOut) -> QuoteOut | None:
    quote = rfq.my_quote
    return quote if quote is not None and quote.state.value not in ("withdrawn", "expired") else None


def _title(rfq: RfqOut, viewer: Viewer) -> str:
    locale = viewer.locale
    if rfq.my_quote is not None and rfq.my_quote.state.value in ("approved", "rejected", "lost"):
        text = phrases.state("quote", rfq.my_quote.state.value, locale)
        return phrases.title(rfq.number, text, locale)
    own = rfq.invitations[0].state.value if len(rfq.invitations) == 1 else "sent"
    until = moment(rfq.quote_by, locale, viewer.zone)
    match (rfq.state.value, own):
        case (_, "declined"):
            text = translate("cards.rfq_declined", locale)
        case ("open", "quoted"):
            text = translate("cards.rfq_quoted", locale, moment=until)
        case ("open", _):
            text = translate("cards.rfq_by", locale, moment=until)
        case _:
            text = translate("cards.rfq_closed", locale)
    return phrases.title(rfq.number, text, locale)


def _line(
    number: int, line: RfqLineOut, answer: QuoteLineOut | None, quote: QuoteOut | None, locale: str
) -> str:
    text = f"{number}  {phrases.line(line.quantity, line.unit, line.description, locale)}"
    if answer is None or quote is None:
        return text
    if answer.no_bid or answer.unit_price is None:
        told = translate("cards.your_no_bid", locale, line=text)
    else:
        told = translate(
            "cards.your_price",
            locale,
            line=text,
            price=money(answer.unit_price, quote.currency, locale),
            days=phrases.days(
                answer.lead_time_days if answer.lead_time_days is not None else quote.lead_time_days, locale
            ),
        )
    if answer.alternative is None:
        return told
    return f"{told} · {phrases.alternative(answer.alternative, quote.currency, locale)}"


def _answer(quote: QuoteOut, viewer: Viewer) -> tuple[str, ...]:
    locale = viewer.locale
    text = translate(
        "cards.your_quote",
        locale,
        number=quote.number,
        revision=quote.revision,
        total=money(quote.total, quote.currency, locale),
        day=day(quote.valid_until, locale),
        moment=moment(quote.submitted_at, locale, viewer.zone),
    )
    return (
        text,
        *((translate("cards.entered_for_you", locale),) if quote.entered else ()),
        *((translate("cards.quote_outdated", locale),) if quote.outdated else ()),
        *((phrases.files(quote.documents, locale),) if quote.documents else ()),
    )


def _unanswered(rfq: RfqOut, quote: QuoteOut) -> list[RfqLineOut]:
    """The lines that wait for this vendor: "no bid" is an answer, until the buyer asks for a price all the same."""
    refused = {line.rfq_line_id for line in quote.lines if line.no_bid}
    settled = refused if quote.asked_to_complete_at is None else set()
    return [line for line in rfq.lines if line.id in quote.missing and line.id not in settled]


def _left_out(rfq: RfqOut, quote: QuoteOut, locale: str) -> tuple[str, ...]:
    """The lines that the vendor has not answered, while it still can."""
    missing = _unanswered(rfq, quote)
    if not missing or not rfq.offers(ActionVerb.quote):
        return ()
    key = "cards.own_left_out" if quote.asked_to_complete_at is None else "cards.own_left_out_asked"
    return (translate(key, locale, lines=phrases.lines(missing, locale)),)


def _clarifications(rfq: RfqOut, locale: str) -> tuple[str, ...]:
    """What all vendors read, then the reader's own questions that wait."""
    answered = (
        translate("cards.clarification", locale, question=each.question, answer=each.answer)
        for each in rfq.clarifications
    )
    waiting = (
        translate("cards.own_question", locale, question=each.text)
        for each in rfq.questions
        if each.answered_at is None
    )
    return (*answered, *waiting)


def _files(rfq: RfqOut, quote: QuoteOut | None, locale: str) -> tuple[ButtonRow, ...]:
    """What the buyer sent along can be opened; with it the vendor's own."""
    if not rfq.documents:
        return ()
    count = len(rfq.documents) + (len(quote.documents) if quote else 0)
    return rows_of(Button(translate("buttons.files", locale, n=str(count)), Press(Op.files, rfq.id)))


def _buttons(rfq: RfqOut, own_quote: QuoteOut | None, locale: str) -> tuple[ButtonRow, ...]:
    """To answer; whoever has quoted revises or withdraws instead."""

    def answer(op: Op) -> Press:
        return Press(op, rfq.id, rfq.version)

    asking = buttons_of(rfq, action_buttons.ASKING, answer, locale)
    if own_quote is None or not rfq.offers(ActionVerb.quote):
        first = buttons_of(rfq, action_buttons.FIRST_QUOTE, answer, locale)
        return rows_of(*first, *asking)

    def change(op: Op) -> Press:
        return Press(op, own_quote.id, own_quote.version)

    return rows_of(
        *buttons_of(
            rfq,
            action_buttons.COMPLETING if _unanswered(rfq, own_quote) else action_buttons.NEXT_REVISION,
            answer,
            locale,
        ),
        *buttons_of(own_quote, action_buttons.OWN_QUOTE, change, locale),
        *asking,
        per_row=2,
    )
