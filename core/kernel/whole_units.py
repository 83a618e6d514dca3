"""Units that are counted and never divided.

One rule: half a piece does not exist, so a quantity in one of these units is a whole number.
"""

from decimal import ROUND_FLOOR, Decimal

from core.kernel.errors import invalid

_WORDS = (
    "pc pcs piece pieces unit units ea each item items set sets kit kits pair pairs",
    "licence licences license licenses seats",
    "st stk stück stücke stueck stuecke paar paare satz sätze lizenz lizenzen",
    "ud uds unidad unidades pieza piezas pza pzas par pares juego juegos conjunto conjuntos licencia licencias",
    "шт штука штуки штук ед пара пары пар комплект комплекта комплектов набор набора наборов",
    "лицензия лицензии лицензий",
    "قطعة قطع وحدة وحدات حبة حبات زوج أزواج زوجا طقم أطقم طقما مجموعة مجموعات ترخيص تراخيص ترخيصا رخصة رخص",
    "pièce pièces pce pces unité unités paire paires jeu jeux ensemble ensembles",
    "pz pezzo pezzi unità nr paio paia serie licenza licenze",
    "un und unid unidade unidades peça peças pç pçs conjuntos jogo jogos licença licenças",
    "adet ad tane parça çift takım lisans",
    "од одиниць одиниця одиницю пари комплекти комплектів набір набори наборів ліцензія ліцензії ліцензій",
    "szt sztuka sztuki sztuk sztukę para pary zestaw zestawy zestawów komplet komplety kompletów kpl",
    "licencja licencje licencji",
    "no nos pr prs qty n u uni blatt stck exemplare paaren ejemplares exemplaire exemplaires esemplari exemplares",
    "egz egzemplarz egzemplarze egzemplarzy parca экз экземпляр экземпляра экземпляров комплекты наборы штуку",
    "екз примірник примірників جوز حبه قطعه نسخة",
)
WHOLE_UNITS = frozenset(word for words in _WORDS for word in words.split())
"""Short codes and what people write instead, without dots and in lower case."""


def is_whole(unit: str) -> bool:
    """Whether this unit is counted in whole numbers."""
    return unit.strip().rstrip(".").casefold() in WHOLE_UNITS


def divides(quantity: Decimal, unit: str) -> bool:
    """Whether this quantity would be a part of something that comes whole: 3.4 pieces."""
    return is_whole(unit) and quantity != quantity.to_integral_value()


def countable(quantity: Decimal, unit: str) -> Decimal:
    """The most of this quantity that can be there: 10.5 pieces are 10."""
    return quantity.to_integral_value(ROUND_FLOOR) if is_whole(unit) else quantity


def whole_example(quantity: Decimal, unit: str) -> Decimal:
    """What may be written instead of a part: 10 for 10.5 pieces, 1 for half a piece."""
    return max(Decimal(1), countable(quantity, unit))


def check_whole(field: str, quantity: Decimal, unit: str) -> None:
    """Refuse a part of what comes whole, with the field and what may be written instead."""
    if divides(quantity, unit):
        example = f'"{whole_example(quantity, unit):f}"'
        raise invalid(field, "quantity.whole", f"{unit} are counted in whole numbers", example)
