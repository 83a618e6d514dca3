"""Quotes as vendors print them, each of another layout, set by typst when a test asks for one.

One rule: what is expected of a layout is written beside it: every price by its line, or the gap that is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from uuid import UUID

import typst

from api.contract.file_quotes import GapKind
from api.quote_files.placing import WantedLine

SETUP = """
#set page(paper: "a4", margin: 2cm)
#set text(size: 10pt, font: ("Noto Sans", "DejaVu Sans", "Noto Naskh Arabic", "Libertinus Serif"))
"""


def asked(*lines: tuple[str, str]) -> tuple[WantedLine, ...]:
    """Lines of an RFQ: what, and how many."""
    return tuple(
        WantedLine(UUID(int=n), what, Decimal(many)) for n, (what, many) in enumerate(lines, start=1)
    )


@dataclass(frozen=True)
class PdfLayout:
    """``prices`` by the line's number; ``gaps`` are named besides those of lines that the file leaves out."""

    source: str
    asked: tuple[WantedLine, ...]
    currency: str
    prices: Mapping[int, str]
    gaps: tuple[GapKind, ...] = ()
    shipping: str | None = None
    alternatives: Mapping[int, str] | None = None


@cache
def pdf(source: str) -> bytes:
    """The set pages."""
    made = typst.compile((SETUP + source).encode())
    assert isinstance(made, bytes)
    return made


GERMAN = asked(("Laptop 14 Zoll", "3"), ("Dockingstation USB-C", "2"), ("HDMI-Kabel 2 m", "100"))
ENGLISH = asked(("Laptop 14 inch", "3"), ("Docking station USB-C", "2"), ("HDMI cable 2 m", "100"))
FRENCH = asked(("Bureau assis-debout 160 cm", "12"), ("Chaise de bureau", "34"))
RUSSIAN = asked(("Стул офисный", "10"), ("Стол письменный", "4"))
ARABIC = asked(("كرسي مكتب", "10"), ("طاولة اجتماعات", "2"))

