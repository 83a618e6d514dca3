"""The words of the grammars in English, German, Spanish, Russian and Arabic.

One rule: a text is read with the words of the person's own language and of English, never with all at once.

The same letters can mean different things (``Tag`` is a day in German).
"""

from dataclasses import dataclass
from functools import cache

from babel.core import Locale

from api.language.tokenizer import Phrases, alternatives, fold

CLAUSES = {
    "en": alternatives(
        needed="needed by|needed on|needed|need by|due on|due by|due",
        by="by|before|until|till|no later than",
        cost="for cost centre|for cost center|cost centre|cost center",
        purpose="for",
        behalf="on behalf of|in the name of",
        currency="in",
        vendor="from vendor|from|vendor",
        place="deliver to|delivery to|ship to|to",
        note="note|notes|comment",
    ),
    "de": alternatives(
        needed="benötigt bis zum|benötigt bis|benötigt am|benötigt|benoetigt bis|benoetigt|gebraucht bis|spätestens am",
        by="bis spätestens|bis zum|bis|vor dem|spätestens",
        cost="für Kostenstelle|Kostenstelle|auf Kostenstelle",
        purpose="für|fuer",
        behalf="im Namen von|im Auftrag von|stellvertretend für",
        currency="in",
        vendor="vom Anbieter|von|bei|Lieferant|Anbieter",
        place="liefern nach|liefern an|Lieferung nach|Lieferung an|nach",
        note="Notiz|Anmerkung|Hinweis|Bemerkung",
    ),
    "es": alternatives(
        needed="necesario para el|necesario para|necesario antes del|necesario el|se necesita para el|fecha",
        by="antes del|antes de|a más tardar el|hasta el|hasta|para el",
        cost="para el centro de coste|para centro de coste|centro de coste|centro de costes|centro de costo",
        purpose="para",
        behalf="en nombre de|por encargo de",
        currency="en",
        vendor="del proveedor|de proveedor|proveedor",
        place="entregar en|entrega en|enviar a",
        note="nota|notas|comentario|observación",
    ),
    "ru": alternatives(
        needed="нужно к|нужно до|нужен к|нужны к|нужна к|нужны до|требуется к|требуется до|срок",
        by="до|к|ко|на|не позднее",
        cost="для центра затрат|центр затрат|на центр затрат",
        purpose="для",
        behalf="от имени|по поручению",
        currency="в",
        vendor="от поставщика|от|поставщик|у поставщика",
        place="доставить в|доставка в|доставка на|доставить на",
        note="примечание|заметка|комментарий",
    ),
    "ar": alternatives(
        needed="مطلوب قبل|مطلوب في|مطلوب بحلول|مطلوبة قبل|بتاريخ",
        by="قبل|بحلول|حتى|في موعد أقصاه",
        cost="لمركز التكلفة|مركز التكلفة|على مركز التكلفة",
        purpose="لصالح|لأجل|لقسم",
        behalf="نيابة عن|بالنيابة عن|باسم",
        currency="بعملة",
        vendor="من المورد|من شركة|المورد",
        place="التسليم إلى|التسليم في|إلى",
        note="ملاحظة|ملاحظات|تعليق",
    ),
}

