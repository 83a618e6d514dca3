"""Which texts name the same item: alike in words, the same in unit, numbers and sizes, and never moved later."""

import pytest

from core.demand.clusters import Clusters, ItemText, item_id, trigrams
from core.kernel.words import normalised


def text_of(written: str, unit: str = "pcs") -> ItemText:
    return ItemText(normalised(written), unit)


def together(*written: str) -> bool:
    clusters = Clusters(())
    return len({clusters.item_of(text_of(each)) for each in written}) == 1


@pytest.mark.parametrize(
    "written",
    [
        ("Toner cartridge 26A", "toner  CARTRIDGE, 26A", "Toner cartridges 26A"),
        ("Nitrile gloves L", "Nitrile glove L", "gloves nitrile L"),
        ("Lab coat white", "lab coats, white"),
    ],
)
def test_spellings_of_one_thing_are_one_item(written: tuple[str, ...]) -> None:
    assert together(*written)


@pytest.mark.parametrize(
    "written",
    [
        ("Toner cartridge 26A", "Toner cartridge 26X"),
        ("Nitrile gloves L", "Nitrile gloves XL"),
        ("Paper A4 80 g", "Paper A3 80 g"),
        ("Desk lamp", "Office chair"),
    ],
)
def test_another_size_or_number_is_another_item(written: tuple[str, ...]) -> None:
    assert not together(*written)


def test_another_unit_is_another_item() -> None:
    clusters = Clusters(())
    assert clusters.item_of(text_of("Paper A4", "box")) != clusters.item_of(text_of("Paper A4", "pcs"))


def test_the_limit_is_six_tenths_of_all_trigrams() -> None:
    clusters = Clusters(())
    first = clusters.item_of(ItemText("abcdefgh", "pcs"))
    shared, other = trigrams("abcdefgh"), trigrams("abcdefxy")
    assert len(shared & other) / len(shared | other) == 0.5
    assert clusters.item_of(ItemText("abcdefxy", "pcs")) != first
    near = trigrams("abcdefghxy")
    assert len(shared & near) / len(shared | near) > 0.6
    assert clusters.item_of(ItemText("abcdefghxy", "pcs")) == first


def test_items_do_not_grow_into_each_other_by_a_chain_of_texts() -> None:
    """Each step is like the one before, and the last is not like the first."""
    clusters = Clusters(())
    steps = ["alpha bravo", "alpha bravo delta", "alpha bravo delta foxtrot hotel", "delta foxtrot hotel"]
    items = [clusters.item_of(text_of(each)) for each in steps]
    assert items[0] == items[1]
    assert items[0] != items[-1]


def test_a_text_gets_the_same_item_at_once_or_later_and_ids_follow_from_the_text() -> None:
    written = ["Toner 26A black", "Toner 26A, black", "Paper A4 80 g", "Papers A4 80 g", "Desk lamp"]
    at_once, first = Clusters(()), Clusters(())
    expected = [at_once.item_of(text_of(each)) for each in written]
    known = [(first.item_of(text_of(each)), text_of(each)) for each in (written[0], written[2])]
    later = Clusters(known)
    assert [later.item_of(text_of(each)) for each in written] == expected
    assert expected[0] == item_id(text_of(written[0]))


def test_a_hashed_text_is_an_item_of_its_own() -> None:
    long = " ".join(f"word{number}" for number in range(200))
    assert not together(long, long + " more")


def test_thousands_of_texts_that_differ_in_a_number_stay_apart() -> None:
    clusters = Clusters(())
    texts = [text_of(f"Valve DN{number} stainless steel") for number in range(2_000)]
    assert len({clusters.item_of(each) for each in texts}) == len(texts)
