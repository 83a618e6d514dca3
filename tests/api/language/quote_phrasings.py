"""Phrasings of quotes and the fields they must give, on Monday 23 November 2026."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from api.language import QuoteReading

JUNE = date(2027, 6, 30)
FRIDAY = date(2026, 11, 27)
IN_30_DAYS = date(2026, 12, 23)

Line = tuple[int, str, int | None]
"""Line, unit price or answer, lead time in days."""


@dataclass(frozen=True)
class QuotePhrasing:
    """One phrasing of a quote for ``lines`` lines of ten pieces each, and what it must give."""

    locale: str
    text: str
    answers: tuple[Line, ...]
    valid_until: date | None = None
    shipping: str | None = None
    currency: str = "USD"
    note: str | None = None
    lines: int = 1
    unread: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.locale}: {self.text}"

    def told(self) -> tuple[object, ...]:
        shipping = Decimal(self.shipping) if self.shipping else None
        return (self.answers, self.valid_until, shipping, self.currency, self.note, self.unread)


def shown(reading: QuoteReading) -> tuple[object, ...]:
    """A reading in the shape of ``Quoted.told``."""
    answers = tuple(
        (
            line.line,
            f"{line.unit_price:f}" if line.unit_price is not None else line.answer.value,
            line.lead_time_days,
        )
        for line in reading.lines
    )
    return (answers, reading.valid_until, reading.shipping, reading.currency, reading.note, reading.unread)


ONE = ((1, "450", 5),)
PAIR = ((1, "1150", 12), (2, "88", 3))
THREE = ((1, "1180", 10), (2, "45", 3), (3, "no_bid", None))
NO = ((1, "no_bid", None),)
SAME = ((1, "same", None),)
SKIP = ((1, "skip", None),)

QUOTED = [
    QuotePhrasing("en", "450 x 10, 5 days, till 30 June", ONE, JUNE),
    QuotePhrasing("en", "450 × 10 5d until June 30", ONE, JUNE),
    QuotePhrasing("en", "10 x 450, 5d, valid until 2027-06-30", ONE, JUNE),
    QuotePhrasing(
        "en", "450.00 usd x 10, lead time 5 days, valid till 30 June 2027", ((1, "450.00", 5),), JUNE
    ),
    QuotePhrasing("en", "$450, delivery in 5 days, till 30 June", ONE, JUNE),
    QuotePhrasing("en", "1180 10d", ((1, "1180", 10),)),
    QuotePhrasing("en", "1,180.50 2 weeks", ((1, "1180.50", 14),)),
    QuotePhrasing("en", "1: 1180 10d; 2: 45 3d; 3: no", THREE, lines=3),
    QuotePhrasing("en", "1) 1180 10d\n2) 45 3d\n3) no bid", THREE, lines=3),
    QuotePhrasing("en", "line 1: 1180 10d; line 2: 45 3d; line 3: cannot offer", THREE, lines=3),
    QuotePhrasing("en", "1: 1150 eur 12d; 2: 88 3d", PAIR, currency="EUR", lines=2),
    QuotePhrasing("en", "1: €1,150 12d; 2: €88 3d", PAIR, currency="EUR", lines=2),
    QuotePhrasing("en", "450 5d, shipping 40, valid for 30 days", ONE, IN_30_DAYS, "40"),
    QuotePhrasing("en", "450 in 5 days, free shipping, note: with setup", ONE, None, "0", note="with setup"),
    QuotePhrasing("en", "no", NO),
    QuotePhrasing("en", "no quote", NO),
    QuotePhrasing("en", "same as before", SAME),
    QuotePhrasing("en", "skip", SKIP),
    QuotePhrasing("en", "450 firm 5d", ONE, note="firm"),
    QuotePhrasing("en_GB", "£450, 5 days, till 30 June", ONE, JUNE, currency="GBP"),
    QuotePhrasing("de", "450 x 10, 5 Tage, bis 30. Juni", ONE, JUNE),
    QuotePhrasing(
        "de", "450,00 USD je Stück, Lieferzeit 5 Tage, gültig bis 30.06.2027", ((1, "450.00", 5),), JUNE
    ),
    QuotePhrasing("de", "1.180,50 2 Wochen", ((1, "1180.50", 14),)),
    QuotePhrasing("de", "1180 in zwei Wochen", ((1, "1180", 14),)),
    QuotePhrasing("de", "Pos. 1: 1180 10 Tage; Pos. 2: 45 3 Tage; Pos. 3: kein Angebot", THREE, lines=3),
    QuotePhrasing("de", "1: 1.150 EUR 12T; 2: 88 3T", PAIR, currency="EUR", lines=2),
    QuotePhrasing("de", "450 5 Tage, Versand 40, gültig für 30 Tage", ONE, IN_30_DAYS, "40"),
    QuotePhrasing(
        "de", "450 lieferbar in 5 Tagen, Versand frei, Notiz: mit Aufbau", ONE, None, "0", note="mit Aufbau"
    ),
    QuotePhrasing("de", "450 5 Tage bis Freitag", ONE, FRIDAY),
    QuotePhrasing("de", "nein", NO),
    QuotePhrasing("de", "kein Angebot", NO),
    QuotePhrasing("de", "bieten wir nicht an", NO),
    QuotePhrasing("de", "wie zuvor", SAME),
    QuotePhrasing("de", "gleicher Preis", SAME),
    QuotePhrasing("de", "überspringen", SKIP),
    QuotePhrasing("de", "450 Festpreis 5 Tage", ONE, note="Festpreis"),
    QuotePhrasing("es", "450 x 10, 5 días, hasta el 30 de junio", ONE, JUNE),
    QuotePhrasing(
        "es", "450,00 plazo de entrega 5 días, válido hasta el 30/06/2027", ((1, "450.00", 5),), JUNE
    ),
    QuotePhrasing("es", "1.180,50 2 semanas", ((1, "1180.50", 14),)),
    QuotePhrasing("es", "1180 dentro de dos semanas", ((1, "1180", 14),)),
    QuotePhrasing("es", "línea 1: 1180 10 días; línea 2: 45 3 días; línea 3: sin oferta", THREE, lines=3),
    QuotePhrasing("es", "1: 1.150 euros 12 días; 2: 88 3 días", PAIR, currency="EUR", lines=2),
    QuotePhrasing("es", "450 5 días, envío 40, válido por 30 días", ONE, IN_30_DAYS, "40"),
    QuotePhrasing(
        "es", "450 entrega en 5 días, envío gratis, nota: con montaje", ONE, None, "0", note="con montaje"
    ),
    QuotePhrasing("es", "450 5 días hasta el viernes", ONE, FRIDAY),
    QuotePhrasing("es_MX", "1,180.50 10 días", ((1, "1180.50", 10),)),
    QuotePhrasing("es", "sin oferta", NO),
    QuotePhrasing("es", "no ofertamos", NO),
    QuotePhrasing("es", "el mismo precio", SAME),
    QuotePhrasing("es", "igual", SAME),
    QuotePhrasing("es", "omitir", SKIP),
    QuotePhrasing("es", "450 firme 5 días", ONE, note="firme"),
    QuotePhrasing("ru", "450 x 10, 5 дней, до 30 июня", ONE, JUNE),
    QuotePhrasing(
        "ru", "450,00 за штуку, срок поставки 5 дней, действует до 30.06.2027", ((1, "450.00", 5),), JUNE
    ),
    QuotePhrasing("ru", "1 180,50 2 недели", ((1, "1180.50", 14),)),
    QuotePhrasing("ru", "1180 через неделю", ((1, "1180", 7),)),
    QuotePhrasing("ru", "строка 1: 1180 10 дней; строка 2: 45 3 дня; строка 3: нет", THREE, lines=3),
    QuotePhrasing("ru", "1: 1180 10д; 2: 45 3дн; 3: не предлагаем", THREE, lines=3),
    QuotePhrasing("ru", "1: 1 150 евро 12 дн; 2: 88 3 дня", PAIR, currency="EUR", lines=2),
    QuotePhrasing("ru", "450 5 дней, доставка 40, действует 30 дней", ONE, IN_30_DAYS, "40"),
    QuotePhrasing(
        "ru", "450 за 5 дней, доставка бесплатно, примечание: с монтажом", ONE, None, "0", note="с монтажом"
    ),
    QuotePhrasing("ru", "450 5 дней до пятницы", ONE, FRIDAY),
    QuotePhrasing("ru", "нет", NO),
    QuotePhrasing("ru", "нет предложения", NO),
    QuotePhrasing("ru", "та же цена", SAME),
    QuotePhrasing("ru", "то же", SAME),
    QuotePhrasing("ru", "пропустить", SKIP),
    QuotePhrasing("ru", "450 твёрдо 5 дней", ONE, note="твёрдо"),
    QuotePhrasing("ar", "450 x 10، 5 أيام، حتى 30 يونيو", ONE, JUNE),
    QuotePhrasing("ar", "البند 1: ١١٨٠ ١٠ أيام؛ البند 2: ٤٥ ٣ أيام؛ البند 3: لا", THREE, lines=3),
    QuotePhrasing("ar", "1180 خلال أسبوعين", ((1, "1180", 14),)),
    QuotePhrasing("ar", "450 5 أيام، الشحن 40، صالح لمدة 30 يوم", ONE, IN_30_DAYS, "40"),
    QuotePhrasing("ar", "نفس السعر", SAME),
]