UNITS = {
    "en": alternatives(
        pcs="pc|pcs|piece|pieces|unit|units|ea",
        box="box|boxes|carton|cartons|crate|crates",
        pack="pack|packs|packet|packets|package|packages",
        bottle="bottle|bottles",
        bag="bag|bags",
        roll="roll|rolls",
        pair="pair|pairs",
        set="set|sets|kit|kits",
        dozen="dozen|dozens",
        can="can|cans",
        pallet="pallet|pallets",
        license="licence|licences|license|licenses|seats",
        kg="kg|kilo|kilos|kilogram|kilograms",
        g="g|gram|grams",
        t="t|tonne|tonnes|ton|tons",
        l="l|litre|litres|liter|liters",
        ml="ml",
        m="m|metre|metres|meter|meters",
        cm="cm",
        mm="mm",
        m2="m2|m²|sqm",
        m3="m3|m³",
        hour="h|hr|hrs|hour|hours",
        day="day|days",
        week="week|weeks",
        month="month|months",
    ),
    "de": alternatives(
        pcs="Stk|Stück|Stueck|St",
        box="Karton|Kartons|Kiste|Kisten|Schachtel|Schachteln",
        pack="Packung|Packungen|Pckg|Paket|Pakete|Päckchen",
        bottle="Flasche|Flaschen",
        bag="Sack|Säcke|Beutel|Tüte|Tüten",
        roll="Rolle|Rollen",
        pair="Paar|Paare",
        set="Satz|Sätze|Set|Sets",
        dozen="Dutzend",
        can="Dose|Dosen",
        pallet="Palette|Paletten",
        license="Lizenz|Lizenzen",
        kg="Kilogramm",
        g="Gramm",
        t="Tonne|Tonnen",
        hour="Std|Stunde|Stunden",
        day="Tag|Tage|Tagen",
        week="Woche|Wochen",
        month="Monat|Monate|Monaten",
        m2="qm|Quadratmeter",
        m3="cbm|Kubikmeter",
    ),
    "es": alternatives(
        pcs="ud|uds|unidad|unidades|pieza|piezas|pza|pzas",
        box="caja|cajas",
        pack="paquete|paquetes",
        bottle="botella|botellas",
        bag="bolsa|bolsas|saco|sacos",
        roll="rollo|rollos",
        pair="par|pares",
        set="juego|juegos|conjunto|conjuntos",
        dozen="docena|docenas",
        can="lata|latas",
        pallet="palé|palés|palet|palets",
        license="licencia|licencias",
        kg="kilogramo|kilogramos",
        g="gramo|gramos",
        t="tonelada|toneladas",
        l="litro|litros",
        m="metro|metros",
        hour="hora|horas",
        day="día|días",
        week="semana|semanas",
        month="mes|meses",
    ),
    "ru": alternatives(
        pcs="шт|штука|штуки|штук|ед",
        box="коробка|коробки|коробок|ящик|ящика|ящиков",
        pack="уп|упак|упаковка|упаковки|упаковок|пачка|пачки|пачек",
        bottle="бутылка|бутылки|бутылок",
        bag="мешок|мешка|мешков|пакет|пакета|пакетов",
        roll="рулон|рулона|рулонов",
        pair="пара|пары|пар",
        set="комплект|комплекта|комплектов|набор|набора|наборов",
        dozen="дюжина|дюжины|дюжин",
        can="банка|банки|банок",
        pallet="паллета|паллеты|паллет",
        license="лицензия|лицензии|лицензий",
        kg="кг|килограмм|килограмма|килограммов",
        g="г|гр|грамм|грамма|граммов",
        t="т|тонна|тонны|тонн",
        l="л|литр|литра|литров",
        ml="мл",
        m="м|метр|метра|метров",
        cm="см",
        mm="мм",
        m2="м2|м²",
        m3="м3|м³",
        hour="ч|час|часа|часов",
        day="день|дня|дней",
        week="неделя|недели|недель|неделю",
        month="месяц|месяца|месяцев",
    ),
    "ar": alternatives(
        pcs="قطعة|قطع|وحدة|وحدات|حبة|حبات",
        box="صندوق|صناديق|صندوقا|كرتون|كرتونة|كراتين",
        pack="عبوة|عبوات|حزمة|حزم|باكيت",
        bottle="زجاجة|زجاجات|قارورة|قوارير",
        bag="كيس|أكياس|كيسا",
        roll="لفة|لفات",
        pair="زوج|أزواج|زوجا",
        set="طقم|أطقم|طقما|مجموعة|مجموعات",
        dozen="دزينة|دزينات",
        can="علبة|علب",
        pallet="منصة|منصات|طبلية|طبليات",
        license="ترخيص|تراخيص|ترخيصا|رخصة|رخص",
        kg="كغ|كجم|كيلو|كيلوغرام|كيلوجرام",
        g="غ|غرام|غراما|جرام|جراما",
        t="طن|أطنان|طنا",
        l="لتر|لترات|لترا",
        ml="مل",
        m="م|متر|أمتار|مترا",
        cm="سم",
        mm="مم",
        m2="م2|م²",
        m3="م3|م³",
        hour="ساعة|ساعات",
        day="يوم|أيام|يوما",
        week="أسبوع|أسابيع|أسبوعا",
        month="شهر|أشهر|شهرا|شهور",
    ),
}