LAYOUTS: Mapping[str, PdfLayout] = {
    "German, ruled, with VAT and total": PdfLayout(
        r"""
= Angebot 4711
Musterbüro GmbH · Kundennummer 10023 · 30.11.2026
#table(columns: (auto, 1fr, auto, auto, auto, auto), align: (right, left, right, left, right, right),
  [Pos.], [Bezeichnung], [Menge], [Einheit], [Einzelpreis], [Gesamt],
  [1], [Laptop 14 Zoll, 16 GB RAM \ Garantie 24 Monate], [3], [Stk], [1.180,00 €], [3.540,00 €],
  [2], [Dockingstation USB-C], [2], [Stk], [99,50 €], [199,00 €],
  [3], [HDMI-Kabel 2 m], [100], [Stk], [3,20 €], [320,00 €])
#align(right)[Zwischensumme 4.059,00 € \ zzgl. 19 % MwSt. 771,21 € \ *Gesamtbetrag 4.830,21 €*]
Zahlungsziel 30 Tage netto.
""",
        GERMAN,
        "EUR",
        {1: "1180", 2: "99.5", 3: "3.2"},
    ),
    "US, unruled, dollar signs": PdfLayout(
        r"""
#grid(columns: (1fr, auto),
  [*Acme Supplies Inc.* \ 12 Main Street, Springfield 12345],
  align(right)[QUOTE \# 88-1043 \ Nov 30, 2026])
#v(1cm)
#grid(columns: (auto, 1fr, auto, auto), column-gutter: 14pt, row-gutter: 8pt, align: (right, left, right, right),
  [*Qty*], [*Description*], [*Unit Price*], [*Amount*],
  [3], [Laptop 14 inch, model 5440], [\$1,180.00], [\$3,540.00],
  [2], [Docking station USB-C], [\$99.50], [\$199.00],
  [100], [HDMI cable 2 m], [\$3.20], [\$320.00])
#v(4mm)
#align(right)[Subtotal #h(1cm) \$4,059.00 \ Shipping #h(1cm) \$45.00 \ *Total #h(1cm) \$4,104.00*]
""",
        ENGLISH,
        "USD",
        {1: "1180", 2: "99.5", 3: "3.2"},
        shipping="45",
    ),
    "French, groups by spaces and one amount with points": PdfLayout(
        r"""
= Devis n° D2026-114
#table(columns: (auto, 1fr, auto, auto, auto), stroke: none, align: (left, left, right, right, right),
  [Réf.], [Désignation], [Qté], [P.U. HT], [Montant HT],
  [B160], [Bureau assis-debout 160 cm], [12], [1 204,00], [14 448,00],
  [C34], [Chaise de bureau], [34], [776,50], [26.401,00])
#align(right)[Total HT : 40 849,00 € \ TVA 20 % : 8 169,80 € \ Total TTC : 49 018,80 €]
""",
        FRENCH,
        "EUR",
        {1: "1204", 2: "776.5"},
    ),
    "two pages with the sum carried over": PdfLayout(
        r"""
= Angebot 5120
#let head = ([Pos.], [Bezeichnung], [Menge], [Einzelpreis EUR], [Gesamt EUR])
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right), ..head,
  [10], [Laptop 14 Zoll], [3], [1.180,00], [3.540,00],
  [20], [Dockingstation USB-C], [2], [99,50], [199,00])
#align(right)[Übertrag 3.739,00]
#pagebreak()
#align(right)[Übertrag 3.739,00]
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right), ..head,
  [30], [HDMI-Kabel 2 m], [100], [3,20], [320,00])
#align(right)[Gesamtsumme netto 4.059,00]
""",
        GERMAN,
        "EUR",
        {1: "1180", 2: "99.5", 3: "3.2"},
    ),
    "a discount column in percent": PdfLayout(
        r"""
= Quotation
#table(columns: (auto, 1fr, auto, auto, auto, auto), align: (right, left, right, right, right, right),
  [Line], [Item], [Qty], [List price], [Disc.], [Net amount],
  [1], [Laptop 14 inch], [3], [1,250.00], [10 %], [3,375.00],
  [2], [Docking station USB-C], [2], [110.00], [5 %], [209.00],
  [3], [HDMI cable 2 m], [100], [4.00], [20 %], [320.00])
#align(right)[Total GBP 3,904.00]
""",
        ENGLISH,
        "GBP",
        {1: "1125", 2: "104.5", 3: "3.2"},
    ),
    "prices per hundred": PdfLayout(
        r"""
= Angebot Kleinteile
#table(columns: (auto, 1fr, auto, auto, auto, auto), align: (right, left, right, right, right, right),
  [Pos], [Artikel], [Menge], [PE], [Preis/PE], [Betrag],
  [1], [Schraube M6x20 verzinkt], [2.500], [100], [4,85], [121,25],
  [2], [Mutter M6], [2.500], [100], [1,90], [47,50])
#align(right)[Summe EUR 168,75]
""",
        asked(("Schraube M6x20 verzinkt", "2500"), ("Mutter M6", "2500")),
        "EUR",
        {1: "0.0485", 2: "0.019"},
    ),
    "no amounts and no sums": PdfLayout(
        r"""
= Price offer
#table(columns: (1fr, auto, auto), [Item], [Qty], [Unit price],
  [Laptop 14 inch], [3], [USD 1,180.00],
  [Docking station USB-C], [2], [USD 99.50])
Prices are net, without shipping.
""",
        ENGLISH,
        "USD",
        {},
        gaps=(GapKind.nothing_adds_up,),
    ),
    "columns in another order, whole numbers": PdfLayout(
        r"""
= Offer
#table(columns: (auto, auto, auto, 1fr), align: (right, right, right, left),
  [Amount EUR], [Price EUR], [Qty], [Product],
  [320], [3.2], [100], [HDMI cable 2 m],
  [3540], [1180], [3], [Laptop 14 inch],
  [198], [99], [2], [Docking station USB-C])
#align(left)[Total: 4058]
""",
        ENGLISH,
        "EUR",
        {1: "1180", 2: "99", 3: "3.2"},
    ),
    "Arabic, from right to left, in Arabic digits": PdfLayout(
        r"""
#set text(lang: "ar", dir: rtl, font: "Noto Naskh Arabic")
= عرض سعر
#table(columns: (auto, 1fr, auto, auto, auto),
  [م], [الصنف], [الكمية], [سعر الوحدة], [المبلغ],
  [١], [كرسي مكتب], [١٠], [٤١٠٫٥٠], [٤٬١٠٥٫٠٠],
  [٢], [طاولة اجتماعات], [٢], [١٬٢٥٠٫٠٠], [٢٬٥٠٠٫٠٠])
المجموع الكلي: ٦٬٦٠٥٫٠٠
""",
        ARABIC,
        "SAR",
        {1: "410.5", 2: "1250"},
    ),
    "Russian, in roubles with VAT added": PdfLayout(
        r"""
= Коммерческое предложение № 57
#table(columns: (auto, 1fr, auto, auto, auto, auto), align: (right, left, right, left, right, right),
  [№], [Наименование], [Кол-во], [Ед.], [Цена, руб.], [Сумма, руб.],
  [1], [Стул офисный «Комфорт»], [10], [шт.], [4 150,00], [41 500,00],
  [2], [Стол письменный], [4], [шт.], [12 900,00], [51 600,00])
#align(right)[Итого без НДС: 93 100,00 \ НДС 20 %: 18 620,00 \ Всего с НДС: 111 720,00]
""",
        RUSSIAN,
        "RUB",
        {1: "4150", 2: "12900"},
    ),
    "VAT inside the prices": PdfLayout(
        r"""
= Счёт № 58
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right),
  [№], [Наименование], [Кол-во], [Цена, руб.], [Сумма, руб.],
  [1], [Стул офисный], [10], [4 980,00], [49 800,00],
  [2], [Стол письменный], [4], [15 480,00], [61 920,00])
#align(right)[Итого: 111 720,00 \ В том числе НДС 20 %: 18 620,00]
""",
        RUSSIAN,
        "RUB",
        {},
        gaps=(GapKind.with_vat,),
    ),
    "a discount on the whole": PdfLayout(
        r"""
= Quotation 12
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right),
  [\#], [Description], [Qty], [Unit price], [Amount],
  [1], [Laptop 14 inch], [3], [1,180.00], [3,540.00],
  [2], [Docking station USB-C], [2], [99.50], [199.00],
  [3], [HDMI cable 2 m], [100], [3.20], [320.00])
#align(right)[Subtotal 4,059.00 \ Discount 5 % -202.95 \ Total EUR 3,856.05]
""",
        ENGLISH,
        "EUR",
        {1: "1180", 2: "99.5", 3: "3.2"},
        gaps=(GapKind.whole_discount,),
    ),
    "a row whose amount does not add up": PdfLayout(
        r"""
= Quotation 9
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right),
  [\#], [Description], [Qty], [Unit price], [Amount],
  [1], [Laptop 14 inch], [3], [1,180.00], [3,450.00],
  [2], [Docking station USB-C], [2], [99.50], [199.00])
#align(right)[Total EUR 3,649.00]
""",
        ENGLISH,
        "EUR",
        {},
        gaps=(GapKind.lines_missing,),
    ),
    "a line left out, an alternative and freight": PdfLayout(
        r"""
= Quotation 10
#table(columns: (auto, 1fr, auto, auto, auto), align: (right, left, right, right, right), stroke: 0.3pt,
  [\#], [Description], [Qty], [Unit price], [Amount],
  [1], [Laptop 14 inch], [3], [1,180.00], [3,540.00],
  [], [Alternative: Laptop 14 inch refurbished], [3], [790.00], [2,370.00],
  [2], [HDMI cable 2 m], [100], [3.20], [320.00],
  [], [Freight], [1], [60.00], [60.00])
#align(right)[Total EUR 3,920.00]
""",
        ENGLISH,
        "EUR",
        {1: "1180", 3: "3.2"},
        shipping="60",
        alternatives={1: "790"},
    ),
}
