"""Names of months and weekdays, and the words with which people count days.

One rule: the names are Babel's in every width, plus common spellings that Babel does not list.
"""

from dataclasses import dataclass
from functools import cache

from babel.core import Locale

from api.language.tokenizer import Phrases, fold

DAYS = {
    "en": "today=0|tonight=0|tomorrow=1|day after tomorrow=2|next week=week|next month=month",
    "de": "heute=0|morgen=1|übermorgen=2|uebermorgen=2|nächste Woche=week|nächster Woche=week|nächsten Monat=month",
    "es": "hoy=0|mañana=1|pasado mañana=2|la semana que viene=week|la próxima semana=week|próxima semana=week"
    "|semana que viene=week|próximo mes=month|mes que viene=month",
    "ru": "сегодня=0|завтра=1|послезавтра=2|следующая неделя=week|следующей неделе=week|следующую неделю=week"
    "|следующий месяц=month|следующем месяце=month",
    "ar": "اليوم=0|غدا=1|غد=1|بعد غد=2|الأسبوع القادم=week|الأسبوع المقبل=week|الشهر القادم=month|الشهر المقبل=month",
}
IN = {
    "en": "in|within|within the next",
    "de": "in|binnen|innerhalb von",
    "es": "en|dentro de|en unos",
    "ru": "через|в течение",
    "ar": "خلال|في غضون|بعد",
}
NEXT = {
    "en": "next",
    "de": "nächsten|nächster|nächste|naechsten",
    "es": "próximo|el próximo",
    "ru": "следующий|следующую|следующее|следующая|следующей|следующего",
    "ar": "",
}
THIS = {
    "en": "this|this coming|coming",
    "de": "diesen|dieser|diese|kommenden|kommender",
    "es": "este|el este",
    "ru": "этот|эту|это|эта|этой|этого|ближайший|ближайшую|ближайшего|ближайшей",
    "ar": "يوم|هذا|هذه",
}
FILLERS = {
    "en": "the|on|of|on the",
    "de": "am|den|dem|zum|der",
    "es": "el|la|de|del|para el|dia",
    "ru": "на|в|во",
    "ar": "يوم|في|من|شهر",
}
SHORT_SPANS = {
    "en": "d=day|w=week|wk=week|wks=week",
    "de": "t=day|wo=week",
    "es": "sem=week",
    "ru": "д=day|дн=day|нед=week",
    "ar": "",
}
ALONE = {
    "en": "",
    "de": "",
    "es": "",
    "ru": "день=1 day|неделю=1 week|месяц=1 month|полгода=6 month",
    "ar": "يوم=1 day|يومين=2 day|أسبوع=1 week|أسبوعين=2 week|شهر=1 month|شهرين=2 month",
}
"""Time spans in one word that includes the count."""
NEXT_AFTER = {
    "en": "",
    "de": "",
    "es": "que viene|próximo",
    "ru": "",
    "ar": "القادم|القادمة|المقبل|المقبلة",
}
"""Words for ``next`` that follow the weekday."""
EXTRA_MONTHS = {
    "en": {"sept": 9},
    "de": {
        "maerz": 3,
        "mrz": 3,
        "jan": 1,
        "jän": 1,
        "jänner": 1,
        "feb": 2,
        "jun": 6,
        "jul": 7,
        "sep": 9,
        "sept": 9,
        "okt": 10,
        "dez": 12,
    },
    "es": {"sep": 9, "set": 9, "setiembre": 9},
    "ru": {"май": 5, "фев": 2, "март": 3, "сен": 9, "ноя": 11, "июнь": 6, "июль": 7},
    "ar": {
        "كانون الثاني": 1,
        "شباط": 2,
        "آذار": 3,
        "نيسان": 4,
        "أيار": 5,
        "حزيران": 6,
        "تموز": 7,
        "آب": 8,
        "أيلول": 9,
        "تشرين الأول": 10,
        "تشرين الثاني": 11,
        "كانون الأول": 12,
    },
}
EXTRA_WEEKDAYS = {
    "en": {"tues": 1, "weds": 2, "thur": 3, "thurs": 3},
    "de": {"sonnabend": 5},
    "es": {},
    "ru": {
        "среду": 2,
        "пятницу": 4,
        "субботу": 5,
        "понедельнику": 0,
        "вторнику": 1,
        "среде": 2,
        "четвергу": 3,
        "пятнице": 4,
        "субботе": 5,
        "воскресенью": 6,
        "понедельника": 0,
        "вторника": 1,
        "среды": 2,
        "четверга": 3,
        "пятницы": 4,
        "субботы": 5,
        "воскресенья": 6,
    },
    "ar": {},
}


@dataclass(frozen=True)
class CalendarNames:
    """Months by number, weekdays by Python's number (Monday is 0)."""

    months: Phrases[int]
    weekdays: Phrases[int]


@cache
def names(language: str) -> CalendarNames:
    """The names of a language and of English; two-letter weekdays only in German."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for each in dict.fromkeys(("en", language)):
        months |= _babel_names(each, "months") | {fold(name): n for name, n in EXTRA_MONTHS[each].items()}
        weekdays |= _babel_names(each, "days") | {fold(name): n for name, n in EXTRA_WEEKDAYS[each].items()}
    return CalendarNames(Phrases(months), Phrases(weekdays))


def _babel_names(language: str, kind: str) -> dict[str, int]:
    table = getattr(Locale(language), kind)
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {fold(str(name)): int(number) for number, name in table[context][width].items()}
    return found