CASE_SENSITIVE_UNITS = frozenset({"g", "t", "l", "m", "h"})
"""Single letters are units only in lower case: ``3 T shirts`` are not three tonnes."""

COUNTS = {
    "en": "a=1|an=1|one=1|two=2|three=3|four=4|five=5|six=6|seven=7|eight=8|nine=9|ten=10|twelve=12",
    "de": "ein=1|eine=1|einen=1|einem=1|einer=1|eins=1|zwei=2|drei=3|vier=4|fünf=5|sechs=6|sieben=7|acht=8|neun=9"
    "|zehn=10|zwölf=12",
    "es": "un=1|una=1|uno=1|dos=2|tres=3|cuatro=4|cinco=5|seis=6|siete=7|ocho=8|nueve=9|diez=10|doce=12",
    "ru": "один=1|одна=1|одно=1|одну=1|два=2|две=2|три=3|четыре=4|пять=5|шесть=6|семь=7|восемь=8|девять=9"
    "|десять=10|двенадцать=12",
    "ar": "واحد=1|واحدة=1|اثنان=2|اثنين=2|اثنتان=2|اثنتين=2|ثلاثة=3|ثلاث=3|أربعة=4|أربع=4|خمسة=5|خمس=5|ستة=6|ست=6"
    "|سبعة=7|سبع=7|ثمانية=8|ثماني=8|تسعة=9|تسع=9|عشرة=10|عشر=10",
}

MULTIPLIERS = {
    "en": "hundred|hundreds|thousand|thousands|million|millions|couple|and a half|½|¼|¾",
    "de": "hundert|Hunderte|tausend|Tausende|Tsd|Mio|Million|Millionen|einhalb",
    "es": "cien|ciento|cientos|mil|miles|millón|millones|y medio|y media|decenas",
    "ru": "сто|сот|сотен|сотни|тысяча|тысячи|тысяч|тыс|миллион|миллиона|миллионов|млн|с половиной|десятка|десятков",
    "ar": "مئة|مائة|مئات|ألف|ألفا|آلاف|مليون|ملايين|عشر|عشرة|ونصف|و نصف|وربع",
}
"""Words that change the number before them: ``two hundred`` is asked about, never read as two."""
OPENINGS = {
    "en": "please|pls|i need|we need|need|i would like|we would like|hello|hi",
    "de": "bitte|ich brauche|wir brauchen|brauche|ich benötige|wir benötigen|hallo|guten Tag",
    "es": "por favor|necesito|necesitamos|quisiera|hola",
    "ru": "пожалуйста|мне нужно|мне нужен|мне нужны|нам нужно|нам нужны|нужно|нужен|нужна|нужны|прошу|здравствуйте",
    "ar": "من فضلك|من فضلكم|رجاء|أحتاج|أحتاج إلى|نحتاج|نحتاج إلى|أريد|نريد|مرحبا|السلام عليكم",
}
COURTESIES = {
    "en": "please|pls|thanks|thank you",
    "de": "bitte|danke|vielen Dank",
    "es": "por favor|gracias",
    "ru": "пожалуйста|спасибо",
    "ar": "من فضلك|من فضلكم|رجاء|شكرا",
}
URGENCIES = {
    "en": "asap|urgent|urgently|as soon as possible|immediately|quickly",
    "de": "dringend|eilig|sofort|so schnell wie möglich|schnellstmöglich",
    "es": "urgente|urgentemente|lo antes posible|cuanto antes",
    "ru": "срочно|как можно скорее|немедленно|быстро",
    "ar": "عاجل|عاجلا|بسرعة|فورا|في أقرب وقت|في أسرع وقت",
}
OF = {"en": "of", "de": "von|à", "es": "de|del", "ru": "", "ar": "من"}
PRICE_AT = {
    "en": "at|at about|each at",
    "de": "à|je|zu je|zu|für je|ca",
    "es": "a|por|c/u a|a unos",
    "ru": "по|по цене|примерно по",
    "ar": "بسعر|سعر|بقيمة",
}
EACH = {
    "en": "each|ea|apiece|per piece|per unit|per pc|a piece|/pc|/unit",
    "de": "je|pro Stück|je Stück|das Stück|/Stück|/Stk",
    "es": "cada uno|cada una|c/u|por unidad|la unidad|/ud",
    "ru": "каждый|за штуку|за шт|за единицу|/шт|штука",
    "ar": "للواحد|للواحدة|للقطعة|للوحدة|لكل قطعة|لكل وحدة",
}
DIMENSIONS = {
    "en": "inch|inches|gb|tb|mb|hz|ghz|w|watt|v|volt|port|ports|\"|''",
    "de": "Zoll|Watt|Volt|Ports",
    "es": "pulgadas|pulgada|vatios",
    "ru": "дюймов|дюйма|дюйм|гб|тб|вт",
    "ar": "بوصة|بوصات|واط|فولت|منافذ",
}
CURRENCY_WORDS = {
    "en": "euro=EUR|euros=EUR|€=EUR|£=GBP|₽=RUB|₹=INR|us$=USD",
    "de": "Euro=EUR|Franken=CHF",
    "es": "euro=EUR|euros=EUR",
    "ru": "руб=RUB|рубль=RUB|рубля=RUB|рублей=RUB|р=RUB|евро=EUR",
    "ar": "يورو=EUR",
}
DOLLARS = ("USD", "CAD", "AUD", "MXN", "SGD", "HKD", "NZD", "TWD", "CLP", "COP", "ARS", "BRL")
COMMON_CURRENCIES = frozenset(
    {"USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RUB", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "TRY"}
    | {"INR", "AUD", "CAD", "MXN", "BRL", "ZAR", "AED", "KZT", "UAH", "KWD"}
)
"""These also count in lower case; the others only in capitals, because ``all`` and ``top`` are words."""


