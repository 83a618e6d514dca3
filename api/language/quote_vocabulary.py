"""The words of the quote grammar in English, German, Spanish, Russian and Arabic.

One rule: as in ``vocabulary.py``, words of a person's own language and of English count, never all at once.
"""

import re
from dataclasses import dataclass
from functools import cache

from api.language.tokenizer import Phrases, alternatives
from api.language.vocabulary import joined, listed

ANSWERS = {
    "en": alternatives(
        no_bid="no|no bid|nobid|no quote|not offered|cannot offer|n/a|-|–|—|x",
        skip="skip|later|next|pass",
        same="same|same price|same as before|ditto|as before",
    ),
    "de": alternatives(
        no_bid="nein|kein Angebot|nicht lieferbar|bieten wir nicht an|kein Gebot",
        skip="überspringen|weiter|später",
        same="gleich|gleicher Preis|wie zuvor|wie oben|dito|dasselbe|ebenso",
    ),
    "es": alternatives(
        no_bid="no|sin oferta|no ofertamos|no ofrecemos|no disponible",
        skip="saltar|omitir|siguiente|luego",
        same="igual|lo mismo|el mismo|mismo precio|el mismo precio|ídem|idem",
    ),
    "ru": alternatives(
        no_bid="нет|не предлагаем|нет предложения|не поставляем",
        skip="пропустить|дальше|позже",
        same="то же|тоже|так же|та же цена|столько же",
    ),
    "ar": alternatives(
        no_bid="لا|لا عرض|لا يوجد|لا يوجد عرض|غير متوفر|غير متاح|نعتذر",
        skip="تخط|تخطي|التالي|لاحقا",
        same="نفسه|نفس السعر|السعر نفسه|كما سبق|مثله",
    ),
}
PARTS = {
    "en": alternatives(
        valid="valid until|valid till|valid to|valid through|until|till|good until|quote valid until",
        valid_for="valid for|valid|validity",
        lead="lead time|lead|delivery time|delivery in|delivery within|delivered in|deliver in|shipping in"
        "|shipping within|ships in|in|within",
        shipping="shipping|ship|shipping cost|shipping costs|freight|delivery|delivery cost|postage",
        note="note|notes|comment",
        total="total|in total|altogether|sum",
    ),
    "de": alternatives(
        valid="gültig bis zum|gültig bis|gueltig bis|bis zum|bis|Bindefrist bis",
        valid_for="gültig für|gültig|Gültigkeit|Bindefrist",
        lead="Lieferzeit|Lieferung in|Lieferung innerhalb von|lieferbar in|Versand in|in|innerhalb von|binnen",
        shipping="Versand|Versandkosten|Fracht|Lieferkosten|Lieferung|Porto|zzgl Versand|plus Versand",
        note="Notiz|Anmerkung|Hinweis|Bemerkung",
        total="gesamt|insgesamt|Summe|zusammen",
    ),
    "es": alternatives(
        valid="válido hasta el|válido hasta|válida hasta el|válida hasta|hasta el|hasta|vigente hasta",
        valid_for="válido por|válida por|válido|válida|vigencia|validez",
        lead="plazo de entrega|plazo|entrega en|envío en|entrega|en|dentro de",
        shipping="envío|gastos de envío|portes|flete|transporte",
        note="nota|notas|comentario|observación",
        total="total|en total|suma",
    ),
    "ru": alternatives(
        valid="действует до|действительно до|действительна до|в силе до|до",
        valid_for="срок действия|действует|действительно|действительна",
        lead="срок поставки|срок|поставка через|поставка за|доставка через|доставка за|поставка|через|за|в течение",
        shipping="доставка|стоимость доставки|плюс доставка",
        currency="в",
        note="примечание|заметка|комментарий",
        total="итого|всего|сумма",
    ),
    "ar": alternatives(
        valid="صالح حتى|سار حتى|ساري حتى|حتى",
        valid_for="صالح لمدة|صالح|سار لمدة|ساري لمدة",
        lead="مدة التوريد|مدة التسليم|التوريد خلال|التسليم خلال|خلال|في غضون",
        shipping="الشحن|شحن|تكلفة الشحن|أجور الشحن",
        currency="بعملة",
        note="ملاحظة|ملاحظات|تعليق",
        total="الإجمالي|المجموع|إجمالي",
    ),
}
FREE = {
    "en": "free|included|incl|none|no charge",
    "de": "frei|kostenlos|gratis|inklusive|inkl|enthalten|frei Haus",
    "es": "gratis|incluido|incluidos|incluida|sin coste",
    "ru": "бесплатно|бесплатная|включена|включено",
    "ar": "مجانا|مجاني|مشمول|مشمولا",
}
WORKING = {
    "en": "working days|business days|workdays|bd",
    "de": "Werktage|Werktagen|Arbeitstage|Arbeitstagen",
    "es": "días hábiles|días laborables",
    "ru": "рабочих дней|рабочих дня|рабочий день|раб дней",
    "ar": "أيام عمل|يوم عمل",
}
LINE_WORDS = re.compile(
    r"(?:(?:line|item|position|pos\.?|zeile|línea|linea|posición|posicion|строка|позиция|поз\.?|البند|بند)\s*)?"
    r"(?:#|№|nr\.?\s*)?(\d{1,4})\s*(?::|\)|\.(?=\s))\s*",
    re.IGNORECASE,
)
"""``1:``, ``1)``, ``1. ``, ``line 1:``, ``Pos. 1:``, ``строка 1:``."""


@dataclass(frozen=True)
class QuoteVocabulary:
    """Every table of one language merged with the English one."""

    answers: Phrases[str]
    parts: Phrases[str]
    free: Phrases[str]
    working: Phrases[str]


@cache
def quote_vocabulary(language: str) -> QuoteVocabulary:
    """The quote words of a language and of English."""
    return QuoteVocabulary(
        answers=joined(ANSWERS, language),
        parts=joined(PARTS, language),
        free=listed(FREE, language),
        working=listed(WORKING, language),
    )
