"""Phrasings of requests and the fields they must give, on Monday 23 November 2026."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

TODAY = date(2026, 11, 23)
FIRST = date(2026, 12, 1)
FIFTH = date(2026, 12, 5)
FRIDAY = date(2026, 11, 27)
TOMORROW = date(2026, 11, 24)
TWO_WEEKS = date(2026, 12, 7)


@dataclass(frozen=True)
class RequestPhrasing:
    """One phrasing: its first line (quantity, unit, item, price) and the fields that are not empty."""

    locale: str
    text: str
    line: tuple[str | None, str, str, str | None]
    needed_by: date | None = None
    cost_centre: str | None = None
    currency: str = "USD"
    vendor: str | None = None
    place: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.locale}: {self.text}"

    def shown_line(self) -> tuple[Decimal | None, str, str, Decimal | None]:
        quantity, unit, item, price = self.line
        return (Decimal(quantity) if quantity else None, unit, item, Decimal(price) if price else None)


LAPTOP = ("3", "pcs", "laptop Dell 5440", "1200")

PHRASINGS = [
    RequestPhrasing("en", "3x laptop Dell 5440 @1200 needed 2026-12-01 for IT", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "3 x laptop Dell 5440 @ 1,200 by 1 Dec for IT", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "3 × laptop Dell 5440 @ 1200.00 usd for IT needed by Dec 1", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "3 laptop Dell 5440 @$1200 for IT by December 1, 2026", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "laptop Dell 5440 x3 @1200 by 1st of December for IT", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "laptop Dell 5440, 3 pcs, @1200, by 1 December 2026, for IT", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "I need three laptop Dell 5440 at 1200 each by 1 Dec for IT", LAPTOP, FIRST, "IT"),
    RequestPhrasing("en", "for IT by 1 Dec, 3x laptop Dell 5440 @1200", LAPTOP, FIRST, "IT"),
    RequestPhrasing(
        "en",
        "2.5 kg coffee beans @ 18.50 by Friday for Kitchen",
        ("2.5", "kg", "coffee beans", "18.50"),
        FRIDAY,
        "Kitchen",
    ),
    RequestPhrasing(
        "en",
        "2.5kg coffee beans for Kitchen in 2 weeks",
        ("2.5", "kg", "coffee beans", None),
        TWO_WEEKS,
        "Kitchen",
    ),
    RequestPhrasing(
        "en",
        "10 boxes of paper A4 tomorrow's size by tomorrow",
        ("10", "box", "paper A4 tomorrow's size", None),
        TOMORROW,
    ),
    RequestPhrasing(
        "en",
        "5 chairs in EUR from Ikea to Berlin HQ for HR by Friday",
        ("5", "pcs", "chairs", None),
        FRIDAY,
        "HR",
        "EUR",
        "Ikea",
        "Berlin HQ",
    ),
    RequestPhrasing(
        "en",
        "5 chairs @45 EUR note: black, please; for HR",
        ("5", "pcs", "chairs", "45"),
        None,
        "HR",
        "EUR",
        note="black, please",
    ),
    RequestPhrasing(
        "en",
        "5 chairs #onboarding for HR #q4",
        ("5", "pcs", "chairs", None),
        None,
        "HR",
        tags=("onboarding", "q4"),
    ),
    RequestPhrasing("en", "5 chairs asap for HR", ("5", "pcs", "chairs", None), None, "HR", unread=("asap",)),
    RequestPhrasing(
        "en", "5 chairs needed asap for HR", ("5", "pcs", "chairs", None), None, "HR", unread=("needed asap",)
    ),
    RequestPhrasing("en", "24 inch monitor for IT", (None, "pcs", "24 inch monitor", None), None, "IT"),
    RequestPhrasing(
        "en", "3 500ml bottles for Kitchen", ("3", "pcs", "500ml bottles", None), None, "Kitchen"
    ),
    RequestPhrasing(
        "en", "notebook by Moleskine for HR", (None, "pcs", "notebook by Moleskine", None), None, "HR"
    ),
    RequestPhrasing("en_GB", "3 × laptop Dell 5440 @ £1,200 by 1 Dec for IT", LAPTOP, FIRST, "IT", "GBP"),
    RequestPhrasing(
        "de", "3x Laptop @1200 bis 1. Dezember 2026 für IT", ("3", "pcs", "Laptop", "1200"), FIRST, "IT"
    ),
    RequestPhrasing(
        "de",
        "3x Laptop @1.200,50 EUR bis 1.12.2026 für IT",
        ("3", "pcs", "Laptop", "1200.50"),
        FIRST,
        "IT",
        "EUR",
    ),
    RequestPhrasing(
        "de", "3 × Laptop @ 1.200 benötigt bis 01.12.26 fuer IT", ("3", "pcs", "Laptop", "1200"), FIRST, "IT"
    ),
    RequestPhrasing(
        "de", "für IT bis 1. Dez. 3 x Laptop @ 1200,-", ("3", "pcs", "Laptop", "1200"), FIRST, "IT"
    ),
    RequestPhrasing(
        "de", "2,5 kg Kaffee @ 18,50 bis Freitag für Küche", ("2.5", "kg", "Kaffee", "18.50"), FRIDAY, "Küche"
    ),
    RequestPhrasing(
        "de", "2,5kg Kaffee in zwei Wochen für Küche", ("2.5", "kg", "Kaffee", None), TWO_WEEKS, "Küche"
    ),
    RequestPhrasing(
        "de",
        "10 Kartons Papier bis zum 5. Dezember für Kostenstelle Büro",
        ("10", "box", "Papier", None),
        FIFTH,
        "Büro",
    ),
    RequestPhrasing(
        "de",
        "bitte 5 Stück Monitor 27 Zoll à 250 Euro bis morgen für IT",
        ("5", "pcs", "Monitor 27 Zoll", "250"),
        TOMORROW,
        "IT",
        "EUR",
    ),
    RequestPhrasing(
        "de",
        "Wir brauchen drei Stühle je 120 bis kommenden Freitag für Vertrieb",
        ("3", "pcs", "Stühle", "120"),
        FRIDAY,
        "Vertrieb",
    ),
    RequestPhrasing(
        "de",
        "5 Stühle von Ikea nach Hamburg Notiz: schwarz",
        ("5", "pcs", "Stühle", None),
        vendor="Ikea",
        place="Hamburg",
        note="schwarz",
    ),
    RequestPhrasing(
        "de", "5 Stühle für HR dringend", ("5", "pcs", "Stühle", None), None, "HR", unread=("dringend",)
    ),
    RequestPhrasing(
        "de",
        "12 Rollen Klebeband am Freitag für Lager #umzug",
        ("12", "roll", "Klebeband", None),
        FRIDAY,
        "Lager",
        tags=("umzug",),
    ),
    RequestPhrasing(
        "de", "Laptop x3 @1200 für IT needed 2026-12-01", ("3", "pcs", "Laptop", "1200"), FIRST, "IT"
    ),
    RequestPhrasing(
        "de_CH",
        "3 Laptop @ 1’200.50 CHF bis 1.12. für IT",
        ("3", "pcs", "Laptop", "1200.50"),
        FIRST,
        "IT",
        "CHF",
    ),
    RequestPhrasing(
        "de_AT",
        "3 Laptop @ 1.200,50 bis übermorgen für IT",
        ("3", "pcs", "Laptop", "1200.50"),
        date(2026, 11, 25),
        "IT",
    ),
    RequestPhrasing(
        "es",
        "3x portátil @1200 para el 5 de diciembre para IT",
        ("3", "pcs", "portátil", "1200"),
        FIFTH,
        "IT",
    ),
    RequestPhrasing(
        "es",
        "3 × portátil @ 1.200,50 EUR antes del 5 de diciembre de 2026 para IT",
        ("3", "pcs", "portátil", "1200.50"),
        FIFTH,
        "IT",
        "EUR",
    ),
    RequestPhrasing(
        "es",
        "3 portátil a 1.200 cada uno para el 05/12/2026 para IT",
        ("3", "pcs", "portátil", "1200"),
        FIFTH,
        "IT",
    ),
    RequestPhrasing(
        "es",
        "2,5 kg de café @ 18,50 para el viernes para cocina",
        ("2.5", "kg", "café", "18.50"),
        FRIDAY,
        "cocina",
    ),
    RequestPhrasing(
        "es",
        "2,5 kg de café dentro de dos semanas para cocina",
        ("2.5", "kg", "café", None),
        TWO_WEEKS,
        "cocina",
    ),
    RequestPhrasing(
        "es", "10 cajas de papel para mañana para Oficina", ("10", "box", "papel", None), TOMORROW, "Oficina"
    ),
    RequestPhrasing(
        "es",
        "necesito cinco sillas para ventas antes del viernes",
        ("5", "pcs", "sillas", None),
        FRIDAY,
        "ventas",
    ),
    RequestPhrasing(
        "es",
        "5 sillas en EUR para ventas nota: negras",
        ("5", "pcs", "sillas", None),
        None,
        "ventas",
        "EUR",
        note="negras",
    ),
    RequestPhrasing(
        "es",
        "5 sillas para ventas proveedor Ikea entregar en Madrid",
        ("5", "pcs", "sillas", None),
        None,
        "ventas",
        vendor="Ikea",
        place="Madrid",
    ),
    RequestPhrasing(
        "es",
        "5 sillas para ventas urgente",
        ("5", "pcs", "sillas", None),
        None,
        "ventas",
        unread=("urgente",),
    ),
    RequestPhrasing(
        "es",
        "por favor 12 rollos de cinta hasta el 1 de diciembre para almacén",
        ("12", "roll", "cinta", None),
        FIRST,
        "almacén",
    ),
    RequestPhrasing(
        "es",
        "sillas x5 para ventas #mudanza",
        ("5", "pcs", "sillas", None),
        None,
        "ventas",
        tags=("mudanza",),
    ),
    RequestPhrasing(
        "es_MX",
        "3x portátil @1,200.50 para IT en MXN",
        ("3", "pcs", "portátil", "1200.50"),
        None,
        "IT",
        "MXN",
    ),
    RequestPhrasing(
        "ru", "3x ноутбук @1200 до 5 декабря для IT", ("3", "pcs", "ноутбук", "1200"), FIFTH, "IT"
    ),
    RequestPhrasing(
        "ru",
        "3 × ноутбук @ 1 200,50 руб до 05.12.2026 для IT",
        ("3", "pcs", "ноутбук", "1200.50"),
        FIFTH,
        "IT",
        "RUB",
    ),
    RequestPhrasing(
        "ru",
        "3 ноутбук по 1\u00a0200 к 5 декабря 2026 г. для IT",
        ("3", "pcs", "ноутбук", "1200"),
        FIFTH,
        "IT",
    ),
    RequestPhrasing(
        "ru", "2,5 кг кофе @ 18,50 к пятнице для кухни", ("2.5", "kg", "кофе", "18.50"), FRIDAY, "кухни"
    ),
    RequestPhrasing(
        "ru", "2,5кг кофе через 2 недели для кухни", ("2.5", "kg", "кофе", None), TWO_WEEKS, "кухни"
    ),
    RequestPhrasing(
        "ru", "10 коробок бумаги до завтра для офиса", ("10", "box", "бумаги", None), TOMORROW, "офиса"
    ),
    RequestPhrasing(
        "ru", "нужно пять стульев для HR на пятницу", ("5", "pcs", "стульев", None), FRIDAY, "HR"
    ),
    RequestPhrasing(
        "ru",
        "5 стульев в EUR от Икея доставка в Москву для HR",
        ("5", "pcs", "стульев", None),
        None,
        "HR",
        "EUR",
        "Икея",
        "Москву",
    ),
    RequestPhrasing(
        "ru", "5 стульев для HR примечание: чёрные", ("5", "pcs", "стульев", None), None, "HR", note="чёрные"
    ),
    RequestPhrasing(
        "ru", "5 стульев для HR срочно", ("5", "pcs", "стульев", None), None, "HR", unread=("срочно",)
    ),
    RequestPhrasing(
        "ru",
        "12 рулонов скотча нужно к 1 декабря для склада #переезд",
        ("12", "roll", "скотча", None),
        FIRST,
        "склада",
        tags=("переезд",),
    ),
    RequestPhrasing("ru", "стул х5 @1 500 для HR", ("5", "pcs", "стул", "1500"), None, "HR"),
    RequestPhrasing(
        "ru",
        "пожалуйста два стола по 12 000 RUB за штуку через неделю для HR",
        ("2", "pcs", "стола", "12000"),
        date(2026, 11, 30),
        "HR",
        "RUB",
    ),
    RequestPhrasing(
        "ar",
        "3x حاسوب محمول @1200 قبل 1 ديسمبر لصالح IT",
        ("3", "pcs", "حاسوب محمول", "1200"),
        FIRST,
        "IT",
    ),
    RequestPhrasing(
        "ar",
        "٣ قطع حاسوب محمول بسعر ١٬٢٠٠٫٥٠ USD قبل ١ ديسمبر ٢٠٢٦ لصالح IT",
        ("3", "pcs", "حاسوب محمول", "1200.50"),
        FIRST,
        "IT",
    ),
    RequestPhrasing(
        "ar", "أحتاج خمسة كراسي، قبل الجمعة، لصالح HR", ("5", "pcs", "كراسي", None), FRIDAY, "HR"
    ),
    RequestPhrasing(
        "ar",
        "10 صناديق من الورق خلال أسبوعين لصالح المكتب",
        ("10", "box", "الورق", None),
        TWO_WEEKS,
        "المكتب",
    ),
    RequestPhrasing("ar", "5 كراسي لصالح HR عاجل", ("5", "pcs", "كراسي", None), None, "HR", unread=("عاجل",)),
    RequestPhrasing(
        "ar", "\u200f٣x laptop @١٢٠٠ by 2026-12-01 for IT", ("3", "pcs", "laptop", "1200"), FIRST, "IT"
    ),
    RequestPhrasing("xx", "3x laptop @1200 for IT", ("3", "pcs", "laptop", "1200"), None, "IT"),
]