@dataclass(frozen=True)
class Vocabulary:
    """Every table of one language merged with the English one, ready for matching."""

    clauses: Phrases[str]
    units: Phrases[str]
    counts: Phrases[str]
    multipliers: Phrases[str]
    openings: Phrases[str]
    courtesies: Phrases[str]
    urgencies: Phrases[str]
    of: Phrases[str]
    price_at: Phrases[str]
    each: Phrases[str]
    dimensions: Phrases[str]
    currencies: Phrases[str]


def language_of(locale: Locale) -> str:
    """The language whose words are used next to the English ones."""
    return locale.language if locale.language in CLAUSES else "en"


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language and of English."""
    return Vocabulary(
        clauses=joined(CLAUSES, language),
        units=joined(UNITS, language),
        counts=listed(COUNTS, language),
        multipliers=listed(MULTIPLIERS, language),
        openings=listed(OPENINGS, language),
        courtesies=listed(COURTESIES, language),
        urgencies=listed(URGENCIES, language),
        of=listed(OF, language),
        price_at=listed(PRICE_AT, language),
        each=listed(EACH, language),
        dimensions=listed(DIMENSIONS, language),
        currencies=listed(CURRENCY_WORDS, language),
    )


def joined(tables: dict[str, dict[str, str]], language: str) -> Phrases[str]:
    """The English table, overridden by a language's own."""
    return Phrases({**_folded(tables["en"]), **_folded(tables[language])})


def listed(tables: dict[str, str], language: str) -> Phrases[str]:
    """As ``joined``, for tables written as ``word|word=value``."""
    return joined({name: dict(_pairs(words)) for name, words in tables.items()}, language)


def _pairs(words: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in words.split("|") if part]
    return [(phrase, value or phrase) for phrase, _, value in parts]


def _folded(table: dict[str, str]) -> dict[str, str]:
    return {" ".join(fold(word) or word for word in phrase.split()): kind for phrase, kind in table.items()}
